import { quantile, spreadOf, told } from '../ratios.js'
import type { Latencies } from './latency.js'

const parts = 3
const aimedP99Ms = 250

/** Quantiles over the whole run and, in brackets, of its three parts: how steady that is. */
export function latencyRows({ highest, rate, ways, nodes, readers, trains, questionsASecond, cpuMsEach }: Latencies): readonly (readonly string[])[] {
  const visible = visibleOf(ways)
  const row = (name: string, ms: readonly number[], about: string) => [name, rateTold(rate), inParts(ms, 0.5), inParts(ms, 0.99), about]
  return [
    ['ms from when it was due', 'statements/s', 'p50', 'p99', 'what it means'],
    row('decided', ways.map(({ decidedMs }) => decidedMs), `201 with a receipt at the submitter's own node; ${ways.length} reports on ${trains} trains of 91 boxes, at half of ${rateTold(highest.rate)}/s with ${highest.concurrency} at once`),
    row('visible at all nodes', visible, `${visible.length} of them, watched for by ${questionsASecond.toFixed(0)} questions/s: the last of ${nodes} nodes (${readers} of them party to it) has answered with a checkpoint over it, whose commit has the views, too`),
    ['CPU of one, ms', '', '', '', `${[...cpuMsEach].filter(([, ms]) => ms >= 1).map(([kind, ms]) => `${kind} ${ms.toFixed(0)}`).join(', ')}; all nodes together, with the questions`],
  ]
}

/** Whether what one states is soon known to all (issue 3, Speed). */
export function latencyTargets({ ways }: Latencies): readonly (readonly string[])[] {
  const p99 = quantile(visibleOf(ways), 0.99)
  const isReached = p99 <= aimedP99Ms
  return [[`99 of 100 statements are visible at all nodes within ${aimedP99Ms} ms, at half of the highest rate`, `${p99.toFixed(0)} ms`, isReached ? 'reached' : 'MISSED']]
}

function rateTold(rate: number): string {
  return rate.toFixed(rate < 100 ? 1 : 0)
}

function visibleOf(ways: Latencies['ways']): readonly number[] {
  return ways.flatMap(({ visibleMs }) => visibleMs ?? [])
}

function inParts(ms: readonly number[], part: number): string {
  const length = Math.ceil(ms.length / parts)
  const { least, most } = spreadOf(Array.from({ length: parts }, (_, index) => quantile(ms.slice(index * length, (index + 1) * length), part)))
  return told({ median: quantile(ms, part), least, most })
}
