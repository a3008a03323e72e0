import type { Entry, FeedEntry, FeedRange, Term } from '#libs/exchange'
import type { Database } from './database.js'

interface FedRow {
  readonly offset: number
  readonly appendTime: number
  readonly verdict: Entry['verdict']
  readonly code: string | null
  readonly effects: string
  readonly eventId: string
  readonly kid: string
  readonly issuer: string | null
  readonly subject: string
  readonly type: string | null
  readonly occurredAt: string | null
}

/** Entries on visible subjects: each record of the range asks its subject's terms by their primary key, so that a page costs its range and no more. */
export async function feed(database: Database, seenBy: readonly Term[], { after, before, limit, subject }: FeedRange): Promise<readonly FeedEntry[]> {
  if (seenBy.length === 0) return []
  const ofOne = subject === undefined ? undefined : seenBy.length * 2 + 4
  const text = feedText(seenBy.length, ofOne)
  const rows = await database.query<FedRow>({ name: `feed-${seenBy.length}-${ofOne ?? 'all'}`, text }, [after, before, limit, ...seenBy.flat(), ...(subject === undefined ? [] : [subject])])
  return rows.map(({ eventId, kid, issuer, subject: of, type, occurredAt, ...row }) => ({ ...row, event: { eventId, kid, issuer, subject: of, type, occurredAt } }))
}

function feedText(seers: number, ofOne: number | undefined): string {
  return `
select log_offset as offset, append_time as "appendTime", verdict, code, effects, event_id as "eventId", kid, issuer, subject, type, occurred_at as "occurredAt"
from entry
where log_offset > $1 and log_offset < $2 and ${ofOne === undefined ? 'subject is not null' : `subject = $${ofOne}`} and event_id is not null
  and (${Array.from({ length: seers }, (_, at) => seenBy(`$${4 + 2 * at}`, `$${5 + 2 * at}`)).join(' or ')})
order by log_offset limit $3`
}

/** A term 'since' is the seer and an offset with a space between; seers have none in their names. */
const seenBy = (kind: string, value: string): string => `(
  exists (select from term t where t.subject = entry.subject and t.kind = ${kind} and t.value = ${value})
  and not exists (
    select from term s where s.subject = entry.subject and s.kind = 'since'
      and split_part(s.value, ' ', 1) = ${value} and split_part(s.value, ' ', 2)::bigint > entry.log_offset))`
