import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Ledger } from '#libs/exchange'
import { freshDatabase, privatePostgres, until } from '#libs/testing'
import { byteaArray, textArray } from './binary-array.js'
import { openDatabase, type Database } from './database.js'
import { openPostgresLedger } from './open-postgres-ledger.js'
import { decideAccepted, decideRows, ownRows } from './outbox-sql.js'

describe('what is asked of the outbox with every batch', () => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>
  let database: Database
  beforeAll(async () => {
    fresh = await freshDatabase()
    await (await openPostgresLedger(fresh)).close()
    const owner = await connected(fresh.ownerUrl)
    await owner.query(`
      insert into outbox (event_id, kid, subject, sequence, value, value_digest, type, issuer, occurred_at, state, verdict)
      select 'event-' || n, 'kid', 'subject', n, 'value', sha256(convert_to(n::text, 'UTF8')), 'MovementReported', 'ktz', '2026-05-01T10:00:00Z', 'decided', 'accepted' from generate_series(1, 5000) n;
      analyze outbox`)
    await owner.end()
    database = await openDatabase({ url: fresh.runtimeUrl, poolSize: 1, onLost: () => undefined })
  })
  afterAll(() => database.close())

  it.each([
    ['which statements are own', ownRows, [textArray(['event-1']), byteaArray([])]],
    ['that they are decided, where all were accepted', decideAccepted, [textArray(['event-1']), [7]]],
    ['that they are decided', decideRows, [textArray(['event-1']), textArray(['accepted']), textArray([null]), [7]]],
  ])('keeps its plan: %s', async (_what, statement, values) => {
    for (let time = 0; time < 10; time++) await database.query(statement, values)
    const plans = await database.query<{ custom: number; kept: number }>({
      text: 'select custom_plans as custom, generic_plans as kept from pg_prepared_statements where name = $1',
    }, [statement.name])
    expect(plans).toEqual([{ custom: 5, kept: 5 }]) // PostgreSQL compares after five
  })

  it('decides all rows that the relay has just marked, and of those that are decided none', async () => {
    const values = [textArray(['event-2', 'event-3', 'event-4', 'event-5']), [8, 9, 10, 11]]
    const decided = await whileMarked(() => database.query(decideAccepted, values))
    expect(decided).toHaveLength(3)
    const rows = await database.query({ text: `select sequence, state, decided_offset from outbox where sequence between 2 and 5 order by sequence` })
    expect(rows).toEqual([[2, 8], [3, 9], [4, 10], [5, null]].map(([sequence, offset]) => ({ sequence, state: 'decided', decided_offset: offset })))
  })

  it.each([
    ['their event ids', [textArray(['event-2', 'event-3', 'event-4']), byteaArray([])]],
    ['their bytes', [textArray([]), byteaArray(['2', '3', '4'].map((n) => createHash('sha256').update(n).digest()))]],
  ])('finds all rows that the relay has just marked, by %s', async (_what, values) => {
    const found = await whileMarked(() => database.query(ownRows, values))
    expect(found).toMatchObject([2, 3, 4].map((n) => ({ event_id: `event-${n}`, state: 'sent' })))
  })

  /** Waits for three rows that the relay holds. */
  async function whileMarked<T>(work: () => Promise<T>): Promise<T> {
    const [relay, onlooker] = await Promise.all([connected(fresh.ownerUrl), connected(fresh.ownerUrl)])
    await relay.query(`update outbox set state = 'new', verdict = null where sequence in (2, 3, 4)`)
    await relay.query('begin')
    const { rows: [marking] } = await relay.query<{ id: string }>(`update outbox set state = 'sent' where sequence in (2, 3, 4) returning pg_current_xact_id()::text as id`)
    const working = work()
    await until(async () => (await onlooker.query('select from pg_locks where not granted and transactionid = $1::xid8::xid', [marking?.id])).rowCount === 1, 10_000)
    await relay.query('commit')
    const done = await working
    await Promise.all([relay.end(), onlooker.end()])
    return done
  }
})

