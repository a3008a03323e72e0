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
export async function feed(database: Database, seenBy: readonly Term[], { after, before, limit, ...filter }: FeedRange): Promise<readonly FeedEntry[]> {
  if (seenBy.length === 0) return []
  const asked = filters.filter((name) => filter[name] !== undefined)
  const text = feedText(seenBy.length, asked)
  const rows = await database.query<FedRow>({ name: ['feed', seenBy.length, ...asked].join('-'), text }, [after, before, limit, ...seenBy.flat(), ...asked.map((name) => filter[name])])
  return rows.map(({ eventId, kid, issuer, subject: of, type, occurredAt, ...row }) => ({ ...row, event: { eventId, kid, issuer, subject: of, type, occurredAt } }))
}

const filters = ['subject', 'place', 'means'] as const
type Filter = (typeof filters)[number]

function feedText(seers: number, asked: readonly Filter[]): string {
  const only = asked.map((name, at) => `and ${kept[name](`$${4 + 2 * seers + at}`)}`)
  return `
select log_offset as offset, append_time as "appendTime", verdict, code, effects, event_id as "eventId", kid, issuer, subject, type, occurred_at as "occurredAt"
from entry
where log_offset > $1 and log_offset < $2 and subject is not null and event_id is not null ${only.join(' ')}
  and (${Array.from({ length: seers }, (_, at) => seenBy(`$${4 + 2 * at}`, `$${5 + 2 * at}`)).join(' or ')})
order by log_offset limit $3`
}

/** A term 'since' is the seer and an offset with a space between; seers have none in their names. */
const seenBy = (kind: string, value: string): string => `(
  exists (select from term t where t.subject = entry.subject and t.kind = ${kind} and t.value = ${value})
  and not exists (
    select from term s where s.subject = entry.subject and s.kind = 'since'
      and split_part(s.value, ' ', 1) = ${value} and split_part(s.value, ' ', 2)::bigint > entry.log_offset))`

/** An offset and a name with a space between: names may have more of them. `offset 0` keeps it a question about each record of the range, and no join over all terms. */
const since = (kind: string, value: string): string => `exists (
    select from term f where f.subject = entry.subject and f.kind = '${kind}'
      and substr(f.value, strpos(f.value, ' ') + 1) = ${value} and split_part(f.value, ' ', 1)::bigint <= entry.log_offset offset 0)`

const kept: Readonly<Record<Filter, (value: string) => string>> = {
  subject: (value) => `subject = ${value}`,
  place: (value) => since('placeSince', value),
  means: (value) => since('meansSince', value),
}
