import { setTimeout as wait } from 'node:timers/promises'
import { guardName } from '../../scripts/launcher/guard-process.js'
import { nodeRoles } from '../../scripts/process-config.js'
import { cpuMs, familyOf, residentKib } from './process-family.js'
import type { NamedProcess, StartedCorridor } from './started-corridor.js'

/** MiB, milliseconds or percent of one core by kind of process. */
export type ByKind = ReadonlyMap<Kind, number>
export type Kind = (typeof kinds)[number]

export const kinds = ['nodes', 'Kafka', 'PostgreSQL', 'identity', 'launcher'] as const

export interface Footprint {
  readonly coldStartS: number
  readonly warmStartS: number
  readonly nodes: number
  /** Before the warm start: after the load where there was one, else after the founding. */
  readonly beforeMib: ByKind
  readonly idleMib: ByKind
  readonly idleCpuPercent: ByKind
}

const settlesWithinMs = 20_000
const idleForMs = 30_000

/** What a corridor that runs takes, started anew on its data and left alone. @param coldStartS what its first start took */
export async function measureFootprint(corridor: StartedCorridor, nodes: number, coldStartS: number, say: (line: string) => void): Promise<Footprint> {
  const beforeMib = residentMib(corridor)
  await corridor.stop()
  const warmStartS = await corridor.start()
  say(`warm start in ${warmStartS.toFixed(1)} s; leaving it alone for ${(settlesWithinMs + idleForMs) / 1_000} s`)
  await wait(settlesWithinMs)
  const cpuSince = cpuClock(corridor)
  const since = performance.now()
  await wait(idleForMs)
  const tookMs = performance.now() - since
  const idleCpuPercent = new Map([...cpuSince()].map(([kind, ms]) => [kind, (ms * 100) / tookMs]))
  return { coldStartS, warmStartS, nodes, beforeMib, idleMib: residentMib(corridor), idleCpuPercent }
}

/** Tells the milliseconds of CPU used since; nothing where there is no /proc. */
export function cpuClock(corridor: StartedCorridor): () => ByKind {
  if (process.platform !== 'linux') return () => new Map()
  const before = byKind(corridor, cpuMs)
  return () => new Map([...byKind(corridor, cpuMs)].map(([kind, ms]) => [kind, ms - (before.get(kind) ?? 0)]))
}

function residentMib(corridor: StartedCorridor): ByKind {
  return byKind(corridor, (pids) => residentKib(pids) / 1_024)
}

function byKind(corridor: StartedCorridor, measure: (pids: readonly number[]) => number): ByKind {
  const processes = corridor.processes()
  const pidsOf = (kind: Kind) => processes.filter((one) => kindOf(one) === kind).flatMap(({ name, pid }) => (name === 'launcher' ? [pid] : familyOf(pid))) // the launcher's family is all of them
  return new Map(kinds.map((kind) => [kind, measure(pidsOf(kind))]))
}

function kindOf({ name }: NamedProcess): Kind {
  if (nodeRoles.some((role) => role === name)) return 'nodes'
  if (name === guardName) return 'launcher'
  const kind = kinds.find((known) => known === name)
  if (!kind) throw new Error(`what kind of process is ${name}?`)
  return kind
}
