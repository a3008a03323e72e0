import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Ledger } from '#libs/exchange'
import { freshDatabase, until } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

describe('submitting to PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let ledger: Ledger
  beforeEach(async () => {
    database = await freshDatabase()
    ledger = await openPostgresLedger({ ...database, poolSize: 10 })
  })
  afterEach(() => ledger.close())

  const submit = (one: number, subject: string, key = `key-${one}`) =>
    ledger.submit({ kid: 'own-key', subject }, { organisation: 'org', key, bodyHash: 'body' }, async (head) => {
      await ledger.states([subject]) // as the preflight does
      const statement = { kid: 'own-key', subject, eventId: `event-${one}`, sequence: (head?.sequence ?? 0) + 1, value: `value-${one}` }
      return { statement, type: 'MovementReported', issuer: 'ktz', occurredAt: '2026-05-01T10:00:00Z', blocks: [] }
    })

  it('takes two thousand at once on ten connections, a thousand of them on one consignment', async () => {
    const outcomes = await Promise.all(Array.from({ length: 2_000 }, (_, one) => submit(one, one % 2 === 0 ? 'busy' : `subject-${one}`)))
    expect(outcomes.every(({ kind }) => kind === 'allocated')).toBe(true)
    const sequences = await run(database.ownerUrl, `select count(distinct sequence)::int as numbers, max(sequence)::int as last from outbox where subject = 'busy'`)
    expect(sequences).toEqual([{ numbers: 1_000, last: 1_000 }])
  })

  it('ends while a reset waits for it', async () => {
    let resetting: Promise<void> | undefined
    const outcome = await ledger.submit({ kid: 'own-key', subject: 'subject' }, undefined, async () => {
      resetting = ledger.reset()
      const isWaiting = () => run(database.ownerUrl, `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%truncate%'`)
      await until(async () => (await isWaiting()).length > 0, 5_000)
      await ledger.states(['subject']) // as the preflight does
      return { refusal: 'only looking' }
    })
    expect(outcome).toMatchObject({ kind: 'refused' })
    await resetting
    expect(await ledger.cursor()).toEqual({ next: 0, frontier: '0:' })
  })

  it('remembers a key for thirty days', async () => {
    await submit(1, 'subject', 'key')
    await run(database.ownerUrl, `update idempotency set created_at = now() - interval '29 days'`)
    expect(await submit(2, 'subject', 'key')).toEqual({ kind: 'repeated', eventId: 'event-1' })
    await run(database.ownerUrl, `update idempotency set created_at = now() - interval '31 days'`)
    expect(await submit(3, 'subject', 'key')).toEqual({ kind: 'allocated', eventId: 'event-3' })
    expect(await submit(4, 'subject', 'key')).toEqual({ kind: 'repeated', eventId: 'event-3' })
  })

  it('clears out the keys of more than thirty days ago when it opens', async () => {
    await submit(1, 'subject')
    await submit(2, 'subject')
    await run(database.ownerUrl, `update idempotency set created_at = now() - interval '31 days' where key = 'key-1'`)
    await (await openPostgresLedger(database)).close()
    expect(await run(database.ownerUrl, 'select key from idempotency')).toEqual([{ key: 'key-2' }])
  })
})

async function run(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}
