import { afterAll, describe, expect, it } from '@jest/globals'
import { privateKafka, until } from '#libs/testing'
import { openKafkaLog } from './kafka-log.js'

const own = await privateKafka()
const { brokers } = own.current()

describe('a broker that dies', () => {
  afterAll(() => own.current().stop())

  it('is waited for: followers go on where they were, appends fail until it is back, nothing acknowledged is lost', async () => {
    const log = await openKafkaLog({ brokers, topic: 'outage.1.events', clientId: 'test', create: true })
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

    await own.current().kill()
    const since = Date.now()
    await expect(log.append([{ key: 'k', value: 'during' }])).rejects.toThrow()
    await expect(log.end()).rejects.toThrow()
    expect(Date.now() - since).toBeLessThan(5000) // told soon, not after a time-out
    await until(() => Date.now() - since > 10_000, 11_000)
    await own.start() // takes some ten seconds more: the controller waits for the dead broker's session to end

    await until(() => log.append([{ key: 'k', value: 'after' }]).then(() => true, () => false), 10_000)
    await until(() => seen.includes('after'), 5000)
    expect(seen.filter((value) => value !== 'during')).toEqual(['before', 'after'])
    expect(attached).toBeGreaterThanOrEqual(2)
    expect(await log.end()).toBe(seen.length)

    await own.current().kill()
    const closing = Date.now()
    await log.close()
    expect(await following.ended).toBeUndefined()
    expect(Date.now() - closing).toBeLessThan(4000)
  }, 90_000)
})
