import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import type { Log } from '#libs/exchange'
import { freshDatabase, freshTopic } from '#libs/testing'
import { openPostgresLog } from './postgres-log.js'

const topic = freshTopic()
const { runtimeUrl: databaseUrl, ownerUrl } = await freshDatabase()
let log: Log
beforeAll(async () => {
  log = await openPostgresLog({ databaseUrl, ownerUrl, topic })
  await log.append([{ key: 'k', value: 'v' }])
})
afterAll(() => log.close())

describe('the rights on a topic', () => {
  const record = `"${topic}".record`
  it.each([
    ['choose an offset', `insert into ${record} (log_offset, append_time) values (7, 7)`],
    ['choose a time', `insert into ${record} (append_time) values (7)`],
    ['copy into it', `copy ${record} from stdin`],
    ['change a record', `update ${record} set value = 'another'`],
    ['remove a record', `delete from ${record}`],
    ['empty it', `truncate ${record}`],
    ['lock others out', `begin; lock table ${record} in row exclusive mode`],
    ['lock the row under which offsets are given', `begin; select from "${topic}".topic for update`],
    ['move the end', `update "${topic}".topic set next = 0`],
    ['take the protection away', `alter table ${record} disable trigger only_added`],
    ['have another function', `create or replace function "${topic}".append(a bytea[], b bytea[], c jsonb[]) returns void language sql as 'select'`],
    ['make another topic', 'create schema another'],
    ['drop it', `drop schema "${topic}" cascade`],
    ['become the owner', `set role "${new URL(ownerUrl).username}"`],
  ])('do not let a member %s', async (_, attempt) => {
    const before = await log.read(0)
    await expect(ask(databaseUrl, attempt)).rejects.toMatchObject({ code: '42501' })
    expect([await log.read(0), await log.end()]).toEqual([before, 1])
  })

  it.each([
    ['change a record', `update ${record} set value = 'another'`],
    ['remove a record', `delete from ${record}`],
    ['empty it', `truncate ${record}`],
  ])('do not let even the owner %s', async (_, attempt) => {
    await expect(ask(ownerUrl, attempt)).rejects.toMatchObject({ code: '42501', message: 'records are added and stay as they are' })
  })

  it('let a stranger neither read nor append', async () => {
    const stranger = (await freshDatabase()).runtimeUrl
    const here = new URL(stranger)
    here.pathname = new URL(databaseUrl).pathname
    await expect(ask(here.href, 'select 1')).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the topic of a log on PostgreSQL', () => {
  it('must be there, unless it may be made', async () => {
    await expect(openPostgresLog({ databaseUrl, topic: freshTopic() })).rejects.toMatchObject({ code: 'LOG_MISSING' })
  })

  it('is the same for everybody who may make it', async () => {
    const particulars = freshTopic('particulars')
    const logs = await Promise.all([1, 2, 3].map(() => openPostgresLog({ databaseUrl, ownerUrl, topic: particulars, retentionMs: 86_400_000 })))
    await logs[0]?.append([{ key: 'k', value: 'v' }])
    expect(await Promise.all(logs.map((one) => one.end()))).toEqual([1, 1, 1])
    await Promise.all(logs.map((one) => one.close()))
    const forEver = openPostgresLog({ databaseUrl, topic: particulars })
    await expect(forEver).rejects.toMatchObject({ code: 'LOG_MISCONFIGURED', message: expect.stringContaining('retention_ms is 86400000, must be -1') })
  })

  it('has a name that fits', async () => {
    for (const name of [`${'x'.repeat(57)}.events`, 'a"b']) {
      await expect(openPostgresLog({ databaseUrl, ownerUrl, topic: name })).rejects.toMatchObject({ code: 'LOG_MISCONFIGURED' })
    }
  })

  it('is not opened by who may change it', async () => {
    await expect(openPostgresLog({ databaseUrl: ownerUrl, topic })).rejects.toMatchObject({
      code: 'LOG_MISCONFIGURED',
      message: `topic ${topic}: this role may change its records`,
    })
  })

  it('ends its followings, and is not opened, once its records are not protected or a commit is not on disk', async () => {
    const other = freshTopic()
    const opened = await openPostgresLog({ databaseUrl, ownerUrl, topic: other })
    await ask(ownerUrl, `alter table "${other}".record disable trigger only_added`)
    const following = await opened.follow(0, { onAttach: async () => undefined, onBatch: async () => undefined })
    expect(await following.ended).toMatchObject({ code: 'LOG_MISCONFIGURED', message: expect.stringContaining('not protected') })
    await opened.close()
    const careless = new URL(databaseUrl)
    careless.searchParams.set('options', '-c synchronous_commit=off')
    await expect(openPostgresLog({ databaseUrl: careless.href, topic })).rejects.toMatchObject({
      code: 'LOG_MISCONFIGURED',
      message: `topic ${topic}: synchronous_commit is off, must be on`,
    })
  })
})

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(text)
  } finally {
    await client.end()
  }
}
