import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, Kafka, logLevel, ResourcePatternTypes, type Admin } from 'kafkajs'
import { openKafkaLog } from '#libs/log-kafka'
import { freePort, until } from '#libs/testing'
import { memberQuota } from './access.js'
import { startSecuredBroker, type LocalSecuredBroker } from './secured-broker.js'

const [events, particulars] = ['corridor.1.events', 'corridor.1.particulars'] as const
const passwords = { authority: 'founders-password', 'az-ady': 'members-password', stranger: 'strangers-password' } as const
type User = keyof typeof passwords

let folder: string
let broker: LocalSecuredBroker

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'karvan-access-'))
  broker = await startSecuredBroker({ dataDir: folder, port: await freePort(), internalPort: await freePort(), controllerPort: await freePort() })
  await broker.letIn({ topics: [events, particulars], founder: 'authority', members: ['az-ady'] }, passwords)
  await broker.makeUser('stranger', passwords.stranger)
  for (const [topic, retentionMs] of [[events, -1], [particulars, 30 * 86_400_000]] as const) {
    await (await openKafkaLog({ ...asUser('authority'), topic, retentionMs, create: true })).close()
  }
})

afterAll(async () => {
  await broker.stop()
  rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 })
})

describe('a member of the corridor', () => {
  it('appends to the log, follows it and finds a record again, over TLS and with its password', async () => {
    const log = await openKafkaLog({ ...asUser('az-ady'), topic: events })
    const read: string[] = []
    await log.follow(0, {
      onAttach: () => Promise.resolve(),
      onBatch: async ({ records }) => void read.push(...records.map(({ value }) => String(value))),
    })
    await log.append([1, 2, 3].map((number) => ({ key: 'corridor', value: `statement ${number}` })))
    await until(() => read.length === 3, 10_000)
    expect(read).toEqual(['statement 1', 'statement 2', 'statement 3'])
    expect(await log.end()).toBe(3)
    expect(await log.read(1)).toMatchObject({ value: Buffer.from('statement 2') })
    await log.close()
    await (await openKafkaLog({ ...asUser('az-ady'), topic: particulars, retentionMs: 30 * 86_400_000 })).close()
  })

  it('may do nothing else', async () => {
    const kafka = new Kafka({ ...asUser('az-ady'), retry: { retries: 1 }, logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      'make a topic': () => admin.createTopics({ topics: [{ topic: 'of-its-own' }] }),
      'change the settings of the log': () => altered(admin, 'retention.ms', '1000'),
      'give the log another partition': () => admin.createPartitions({ topicPartitions: [{ topic: events, count: 2 }] }),
      'delete records': () => admin.deleteTopicRecords({ topic: events, partitions: [{ partition: 0, offset: '2' }] }),
      'delete the log': () => admin.deleteTopics({ topics: [events] }),
      'let somebody else in': () => admin.createAcls({ acl: [everythingTo('User:stranger')] }),
      'see who may what': () => admin.describeAcls({ ...everythingTo('User:az-ady'), operation: AclOperationTypes.ANY }),
      'look into another topic': () => admin.fetchTopicMetadata({ topics: ['__cluster_metadata'] }),
      'join a consumer group': () => joined(kafka),
      'open a transaction': () => transacted(kafka),
    }
    const refusals: Record<string, string> = {}
    for (const [what, attempt] of Object.entries(attempts)) refusals[what] = await refusalOf(attempt)
    await admin.disconnect()
    expect(refusals).toEqual({
      'make a topic': 'TOPIC_AUTHORIZATION_FAILED',
      'change the settings of the log': 'TOPIC_AUTHORIZATION_FAILED',
      'give the log another partition': 'TOPIC_AUTHORIZATION_FAILED',
      'delete records': 'TOPIC_AUTHORIZATION_FAILED',
      'delete the log': 'TOPIC_AUTHORIZATION_FAILED',
      'let somebody else in': 'CLUSTER_AUTHORIZATION_FAILED',
      'see who may what': 'CLUSTER_AUTHORIZATION_FAILED',
      'look into another topic': 'TOPIC_AUTHORIZATION_FAILED',
      'join a consumer group': 'no coordinator', // kafkajs keeps to itself why; the administrator, below, finds one
      'open a transaction': 'no coordinator',
    })
    const administrators = new Kafka({ ...broker.administrator, clientId: 'administrator', logLevel: logLevel.NOTHING })
    for (const attempt of [joined, transacted]) {
      await until(async () => (await refusalOf(() => attempt(administrators))) === 'allowed', 15_000) // a young broker is still loading its groups
    }
  })

  it('has a share of the brokers and no more', async () => {
    const said = await broker.administer({ tool: 'kafka-configs', args: ['--describe', '--entity-type', 'users'] })
    const quota = said.split('\n').find((line) => line.startsWith('Quota configs for the default user-principal'))
    const told = Object.fromEntries((quota?.split(' are ')[1] ?? '').split(', ').map((pair) => pair.split('=')).map(([name, value]) => [name, Number(value)]))
    expect(told).toEqual(memberQuota)
    expect(said).toContain("user-principal 'az-ady' are SCRAM-SHA-512=iterations=4096")
  })
})

describe('nobody else', () => {
  it('may read or write, known to the brokers or not', async () => {
    await expect(openKafkaLog({ ...asUser('stranger'), topic: events })).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' })
    const producer = new Kafka({ ...asUser('stranger'), retry: { retries: 0 }, logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    expect(await refusalOf(() => producer.send({ topic: events, messages: [{ value: 'let me in' }] }))).toBe('TOPIC_AUTHORIZATION_FAILED')
    await producer.disconnect()
    const guessing = { ...asUser('az-ady'), sasl: { mechanism: 'scram-sha-512', username: 'az-ady', password: 'a-guess' } as const }
    await expect(openKafkaLog({ ...guessing, topic: events })).rejects.toThrow('Authentication failed')
  })

  it('comes in without TLS, without a password, or by the door of the brokers', async () => {
    const { ssl, sasl, ...plain } = { ...asUser('az-ady'), topic: events }
    await expect(openKafkaLog({ ...plain, sasl })).rejects.toThrow()
    await expect(openKafkaLog({ ...plain, ssl })).rejects.toThrow()
    const { brokers, ssl: certified } = broker.administrator
    await expect(openKafkaLog({ ...plain, ssl, brokers })).rejects.toThrow()
    await (await openKafkaLog({ ...plain, ssl: certified, brokers })).close()
  })

  it('is taken for the brokers by a node whose authority did not vouch for them', async () => {
    await expect(openKafkaLog({ ...asUser('az-ady'), ssl: true, topic: events })).rejects.toThrow('unable to verify the first certificate')
  })
})

function asUser(user: User) {
  return {
    brokers: [...broker.brokers],
    clientId: user,
    ssl: { ca: [broker.ca] },
    sasl: { mechanism: 'scram-sha-512', username: user, password: passwords[user] } as const,
  }
}

async function altered(admin: Admin, name: string, value: string): Promise<void> {
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: events, configEntries: [{ name, value }] }] })
}

