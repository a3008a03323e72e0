import type { IdempotencyKey } from '#libs/exchange'
import { allOf } from './all-of.js'
import type { Database, Last, Query, Statement } from './database.js'

/** Waits for whoever submits under the same key; the look-up is a statement of its own behind it, to see what that one committed. */
const lockKey: Statement = { name: 'lock-key', text: `select pg_advisory_xact_lock(hashtextextended($1 || chr(10) || $2, 0))` }

const keptKey: Statement = {
  name: 'kept-key',
  text: `select body_hash, event_id from idempotency where organisation = $1 and key = $2 and created_at > now() - interval '30 days'`,
}

/** What was kept under a key, waiting for whoever is keeping something under it. */
export async function repeatOf(query: Query, { organisation, key, bodyHash }: IdempotencyKey): Promise<{ kind: 'repeated'; eventId: string } | { kind: 'conflict' } | undefined> {
  const [, [kept]] = await allOf([query(lockKey, [organisation, key]), query<{ body_hash: string; event_id: string }>(keptKey, [organisation, key])])
  if (kept === undefined) return undefined
  return kept.body_hash === bodyHash ? { kind: 'repeated', eventId: kept.event_id } : { kind: 'conflict' }
}

/** An expired key is replaced. */
const insertKey: Statement = {
  name: 'insert-key',
  text: `
insert into idempotency (organisation, key, body_hash, event_id) values ($1, $2, $3, $4)
on conflict (organisation, key) do update set body_hash = excluded.body_hash, event_id = excluded.event_id, created_at = excluded.created_at`,
}

/** @param id of the event, or of the call, made under the key */
export function keepKey(last: Last, { organisation, key, bodyHash }: IdempotencyKey, id: string): void {
  last(insertKey, [organisation, key, bodyHash, id])
}

const pruneKeys: Statement = { text: `delete from idempotency where created_at < now() - interval '30 days'` }

/** Forgets idempotency keys older than their 30 days. */
export async function pruneIdempotency(database: Database): Promise<void> {
  await database.query(pruneKeys)
}
