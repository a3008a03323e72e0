import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto'
import { Kafka, logLevel, type EachBatchPayload, type KafkaMessage } from 'kafkajs'
import pg from 'pg'
import { thumbprintOf } from '#libs/signature'
// The fastest way known to hand rows to PostgreSQL: a slower ceiling would flatter us.
import { byteaArray, textArray } from '../../libs/ledger-postgres/src/binary-array.js'
import type { Contestant } from './contest.js'
import type { Gate } from './gate.js'

/**
 * What no node of ours can pass: kafkajs's own eachBatch, the signature of every record checked in the thread pool, and its bytes stored by one multi-row
 * statement and one commit a batch. No canonical form, no schema, no rules, no state, no views, no tree.
 */
export const openCeiling: Contestant = async ({ brokers, topic, database, publicJwks }, gate) => {
  const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  await pool.query(`create table entry (log_offset bigint primary key, key bytea, value bytea, append_time bigint not null, event_id text, signed text not null);
    alter table entry alter value set storage external;
    create index entry_event on entry (event_id);
    create table cursor (next bigint not null); insert into cursor values (0)`)
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'bench-ceiling', logLevel: logLevel.ERROR })
  const consumer = kafka.consumer({ groupId: 'bench-ceiling', readUncommitted: true, sessionTimeout: 300_000, rebalanceTimeout: 300_000, maxBytesPerPartition: 4 * 1024 * 1024 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const keys = new Map(publicJwks.map((jwk) => [thumbprintOf(jwk), createPublicKey({ key: { ...jwk }, format: 'jwk' })]))
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => applyBatch(payload, pool, keys, gate) })
}

const maxRecords = 1_000

async function applyBatch({ batch, resolveOffset }: EachBatchPayload, pool: pg.Pool, keys: ReadonlyMap<string, KeyObject>, gate: Gate): Promise<void> {
  for (let at = 0; at < batch.messages.length; at += maxRecords) {
    const messages = batch.messages.slice(at, at + maxRecords)
    await gate.pass()
    const checked = await Promise.all(messages.map((message) => checkedSignature(message, keys)))
    const next = Number(messages.at(-1)?.offset ?? -1) + 1
    await store(pool, messages, checked, next)
    resolveOffset(String(next - 1))
    gate.done(messages.length, checked.filter(({ signed }) => signed).length, next)
  }
}

interface Checked {
  readonly eventId: string
  readonly signed: boolean
}

function checkedSignature({ value }: KafkaMessage, keys: ReadonlyMap<string, KeyObject>): Promise<Checked> {
  const text = (value ?? Buffer.alloc(0)).toString('latin1')
  const [header = '', payload = '', signature = ''] = text.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string } // our own log
  const signingInput = Buffer.from(text.slice(0, header.length + 1 + payload.length), 'latin1')
  const eventId = createHash('sha256').update(signingInput).digest('base64url')
  const key = keys.get(kid)
  if (!key) return Promise.resolve({ eventId, signed: false })
  return new Promise((resolve, reject) => {
    verify('sha256', signingInput, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'), (error, signed) => (error ? reject(error) : resolve({ eventId, signed })))
  })
}

async function store(pool: pg.Pool, messages: readonly KafkaMessage[], checked: readonly Checked[], next: number): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query({
      name: 'store',
      text: `insert into entry (log_offset, key, value, append_time, event_id, signed)
        select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::text[], $6::text[])`,
      values: [
        messages.map(({ offset }) => offset), byteaArray(messages.map(({ key }) => key)), byteaArray(messages.map(({ value }) => value)),
        messages.map(({ timestamp }) => timestamp), textArray(checked.map(({ eventId }) => eventId)), textArray(checked.map(({ signed }) => (signed ? 'good' : 'bad'))),
      ],
    })
    await client.query('update cursor set next = $1', [next])
    await client.query('commit')
  } finally {
    client.release()
  }
}
