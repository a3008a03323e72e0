import { quantile } from '../ratios.js'
import type { Load, LoadLevel } from './load.js'

/** As the latency's target has it: what one states is soon known to all. */
const aimedP99Ms = 250
const keepsUpWithin = 0.95

const waysTold: Readonly<Record<LoadLevel['way'], string>> = {
  submitted: 'the traffic generator through the public APIs, each step after the one before is decided',
  appended: 'signed beforehand by participants without nodes and appended to the log by the bench: what is measured is nodes applying',
}

export function loadRows({ nodes, levels }: Load): readonly (readonly string[])[] {
  const quarter = (level: LoadLevel, at: number) => {
    const each = [...level.lags.values()].flatMap((lags) => lags.slice(Math.floor((lags.length * at) / 4), Math.ceil((lags.length * (at + 1)) / 4)))
    return msTold(quantile(each, 0.5))
  }
  return [
    ['load', 'wanted/s', 'made/s', 'at all nodes/s', 'lag p50, ms', 'p99', 'first quarter', 'last quarter', 'CPU of one at one node, ms', 'what it means'],
    ...levels.map((level) => [
      `${level.rate / (levels[0]?.rate ?? 1)} ×`, String(level.rate), perSecond(level.statements, level.madeInMs), perSecond(level.statements, level.caughtUpInMs),
      msTold(quantile(allLags(level), 0.5)), msTold(quantile(allLags(level), 0.99)), quarter(level, 0), quarter(level, 3), cpuEach(level, nodes),
      `${level.statements} statements, ${waysTold[level.way]}; all had them ${((level.caughtUpInMs - level.madeInMs) / 1_000).toFixed(1)} s after the last; ${Math.round((level.questions * 1_000) / level.caughtUpInMs)} questions/s to their databases`,
    ]),
  ]
}

/** Each node's lag, from a statement's appending until it was seen in what the node has committed and signs checkpoints over. */
export function nodeRows({ levels }: Load): readonly (readonly string[])[] {
  const participants = [...(levels[0]?.lags.keys() ?? [])]
  return [
    ['lag of each node, ms', ...levels.flatMap(({ rate, way }) => [`${rate}/s ${way} p50`, 'p99'])],
    ...participants.map((participant) => [participant, ...levels.flatMap(({ lags }) => [0.5, 0.99].map((part) => msTold(quantile(lags.get(participant) ?? [], part))))]),
  ]
}

/** Whether nodes keep up (issue 4, Speed). */
export function loadTargets({ levels }: Load): readonly (readonly string[])[] {
  return levels.map((level) => {
    const p99 = quantile(allLags(level), 0.99)
    const made = (level.statements * 1_000) / level.madeInMs
    const isReached = p99 <= aimedP99Ms && made >= level.rate * keepsUpWithin
    return [`${level.rate} statements a second are ${level.way}, and 99 of 100 are visible at every node ${aimedP99Ms} ms after the log has them`, `${made.toFixed(1)}/s, ${msTold(p99)} ms`, isReached ? 'reached' : 'MISSED']
  })
}

function allLags({ lags }: LoadLevel): readonly number[] {
  return [...lags.values()].flat()
}

/** Of the nodes and their databases. */
function cpuEach({ cpuMs, statements }: LoadLevel, nodes: number): string {
  if (cpuMs.size === 0) return ''
  const each = (kind: 'nodes' | 'PostgreSQL') => ((cpuMs.get(kind) ?? 0) / statements / nodes).toFixed(2)
  return `${each('nodes')} and PostgreSQL ${each('PostgreSQL')}`
}

function perSecond(count: number, ms: number): string {
  return ((count * 1_000) / ms).toFixed(1)
}

function msTold(ms: number): string {
  return ms.toFixed(0)
}
