import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { CompressionCodecs, CompressionTypes, Kafka, KafkaJSError, logLevel, type Message, type Producer } from 'kafkajs'
import { ensureJars, runToEnd } from '../../../infra/kafka/jars.js'

export interface LogAttack {
  readonly name: string
  /** Writes straight to the topic, as a member of the corridor can with his own client. */
  write(brokers: readonly string[], topic: string): Promise<'written' | 'refused by the broker'>
}

/** What one member could do below the judge to every reader of the log (architecture, section 4). */
export const logAttacks: readonly LogAttack[] = [
  { name: 'a record without key and value', write: sending([{ key: null, value: null }]) },
  { name: 'an empty key and value', write: sending([{ key: '', value: '' }]) },
  { name: '500 KB of garbage', write: sending([{ key: garbage(200), value: garbage(500_000) }]) },
  { name: '1 MB of garbage', write: sending([{ key: 'k', value: garbage(1_000_000) }]) },
  { name: '16,000 headers', write: sending([{ key: 'k', value: 'v', headers: { h: Array.from({ length: 16_000 }, () => 'x') } }]) },
  { name: '20,000 records in one batch', write: sending(Array.from({ length: 20_000 }, () => ({ key: null, value: null }))) },
  { name: 'a time of its own', write: sending([{ key: 'k', value: 'v', timestamp: '253402300799000' }]) },
  { name: 'a gzip batch', write: sending([{ key: 'k', value: 'v'.repeat(10_000) }], CompressionTypes.GZIP) },
  { name: 'a gzip bomb of one record of 400 MB', write: sendingBomb },
  ...(['snappy', 'lz4', 'zstd'] as const).map((codec) => ({ name: `a ${codec} batch`, write: sendingByJava(codec) })),
  { name: 'a committed transaction', write: transacting((transaction) => transaction.commit()) },
  { name: 'an aborted transaction', write: transacting((transaction) => transaction.abort()) },
  { name: 'a transaction left open', write: transacting(async () => undefined) },
]

function garbage(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 167 + (index >> 8)) & 0xff))
}

type Write = LogAttack['write']

function sending(messages: Message[], compression = CompressionTypes.None): Write {
  return (brokers, topic) =>
    asForeigner(brokers, {}, async (producer) => {
      await producer.send({ topic, compression, messages, acks: -1 })
    })
}

function transacting(end: (transaction: Awaited<ReturnType<Producer['transaction']>>) => Promise<void>): Write {
  return (brokers, topic) =>
    asForeigner(brokers, { transactionalId: randomUUID(), idempotent: true, maxInFlightRequests: 1 }, async (producer) => {
      const transaction = await producer.transaction()
      await transaction.send({ topic, messages: [{ key: 'k', value: 'in a transaction' }] })
      await end(transaction)
    })
}

/** kafkajs would need the 400 MB in memory, so its gzip is replaced for this one send by what was compressed as a stream. */
async function sendingBomb(brokers: readonly string[], topic: string) {
  const honest = CompressionCodecs[CompressionTypes.GZIP]
  const bomb = await gzipOfOneRecord(400_000_000)
  CompressionCodecs[CompressionTypes.GZIP] = () => ({ compress: async () => bomb, decompress: () => Promise.reject(new Error('never read')) })
  try {
    return await sending([{ key: null, value: null }], CompressionTypes.GZIP)(brokers, topic)
  } finally {
    CompressionCodecs[CompressionTypes.GZIP] = honest
  }
}

/** A record of Kafka's (magic 2) without key and headers whose value is so many zeros, compressed. */
async function gzipOfOneRecord(bytes: number): Promise<Buffer> {
  const start = Buffer.concat([Buffer.from([0, 0, 0]), varint(-1), varint(bytes)]) // attributes, time, offset; key; length of value
  const gzip = createGzip({ level: 9 })
  const whole = (async () => {
    const chunks: Buffer[] = []
    for await (const chunk of gzip) chunks.push(chunk as Buffer) // a gzip stream yields buffers
    return Buffer.concat(chunks)
  })()
  gzip.write(Buffer.concat([varint(start.length + bytes + 1), start]))
  const zeros = Buffer.alloc(1_000_000)
  for (let written = 0; written < bytes; written += zeros.length) await new Promise((resolve) => gzip.write(zeros, resolve))
  gzip.end(varint(0)) // no headers
  return whole
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value < 0 ? -2 * value - 1 : 2 * value // zigzag
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

/** Kafka's own console producer, for the codecs that kafkajs does not have. */
function sendingByJava(codec: 'snappy' | 'lz4' | 'zstd'): Write {
  return async (brokers, topic) => {
    const producer = ['org.apache.kafka.tools.ConsoleProducer', '--bootstrap-server', brokers.join(), '--topic', topic, '--compression-codec', codec]
    const said = await runToEnd('java', ['-cp', join(await ensureJars(), '*'), ...producer], 'KAFKA_DIED', 'garbage '.repeat(1000) + '\n')
    return /ERROR/.test(said) ? 'refused by the broker' : 'written'
  }
}

async function asForeigner(brokers: readonly string[], options: Parameters<Kafka['producer']>[0] & object, send: (producer: Producer) => Promise<void>) {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'foreign', logLevel: logLevel.NOTHING, retry: { retries: 3, initialRetryTime: 300 } })
  const producer = kafka.producer({ allowAutoTopicCreation: false, ...options })
  await producer.connect()
  try {
    await send(producer)
    return 'written'
  } catch (error) {
    if (error instanceof KafkaJSError) return 'refused by the broker'
    throw error
  } finally {
    await producer.disconnect()
  }
}
