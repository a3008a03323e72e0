import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freshDatabase } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

describe('what tables take beside what is asked of them', () => {
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

  it('samples three hundred entries', () => {
    expect(told).toContainEqual(expect.stringMatching(/scanned 300 of \d+ pages, .*; 300 rows in sample/))
  })

  it('keeps statistics of what entries are looked up by, and of nothing else', async () => {
    const { rows } = await owner.query<{ attname: string }>("select attname from pg_stats where tablename = 'entry' order by attname")
    expect(rows.map(({ attname }) => attname)).toEqual(['consumed_sequence', 'event_id', 'kid', 'log_offset', 'subject'])
  })

  it('looks entries up by their keys with so few', async () => {
    const plan = async (where: string) => JSON.stringify((await owner.query(`explain select value from entry where ${where}`)).rows)
    expect(await plan("subject = 'subject-7' and log_offset > 900 order by log_offset limit 50")).toContain('entry_subject')
    expect(await plan("event_id = 'event-7'")).toContain('entry_event')
    expect(await plan("kid = 'kid' and subject = 'subject-7' and consumed_sequence = 7 and consumed_sequence is not null")).toContain('entry_consumed')
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
})
