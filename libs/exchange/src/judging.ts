import { canonicalJson } from '#libs/documents'
import {
  corridorSubject, emptySubject, judge, rulesDigest, type AcceptedStatement, type Context, type Effect, type Inspection, type JudgedEvent, type Judgement, type SubjectState,
} from '#libs/consignment'
import { appendLeaf, frontierToText, holeLeafOf, leafOf, isPublicJwk, provesKey, rootOf, type Frontier } from '#libs/signature'
import type { LogBatch, LogRecord } from './log-port.js'
import type { Entry, TreeHead } from './ports.js'

/** Checkpoints are signed at every multiple of this many records (architecture 8). */
export const checkpointInterval = 1_000

/** State and look-ups that judging some records needs; the maps are the caller's and are not changed. */
interface Known {
  /** By subject, the register's subject included. */
  readonly states: ReadonlyMap<string, SubjectState>
  /** Event ids of chain numbers consumed before, keyed `${kid} ${subject} ${sequence}`. */
  readonly consumed: ReadonlyMap<string, string>
  /** Accepted statements that corrections name. */
  readonly accepted: ReadonlyMap<string, AcceptedStatement>
}

/** A record with its whole judgement; of a long batch only the entry is kept, and the rest goes when its views have been told of it. */
export interface JudgedRecord {
  readonly judgement: Judgement
  readonly entry: Entry
}

export interface JudgedBatch {
  /** First offset not judged: the batch's next, or the record after rules this build does not have. */
  readonly next: number
  readonly frontier: Frontier
  readonly entries: readonly Entry[]
  readonly holes: readonly Hole[]
  /** At the end, and at each multiple of `checkpointInterval`. */
  readonly heads: readonly TreeHead[]
  /** Subjects whose state changed. */
  readonly states: ReadonlyMap<string, SubjectState>
  /** Digest of activated rules that this build lacks: judging stops there (architecture 5). */
  readonly unknownRules?: string
}

interface Hole {
  readonly offset: number
  readonly leaf: Buffer
}

/** Judges records one after the other, from the end of a tree on: the same however the log is cut. Every offset gets its leaf, holes included. */
export class Judging {
  readonly #states = new Map<string, SubjectState>()
  readonly #entries: Entry[] = []
  readonly #holes: Hole[] = []
  readonly #heads: TreeHead[] = []
  #frontier: Frontier
  #unknownRules: string | undefined

  /** @param corridor event id of the founding statement */
  constructor(private readonly corridor: string, frontier: Frontier) {
    this.#frontier = frontier
  }

  /** First offset not judged. */
  get next(): number {
    return this.#frontier.size
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Of subjects whose state changed. */
  get states(): ReadonlyMap<string, SubjectState> {
    return this.#states
  }

  /** Rules were activated that this build does not have: nothing after them is judged. */
  get hasEnded(): boolean {
    return this.#unknownRules !== undefined
  }

  /**
   * Goes on up to `next`.
   * @param inspections one for each record, in order
   */
  judge({ records, next }: Pick<LogBatch, 'records' | 'next'>, inspections: readonly Inspection[], known: Known): readonly JudgedRecord[] {
    const judged: JudgedRecord[] = []
    for (const [index, record] of records.entries()) {
      const inspection = inspections[index]
      if (!inspection) throw new Error('an inspection is missing')
      this.fillHoles(record.offset)
      const one = this.judgeRecord(record, inspection, known, judged)
      judged.push(one)
      const rules = one.judgement.effects.find((effect) => effect.effect === 'rules')
      if (rules && rules.digest !== rulesDigest()) this.#unknownRules = rules.digest
      if (this.hasEnded) return judged
    }
    this.fillHoles(next)
    return judged
  }

  end(): JudgedBatch {
    if (this.#heads.at(-1)?.size !== this.next) this.#heads.push(headOf(this.#frontier))
    return {
      next: this.next, frontier: this.#frontier, entries: this.#entries, holes: this.#holes, heads: this.#heads, states: this.#states,
      ...(this.#unknownRules !== undefined && { unknownRules: this.#unknownRules }),
    }
  }

  /** @param before judged since the look-ups were made */
  private judgeRecord(record: LogRecord, inspection: Inspection, known: Known, before: readonly JudgedRecord[]): JudgedRecord {
    const stateOf = (subject: string) => this.#states.get(subject) ?? known.states.get(subject) ?? emptySubject
    const subject = subjectNamed(inspection)
    const judgement = judge(record.key, inspection, record.offset, {
      corridor: this.corridor,
      register: stateOf(corridorSubject).register,
      subject: stateOf(subject),
      consumedBy: (...number) => consumerOf(before, number) ?? known.consumed.get(number.join(' ')),
      accepted: (eventId) => acceptedIn(before, eventId) ?? known.accepted.get(eventId),
      provesKey, isOnCurve: isPublicJwk,
    })
    if (judgement.consumedSequence !== undefined) this.#states.set(subject, judgement.subject)
    const entry = entryOf(record, judgement, inspection.ok ? inspection.valueHash : undefined)
    this.#entries.push(entry)
    this.addLeaf(entry.leaf)
    return { judgement, entry }
  }

  private fillHoles(until: number): void {
    for (let offset = this.next; offset < until; offset++) {
      const leaf = holeLeafOf(offset)
      this.#holes.push({ offset, leaf })
      this.addLeaf(leaf)
    }
  }

  private addLeaf(leaf: Buffer): void {
    this.#frontier = appendLeaf(this.#frontier, leaf)
    if (this.next % checkpointInterval === 0) this.#heads.push(headOf(this.#frontier))
  }
}

/** Asked only of numbers that have been consumed, and seldom: most were consumed before. */
function consumerOf(judged: readonly JudgedRecord[], [kid, subject, sequence]: Parameters<Context['consumedBy']>): string | undefined {
  return judged.find(({ entry: { consumedSequence, event } }) => consumedSequence === sequence && event?.kid === kid && event.subject === subject)?.entry.event?.eventId
}

function acceptedIn(judged: readonly JudgedRecord[], eventId: string): AcceptedStatement | undefined {
  const found = judged.find(({ judgement: { verdict, event } }) => verdict === 'accepted' && event?.eventId === eventId)
  return found?.judgement.event?.envelope
}

export function headOf(frontier: Frontier): TreeHead {
  return { size: frontier.size, root: rootOf(frontier), frontier: frontierToText(frontier) }
}

/** The subject whose state a record needs: what its payload names, before anything of it is believed. */
export function subjectNamed(inspection: Inspection): string {
  const named = inspection.ok && inspection.payload.ok ? (inspection.payload.value as { subject?: unknown } | null)?.subject : undefined
  return typeof named === 'string' && named.length <= 64 ? named : ''
}

/** All entries have all members in one order, undefined where one lacks it: a long batch has thousands of them, and objects that come to be in many ways take twice the room. */
function entryOf({ offset, key, value, appendTime }: LogRecord, { verdict, code, effects: found, event, consumedSequence }: Judgement, valueHash: string | undefined): Entry {
  const effects = canonicalJson(found satisfies readonly Effect[])
  const leaf = leafOf({ offset, key, value, valueHash, appendTime, verdict, code, effects })
  return { offset, key, value, appendTime, verdict, code, leaf, effects, event: event && eventIn(event), consumedSequence }
}

function eventIn({ eventId, kid, envelope }: JudgedEvent): NonNullable<Entry['event']> {
  if (!envelope) return { eventId, kid, issuer: null, subject: null, type: null, occurredAt: null }
  const { issuer, subject, type, occurredAt } = envelope
  return { eventId, kid, issuer, subject, type, occurredAt }
}
