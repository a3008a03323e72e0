import { createHash } from 'node:crypto'
import type { Log, LogBatch } from '#libs/exchange'
import { Replay } from '#libs/exchange'
import { canonicalJson, digestOf } from '#libs/documents'
import { rootOf } from '#libs/signature'
import { Complaint } from '../complaint.js'

/** What judging the raw log anew says of one offset. */
export interface Expected {
  readonly verdict: string
  readonly code: string | null
  readonly leaf: string
  readonly keyHash: string | null
  readonly valueHash: string | null
  readonly effects: string
}

/** The whole truth at one size of the log. */
export interface Milestone {
  readonly root: string
  readonly stateHash: string
  /** SHA-256 of each subject's canonical state text. */
  readonly states: ReadonlyMap<string, string>
}

export interface ReplayedLog {
  readonly offsets: readonly Expected[]
  readonly milestones: ReadonlyMap<number, Milestone>
}

/** Reads the log raw up to the greatest of the sizes and judges it anew; keeps the truth at each size. */
export async function replayLog(log: Log, corridor: string, sizes: readonly number[], withinMs = 600_000): Promise<ReplayedLog> {
  const replay = new Replay(corridor)
  const offsets: Expected[] = []
  const milestones = new Map<number, Milestone>()
  const wanted = [...new Set(sizes)].sort((a, b) => a - b)
  const last = wanted.at(-1) ?? 0
  const keep = () => {
    if (wanted.includes(replay.next) && !milestones.has(replay.next)) milestones.set(replay.next, milestoneOf(replay))
  }
  keep()
  await readUntil(log, last, withinMs, async (batch) => {
    for (const part of cutAt(wanted, replay.next, batch)) {
      const judged = await replay.apply(part)
      for (const { offset, leaf } of judged.holes) offsets[offset] = { verdict: 'hole', code: null, leaf: leaf.toString('base64url'), keyHash: null, valueHash: null, effects: '' }
      for (const { offset, verdict, code, leaf, key, value, effects } of judged.entries) {
        offsets[offset] = { verdict, code, leaf: leaf.toString('base64url'), keyHash: hashOf(key), valueHash: hashOf(value), effects }
      }
      if (judged.unknownRules !== undefined) throw new Complaint('RULES_UNKNOWN', `rules ${judged.unknownRules} were activated at ${judged.next - 1}; this build does not have them.`)
      keep()
    }
  })
  return { offsets, milestones }
}

export function hashOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : createHash('sha256').update(bytes).digest('base64url')
}

function milestoneOf(replay: Replay): Milestone {
  const states = new Map([...replay.states].map(([subject, state]) => [subject, digestOf(canonicalJson(state))]))
  return { root: rootOf(replay.frontier), stateHash: replay.stateHash(), states }
}

/** Judging is the same however the log is cut, so a batch is cut where a node's cursor stands. */
function cutAt(sizes: readonly number[], from: number, batch: LogBatch): readonly LogBatch[] {
  const cuts = [...sizes.filter((size) => size > from && size < batch.next), batch.next]
  return cuts.map((next, index) => {
    const start = cuts[index - 1] ?? from
    return { ...batch, next, records: batch.records.filter(({ offset }) => offset >= start && offset < next) }
  })
}

async function readUntil(log: Log, end: number, withinMs: number, onBatch: (batch: LogBatch) => Promise<void>): Promise<void> {
  if (end === 0) return
  let finish: () => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const finished = new Promise<void>((resolve, reject) => {
    finish = resolve
    fail = reject
  })
  let next = 0
  const following = await log.follow(0, {
    onAttach: () => Promise.resolve(),
    async onBatch(batch) {
      if (next >= end) return
      const wanted = batch.next > end ? { ...batch, next: end, records: batch.records.filter(({ offset }) => offset < end) } : batch
      try {
        await onBatch(wanted)
      } catch (error) {
        fail(error)
        return
      }
      next = wanted.next
      if (next >= end) finish()
    },
  })
  const timer = setTimeout(() => fail(new Complaint('LOG_SILENT', `the log did not deliver everything up to ${end} within ${withinMs / 1_000} s.`)), withinMs)
  void following.ended.then((error) => error && fail(error))
  try {
    await finished
  } finally {
    clearTimeout(timer)
    await following.stop()
  }
}
