import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Ledger } from '#libs/exchange'
import { freshDatabase, privatePostgres, until } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

const entries = 5_000
/** Half of them on one subject, the others on subjects of their own for ten records each, as a log brings them. */
const subject = "case when n % 2 = 0 then 'busy' else 'subject-' || n / 20 end"

describe('what tables take beside what is asked of them', () => {
  let server: Awaited<ReturnType<typeof privatePostgres>> // a transaction of another database keeps rows from being cleared away
  let database: Awaited<ReturnType<typeof freshDatabase>>
  let owner: pg.Client
  const told: string[] = []
  beforeAll(async () => {
    server = await privatePostgres({ autovacuum: 'off' })
    database = await freshDatabase(server.current().adminUrl)
    await (await openPostgresLedger(database)).close()
    owner = new pg.Client({ connectionString: database.ownerUrl })
    await owner.connect()
    owner.on('notice', ({ message }) => told.push(message ?? ''))
    await owner.query(`
      insert into entry (log_offset, key, value, append_time, verdict, leaf, effects, event_id, kid, issuer, subject, type, occurred_at, consumed_sequence)
      select n, 'key', convert_to(repeat('v', 900), 'UTF8'), n, 'accepted', sha256(convert_to(n::text, 'UTF8')), '[]', 'event-' || n, 'kid', 'ktz', ${subject}, 'MovementReported', '2026-05-01T10:00:00Z', n
      from generate_series(0, ${entries - 1}) n`)
    await owner.query(`insert into term (subject, kind, value, opened) select distinct ${subject}, 'party', 'ktz', 0 from generate_series(0, ${entries - 1}) n`)
    await owner.query('analyze verbose entry')
    await owner.query('analyze term')
  })
  afterAll(async () => {
    await owner.end()
    await server.current().stop()
  })

  it('samples three hundred entries', () => {
    expect(told).toContainEqual(expect.stringMatching(/scanned 300 of \d+ pages, .*; 300 rows in sample/))
  })

  it('keeps statistics of what entries are looked up by, and of nothing else', async () => {
    const { rows } = await owner.query<{ attname: string }>("select attname from pg_stats where tablename = 'entry' order by attname")
    expect(rows.map(({ attname }) => attname)).toEqual(['consumed_sequence', 'event_id', 'kid', 'log_offset', 'subject'])
  })

  const party = [['party', 'ktz']] as const
  it.each<[string, 'force_generic_plan' | 'auto', (ledger: Ledger) => Promise<{ readonly length?: number; readonly size?: number } | undefined>, number]>([
    ['consumed numbers', 'force_generic_plan', (ledger) => ledger.consumed([7, 8, 4_000].map((sequence) => ({ kid: 'kid', subject: sequence % 2 === 0 ? 'busy' : 'subject-0', sequence }))), 3],
    ['a page of the feed', 'force_generic_plan', (ledger) => ledger.feed(party, { after: 2_000, before: 2_100, limit: 100 }), 99],
    ['the feed of a subject', 'force_generic_plan', (ledger) => ledger.feed(party, { subject: 'subject-200', after: -1, before: entries, limit: 100 }), 10],
    ['leaves', 'force_generic_plan', (ledger) => ledger.leaves(1_000, 1_100), 100],
    ['a record by its event id', 'auto', async (ledger) => [await ledger.entry('event-7')], 1],
    ['entries of a subject of few', 'auto', (ledger) => ledger.entriesOf('subject-200', -1, 50), 10],
    ['entries of a busy subject', 'auto', (ledger) => ledger.entriesOf('busy', 3_000, 50), 50],
  ])('finds with so few, and reads little more than it answers: %s, by %s', async (_what, plan, ask, found) => {
    await owner.query(`do $$ begin execute format('alter database %I set plan_cache_mode = ${plan}', current_database()); end $$`) // what has a name keeps its plan, what has none is planned for its values
    const before = await readings()
    const ledger = await openPostgresLedger(database)
    const answer = await ask(ledger)
    expect(answer?.length ?? answer?.size).toBe(found)
    await ledger.close()
    let after = before
    await until(async () => (after = await readings()).read - before.read >= found, 10_000) // sessions tell of what they have read as they end
    expect(after.scans - before.scans).toBe(0)
    expect(after.read - before.read).toBeLessThanOrEqual(2 * found + 10) // planning looks at the ends of an index, too
  })

  it('leaves a state in its page, however often it is written anew', async () => {
    const subjects = Array.from({ length: 12 }, (_, at) => `subject-${at}`)
    for (let time = 0; time < 60; time++) {
      const heads = subjects.map(() => randomBytes(700).toString('hex')) // as those of a train that eleven have reported on
      await owner.query('insert into state (subject, heads) select * from unnest($1::text[], $2::text[]) on conflict (subject) do update set heads = excluded.heads', [subjects, heads])
    }
    const { rows } = await owner.query<{ pages: number }>("select (pg_relation_size('state') / current_setting('block_size')::bigint)::integer as pages")
    expect(rows[0]?.pages).toBeLessThanOrEqual(2 * subjects.length)
  })

  async function readings(): Promise<{ readonly scans: number; readonly read: number }> {
    const { rows } = await owner.query<{ scans: number; read: number }>(
      "select seq_scan::integer as scans, (seq_tup_read + idx_tup_fetch)::integer as read from pg_stat_user_tables where relname = 'entry'")
    return rows[0] ?? { scans: 0, read: 0 }
  }
})
