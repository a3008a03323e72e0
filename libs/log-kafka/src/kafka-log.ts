import { Kafka, logLevel, type KafkaConfig } from 'kafkajs'
import { refuseClosed, untilClosed, type Following, type Log, type LogRecord } from '#libs/exchange'
import { openAppender } from './appender.js'
import type { FetchesInCommon } from './fetches-in-common.js'
import { follow } from './follow.js'
import { slicesOf } from './record-set.js'
import { connectReader, type TopicReader } from './topic-reader.js'
import { checkTopic, createTopic } from './topic-settings.js'

export interface KafkaLogOptions {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly clientId: string
  /** Make the topic if it is not there. */
  readonly create?: boolean
  /** Default −1, for ever: events. Particulars: 30 days. */
  readonly retentionMs?: number
  /** Default 1; a corridor has 3. */
  readonly replicationFactor?: number
  /** Default 1; a corridor has 2. */
  readonly minIsr?: number
  readonly ssl?: KafkaConfig['ssl']
  readonly sasl?: KafkaConfig['sasl']
  /** Of all who follow in this process; alone without. */
  readonly fetches?: FetchesInCommon
  /** What the connections say; silent without. */
  readonly logger?: (level: 'error' | 'warn' | 'info', message: string) => void
}

/** Opens the log of one topic and checks its settings. Throws LOG_MISCONFIGURED, LOG_MISSING (LogError), or what the connection failed of. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  const { topic, retentionMs = -1, replicationFactor = 1, minIsr = 1, create = false, fetches, logger } = options
  const settings = { retentionMs, replicationFactor, minIsr }
  const kafka = openKafka(options)
  if (create) await createTopic(kafka, topic, settings)
  await checkTopic(kafka, topic, settings)

  const connect = () => connectReader(kafka, topic)
  const reading = keepConnected(connect)
  const appender = openAppender(kafka, topic)
  const followings = new Set<Following>()
  return untilClosed({
    kind: 'kafka',
    append: (records) => appender.append(records),
    end: () => reading.ask(async (reader) => (await reader.bounds()).end),
    read: (offset) => reading.ask((reader) => readOne(reader, offset)),
    follow: async (from, reader) => {
      const following = follow(
        {
          connect: async () => {
            const own = await connect()
            return fetches ? { ...own, fetch: fetches.of(topic, own.fetch) } : own
          },
          checkTopic: () => checkTopic(kafka, topic, settings),
          keepsRecordsForEver: retentionMs === -1,
          onFailure: (error) => logger?.('warn', `following ${topic}: ${error instanceof Error ? error.message : String(error)}`),
        },
        from,
        reader,
      )
      followings.add(following)
      void following.ended.then(() => followings.delete(following))
      return following
    },
    close: async () => {
      await Promise.all([...followings].map((following) => following.stop()))
      await Promise.all([reading.close(), appender.close()])
    },
  })
}

function openKafka({ brokers, clientId, ssl, sasl, logger }: KafkaLogOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3000,
    requestTimeout: 10_000,
    retry: { retries: 1, initialRetryTime: 100 }, // the callers try again, with a new connection
    logLevel: logger === undefined ? logLevel.NOTHING : logLevel.INFO,
    logCreator:
      () =>
      ({ level, log }) =>
        logger?.(level === logLevel.ERROR ? 'error' : level === logLevel.WARN ? 'warn' : 'info', log.message),
  })
}

/** The broker answers whole batches, so any size finds the one record. */
async function readOne(reader: TopicReader, offset: number): Promise<LogRecord | 'hole' | undefined> {
  const { start, end } = await reader.bounds()
  if (offset >= end) return undefined
  if (offset < start) return 'hole'
  const fetched = await reader.fetch(offset, { waitMs: 0, maxBytes: 1 })
  if (fetched === 'out of range') throw new Error(`offset ${offset} went while it was read`)
  for (const { records, next } of slicesOf(fetched.set, offset, 1)) {
    const [record] = records
    if (record?.offset === offset) return record
    if (next > offset) return 'hole'
  }
  throw new Error(`nothing could be read at offset ${offset}`)
}

/** One connection for questions, made when first asked; after a failure the question is put once more over a new one. */
function keepConnected(connect: () => Promise<TopicReader>) {
  let connection: Promise<TopicReader> | undefined
  let isClosed = false
  const drop = async () => {
    const dropped = connection
    connection = undefined
    await dropped?.then((reader) => reader.close()).catch(() => undefined) // gone already
  }
  const once = async <T>(question: (reader: TopicReader) => Promise<T>) => {
    refuseClosed(isClosed)
    connection ??= connect()
    const asked = connection
    try {
      return await question(await asked)
    } catch (error) {
      if (connection === asked) void drop()
      throw error
    }
  }
  return {
    ask: async <T>(question: (reader: TopicReader) => Promise<T>): Promise<T> => {
      const isKnown = connection !== undefined
      try {
        return await once(question)
      } catch (error) {
        refuseClosed(isClosed) // the connection was closed under the question
        if (!isKnown) throw error
        return once(question)
      }
    },
    close: () => {
      isClosed = true // what is under way would be asked once more over a connection that nobody closes
      return drop()
    },
  }
}
