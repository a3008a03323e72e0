import { availableParallelism } from 'node:os'
import { kinds, type ByKind, type Footprint } from './footprint.js'

const what: Readonly<Record<(typeof kinds)[number], string>> = {
  nodes: 'five processes, one for each role',
  Kafka: 'one broker, its heap from 256 to 512 MiB',
  PostgreSQL: 'one server, a database for each node, with all its backends',
  identity: 'the identity provider of the demo',
  launcher: 'launcher and guard; npm itself not counted',
}

export function footprintRows({ nodes, beforeMib, idleMib, idleCpuPercent }: Footprint): readonly (readonly string[])[] {
  const row = (name: string, valueOf: (values: ByKind) => number, about: string) => [
    name, valueOf(beforeMib).toFixed(0), valueOf(idleMib).toFixed(0), valueOf(idleCpuPercent).toFixed(1), about,
  ]
  return [
    ['running', 'MiB before', 'MiB idle', 'idle CPU, % of a core', 'what it is'],
    ...kinds.map((kind) => row(kind, (values) => values.get(kind) ?? 0, what[kind])),
    row('in all', inAll, `${nodes} nodes; "before" is before the warm start, after whatever load there was`),
  ]
}

/** Whether a corridor is as small as it is meant to be (issue 3, Speed). */
export function footprintTargets({ coldStartS, warmStartS, beforeMib, idleMib, idleCpuPercent }: Footprint): readonly (readonly string[])[] {
  const cores = availableParallelism()
  const mostGib = Math.max(inAll(beforeMib), inAll(idleMib)) / 1_024
  const idle = inAll(idleCpuPercent)
  return [
    ['warm start in at most 30 s on 2 cores', `${warmStartS.toFixed(1)} s on ${cores} (the first start, with founding: ${coldStartS.toFixed(1)} s)`, verdict(warmStartS <= 30)],
    ['at most 3 GiB resident in all', `${mostGib.toFixed(2)} GiB`, verdict(mostGib <= 3)],
    ['idle at most 40 % of one core in all', `${idle.toFixed(1)} %`, verdict(idle <= 40)],
  ]
}

function inAll(values: ByKind): number {
  return [...values.values()].reduce((all, value) => all + value, 0)
}

function verdict(isReached: boolean): string {
  return isReached ? 'reached' : 'MISSED'
}
