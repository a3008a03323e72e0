import { corridorSubject, type AcceptedStatement, type Inspection, type SubjectState } from '#libs/consignment'
import { beginInspection, frontierFromText, type BeginInspection, type Inspecting } from '#libs/signature'
import type { AppliedRows } from './applied-rows.js'
import type { Standing } from './committed-rows.js'
import { subjectNamed, type Known } from './judging.js'
import type { LogBatch } from './log-port.js'
import type { Cursor, Entry, Ledger } from './ports.js'
import type { StateCache } from './state-cache.js'

/** The look-ups of a ledger that judging a batch needs. */
export type Lookups = Pick<Ledger, 'states' | 'consumed' | 'entry'>

/** Begins what can be done with a batch before its turn. */
export function beginBatch({ records }: Pick<LogBatch, 'records'>, cache: StateCache, begin: BeginInspection = beginInspection): Inspecting {
  return begin(records.map(({ value }) => value), cache.knownKeys)
}

/** Inspects a batch in parallel and loads what judging it needs, in a few look-ups however long the batch is. @param inspecting begins to inspect it, or has */
export async function prepare(
  corridor: string, cursor: Cursor, batch: LogBatch, lookups: Lookups, cache: StateCache,
  inspecting: (of: Pick<LogBatch, 'records'>) => Inspecting = (of) => beginBatch(of, cache),
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
  return cache.committed.of(subjects)?.states ?? statesOf(ledger, cache, subjects)
}

/** The same with a cursor that is not before what they hold. */
export async function standingNow(ledger: Pick<Ledger, 'states' | 'cursor'>, cache: StateCache, subjects: readonly string[]): Promise<Standing> {
  return cache.committed.of(subjects) ?? { states: await statesOf(ledger, cache, subjects), cursor: await ledger.cursor() }
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
