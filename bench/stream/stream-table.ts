import { quantile } from '../ratios.js'
import type { Streaming, StreamLevel } from './stream.js'

const aimedLastMs = 250

export function streamRows({ readers, levels, residentMib: { before, connected, after } }: Streaming): readonly (readonly string[])[] {
  const count = readers.toLocaleString('en')
  const waited = (level: StreamLevel, ms: (wait: StreamLevel['waits'][number]) => number, part: number) => quantile(level.waits.map(ms), part).toFixed(0)
  const each = ({ cpuMsEach }: StreamLevel) => ((cpuMsEach.read - cpuMsEach.unread) * 1_000) / readers
  return [
    ['read along', 'statements/s', 'p50', 'p99', 'what it means'],
    ...levels.map((level) => ['until the first reader has it, ms', String(level.rate), waited(level, ({ firstMs }) => firstMs, 0.5), waited(level, ({ firstMs }) => firstMs, 0.99), `from the commit of a statement's batch, over HTTP on this machine, ${level.waits.length} statements of the traffic`]),
    ...levels.map((level) => [`until the last of ${count} has it`, String(level.rate), waited(level, ({ lastMs }) => lastMs, 0.5), waited(level, ({ lastMs }) => lastMs, 0.99), 'all of them in one process of the bench, whose own work is in it']),
    ...levels.map((level) => ['CPU of one, µs', String(level.rate), each(level).toFixed(1), '', `for each reader, of the node's process (all threads); besides the ${level.cpuMsEach.unread.toFixed(1)} ms that a statement takes at that rate with nobody reading`]),
    ['node, MiB', '', connected.toFixed(0), '', `with ${count} readers; ${before.toFixed(0)} without, ${after.toFixed(0)} after the last statement; ${(((Math.max(connected, after) - before) * 1_024) / readers).toFixed(0)} KiB a reader`],
  ]
}

/** Whether a thousand may watch one node (issue 4, Speed; the limit is that of being visible at all nodes). */
export function streamTargets({ readers, levels }: Streaming): readonly (readonly string[])[] {
  return levels.map((level) => {
    const p99 = quantile(level.waits.map(({ lastMs }) => lastMs), 0.99)
    return [`the last of ${readers.toLocaleString('en')} readers has 99 of 100 statements within ${aimedLastMs} ms of the commit, at ${level.rate} a second`, `${p99.toFixed(0)} ms`, p99 <= aimedLastMs ? 'reached' : 'MISSED']
  })
}
