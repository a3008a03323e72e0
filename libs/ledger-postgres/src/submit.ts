import { createHash } from 'node:crypto'
import type { Allocation, ChainHead, IdempotencyKey, OutboxStatement, SubmitOutcome } from '#libs/exchange'
import { textArray } from './binary-array.js'
import type { Database, Query, Statement } from './database.js'

type Decide<R> = (head: ChainHead | undefined, undecided: readonly OutboxStatement[]) => Promise<Allocation | { readonly refusal: R }>
type Chain = { readonly kid: string; readonly subject: string }

/**
 * One transaction from the chain's lock to the outbox row. The idempotency key is locked before the chain and nothing is locked after it, so
 * submitters cannot wait for each other in a ring.
 */
export async function submitTo<R>(database: Database, chain: Chain, idempotency: IdempotencyKey | undefined, decide: Decide<R>): Promise<SubmitOutcome<R>> {
  try {
    return await database.transaction(async (query) => {
      const repeated = idempotency === undefined ? undefined : await repeatOf(query, idempotency)
      if (repeated !== undefined) return repeated
      const head = await lockChain(query, chain)
      const undecided = await query<OutboxStatement>(undecidedOf, [chain.subject])
      const decision = await decide(head, undecided)
      if ('refusal' in decision) throw new Refused(decision.refusal)
      await keep(query, chain, head, decision, idempotency)
      return { kind: 'allocated', eventId: decision.statement.eventId }
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

/** Waits for whoever submits under the same key; the look-up is a statement of its own, to see what that one committed. */
const lockKey: Statement = { name: 'lock-key', text: `select pg_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 0))` }

const keptKey: Statement = {
  name: 'kept-key',
  text: `select body_hash, event_id from idempotency where organisation = $1 and key = $2 and created_at > now() - interval '30 days'`,
}

async function repeatOf(query: Query, { organisation, key, bodyHash }: IdempotencyKey): Promise<{ kind: 'repeated'; eventId: string } | { kind: 'conflict' } | undefined> {
  await query(lockKey, [organisation, key])
  const [kept] = await query<{ body_hash: string; event_id: string }>(keptKey, [organisation, key])
  if (kept === undefined) return undefined
  return kept.body_hash === bodyHash ? { kind: 'repeated', eventId: kept.event_id } : { kind: 'conflict' }
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

/** Of all own keys: a statement under the key before the present one is undecided too. */
const undecidedOf: Statement = {
  name: 'undecided-of',
  text: `select event_id as "eventId", kid, subject, sequence, value from outbox where subject = $1 and state <> 'decided' order by id`,
}

const moveHead: Statement = { name: 'move-head', text: 'update chain_head set sequence = $3, event_id = $4 where kid = $1 and subject = $2' }

const insertStatement: Statement = {
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

/** An expired key is replaced. */
const insertKey: Statement = {
  name: 'insert-key',
  text: `
insert into idempotency (organisation, key, body_hash, event_id) values ($1, $2, $3, $4)
on conflict (organisation, key) do update set body_hash = excluded.body_hash, event_id = excluded.event_id, created_at = excluded.created_at`,
}

async function keep(query: Query, chain: Chain, head: ChainHead | undefined, allocation: Allocation, idempotency: IdempotencyKey | undefined): Promise<void> {
  const { statement, type, issuer, occurredAt, blocks } = allocation
  const { eventId, kid, subject, sequence, value } = statement
  if (kid !== chain.kid || subject !== chain.subject || sequence !== (head?.sequence ?? 0) + 1) {
    throw new RangeError(`${kid} ${subject} ${sequence} does not continue the chain ${chain.kid} ${chain.subject} ${head?.sequence ?? 0}`)
  }
  await query(moveHead, [kid, subject, sequence, eventId])
  await query(insertStatement, [eventId, kid, subject, sequence, value, createHash('sha256').update(value).digest(), type, issuer, occurredAt])
  if (blocks.length > 0) {
    const digests = textArray(blocks.map(({ digest }) => digest))
    await query(insertBlocks, [digests, textArray(blocks.map(({ plaintext }) => plaintext))])
    const outgoing = blocks.filter(({ jwe }) => jwe !== null)
    await query(insertOutgoing, [eventId, textArray(outgoing.map(({ digest }) => digest)), textArray(outgoing.map(({ jwe }) => jwe))])
  }
  if (idempotency !== undefined) await query(insertKey, [idempotency.organisation, idempotency.key, idempotency.bodyHash, eventId])
}

const pruneKeys: Statement = { text: `delete from idempotency where created_at < now() - interval '30 days'` }

/** Forgets idempotency keys older than their 30 days. */
export async function pruneIdempotency(database: Database): Promise<void> {
  await database.query(pruneKeys)
}
