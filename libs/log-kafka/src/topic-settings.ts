import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { LogError } from '#libs/exchange'

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
  await asAdmin(kafka, async (admin) => {
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 1, replicationFactor: settings.replicationFactor, configEntries }] })
    await untilLed(admin, topic)
  })
}

const ledWithinMs = 10_000

/**
 * A broker hears of a topic through the controller's log, and says until then that there is none. kafkajs waits for leaders too, but takes that answer
 * for an error.
 */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (const deadline = Date.now() + ledWithinMs; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if (await isLed(admin, topic)) return
  }
  throw new LogError('LOG_MISSING', `${topic} was created and has no leader after ${ledWithinMs / 1000} s`)
}

async function isLed(admin: Admin, topic: string): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics.every(({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0))
  } catch (error) {
    if (isUnknownTopic(error)) return false
    throw error
  }
}

function isUnknownTopic(error: unknown): boolean {
  return error instanceof KafkaJSProtocolError && (error.type === 'UNKNOWN_TOPIC_OR_PARTITION' || error.type === 'LEADER_NOT_AVAILABLE')
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
    if (isUnknownTopic(error)) throw new LogError('LOG_MISSING', `there is no topic ${topic}`)
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
