import type { Query, Statement } from './database.js'

/*
 * Lists of values stand in a select of their own: their length is then unknown to whoever plans, and the plan is kept. Of a list whose length is known the server
 * makes a new plan each time, because one of few rows seems cheaper than the ten it takes for unknown; that took as long as the statement.
 */

/**
 * The node's own statements among a batch's records, by event id or, for records refused before the id is known, by their bytes. `for update` in the
 * order of ids, as every statement that changes several outbox rows, so that relay and applier cannot lock each other out. Their ids are an array made
 * beforehand: of a row that the relay has just changed a join is made again, by one id instead of all, and does not find it.
 */
export const ownRows: Statement = {
  name: 'own-rows',
  text: `
select event_id, kid, subject, sequence, value_digest, state, code from outbox where id = any(array(
  select id from outbox where event_id = any((select $1::text[])::text[])
  union all select id from outbox where state <> 'decided' and value_digest = any((select $2::bytea[])::bytea[])))
order by id for update`,
}

export const decideRows = {
  name: 'decide-rows',
  text: `
update outbox set state = 'decided', verdict = d.verdict, code = d.code, decided_offset = d.decided_offset
from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]), (select $4::bigint[])) as d (event_id, verdict, code, decided_offset)
where outbox.event_id = d.event_id`,
}

/** The same of statements that were all accepted, one of each and none decided before: whoever finds fewer asks for the rows. */
export const decideAccepted = {
  name: 'decide-accepted',
  text: `
with mine as (
  select id, event_id from outbox where id = any(array(select id from outbox where event_id = any((select $1::text[])::text[]))) and state <> 'decided' order by id for update
)
update outbox set state = 'decided', verdict = 'accepted', decided_offset = d.decided_offset
from mine join unnest((select $1::text[]), (select $2::bigint[])) as d (event_id, decided_offset) using (event_id)
where outbox.id = mine.id returning 1`,
}

/** After EARLY: the whole chain again, for a gap lets nothing behind it through. */
export const returnChains = {
  name: 'return-chains',
  text: `
update outbox set state = 'new', sent_at = null
where state = 'sent' and (kid, subject) in (select * from unnest($1::text[], $2::text[]))`,
}

/** A number consumed after all: the next one follows it. */
export const raiseHead = {
  name: 'raise-head',
  text: 'update chain_head set sequence = $3, event_id = $4 where kid = $1 and subject = $2 and sequence < $3',
}

/** The first one of a key tells enough. */
export const keepForeign = {
  name: 'keep-foreign',
  text: `
insert into foreign_use (kid, event_id, log_offset) select * from unnest($1::text[], $2::text[], $3::bigint[])
on conflict (kid) do nothing`,
}

const lockHead: Statement = { name: 'lock-head', text: 'select from chain_head where kid = $1 and subject = $2 for update' }

const refuseBehind: Statement = {
  name: 'refuse-behind',
  text: `
update outbox set state = 'decided', verdict = 'refused', code = $4
where kid = $1 and subject = $2 and state <> 'decided' and sequence > $3
returning event_id`,
}

/** The last number that is consumed or may still be: the entry table's highest, or an undecided row's below the end. */
const setBackHead: Statement = {
  name: 'set-back-head',
  text: `
update chain_head set sequence = coalesce(l.sequence, 0), event_id = l.event_id
from (select) as one left join lateral (
  (select consumed_sequence as sequence, event_id from entry
    where kid = $1 and subject = $2 and consumed_sequence is not null order by consumed_sequence desc limit 1)
  union all
  (select sequence, event_id from outbox
    where kid = $1 and subject = $2 and state <> 'decided' and sequence < $3 order by sequence desc limit 1)
  order by sequence desc limit 1
) as l on true
where chain_head.kid = $1 and chain_head.subject = $2`,
}

/**
 * Ends a chain at a number that will never be consumed. The chain's row is locked first, so a submitter either committed before and is refused with
 * the others, or comes after and goes on from the number set back. Returns the event ids refused behind it.
 */
export async function endChain(
  query: Query,
  end: { readonly kid: string; readonly subject: string; readonly sequence: number; readonly code: string },
): Promise<readonly string[]> {
  await query(lockHead, [end.kid, end.subject])
  const behind = await query<{ event_id: string }>(refuseBehind, [end.kid, end.subject, end.sequence, end.code])
  await query(setBackHead, [end.kid, end.subject, end.sequence])
  return behind.map(({ event_id }) => event_id)
}
