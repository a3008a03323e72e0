import { describe, expect, it } from '@jest/globals'
import { freshTopic, sharedKafka, until } from '#libs/testing'
import { openKafkaLog } from './kafka-log.js'

const brokers = await sharedKafka()

describe('the connections of a log', () => {
  it('are few however many ask at once, and gone when it is closed', async () => {
    const log = await openKafkaLog({ brokers, topic: freshTopic(), clientId: 'test', create: true })
    await log.append(Array.from({ length: 20 }, (_, index) => ({ key: 'k', value: `record ${index}` })))
    const before = sockets()
    const records = await Promise.all(Array.from({ length: 20 }, (_, offset) => log.read(offset)))
    expect(records.map((record) => record !== 'hole' && String(record?.value))).toEqual(records.map((_, index) => `record ${index}`))
    expect(sockets() - before).toBeLessThanOrEqual(3) // one to ask for the leader, one for questions, one for records
    await log.close()
    await until(() => sockets() === 0, 30_000) // nothing else of this file is connected
  })
})

function sockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
}