describe('an outbox that nobody has vacuumed or counted', () => {
  const rounds = 100
  /** For each statement, of three hundred: it is written and read by seven statements, each by its index. */
  const fewPages = 40
  let server: Awaited<ReturnType<typeof privatePostgres>> // a transaction of another database keeps rows from being cleared away
  let fresh: Awaited<ReturnType<typeof freshDatabase>>
  beforeAll(async () => {
    server = await privatePostgres({ autovacuum: 'off' })
    fresh = await freshDatabase(server.current().adminUrl)
    await (await openPostgresLedger(fresh)).close()
  })
  afterAll(() => server.current().stop())

  it('is read by keys, no more of it than is asked for, by what was planned while it was empty or when many had been decided', async () => {
    const made = await readings()
    const young = await openPostgresLedger(fresh)
    await passes(young, 0)
    await decideMany()
    const before = await readings()
    const old = await openPostgresLedger(fresh)
    await passes(old, rounds)
    await old.close() // sessions tell of what they have read as they end
    const byOld = await readings()
    await passes(young, 2 * rounds)
    await young.close()
    const byYoung = await readings()
    expect(byYoung.scans - made.scans).toBe(0)
    expect((byOld.pages - before.pages) / rounds).toBeLessThan(fewPages)
    expect((byYoung.pages - byOld.pages) / (2 * rounds)).toBeLessThan(fewPages)
  })

  async function passes(ledger: Ledger, from: number): Promise<void> {
    for (let round = from; round < from + rounds; round++) await pass(ledger, round)
  }

  /** Leaves a row that is gone in each of what leads to those that wait, for each one. */
  async function decideMany(): Promise<void> {
    const owner = await connected(fresh.ownerUrl)
    await owner.query(`
      insert into outbox (event_id, kid, subject, sequence, value, value_digest, type, issuer, occurred_at)
      select 'other-' || n, 'own-key', 'subject-0', n, repeat('v', 1000), sha256(convert_to(n::text, 'UTF8')), 'MovementReported', 'ktz', '2026-05-01T10:00:00Z' from generate_series(1000, 3000) n`)
    await owner.query(`update outbox set state = 'decided', verdict = 'accepted' where state = 'new'`)
    await owner.end()
  }

  /** A statement is submitted, sent and decided; a record of no statement, which might be its bytes, comes with it. */
  async function pass(ledger: Ledger, round: number): Promise<void> {
    const [kid, subject, eventId, value] = ['own-key', `subject-${round % 3}`, `event-${round}`, Buffer.from(`value ${round}`)]
    await ledger.submit({ kid, subject }, undefined, async (head, undecided) => {
      expect(undecided).toEqual([])
      const statement = { kid, subject, eventId, sequence: (head?.sequence ?? 0) + 1, value: value.toString() }
      return { statement, type: 'MovementReported', issuer: 'ktz', occurredAt: '2026-05-01T10:00:00Z', blocks: [] }
    })
    expect(await ledger.unsent(1_000_000)).toMatchObject([{ eventId }])
    await ledger.markSent([eventId])
    expect(await ledger.resendOlderThan(60_000)).toBe(0)
    expect(await ledger.hasUndecided()).toBe(true)
    const record = { key: Buffer.from(subject), appendTime: 0, leaf: Buffer.of(1), effects: '[]' }
    const event = { eventId, kid, issuer: 'ktz', subject, type: 'MovementReported', occurredAt: '2026-05-01T10:00:00Z' }
    const { decided } = await ledger.apply({
      from: 2 * round, next: 2 * round + 2, frontier: 'f', holes: [], heads: [], states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: [kid], entries: [
        { ...record, offset: 2 * round, value: Buffer.from(`nothing ${round}`), verdict: 'refused', code: 'FORM' },
        { ...record, offset: 2 * round + 1, value, verdict: 'accepted', code: null, event, consumedSequence: Math.floor(round / 3) + 1 },
      ],
    })
    expect(decided).toMatchObject([{ eventId, verdict: 'accepted' }])
  }

  async function readings(): Promise<{ readonly scans: number; readonly pages: number }> {
    const owner = await connected(fresh.ownerUrl)
    const { rows } = await owner.query<{ scans: number; pages: number }>(`
      select seq_scan::integer as scans, (heap_blks_hit + heap_blks_read)::integer as pages
      from pg_stat_user_tables join pg_statio_user_tables using (relid) where pg_stat_user_tables.relname = 'outbox'`)
    await owner.end()
    return rows[0] ?? { scans: 0, pages: 0 }
  }
})

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}
