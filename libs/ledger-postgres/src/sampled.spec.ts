import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { freshDatabase } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

describe('what autovacuum takes of entries', () => {
  let owner: pg.Client
  const told: string[] = []
  beforeAll(async () => {
    const fresh = await freshDatabase()
    await (await openPostgresLedger(fresh)).close()
    owner = new pg.Client({ connectionString: fresh.ownerUrl })
    await owner.connect()
    owner.on('notice', ({ message }) => told.push(message ?? ''))
    await owner.query(`
      insert into entry (log_offset, key, value, append_time, verdict, leaf, effects, event_id, kid, issuer, subject, type, occurred_at, consumed_sequence)
      select n, 'key', convert_to(repeat('v', 900), 'UTF8'), n, 'accepted', sha256(convert_to(n::text, 'UTF8')), '[]', 'event-' || n, 'kid', 'ktz', 'subject-' || n % 100, 'MovementReported', '2026-05-01T10:00:00Z', n
      from generate_series(1, 5000) n`)
    await owner.query('analyze verbose entry')
  })
  afterAll(() => owner.end())

  it('is a sample of three thousand', () => {
    expect(told).toContainEqual(expect.stringMatching(/containing 5000 live rows and 0 dead rows; 3000 rows in sample/))
  })

  it('tells of what entries are looked up by, and of nothing else', async () => {
    const { rows } = await owner.query<{ attname: string }>("select attname from pg_stats where tablename = 'entry' order by attname")
    expect(rows.map(({ attname }) => attname)).toEqual(['consumed_sequence', 'event_id', 'kid', 'log_offset', 'subject'])
  })

  it('is no reading of all of them each time a fifth has been added', async () => {
    const { rows } = await owner.query<{ reloptions: string[] }>("select reloptions from pg_class where relname = 'entry'")
    expect(rows).toEqual([{ reloptions: ['autovacuum_vacuum_insert_threshold=100000', 'autovacuum_analyze_scale_factor=0.5'] }])
  })
})
