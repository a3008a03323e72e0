import { createHash } from 'node:crypto'
import type { Allocation, ChainHead, Cursor, IdempotencyKey, OutboxStatement, PartKey, SubmitOutcome } from '#libs/exchange'
import { allOf } from './all-of.js'
import { textArray } from './binary-array.js'
import { keepPartEvent, outcomeOfPart } from './calls.js'
import type { Database, Last, Query, Statement } from './database.js'
import { keepKey, repeatOf } from './idempotency.js'
import { noCursor } from './reading.js'
import { together } from './together.js'

type Decide<R> = (head: ChainHead | undefined, undecided: readonly OutboxStatement[], cursor: Cursor) => Promise<Allocation | { readonly refusal: R }>
type Chain = { readonly kid: string; readonly subject: string }

/**
 * One transaction from the chain's lock to the outbox row. The idempotency key, or the part of a call, is locked before the chain and nothing is
 * locked after it, so submitters cannot wait for each other in a ring.
 */
export async function submitTo<R>(database: Database, chain: Chain, once: IdempotencyKey | PartKey | undefined, decide: Decide<R>): Promise<SubmitOutcome<R>> {
  try {
    return await database.transaction(async (query, last) => {
      const before = once && ('callId' in once ? await outcomeOfPart(query, once) : await repeatOf(query, once))
      if (before !== undefined) return before
      const [head, { undecided, cursor }] = await allOf([lockChain(query, chain), undecidedOf(query, chain.subject)])
      const decision = await decide(head, undecided, cursor)
      if ('refusal' in decision) throw new Refused(decision.refusal)
      keep(last, chain, head, decision)
      const { eventId } = decision.statement
      if (once && 'callId' in once) keepPartEvent(last, once, eventId)
      else if (once) keepKey(last, once, eventId)
      return { kind: 'allocated', eventId }
    })
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', refusal: error.refusal as R } // thrown above with this very R
    throw error
  }
}

/** Takes the transaction back: a refused draft leaves nothing, not even its chain's first row. */
class Refused extends Error {
  constructor(readonly refusal: unknown) {
    super('refused')
  }
}

/** Makes the row where there is none, and locks it either way, in one round trip. */
const lockHead: Statement = {
  name: 'lock-chain',
  text: `
insert into chain_head (kid, subject, sequence, event_id) values ($1, $2, 0, null)
on conflict (kid, subject) do update set sequence = chain_head.sequence
returning sequence, event_id`,
}

async function lockChain(query: Query, { kid, subject }: Chain): Promise<ChainHead | undefined> {
  const [row] = await query<{ sequence: number; event_id: string | null }>(lockHead, [kid, subject])
  return row === undefined || row.event_id === null ? undefined : { sequence: row.sequence, eventId: row.event_id }
}

/** Of all own keys: a statement under the key before the present one is undecided too. Sent behind the lock, it sees what whoever had that before has committed. */
const undecidedRows: Statement = {
  name: 'undecided-of',
  text: `
select c.next, case when row_number() over (order by o.id) = 1 then c.frontier end as frontier, o.event_id as "eventId", o.kid, o.subject, o.sequence, o.value
from (select) as one left join cursor as c on true left join outbox as o on o.subject = $1 and o.state <> 'decided' order by o.id`,
}

type UndecidedRow = { readonly next: number | null; readonly frontier: string | null } & ({ readonly eventId: null } | OutboxStatement)

/** As one statement sees them: who knows the states as of that cursor knows what the statements meet. */
async function undecidedOf(query: Query, subject: string): Promise<{ readonly undecided: readonly OutboxStatement[]; readonly cursor: Cursor }> {
  const rows = await query<UndecidedRow>(undecidedRows, [subject])
  const { next, frontier } = rows[0] ?? { next: null, frontier: null }
  const undecided = rows.flatMap((row) => {
    if (row.eventId === null) return []
    const { next: _, frontier: __, ...statement } = row
    return [statement]
  })
  return { undecided, cursor: next === null || frontier === null ? noCursor : { next, frontier } }
}

const moveHead = { name: 'move-head', text: 'update chain_head set sequence = $3, event_id = $4 where kid = $1 and subject = $2 returning 1' }

const insertStatement = {
  name: 'insert-statement',
  text: `
insert into outbox (event_id, kid, subject, sequence, value, value_digest, type, issuer, occurred_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
}

/** The node reads its own particulars, sent or not. */
const insertBlocks: Statement = {
  name: 'insert-own-blocks',
  text: 'insert into block (digest, plaintext) select * from unnest($1::text[], $2::text[]) on conflict do nothing',
}

const insertOutgoing: Statement = {
  name: 'insert-outgoing',
  text: 'insert into outgoing_block (event_id, digest, jwe) select $1::text, * from unnest($2::text[], $3::text[])',
}

function keep(last: Last, chain: Chain, head: ChainHead | undefined, allocation: Allocation): void {
  const { statement, type, issuer, occurredAt, blocks } = allocation
  const { eventId, kid, subject, sequence, value } = statement
  if (kid !== chain.kid || subject !== chain.subject || sequence !== (head?.sequence ?? 0) + 1) {
    throw new RangeError(`${kid} ${subject} ${sequence} does not continue the chain ${chain.kid} ${chain.subject} ${head?.sequence ?? 0}`)
  }
  const valueDigest = createHash('sha256').update(value).digest()
  const moved = { values: [kid, subject, sequence, eventId], ...moveHead }
  const kept = together(moved, [{ values: [eventId, kid, subject, sequence, value, valueDigest, type, issuer, occurredAt], ...insertStatement }])
  last(kept, kept.values)
  if (blocks.length > 0) {
    const digests = textArray(blocks.map(({ digest }) => digest))
    last(insertBlocks, [digests, textArray(blocks.map(({ plaintext }) => plaintext))])
    const outgoing = blocks.filter(({ jwe }) => jwe !== null)
    last(insertOutgoing, [eventId, textArray(outgoing.map(({ digest }) => digest)), textArray(outgoing.map(({ jwe }) => jwe))])
  }
}
