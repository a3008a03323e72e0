import { afterAll, describe, expect, it } from '@jest/globals'
import type { LogReader } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import { freshTopic, logAttacks, sharedKafka, until } from '#libs/testing'

const brokers = await sharedKafka()
const topic = freshTopic()
const log = await openKafkaLog({ brokers, topic, clientId: 'honest', create: true })

/** Everything else must be written, or the attack would prove nothing. */
const tooLarge = ['1 MB of garbage', 'a gzip bomb of one record of 400 MB']

describe('what one member writes below the judge', () => {
  const waiting = honestReader()
  const following = log.follow(0, waiting)
  afterAll(() => log.close())

  it.each(logAttacks.map((attack) => [attack.name, attack] as const))('%s keeps nobody from the next honest record', async (name, attack) => {
    const before = await log.end()
    expect(await attack.write(brokers, topic)).toBe(tooLarge.includes(name) ? 'refused by the broker' : 'written')
    await log.append([{ key: 'honest', value: name }])
    await until(() => waiting.seen.includes(name), 5000)

    // One who comes later meets the attack too, and must not be blocked by it.
    const late = honestReader()
    const workedBefore = process.cpuUsage()
    const second = await log.follow(before, late)
    await until(() => late.seen.includes(name), 5000)
    const { user } = process.cpuUsage(workedBefore)
    await second.stop()
    expect(user).toBeLessThan(2_000_000) // microseconds of work, not of waiting: 16,000 headers once took 85 s
  })

  it('ends no following', async () => {
    await (await following).stop()
    expect(await (await following).ended).toBeUndefined()
  })
})

function honestReader(): LogReader & { readonly seen: string[] } {
  const seen: string[] = []
  return {
    seen,
    onAttach: async () => undefined,
    onBatch: async ({ records }) => {
      for (const { key, value } of records) if (key?.toString() === 'honest') seen.push(String(value))
    },
  }
}