function everythingTo(principal: string) {
  return {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: events,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal,
    host: '*',
    operation: AclOperationTypes.ALL,
    permissionType: AclPermissionTypes.ALLOW,
  }
}

/** Until it is in, or refused. */
async function joined(kafka: Kafka): Promise<void> {
  const consumer = kafka.consumer({ groupId: 'of-its-own', retry: { retries: 1, restartOnFailure: () => Promise.resolve(false) } })
  const isIn = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  const isOut = new Promise<never>((_resolve, reject) => consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error)))
  await consumer.connect()
  await consumer.subscribe({ topics: [events] })
  try {
    await consumer.run({ eachMessage: () => Promise.resolve() })
    await Promise.race([isIn, isOut])
  } finally {
    await consumer.disconnect()
  }
}

async function transacted(kafka: Kafka): Promise<void> {
  const producer = kafka.producer({ transactionalId: 'of-its-own', idempotent: true, maxInFlightRequests: 1 })
  try {
    await producer.connect()
    await (await producer.transaction()).abort()
  } finally {
    await producer.disconnect()
  }
}

/** Kafka's name for why not; several errors at once are one kafkajs wraps. */
async function refusalOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt()
    return 'allowed'
  } catch (error) {
    return typeIn(error) ?? String(error)
  }
}

function typeIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'KafkaJSGroupCoordinatorNotFound') return 'no coordinator'
  // Fields of kafkajs's errors: those of deleting records are a list under each partition.
  const { type, cause, errors = [], partitions = [] } = error as Error & {
    readonly type?: string
    readonly errors?: readonly unknown[]
    readonly partitions?: readonly { readonly error: unknown }[]
  }
  return type ?? [cause, ...errors, ...partitions.map((partition) => partition.error)].map(typeIn).find((found) => found !== undefined)
}
