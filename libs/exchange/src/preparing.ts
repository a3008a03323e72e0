import type { AcceptedStatement, SubjectState } from '#libs/consignment'
import { beginInspection, type BeginInspection, type Inspecting } from '#libs/signature'
import type { Standing } from './committed-rows.js'
import type { LogBatch } from './log-port.js'
import type { Cursor, Entry, Ledger } from './ports.js'
import type { StateCache } from './state-cache.js'

/** The look-ups of a ledger that judging a batch needs. */
export type Lookups = Pick<Ledger, 'states' | 'consumed' | 'entry'>

/** Begins what can be done with a batch before its turn. */
export function beginBatch({ records }: Pick<LogBatch, 'records'>, cache: StateCache, begin: BeginInspection = beginInspection): Inspecting {
  return begin(records.map(({ value }) => value), cache.knownKeys)
}

/** States as this node has committed them last, for whoever asks and does not judge a batch. */
export async function statesNow(ledger: Pick<Ledger, 'states'>, cache: StateCache, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  return cache.committed.of(subjects)?.states ?? statesOf(ledger, cache, subjects)
}

/** States as of a cursor in the database or later: where they are read, a batch more may have been committed than the cursor told with them says. */
export async function standingAt(cursor: Cursor, ledger: Pick<Ledger, 'states'>, cache: StateCache, subjects: readonly string[]): Promise<Standing> {
  const known = cache.committed.of(subjects)
  return known && known.cursor.next >= cursor.next ? known : { states: await statesOf(ledger, cache, subjects), cursor }
}

export async function statesOf(lookups: Pick<Ledger, 'states'>, cache: StateCache, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  if (subjects.length === 0) return new Map()
  return new Map([...(await lookups.states(subjects))].map(([subject, row]) => [subject, cache.stateOf(subject, row)]))
}

export function statementOf(entry: Entry | undefined): readonly (readonly [string, AcceptedStatement])[] {
  const event = entry?.verdict === 'accepted' ? entry.event : undefined
  if (!event || event.subject === null || event.issuer === null || event.type === null) return []
  return [[event.eventId, { subject: event.subject, issuer: event.issuer, type: event.type }]]
}
