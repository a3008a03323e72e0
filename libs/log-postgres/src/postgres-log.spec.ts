import { afterEach, describe, expect, it, jest } from '@jest/globals'
import pg from 'pg'
import { Pace } from '#libs/exchange'
import { describeLog, freshDatabase, freshTopic, until } from '#libs/testing'
import { openPostgresLog } from './postgres-log.js'
import { grantsOn, topicSql } from './topic-sql.js'

const { runtimeUrl: databaseUrl, ownerUrl } = await freshDatabase()

describeLog('on PostgreSQL', async () => {
  const topic = freshTopic()
  const open = () => openPostgresLog({ databaseUrl, ownerUrl, topic })
  const log = await open()
  return {
    log,
    insert: async (records) => {
      const columns = [records.map(({ key }) => key), records.map(({ value }) => value), records.map(() => null)]
      await ask(databaseUrl, `select "${topic}".append($1::bytea[], $2::bytea[], $3::jsonb[])`, columns)
    },
    rewind: async (end) => {
      await ask(ownerUrl, `drop schema "${topic}" cascade`)
      const again = await open()
      await again.append(Array.from({ length: end }, (_, index) => ({ key: 'subject', value: `another ${index}` })))
      await again.close()
    },
    close: () => log.close(),
  }
})

describe('a topic on PostgreSQL', () => {
  afterEach(() => void jest.restoreAllMocks())

  it('is rested on at its end by how many records were given', async () => {
    const rested = jest.spyOn(Pace.prototype, 'restAfter')
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic: freshTopic() })
    await log.append(['one', 'two', 'three'].map((value) => ({ key: 'k', value })))
    await log.follow(0, { onAttach: async () => undefined, onBatch: async () => undefined })
    await until(() => rested.mock.calls.length > 0, 5_000)
    expect(rested.mock.calls).toEqual([[expect.any(Number), 3]])
    await log.close()
  })

  it('is attached to anew when it was made again, though it is long enough', async () => {
      const topic = freshTopic()
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic })
    await log.append([{ key: 'k', value: 'one' }])
    const told: string[] = []
    const reader = { onAttach: async () => void told.push('attach'), onBatch: async ({ next }: { readonly next: number }) => void told.push(`next ${next}`) }
    await log.follow(0, reader)
    await until(() => told.includes('next 1'), 5000)
    const filled = `select "${topic}".append('{a,b}', '{a,b}', '{null,null}')`
    const member = new URL(databaseUrl).username
    await ask(ownerUrl, `begin; drop schema "${topic}" cascade; ${topicSql(topic, -1)} ${grantsOn(topic, member)} ${filled}; commit`)
    await until(() => told.includes('next 2'), 10_000)
    expect(told).toEqual(['attach', 'next 1', 'attach', 'next 2'])
    await log.close()
  })

  it('rests at its end for twice as long as a batch took, while more may come', async () => {
    const topic = freshTopic()
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic })
    await log.append([{ key: 'k', value: 'one' }])
    const read: { readonly begun: number; readonly done: number }[] = []
    await log.follow(0, {
      onAttach: async () => undefined,
      onBatch: async () => {
        const begun = performance.now()
        await new Promise((resolve) => setTimeout(resolve, 40))
        read.push({ begun, done: performance.now() })
      },
    })
    await until(() => read.length === 1, 5_000)
    await log.append([{ key: 'k', value: 'two' }])
    await until(() => read.length === 2, 5_000)
    const [first, second] = read
    expect((second?.begun ?? 0) - (first?.done ?? 0)).toBeGreaterThan(75) // a timer is not early by more
    await log.close()
  })

  it('gives every offset once, without a gap, whoever appends at the same time and whatever is rolled back', async () => {
      const topic = freshTopic()
    const logs = await Promise.all([1, 2, 3, 4].map(() => openPostgresLog({ databaseUrl, ownerUrl, topic })))
    const appended = logs.flatMap((log, writer) => Array.from({ length: 25 }, (_, index) => log.append([{ key: `${writer}`, value: `${index}` }, { key: `${writer}`, value: `${index}+` }])))
    const rolledBack = Array.from({ length: 10 }, () => ask(databaseUrl, `begin; select "${topic}".append('{x}', '{x}', '{null}'); rollback`))
    await Promise.all([...appended, ...rolledBack])
    const rows = await ask<{ log_offset: string; append_time: string }>(databaseUrl, `select log_offset, append_time from "${topic}".record order by log_offset`)
    expect(rows.map(({ log_offset: offset }) => Number(offset))).toEqual(Array.from({ length: 200 }, (_, index) => index))
    const times = rows.map(({ append_time: time }) => Number(time))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(await logs[0]?.end()).toBe(200)
    await Promise.all(logs.map((log) => log.close()))
  })

  it('keeps its time from going back when the clock does', async () => {
      const topic = freshTopic()
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic })
    const tomorrow = Date.now() + 86_400_000
    await ask(ownerUrl, `update "${topic}".topic set last_time = ${tomorrow}`)
    await log.append([{ key: 'k', value: 'v' }])
    expect(await log.read(0)).toMatchObject({ appendTime: tomorrow })
    await log.close()
  })

  it('lets particulars go after their time, and says which were never read', async () => {
      const topic = freshTopic('particulars')
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic, retentionMs: 3_600_000 })
    await log.append([{ key: 'k', value: 'old' }])
    await ask(ownerUrl, `update "${topic}".topic set last_time = last_time + 3600001`) // an hour passes
    await log.append([{ key: 'k', value: 'new' }])
    expect([await log.read(0), await log.read(1).then((record) => typeof record)]).toEqual(['hole', 'object'])
    const told: string[] = []
    const onBatch = async ({ next }: { readonly next: number }) => void told.push(`next ${next}`)
    await log.follow(0, { onAttach: async () => undefined, onBatch, onAlarm: (code) => told.push(code) })
    await until(() => told.length === 2, 5000)
    expect(told).toEqual(['RECORDS_EXPIRED', 'next 2'])
    await log.close()
  })

  it('refuses a record that is too large, before and in the database', async () => {
      const topic = freshTopic()
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic })
    await expect(log.append([{ key: 'k', value: 'x'.repeat(524_288) }])).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' })
    const foreign = ask(databaseUrl, `select "${topic}".append('{k}', array[convert_to(repeat('x', 524288), 'UTF8')], '{null}')`)
    await expect(foreign).rejects.toMatchObject({ code: '54000' })
    expect(await log.end()).toBe(0)
    await log.close()
  })
})

async function ask<Row extends pg.QueryResultRow>(url: string, text: string, values?: unknown[]): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}
