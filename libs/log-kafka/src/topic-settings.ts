import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { LogError } from './log-error.js'

const { ConfigResourceTypes, KafkaJSProtocolError } = kafkajs // CommonJS, and Node finds only some of its names by reading it

export interface TopicSettings {
  /** −1 keeps records for ever. */
  readonly retentionMs: number
  readonly replicationFactor: number
  readonly minIsr: number
}

/** Largest batch of records that the broker takes, in bytes; a statement is at most 360,000. */
export const maxBatchBytes = 524_288

/** What the topic must say, and why a single member could otherwise harm every reader: docs/decisions/reading-the-log.md. */
function wantedOf(settings: TopicSettings): Readonly<Record<string, string>> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(settings.retentionMs),
    'retention.bytes': '-1',
    'message.timestamp.type': 'LogAppendTime',
    'compression.type': 'uncompressed',
    'max.message.bytes': String(maxBatchBytes),
    'min.insync.replicas': String(settings.minIsr),
    'unclean.leader.election.enable': 'false',
  }
}

/** Creates the topic unless it is there. */
export async function createTopic(kafka: Kafka, topic: string, settings: TopicSettings): Promise<void> {
  const configEntries = Object.entries(wantedOf(settings)).map(([name, value]) => ({ name, value }))
  await asAdmin(kafka, (admin) =>
    admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, replicationFactor: settings.replicationFactor, configEntries }] }),
  )
}

/** Throws LOG_MISCONFIGURED naming every setting that is wrong, LOG_MISSING when there is no such topic. */
export async function checkTopic(kafka: Kafka, topic: string, settings: TopicSettings): Promise<void> {
  const { said, replicas } = await asAdmin(kafka, (admin) => readTopic(admin, topic))
  const faults = Object.entries(wantedOf(settings))
    .filter(([name, value]) => (name === 'min.insync.replicas' ? Number(said.get(name)) < settings.minIsr : said.get(name) !== value))
    .map(([name, value]) => `${name} is ${said.get(name)}, must be ${value}`)
  if (replicas.length !== 1) faults.push(`it has ${replicas.length} partitions, must have 1`)
  const [copies = 0] = replicas
  if (copies < settings.replicationFactor) faults.push(`it has ${copies} replicas, must have ${settings.replicationFactor}`)
  if (faults.length > 0) throw new LogError('LOG_MISCONFIGURED', `topic ${topic}: ${faults.join('; ')}`)
}

async function readTopic(admin: Admin, topic: string) {
  try {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return {
      said: new Map(resources.flatMap(({ configEntries }) => configEntries.map(({ configName, configValue }) => [configName, configValue] as const))),
      replicas: topics.flatMap(({ partitions }) => partitions.map((partition) => partition.replicas.length)),
    }
  } catch (error) {
    if (error instanceof KafkaJSProtocolError && error.type === 'UNKNOWN_TOPIC_OR_PARTITION') throw new LogError('LOG_MISSING', `there is no topic ${topic}`)
    throw error
  }
}

async function asAdmin<T>(kafka: Kafka, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin({ retry: { retries: 5, initialRetryTime: 100 } })
  try {
    await admin.connect()
    return await act(admin)
  } finally {
    await admin.disconnect()
  }
}
