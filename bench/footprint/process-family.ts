import { readdirSync, readFileSync } from 'node:fs'

/** A process and all that came from it, such as PostgreSQL's backends. */
export function familyOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const one of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)) {
    const parent = Number(statOf(one)[1])
    children.set(parent, [...(children.get(parent) ?? []), one])
  }
  const withChildren = (one: number): readonly number[] => [one, ...(children.get(one) ?? []).flatMap(withChildren)]
  return withChildren(pid)
}

/** Proportional set size: a page that several processes share counts once in all, which matters for PostgreSQL's buffers. */
export function residentKib(pids: readonly number[]): number {
  return sum(pids.map((pid) => Number(/^Pss:\s+(\d+) kB$/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0)))
}

/** CPU time the processes have used, with that of children they have waited for: those that end meanwhile are not lost. */
export function cpuMs(pids: readonly number[]): number {
  return sum(pids.map((pid) => sum(statOf(pid).slice(11, 15).map(Number)))) * msPerTick
}

const msPerTick = 10 // Linux tells user space of hundredths of a second on every machine (USER_HZ)

/** proc(5): the command name, in parentheses, may hold anything; what comes after it begins with field 3. */
function statOf(pid: number): readonly string[] {
  return readProc(pid, 'stat').replace(/^.*\) /s, '').split(' ')
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return '' // it ended meanwhile
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
