import { Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { freshDatabase } from '#libs/testing'
import { openDatabase, type Database } from './database.js'

const minutes = 60_000

describe('connections to PostgreSQL', () => {
  let database: Database
  beforeAll(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'Date', 'performance', 'hrtime'] }))
  afterAll(() => void jest.useRealTimers())
  beforeEach(async () => {
    const { runtimeUrl } = await freshDatabase()
    database = await openDatabase({ url: runtimeUrl, poolSize: 3, onLost: () => undefined })
  })
  afterEach(async () => {
    jest.restoreAllMocks()
    await database.close()
  })

  /** Of what is asked at once, which process of the server answers each. */
  const askedAtOnce = async (many: number) => {
    const answers = await Promise.all(Array.from({ length: many }, () => database.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid, pg_sleep(0.05)' })))
    return new Set(answers.map(([row]) => row?.pid))
  }

  it('stay for ten minutes after a burst, so that the next one waits for none', async () => {
    const before = await askedAtOnce(3)
    expect(before.size).toBe(3)
    jest.advanceTimersByTime(9 * minutes)
    expect(await askedAtOnce(3)).toEqual(before)
  })

  it('are given back when they were idle for longer', async () => {
    const before = await askedAtOnce(3)
    jest.advanceTimersByTime(11 * minutes)
    const after = await askedAtOnce(3)
    expect([...after].filter((pid) => before.has(pid))).toEqual([])
  })

  it('are probed after half a minute, or a firewall forgets them and the next statement waits for its limit', async () => {
    const probed = jest.spyOn(Socket.prototype, 'setKeepAlive')
    expect((await askedAtOnce(3)).size).toBe(3)
    expect(probed.mock.calls).toEqual([[true, 30_000], [true, 30_000]]) // one was connected when the pool was opened
  })
})
