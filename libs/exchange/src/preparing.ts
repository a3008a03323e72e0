import { keyOf, type AcceptedStatement, type Inspection, type Register, type SubjectState } from '#libs/consignment'
import { corridorSubject } from '#libs/consignment'
import { beginInspection, frontierFromText, publicKeyOf, type BeginInspection, type Inspecting, type PublicKeyOf } from '#libs/signature'
import type { KeyObject } from 'node:crypto'
import { AppliedRows } from './applied-rows.js'
import { subjectNamed, type Known } from './judging.js'
import type { LogBatch } from './log-port.js'
import type { Cursor, Entry, Ledger } from './ports.js'

/** The look-ups of a ledger that judging a batch needs. */
export type Lookups = Pick<Ledger, 'states' | 'consumed' | 'entry'>

/** State of a subject after own statements that the log has not decided, and from which state and by which statements it was evolved. */
export interface Ahead {
  readonly from: SubjectState
  readonly eventIds: readonly string[]
  readonly state: SubjectState
}

/** Parsed state rows, remembered while their text is the same: the lock holder's cache. */
export class StateCache {
  readonly #parsed = new Map<string, { readonly text: string; readonly state: SubjectState }>()
  readonly #keys = new Map<string, KeyObject | undefined>()
  readonly #ahead = new Map<string, Ahead>()
  readonly applied: AppliedRows
  readonly #committed = new Map<string, SubjectState>()
  #isWriting = false
  /** Of the register met last; more may have been added since. */
  knownKeys: PublicKeyOf = () => undefined

  constructor(private readonly limit = 250, rowsKept?: number) {
    this.applied = new AppliedRows(rowsKept)
  }

  aheadOf(subject: string): Ahead | undefined {
    return this.#ahead.get(subject)
  }

