import { canonicalJson } from '#libs/documents'
import {
  corridorSubject, emptySubject, judge, rulesDigest, type AcceptedStatement, type Effect, type Inspection, type Judgement, type SubjectState,
} from '#libs/consignment'
import { appendLeaf, frontierToText, holeLeafOf, leafOf, isPublicJwk, provesKey, rootOf, type Frontier } from '#libs/signature'
import type { LogBatch, LogRecord } from './log-port.js'
import type { Entry, TreeHead } from './ports.js'

/** Checkpoints are signed at every multiple of this many records (architecture 8). */
export const checkpointInterval = 1_000

/** State and look-ups a batch needs; the maps are the caller's and are not changed. */
export interface Known {
  /** Event id of the founding statement. */
  readonly corridor: string
  readonly frontier: Frontier
  /** By subject, the register's subject included. */
  readonly states: ReadonlyMap<string, SubjectState>
  /** Event ids of consumed chain numbers, keyed `${kid} ${subject} ${sequence}`. */
  readonly consumed: ReadonlyMap<string, string>
  /** Accepted statements that corrections name. */
  readonly accepted: ReadonlyMap<string, AcceptedStatement>
}

export interface JudgedRecord {
  readonly record: LogRecord
  /** Without the state after it, which the next record on its subject makes garbage: a batch that kept all of them would keep some megabytes. */
  readonly judgement: { readonly [Member in Exclude<keyof Judgement, 'subject'>]: Judgement[Member] | undefined } & Pick<Judgement, 'verdict' | 'code' | 'effects'>
  readonly entry: Entry
}

export interface JudgedBatch {
  /** First offset not judged: the batch's next, or the record after rules this build does not have. */
  readonly next: number
  readonly frontier: Frontier
  readonly judged: readonly JudgedRecord[]
  readonly holes: readonly { readonly offset: number; readonly leaf: Buffer }[]
  /** At the end, and at each multiple of `checkpointInterval`. */
  readonly heads: readonly TreeHead[]
  /** Subjects whose state changed. */
  readonly states: ReadonlyMap<string, SubjectState>
  /** Digest of activated rules that this build lacks: judging stops there (architecture 5). */
  readonly unknownRules?: string
}

/** Offsets at a stretch: some 15 ms of work where all are statements. */
const offsetsATurn = 250

/** Judges a batch in one go: see `judging`. */
export function judgeBatch(from: number, batch: Pick<LogBatch, 'records' | 'next'>, inspections: readonly Inspection[], known: Known): JudgedBatch {
  const turns = judging(from, batch, inspections, known)
  for (;;) {
    const { done, value } = turns.next()
    if (done) return value
  }
}

/**
 * Judges a batch: pure, and the same however the log is cut into batches. Every offset from `from` to the batch's next gets its leaf, holes included.
 * It is done in turns: between two of them others may have the thread. What the batch is judged on must not change meanwhile.
 * @param inspections one for each record of the batch, in order
 */
export function* judging(
  from: number, batch: Pick<LogBatch, 'records' | 'next'>, inspections: readonly Inspection[], known: Known,
): Generator<undefined, JudgedBatch, undefined> {
  const states = new Map<string, SubjectState>()
  const consumed = new Map<string, string>()
  const accepted = new Map<string, AcceptedStatement>()
  const judged: JudgedRecord[] = []
  const holes: { offset: number; leaf: Buffer }[] = []
  const heads: TreeHead[] = []
  let frontier = known.frontier
  const stateOf = (subject: string) => states.get(subject) ?? known.states.get(subject) ?? emptySubject
  const isTurnOver = (offset: number) => offset > from && offset % offsetsATurn === 0
  const addLeaf = (leaf: Buffer) => {
    frontier = appendLeaf(frontier, leaf)
    if (frontier.size % checkpointInterval === 0) heads.push(headOf(frontier))
  }
  const fillHoles = function* (until: number) {
    for (let offset = frontier.size; offset < until; offset++) {
      if (isTurnOver(offset)) yield
      const leaf = holeLeafOf(offset)
      holes.push({ offset, leaf })
      addLeaf(leaf)
    }
  }
  const finish = (next: number, unknownRules?: string): JudgedBatch => {
    if (heads.at(-1)?.size !== frontier.size) heads.push(headOf(frontier))
    return { next, frontier, judged, holes, heads, states, ...(unknownRules !== undefined && { unknownRules }) }
  }

  if (frontier.size !== from) throw new Error(`the tree has ${frontier.size} leaves, the batch begins at ${from}`)
  for (const [index, record] of batch.records.entries()) {
    const inspection = inspections[index]
    if (!inspection) throw new Error('an inspection is missing')
    yield* fillHoles(record.offset)
    if (isTurnOver(record.offset)) yield
    const subject = subjectNamed(inspection)
    const judgement = judge(record.key, inspection, record.offset, {
      corridor: known.corridor,
      register: stateOf(corridorSubject).register,
      subject: stateOf(subject),
      consumedBy: (...number) => consumed.get(number.join(' ')) ?? known.consumed.get(number.join(' ')),
      accepted: (eventId) => accepted.get(eventId) ?? known.accepted.get(eventId),
      provesKey, isOnCurve: isPublicJwk,
    })
    if (judgement.consumedSequence !== undefined) {
      states.set(subject, judgement.subject)
      consumed.set(`${judgement.event?.kid} ${subject} ${judgement.consumedSequence}`, judgement.event?.eventId ?? '')
    }
    const envelope = judgement.event?.envelope
    if (judgement.verdict === 'accepted' && judgement.event && envelope) accepted.set(judgement.event.eventId, envelope)
    const entry = entryOf(record, judgement, inspection.ok ? inspection.valueHash : undefined)
    judged.push({ record, judgement: withoutState(judgement), entry })
    addLeaf(entry.leaf)
    const rules = judgement.effects.find((effect) => effect.effect === 'rules')
    if (rules && rules.digest !== rulesDigest()) return finish(record.offset + 1, rules.digest)
  }
  yield* fillHoles(batch.next)
  return finish(batch.next)
}

function withoutState({ verdict, code, effects, event, consumedSequence, refusal }: Judgement): JudgedRecord['judgement'] {
  return { verdict, code, effects, event, consumedSequence, refusal }
}

export function headOf(frontier: Frontier): TreeHead {
  return { size: frontier.size, root: rootOf(frontier), frontier: frontierToText(frontier) }
}

/** The subject whose state a record needs: what its payload names, before anything of it is believed. */
export function subjectNamed(inspection: Inspection): string {
  const named = inspection.ok && inspection.payload.ok ? (inspection.payload.value as { subject?: unknown } | null)?.subject : undefined
  return typeof named === 'string' && named.length <= 64 ? named : ''
}

function entryOf({ offset, key, value, appendTime }: LogRecord, { verdict, code, effects: found, event, consumedSequence }: Judgement, valueHash: string | undefined): Entry {
  const envelope = event?.envelope
  const effects = canonicalJson(found satisfies readonly Effect[])
  return {
    offset, key, value, appendTime, verdict, code, effects,
    leaf: leafOf({ offset, key, value, valueHash, appendTime, verdict, code, effects }),
    ...(event && {
      event: {
        eventId: event.eventId, kid: event.kid, issuer: envelope?.issuer ?? null, subject: envelope?.subject ?? null, type: envelope?.type ?? null, occurredAt: envelope?.occurredAt ?? null,
      },
    }),
    ...(consumedSequence !== undefined && { consumedSequence }),
  }
}
