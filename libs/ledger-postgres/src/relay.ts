import type { OutgoingBlock, RelayRow } from '#libs/exchange'
import { textArray } from './binary-array.js'
import type { Database, Statement } from './database.js'

/** A row may be decided, or returned by EARLY and sent again, before its sender gets here: only `new` becomes `sent`. */
const markedSent = (eventIds: string) => `
mine as (select id from outbox where event_id = any(${eventIds}::text[]) and state = 'new' order by id for update),
marked as (update outbox set state = 'sent', sent_at = clock_timestamp() from mine where outbox.id = mine.id)`

/**
 * By allocation, up to a size: all messages of one send are one record batch, which the broker refuses when it is too large. Only the state says what
 * is unsent: ids are given before they are committed, so "id greater than the last" would skip rows. What was sent last is mostly decided by now; where
 * it is, nothing is written.
 */
const unsentRows: Statement = {
  name: 'unsent',
  text: `
with ${markedSent('$2')}
select event_id as "eventId", kid, subject, sequence, value, type, issuer, occurred_at as "occurredAt",
  exists (select from outgoing_block where outgoing_block.event_id = summed.event_id and not sent) as "hasUnsentBlocks"
from (select *, sum(octet_length(value)) over (order by id) as bytes, row_number() over (order by id) as place
  from (select * from outbox where state = 'new' and event_id <> all($2::text[]) order by id limit 1000) as waiting) as summed
where place = 1 or bytes <= $1
order by id`,
}

export function unsent(database: Database, maxBytes: number, sent: readonly string[]): Promise<readonly RelayRow[]> {
  return database.query<RelayRow>(unsentRows, [maxBytes, textArray(sent)])
}

const markRowsSent: Statement = { name: 'mark-sent', text: `with ${markedSent('$1')} select` }

export async function markSent(database: Database, eventIds: readonly string[]): Promise<void> {
  if (eventIds.length > 0) await database.query(markRowsSent, [textArray(eventIds)])
}

/** The whole chain with its overdue row. The database's clock measures, for it also stamped. */
const returnOverdue: Statement = {
  name: 'return-overdue',
  text: `
with overdue as (
  select distinct kid, subject from outbox where state = 'sent' and sent_at < clock_timestamp() - $1 * interval '1 millisecond'
), mine as (
  select id from outbox where state = 'sent' and (kid, subject) in (select kid, subject from overdue) order by id for update
)
update outbox set state = 'new', sent_at = null from mine where outbox.id = mine.id
returning outbox.id`,
}

export async function resendOlderThan(database: Database, olderThanMs: number): Promise<number> {
  return (await database.query(returnOverdue, [olderThanMs])).length
}

const anyUndecided: Statement = { name: 'has-undecided', text: `select exists (select from outbox where state <> 'decided') as waiting` }

export async function hasUndecided(database: Database): Promise<boolean> {
  return (await database.query<{ waiting: boolean }>(anyUndecided))[0]?.waiting === true
}

/** Asked with each submission through a process that does not apply, so the applier writes down what it finds: entries are many. */
const anyForeign: Statement = { name: 'has-foreign', text: 'select exists (select from foreign_use where kid = $1) as found' }

export async function hasForeign(database: Database, kid: string): Promise<boolean> {
  return (await database.query<{ found: boolean }>(anyForeign, [kid]))[0]?.found === true
}

const unsentBlockRows: Statement = {
  name: 'unsent-blocks',
  text: `
select event_id as "eventId", digest, jwe from outgoing_block
where event_id = any($1::text[]) and not sent order by event_id, digest`,
}

export async function unsentBlocks(database: Database, eventIds: readonly string[]): Promise<readonly OutgoingBlock[]> {
  return eventIds.length === 0 ? [] : database.query<OutgoingBlock>(unsentBlockRows, [textArray(eventIds)])
}

const markBlockRowsSent: Statement = {
  name: 'mark-blocks-sent',
  text: `
update outgoing_block set sent = true
where (event_id, digest) in (select * from unnest($1::text[], $2::text[]))`,
}

export async function markBlocksSent(database: Database, blocks: readonly Pick<OutgoingBlock, 'eventId' | 'digest'>[]): Promise<void> {
  if (blocks.length === 0) return
  await database.query(markBlockRowsSent, [textArray(blocks.map(({ eventId }) => eventId)), textArray(blocks.map(({ digest }) => digest))])
}
