import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { DataSource } from 'typeorm'
import type { Ledger, StateMembers } from '#libs/exchange'
import { freshDatabase } from '#libs/testing'
import { Ledger0001 } from './migrations/ledger-0001.js'
import { openPostgresLedger } from './open-postgres-ledger.js'

type NodeDatabase = Awaited<ReturnType<typeof freshDatabase>>

describe('the database of a ledger', () => {
  let database: NodeDatabase
  let ledger: Ledger
  beforeEach(async () => {
    database = await freshDatabase()
    ledger = await openPostgresLedger(database)
    await ledger.apply({
      from: 0, next: 2, frontier: 'f', holes: [{ offset: 1, leaf: Buffer.of(1) }], heads: [{ size: 2, root: 'r', frontier: 'f' }],
      entries: [{ offset: 0, key: null, value: null, appendTime: 0, verdict: 'refused', code: 'FORM', leaf: Buffer.of(0), effects: '[]' }],
      states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: [],
    })
  })
  afterEach(() => ledger.close())

  it.each([
    ['change an entry', `update entry set verdict = 'accepted'`],
    ['remove an entry', 'delete from entry'],
    ['empty the entries', 'truncate entry'],
    ['lock others out of the entries', 'begin; lock table entry in access exclusive mode'],
    ['change a hole', `update hole set leaf = ''`],
    ['remove a hole', 'delete from hole'],
    ['change a tree head', `update tree_head set root = 'another'`],
    ['change a block', `update block set plaintext = 'another'`],
    ['change what travels', `update outgoing_block set jwe = 'another'`],
    ['remove an own statement', 'delete from outbox'],
    ['let a link live longer', 'update link set expires_at = 0'],
    ['remove a link', 'delete from link'],
    ['change what a call asked for', `update call_part set request = 'another'`],
    ['remove a part of a call', 'delete from call_part'],
    ['change a table', 'alter table entry add column x int'],
    ['drop a table', 'drop table entry'],
    ['make a table', 'create table x (y int)'],
    ['make a temporary table', 'create temporary table x (y int)'],
    ['pretend a migration', `insert into migration (timestamp, name) values (9, 'Ledger9')`],
    ['become the owner', 'set role test_owner'],
  ])('does not let the runtime role %s', async (_, attempt) => {
    const owner = new URL(database.ownerUrl).username
    await expect(run(database.runtimeUrl, attempt.replace('test_owner', owner))).rejects.toMatchObject({ code: '42501' })
    expect(await ledger.entryAt(0)).toMatchObject({ verdict: 'refused' })
  })

  it('takes no dossier as a build before writes it', async () => {
    const insert = (first: object) => run(database.ownerUrl, `insert into dossier_part (subject, part, body) values ('of another build', 0, '${JSON.stringify(first)}')`)
    await expect(insert({ subject: 's', lastOffset: 7, alike: { rows: [], of: [] } })).rejects.toMatchObject({ code: '23514', constraint: 'dossier_part_moving' })
    await insert({ alike: { rows: [], of: [] }, lastOffset: 7 })
  })

  it.each([[0, '{"alike":{"rows":['], [1, '{"paperNumber":'], [2, '{"id":"CRXU7001239"'], [2, '["CRXU7001239"]'], [2, ''], [93, 'parties']])('takes no part %d that is written %j', async (part, body) => {
    const insert = (text: string) => run(database.ownerUrl, `insert into dossier_part (subject, part, body) values ('damaged', ${part}, '${text}')`)
    await expect(insert(body)).rejects.toMatchObject({ code: '23514', constraint: 'dossier_part_body_check' })
    await insert('{"alike":{}}')
  })

  it('is migrated once by replicas that start together', async () => {
    const fresh = await freshDatabase()
    const replicas = await Promise.all([1, 2, 3].map(() => openPostgresLedger(fresh)))
    expect(await Promise.all(replicas.map((replica) => replica.cursor()))).toEqual(Array(3).fill({ next: 0, frontier: '0:' }))
    expect(await run(fresh.ownerUrl, 'select name from migration')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((number) => ({ name: `Ledger${String(number).padStart(13, '0')}` })))
    await Promise.all(replicas.map((replica) => replica.close()))
  })

  it('keeps its views and states when it is brought up from the first tables', async () => {
    const old = await freshDatabase()
    const source = await new DataSource({ type: 'postgres', url: old.ownerUrl, migrations: [Ledger0001], migrationsTableName: 'migration', installExtensions: false }).initialize()
    await source.runMigrations()
    const body = '{"opened": {"offset": 3},"note":{"a":[1]},"items":[{"id":"x"},{"id":"y"}]}'
    await source.query('insert into dossier (subject, body, last_offset) values ($1, $2, 9)', ['s', body])
    await source.query(`insert into term (subject, kind, value, last_offset) values ('s', 'seal', 'CA-1', 9)`)
    const texts = ['{"consignment":{"items":["é",1.50]},"heads":{"k":{"sequence":1}}}', '{"heads":{},"register":{"keys":{}}}']
    await source.query('insert into state (subject, text) select * from unnest($1::text[], $2::text[])', [['s', 'corridor'], texts])
    await source.destroy()
    const upgraded = await openPostgresLedger(old)
    expect(await upgraded.states(['s', 'corridor'])).toEqual(new Map<string, StateMembers>([
      ['s', { consignment: '{"items":["é",1.50]}', heads: '{"k":{"sequence":1}}' }], ['corridor', { heads: '{}', register: '{"keys":{}}' }],
    ]))
    expect(await upgraded.search([['seal', 'CA-1']], undefined, 9)).toEqual([{ subject: 's', body, terms: [['seal', 'CA-1']], opened: 3 }])
    await upgraded.close()
  })

  it('is opened without the owner once it is migrated, and then cannot be reset', async () => {
    const { runtimeUrl } = database
    const served = await openPostgresLedger({ runtimeUrl })
    expect(await served.cursor()).toMatchObject({ next: 2 })
    await expect(served.reset()).rejects.toMatchObject({ code: 'OWNER_REQUIRED' })
    await served.close()
  })

  it('is not served before it is migrated', async () => {
    const { runtimeUrl } = await freshDatabase()
    await expect(openPostgresLedger({ runtimeUrl })).rejects.toMatchObject({ code: 'SCHEMA_NOT_CURRENT' })
  })

  it('keeps a batch that it does not take as one statement, and says that to the operator', async () => {
    const alarms: string[][] = []
    const watched = await openPostgresLedger({ ...database, onAlarm: (code, detail) => alarms.push([code, detail]) })
    await run(database.ownerUrl, `
create function refuse_at_once() returns trigger language plpgsql as $$ begin
  if current_query() like 'with w0%' then raise exception 'not at once'; end if;
  return new;
end $$;
create trigger refuse_at_once before insert on entry for each row execute function refuse_at_once()`)
    const entry = { offset: 2, key: null, value: null, appendTime: 0, verdict: 'refused', code: 'FORM', leaf: Buffer.of(0), effects: '[]' } as const
    await watched.apply({ from: 2, next: 3, frontier: 'f', entries: [entry], holes: [], heads: [], states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: [] })
    expect(alarms).toEqual([['APPLIED_STEP_BY_STEP', expect.stringContaining('not at once')]])
    expect(await watched.entryAt(2)).toMatchObject({ offset: 2 })
    await watched.close()
  })

  it('keeps failing view rows where the operator finds them, and tells its caller', async () => {
    const watched = await openPostgresLedger(database)
    const dossiers = [{ subject: 'subject\u0000', parts: ['no json'], terms: [], opened: 2, lastOffset: 2 }]
    const batch = { from: 2, next: 3, frontier: 'f', entries: [], holes: [], heads: [], states: [], dossiers, viewFailures: [], blocks: [], ownKids: [] }
    const { viewFailures } = await watched.apply(batch)
    expect(viewFailures).toMatchObject([{ subject: 'subject\u0000', offset: 2 }])
    expect(await run(database.ownerUrl, 'select subject, log_offset from view_error')).toEqual([{ subject: 'subject\uFFFD', log_offset: '2' }])
    await watched.close()
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
