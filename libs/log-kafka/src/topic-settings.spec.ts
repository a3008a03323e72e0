import { afterAll, describe, expect, it } from '@jest/globals'
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs'
import { freshTopic, sharedKafka, until } from '#libs/testing'
import { openKafkaLog } from './kafka-log.js'

const brokers = await sharedKafka()
const admin = new Kafka({ brokers: [...brokers], clientId: 'operator', logLevel: logLevel.NOTHING }).admin()
await admin.connect()
const open = (topic: string, more: object = {}) => openKafkaLog({ brokers, topic, clientId: 'test', ...more })
const alter = (topic: string, entries: Readonly<Record<string, string>>) =>
  admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries: Object.entries(entries).map(([name, value]) => ({ name, value })) }],
  })

describe('the topic of a log', () => {
  afterAll(() => admin.disconnect())

  it('must be there, unless it may be created', async () => {
    await expect(open(freshTopic())).rejects.toMatchObject({ code: 'LOG_MISSING' })
  })

  it('is the same for everybody who may create it', async () => {
    const topic = freshTopic('particulars')
    const logs = await Promise.all([1, 2, 3].map(() => open(topic, { create: true, retentionMs: 30 * 86_400_000 })))
    await Promise.all(logs.map((log) => log.close()))
    await (await open(topic, { retentionMs: 30 * 86_400_000 })).close()
    await expect(open(topic)).rejects.toMatchObject({ code: 'LOG_MISCONFIGURED', message: expect.stringContaining('retention.ms is 2592000000, must be -1') })
  })

  it('can be used as soon as it has been created, however busy the broker is', async () => {
    const logs = await Promise.all(Array.from({ length: 20 }, () => open(freshTopic(), { create: true })))
    expect(await Promise.all(logs.map((log) => log.end()))).toEqual(logs.map(() => 0))
    await Promise.all(logs.map((log) => log.close()))
  })

  it('is refused with every wrong setting named', async () => {
    const topic = freshTopic()
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 2 }] })
    await until(() => open(topic).catch((error: { readonly code?: string }) => error.code === 'LOG_MISCONFIGURED'), 5000)
    const refusal = await open(topic, { replicationFactor: 3, minIsr: 2 }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'LOG_MISCONFIGURED' })
    const settings = ['retention.ms', 'message.timestamp.type', 'compression.type', 'max.message.bytes', 'min.insync.replicas']
    for (const wrong of [...settings, '2 partitions', '1 replicas']) {
      expect(String(refusal)).toContain(wrong)
    }
    expect(String(refusal)).not.toContain('cleanup.policy')
  })

  it('raises an alarm when it no longer stamps its records, and stops a follower who attaches then', async () => {
    const topic = freshTopic()
    const log = await open(topic, { create: true })
    const alarms: string[] = []
    let next = 0
    let throws = false
    const following = await log.follow(0, {
      onAttach: async () => undefined,
      onBatch: async (batch) => {
        if (throws) throw new Error('attach again')
        next = batch.next
      },
      onAlarm: (code) => alarms.push(code),
    })
    await log.append([{ key: 'k', value: 'stamped' }])
    await until(() => next === 1, 5000)
    expect(alarms).toEqual([])
    await alter(topic, { 'message.timestamp.type': 'CreateTime', 'compression.type': 'uncompressed', 'max.message.bytes': '524288', 'retention.ms': '-1' })
    // The broker answers before it goes by the new settings.
    await until(async () => {
      await log.append([{ key: 'k', value: 'not stamped' }])
      return alarms.length > 0
    }, 10_000)
    expect(new Set(alarms)).toEqual(new Set(['NOT_LOG_APPEND_TIME']))
    throws = true
    await log.append([{ key: 'k', value: 'not stamped' }])
    expect(await following.ended).toMatchObject({ code: 'LOG_MISCONFIGURED', message: expect.stringContaining('message.timestamp.type is CreateTime') })
    await log.close()
  })
})
