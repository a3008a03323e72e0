import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { describeLog, freshTopic, sharedKafka, until } from '#libs/testing'
import { FetchesInCommon } from './fetches-in-common.js'
import { openKafkaLog } from './kafka-log.js'

const brokers = await sharedKafka()

describeLog('on Kafka', async () => {
  const topic = freshTopic()
  const fetches = new FetchesInCommon()
  const open = () => openKafkaLog({ brokers, topic, clientId: 'test', create: true, fetches })
  const log = await open()
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'foreign', logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  await admin.connect()
  return {
    log,
    insert: async (records) => {
      const producer = kafka.producer()
      await producer.connect()
      await producer.send({ topic, messages: records.map(({ key, value }) => ({ key, value })) })
      await producer.disconnect()
    },
    hole: async () => {
      const producer = kafka.producer({ transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 })
      await producer.connect()
      const end = await log.end()
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ key: 'subject', value: 'in a transaction' }] })
      await transaction.commit()
      await until(async () => (await log.end()) === end + 2, 5000) // the marker comes after the commit is answered
      await producer.disconnect()
    },
    rewind: async (end) => {
      await admin.deleteTopics({ topics: [topic] })
      await until(async () => !(await admin.listTopics()).includes(topic), 10_000)
      const again = await open()
      await again.append(Array.from({ length: end }, (_, index) => ({ key: 'subject', value: `another ${index}` })))
      await again.close()
    },
    close: async () => {
      await log.close()
      await admin.disconnect()
    },
  }
})
