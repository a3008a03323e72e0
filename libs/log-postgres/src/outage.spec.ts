import { afterAll, describe, expect, it } from '@jest/globals'
import { freshDatabase, privatePostgres, until } from '#libs/testing'
import { openPostgresLog } from './postgres-log.js'

const own = await privatePostgres()

describe('a server that dies', () => {
  afterAll(() => own.current().stop())

  it('is waited for: followers go on where they were, appends fail until it is back, nothing acknowledged is lost', async () => {
    const { runtimeUrl: databaseUrl, ownerUrl } = await freshDatabase(own.current().adminUrl)
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic: 'outage.1.events' })
    const seen: string[] = []
    let attached = 0
    const following = await log.follow(0, {
      onAttach: async () => {
        attached++
        expect(await log.end()).toBeGreaterThanOrEqual(seen.length)
      },
      onBatch: async ({ records }) => void seen.push(...records.map(({ value }) => String(value))),
    })
    await log.append([{ key: 'k', value: 'before' }])
    await until(() => seen.length === 1, 5000)

    for (const round of [1, 2]) {
      await own.current().kill()
      const since = Date.now()
      await expect(log.append([{ key: 'k', value: 'during' }])).rejects.toThrow()
      await expect(log.end()).rejects.toThrow()
      expect(Date.now() - since).toBeLessThan(2000) // told soon, not after a time-out
      await own.start()
      await until(() => log.append([{ key: 'k', value: `after ${round}` }]).then(() => true, () => false), 10_000)
      await until(() => seen.includes(`after ${round}`), 5000)
    }
    expect(seen.filter((value) => value !== 'during')).toEqual(['before', 'after 1', 'after 2'])
    expect(attached).toBe(3)
    expect(await log.end()).toBe(seen.length)

    await own.current().kill()
    const closing = Date.now()
    await log.close()
    expect(await following.ended).toBeUndefined()
    expect(Date.now() - closing).toBeLessThan(4000)
  }, 60_000)

  it('is not waited for by who closes, though it hangs without a word', async () => {
    await own.start()
    const { runtimeUrl: databaseUrl, ownerUrl } = await freshDatabase(own.current().adminUrl)
    const log = await openPostgresLog({ databaseUrl, ownerUrl, topic: 'outage.2.events' })
    let isAttached = false
    const following = await log.follow(0, { onAttach: async () => void (isAttached = true), onBatch: async () => undefined })
    await until(() => isAttached, 5000)
    process.kill(own.current().pid, 'SIGSTOP')
    try {
      const closing = Date.now()
      await following.stop()
      expect(Date.now() - closing).toBeLessThan(2500)
    } finally {
      process.kill(own.current().pid, 'SIGCONT')
    }
    await log.close()
  }, 60_000)
})
