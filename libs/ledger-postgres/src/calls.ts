import type { IdempotencyKey, KeptCall, Ledger, NewCall, PartKey } from '#libs/exchange'
import { textArray } from './binary-array.js'
import type { Database, Last, Query, Statement } from './database.js'
import { keepKey, repeatOf } from './idempotency.js'

const insertCall: Statement = { name: 'insert-call', text: 'insert into call (call_id, kind, facts, made_at) values ($1, $2, $3, $4)' }

const insertParts: Statement = {
  name: 'insert-call-parts',
  text: `
insert into call_part (call_id, part, subject, request)
select $1::text, row.part, row.subject, row.request from unnest($2::text[], $3::text[]) with ordinality as row (subject, request, part)`,
}

/** All parts or none: from here on the call is finished by whoever leads the database. */
export function keepCall(database: Database, call: NewCall, idempotency: IdempotencyKey | undefined): ReturnType<Ledger['keepCall']> {
  return database.transaction(async (query, last) => {
    const before = idempotency && (await repeatOf(query, idempotency))
    if (before) return before.kind === 'conflict' ? before : { kind: 'repeated', callId: before.eventId }
    const { callId, kind, facts, madeAt, parts } = call
    last(insertCall, [callId, kind, facts, madeAt])
    last(insertParts, [callId, textArray(parts.map(({ subject }) => subject)), textArray(parts.map(({ request }) => request))])
    if (idempotency) keepKey(last, idempotency, callId) // where a statement keeps its event's id: the body's hash covers the address, so they never meet
    return { kind: 'kept', callId }
  })
}

export function callUnder(database: Database, idempotency: IdempotencyKey): ReturnType<Ledger['callUnder']> {
  return database.transaction(async (query) => {
    const before = await repeatOf(query, idempotency)
    return before?.kind === 'repeated' ? { callId: before.eventId } : before?.kind
  })
}

const lockPart: Statement = { name: 'lock-call-part', text: 'select event_id, refusal from call_part where call_id = $1 and part = $2 for update' }

/** Waits for whoever submits the same part; an open one stays locked to the end of the transaction. */
export async function outcomeOfPart(query: Query, { callId, part }: PartKey): Promise<{ kind: 'repeated'; eventId: string } | { kind: 'conflict' } | undefined> {
  const [row] = await query<{ event_id: string | null; refusal: string | null }>(lockPart, [callId, part])
  if (!row) throw new RangeError(`there is no part ${part} of a call ${callId}`)
  if (row.event_id !== null) return { kind: 'repeated', eventId: row.event_id }
  return row.refusal === null ? undefined : { kind: 'conflict' }
}

const keepEvent: Statement = { name: 'keep-part-event', text: 'update call_part set event_id = $3 where call_id = $1 and part = $2' }

export function keepPartEvent(last: Last, { callId, part }: PartKey, eventId: string): void {
  last(keepEvent, [callId, part, eventId])
}

const closePart: Statement = {
  name: 'refuse-part',
  text: 'update call_part set refusal = $3 where call_id = $1 and part = $2 and event_id is null and refusal is null returning part',
}

export async function refusePart(database: Database, { callId, part }: PartKey, refusal: string): Promise<boolean> {
  return (await database.query(closePart, [callId, part, refusal])).length > 0
}

const selectCall: Statement = { name: 'call', text: 'select kind, facts, made_at from call where call_id = $1' }
const selectParts: Statement = { name: 'call-parts', text: 'select part, subject, request, event_id, refusal from call_part where call_id = $1 order by part' }

interface PartRow {
  readonly part: number
  readonly subject: string
  readonly request: string
  readonly event_id: string | null
  readonly refusal: string | null
}

export async function callOf(database: Database, callId: string): Promise<KeptCall | undefined> {
  const [[call], parts] = await Promise.all([
    database.query<{ kind: string; facts: string; made_at: number }>(selectCall, [callId]), database.query<PartRow>(selectParts, [callId]),
  ])
  return call && {
    callId, kind: call.kind, facts: call.facts, madeAt: call.made_at,
    parts: parts.map(({ part, subject, request, event_id, refusal }) => ({
      part, subject, request, ...(event_id !== null && { eventId: event_id }), ...(refusal !== null && { refusal }),
    })),
  }
}

/** Ids begin with the time they were made at. */
const selectOpen: Statement = {
  name: 'open-calls',
  text: 'select distinct call_id from call_part where event_id is null and refusal is null order by call_id limit $1',
}

export async function openCalls(database: Database, limit: number): Promise<readonly string[]> {
  return (await database.query<{ call_id: string }>(selectOpen, [limit])).map(({ call_id }) => call_id)
}
