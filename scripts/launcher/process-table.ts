import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A process we started, told apart from a later one of the same number by the time it began. */
export interface TrackedProcess {
  readonly name: string
  readonly pid: number
  readonly stamp: string
  /** Ended from the highest tier down. */
  readonly tier: number
  readonly endSignal: EndSignal
}

/** SIGINT is PostgreSQL's fast shutdown; its SIGTERM waits for every client. */
export type EndSignal = 'SIGTERM' | 'SIGINT'

/** When a living process began, in the system's own units; undefined when there is none (a zombie is none). */
export function stampOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
    // proc(5): the command name, in parentheses, may hold anything; after it, field 3 is the state and field 22 the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Whether this very process still runs. */
export function isAlive({ pid, stamp }: Pick<TrackedProcess, 'pid' | 'stamp'>): boolean {
  return stampOf(pid) === stamp
}

/** Ends processes whose launcher is gone, tier by tier, and with SIGKILL those that take longer than `patienceMs`. Returns those it found alive. */
export async function endAll(processes: readonly TrackedProcess[], patienceMs = 10_000): Promise<readonly TrackedProcess[]> {
  const alive = processes.filter(isAlive)
  const tiers = [...new Set(alive.map(({ tier }) => tier))].sort((a, b) => b - a)
  for (const tier of tiers) {
    const members = alive.filter((member) => member.tier === tier)
    for (const { pid, endSignal } of members) signal(pid, endSignal)
    if (await haveGone(members, patienceMs)) continue
    for (const { pid } of members.filter(isAlive)) signal(pid, 'SIGKILL')
    await haveGone(members, patienceMs)
  }
  return alive
}

function signal(pid: number, name: EndSignal | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has gone meanwhile
  }
}

async function haveGone(members: readonly TrackedProcess[], withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; members.some(isAlive); ) {
    if (Date.now() > deadline) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return true
}
