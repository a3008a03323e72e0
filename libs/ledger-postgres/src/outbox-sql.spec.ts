import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { freshDatabase } from '#libs/testing'
import { byteaArray, textArray } from './binary-array.js'
import { openDatabase, type Database } from './database.js'
import { openPostgresLedger } from './open-postgres-ledger.js'
import { decideRows, ownRows } from './outbox-sql.js'

describe('what is asked of the outbox with every batch', () => {
  let database: Database
  beforeAll(async () => {
    const fresh = await freshDatabase()
    await (await openPostgresLedger(fresh)).close()
    const owner = new pg.Client({ connectionString: fresh.ownerUrl })
    await owner.connect()
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
    ['that they are decided', decideRows, [textArray(['event-1']), textArray(['accepted']), textArray([null]), [7]]],
  ])('keeps its plan: %s', async (_what, statement, values) => {
    for (let time = 0; time < 10; time++) await database.query(statement, values)
    const plans = await database.query<{ custom: number; kept: number }>({
      text: 'select custom_plans as custom, generic_plans as kept from pg_prepared_statements where name = $1',
    }, [statement.name])
    expect(plans).toEqual([{ custom: 5, kept: 5 }]) // PostgreSQL compares after five
  })
})
