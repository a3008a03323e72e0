import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs'
import { LogError, type NewRecord } from '#libs/exchange'
import { maxBatchBytes } from './topic-settings.js'

export interface Appender {
  append(records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}

/** All records of one send are one batch of Kafka's, and a batch over max.message.bytes is refused whole. */
const maxSendBytes = 400_000

/**
 * Appends to partition 0, one send at a time, acknowledged by every replica in sync. Not idempotent: kafkajs's idempotent mode can lose an
 * acknowledged record after a failed send, while chain and event id absorb duplicates. After a failed send comes a new producer.
 */
export function openAppender(kafka: Kafka, topic: string): Appender {
  let producer: Promise<Producer> | undefined
  let last: Promise<unknown> = Promise.resolve()

  const drop = async () => {
    const dropped = producer
    producer = undefined
    await dropped?.then((connected) => connected.disconnect()).catch(() => undefined) // it failed already; nothing more can be learnt
  }
  const send = async (messages: Message[]) => {
    producer ??= connectProducer(kafka)
    try {
      await (await producer).send({ topic, acks: -1, timeout: 10_000, messages })
    } catch (error) {
      void drop()
      throw error
    }
  }
  const append = async (records: readonly NewRecord[]) => {
    for (const messages of sendsOf(records)) await send(messages)
  }
  return {
    append: (records) => {
      const mine = last.then(() => append(records))
      last = mine.catch(() => undefined) // told to its own caller
      return mine
    },
    close: async () => {
      await last
      await drop()
    },
  }
}

async function connectProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    idempotent: false,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  return producer
}

function sendsOf(records: readonly NewRecord[]): Message[][] {
  const sends: Message[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const size = bytesOf(record)
    if (size > maxBatchBytes) throw new LogError('RECORD_TOO_LARGE', `a record of ${size} bytes can never be appended`)
    if (bytes + size > maxSendBytes) {
      sends.push([])
      bytes = 0
    }
    sends.at(-1)?.push({ partition: 0, key: record.key, value: record.value, headers: { ...record.headers } })
    bytes += size
  }
  return sends
}

/** At most what it takes in a batch: lengths and deltas are under 40 bytes, and 10 a header. */
function bytesOf({ key, value, headers = {} }: NewRecord): number {
  const inHeaders = Object.entries(headers).reduce((sum, [name, text]) => sum + Buffer.byteLength(name) + Buffer.byteLength(text) + 10, 0)
  return Buffer.byteLength(key) + Buffer.byteLength(value) + inHeaders + 40
}