  keepAhead(subject: string, ahead: Ahead | undefined): void {
    this.#ahead.delete(subject)
    if (ahead) this.#ahead.set(subject, ahead)
    const [oldest] = this.#ahead.keys()
    if (this.#ahead.size > this.limit && oldest !== undefined) this.#ahead.delete(oldest)
  }

  parse(subject: string, text: string): SubjectState {
    const known = this.#parsed.get(subject)
    if (known?.text === text) return known.state
    const state = JSON.parse(text) as SubjectState // written by us from a state
    this.keep(subject, text, state)
    return state
  }

  keep(subject: string, text: string, state: SubjectState): void {
    this.#parsed.delete(subject)
    this.#parsed.set(subject, { text, state })
    const [oldest] = this.#parsed.keys()
    if (this.#parsed.size > this.limit && oldest !== undefined) this.#parsed.delete(oldest)
  }

  /** A batch is being written: until it is known to be committed, what rows hold is to be read. */
  beginWriting(): void {
    this.#isWriting = true
  }

  /** It has been committed: the rows of these subjects hold this now. */
  committed(states: ReadonlyMap<string, SubjectState>): void {
    this.#isWriting = false
    for (const [subject, state] of states) {
      this.#committed.delete(subject)
      this.#committed.set(subject, state)
      const [oldest] = this.#committed.keys()
      if (this.#committed.size > this.limit && oldest !== undefined) this.#committed.delete(oldest)
    }
  }

  /** Others may have written, or it is not known what has been. */
  forgetCommitted(): void {
    this.#committed.clear()
  }

  /** What the row of a subject holds, where this process has written it last; undefined: to be read. */
  committedState(subject: string): SubjectState | undefined {
    return this.#isWriting ? undefined : this.#committed.get(subject)
  }

  /** Finds public keys in the register; a kid is the hash of its key, so a key object once made is right for ever. */
  keysOf(register: Register | undefined): PublicKeyOf {
    return (kid) => {
      const row = register && keyOf(register, kid)
      if (row && !this.#keys.has(kid)) this.#keys.set(kid, publicKeyOf(row.jwk))
      return row && this.#keys.get(kid)
    }
  }
}

/** Begins what can be done with a batch before its turn. */
export function beginBatch({ records }: Pick<LogBatch, 'records'>, cache: StateCache, begin: BeginInspection = beginInspection): Inspecting {
  return begin(records.map(({ value }) => value), cache.knownKeys)
}

/** Inspects a batch in parallel and loads what judging it needs, in a few look-ups however long the batch is. @param inspecting begins to inspect it, or has */
export async function prepare(
  corridor: string, cursor: Cursor, batch: LogBatch, lookups: Lookups, cache: StateCache, inspecting: (of: Pick<LogBatch, 'records'>) => Inspecting = (of) => beginBatch(of, cache),
): Promise<{ readonly inspections: readonly Inspection[]; readonly known: Known }> {
  const applied = cache.applied.asOf(cursor.next)
  const register = await statesAsOf(lookups, cache, applied, [corridorSubject])
  cache.knownKeys = cache.keysOf(register.get(corridorSubject)?.register)
  const inspections = await inspecting(batch)(cache.knownKeys)
  const subjects = [...new Set(inspections.map(subjectNamed))].filter((subject) => subject !== '' && subject !== corridorSubject)
  const states = new Map([...register, ...(await statesAsOf(lookups, cache, applied, subjects))])
  const [consumed, accepted] = await Promise.all([lookups.consumed(numbersToLookUp(inspections, states)), acceptedOf(lookups, inspections)])
  const frontier = frontierFromText(cursor.frontier)
  if (!frontier) throw new Error('the frontier of the ledger cannot be read')
  return { inspections, known: { corridor, frontier, states, consumed, accepted } }
}

async function statesAsOf(lookups: Lookups, cache: StateCache, applied: AppliedRows, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  const known = new Map(subjects.flatMap((subject) => {
    const state = applied.state(subject)
    return state ? [[subject, state] as const] : []
  }))
  const read = await statesOf(lookups, cache, subjects.filter((subject) => !known.has(subject)))
  applied.keepStates(read)
  return new Map([...known, ...read])
}

/** States as the database has them now, for whoever asks and does not judge a batch. */
export async function statesNow(ledger: Pick<Ledger, 'states'>, cache: StateCache, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  const known = subjects.flatMap((subject) => {
    const state = cache.committedState(subject)
    return state ? [[subject, state] as const] : []
  })
  const unknown = subjects.filter((subject) => !cache.committedState(subject))
  return new Map([...known, ...(unknown.length > 0 ? await statesOf(ledger, cache, unknown) : [])])
}

export async function statesOf(lookups: Pick<Ledger, 'states'>, cache: StateCache, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  const texts = subjects.length > 0 ? await lookups.states(subjects) : new Map<string, string>()
  return new Map([...texts].map(([subject, text]) => [subject, cache.parse(subject, text)]))
}

interface Claimed {
  readonly sequence?: unknown
  readonly type?: unknown
  readonly data?: { readonly corrects?: unknown }
}

function claimedBy(inspection: Inspection): Claimed | undefined {
  return inspection.ok && inspection.signed && inspection.payload.ok ? (inspection.payload.value as Claimed) : undefined
}

/** Numbers at or below a chain's head have been consumed: by this very statement (duplicate) or another (fork). */
function numbersToLookUp(inspections: readonly Inspection[], states: ReadonlyMap<string, SubjectState>) {
  return inspections.flatMap((inspection) => {
    const sequence = claimedBy(inspection)?.sequence
    const subject = subjectNamed(inspection)
    const kid = inspection.ok ? inspection.kid : ''
    const heads = states.get(subject)?.heads ?? {}
    const head = Object.hasOwn(heads, kid) ? heads[kid] : undefined
    return typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence <= (head?.sequence ?? 0) ? [{ kid, subject, sequence }] : []
  })
}

async function acceptedOf(lookups: Pick<Ledger, 'entry'>, inspections: readonly Inspection[]): Promise<ReadonlyMap<string, AcceptedStatement>> {
  const named = inspections.map((inspection) => claimedBy(inspection)).filter((claimed) => claimed?.type === 'CorrectionFiled').map((claimed) => claimed?.data?.corrects)
  const ids = [...new Set(named.filter((id) => typeof id === 'string' && id.length === 43))] as string[]
  const entries = await Promise.all(ids.map((id) => lookups.entry(id)))
  return new Map(entries.flatMap((entry) => statementOf(entry)))
}

export function statementOf(entry: Entry | undefined): readonly (readonly [string, AcceptedStatement])[] {
  const event = entry?.verdict === 'accepted' ? entry.event : undefined
  if (!event || event.subject === null || event.issuer === null || event.type === null) return []
  return [[event.eventId, { subject: event.subject, issuer: event.issuer, type: event.type }]]
}
