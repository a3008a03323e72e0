import type { AppliedBatch, Entry, TreeHead } from '#libs/exchange'
import { bigintArray, byteaArray, textArray } from './binary-array.js'
import type { Query, Statement } from './database.js'
import { LedgerError } from './ledger-error.js'
import type { Write } from './together.js'

/** `where next = from`: one row changed, or another applier has been here. */
const moveCursorFrom = {
  name: 'move-cursor',
  text: 'update cursor set next = $2, frontier = $3 where next = $1 returning next',
}

export function cursorMove({ from, next, frontier }: AppliedBatch): Write {
  return { values: [from, next, frontier], ...moveCursorFrom }
}

/** A cursor emptied by hand stands at 0; on conflict nothing: then it stands elsewhere. */
const firstCursor: Statement = {
  name: 'first-cursor',
  text: 'insert into cursor (next, frontier) values ($1, $2) on conflict do nothing returning next',
}

/** @throws CURSOR_MOVED */
export async function moveCursor(query: Query, batch: AppliedBatch): Promise<void> {
  const { from, next, frontier } = batch
  const { values, ...move } = cursorMove(batch)
  if ((await query(move, values)).length === 1) return
  if (from === 0 && (await query(firstCursor, [next, frontier])).length === 1) return
  throw new LedgerError('CURSOR_MOVED', `the cursor is not at ${from}`)
}

/**
 * One multi-row statement for the batch: 3–6 times the rate of a statement per row (one round trip, one plan). COPY is faster still but needs a
 * staging table and a second pass; the judge, not this, is the slower part.
 */
const insertEntries = {
  name: 'insert-entries',
  text: `
insert into entry (log_offset, key, value, append_time, verdict, code, leaf, effects, event_id, kid, issuer, subject, type, occurred_at, consumed_sequence)
select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::text[],
  $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[])`,
}

function entriesWritten(entries: readonly Entry[]): Write {
  return { values: [
    bigintArray(entries.map(({ offset }) => offset)),
    byteaArray(entries.map(({ key }) => key)),
    byteaArray(entries.map(({ value }) => value)),
    bigintArray(entries.map(({ appendTime }) => appendTime)),
    textArray(entries.map(({ verdict }) => verdict)),
    textArray(entries.map(({ code }) => code)),
    byteaArray(entries.map(({ leaf }) => leaf)),
    textArray(entries.map(({ effects }) => effects)),
    textArray(entries.map(({ event }) => event?.eventId ?? null)),
    textArray(entries.map(({ event }) => event?.kid ?? null)),
    textArray(entries.map(({ event }) => columnText(event?.issuer))),
    textArray(entries.map(({ event }) => columnText(event?.subject))),
    textArray(entries.map(({ event }) => columnText(event?.type))),
    textArray(entries.map(({ event }) => columnText(event?.occurredAt))),
    bigintArray(entries.map(({ consumedSequence }) => consumedSequence ?? null)),
  ], ...insertEntries }
}

const insertHoles = {
  name: 'insert-holes',
  text: 'insert into hole (log_offset, leaf) select * from unnest($1::bigint[], $2::bytea[])',
}

function holesWritten(holes: AppliedBatch['holes']): Write {
  return { values: [bigintArray(holes.map(({ offset }) => offset)), byteaArray(holes.map(({ leaf }) => leaf))], ...insertHoles }
}

/**
 * Present state keeps its own row: "latest row wins" over a history took 23 s at a million rows. What is null stands in the row as it is: the 13 KB of a
 * train's items are compressed and written for what changes them, not for every statement that moves the head of a chain.
 */
const upsertStates = {
  name: 'upsert-states',
  text: `
insert into state (subject, consignment, heads, register) select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])
on conflict (subject) do update
set consignment = coalesce(excluded.consignment, state.consignment), heads = excluded.heads, register = coalesce(excluded.register, state.register)`,
}

function statesWritten(states: AppliedBatch['states']): Write {
  const subjects = textArray(states.map(({ subject }) => subject))
  const heads = textArray(states.map(({ members }) => members.heads))
  const changed = (of: 'consignment' | 'register') => textArray(states.map(({ members, former }) => (members[of] === former?.[of] ? null : (members[of] ?? null))))
  return { values: [subjects, changed('consignment'), heads, changed('register')], ...upsertStates }
}

/** A batch may end on a multiple of 1,000 and name that head twice. */
const insertHeads = {
  name: 'insert-heads',
  text: 'insert into tree_head (size, root, frontier) select * from unnest($1::bigint[], $2::text[], $3::text[]) on conflict do nothing',
}

function headsWritten(heads: readonly TreeHead[]): Write {
  return { values: [bigintArray(heads.map(({ size }) => size)), textArray(heads.map(({ root }) => root)), textArray(heads.map((head) => head.frontier))], ...insertHeads }
}

/** What must be kept of a batch beside the cursor; views are not in it. */
export function recordWrites({ entries, holes, states, heads }: AppliedBatch): readonly Write[] {
  return [
    ...(entries.length > 0 ? [entriesWritten(entries)] : []),
    ...(holes.length > 0 ? [holesWritten(holes)] : []),
    ...(states.length > 0 ? [statesWritten(states)] : []),
    ...(heads.length > 0 ? [headsWritten(heads)] : []),
  ]
}

/**
 * A validly signed statement that ENVELOPE refuses may carry any text where these fields are. What PostgreSQL cannot store (U+0000) or index (a page
 * holds 2.7 KB of a key) must not stop the applier: it stays in the bytes and leaves the column empty. 256 bytes is the wire's limit of what is indexed.
 */
function columnText(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text.includes('\u0000') || Buffer.byteLength(text) > 256) return null
  return text
}
