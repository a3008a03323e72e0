import { scramMechanism } from './broker-properties.js'

/** Who may come to the brokers of a corridor, and for what. */
export interface Access {
  readonly topics: readonly string[]
  /** Makes the topics: the corridor's authority. */
  readonly founder: string
  /** Who have nodes. */
  readonly members: readonly string[]
}

/**
 * What a member's node does with the two topics (architecture 4): reads, appends, asks where they end, and checks their settings, which Kafka calls
 * DescribeConfigs. No right on groups, transactional ids or the cluster: it needs none.
 */
export const memberOperations = ['Read', 'Write', 'Describe', 'DescribeConfigs'] as const

/** It also makes them; what they say afterwards not even the founder may change. */
export const founderOperations = [...memberOperations, 'Create'] as const

/**
 * What each user may take of a broker. A statement has about 5 KB and the whole corridor 3 a second: a member can write some hundreds and read, when it
 * rebuilds, some thousands; half of one broker thread is its own.
 */
export const memberQuota = { producer_byte_rate: 4_194_304, consumer_byte_rate: 33_554_432, request_percentage: 50 } as const

/** A command of Kafka's, without the address of the brokers. */
export interface AdminCommand {
  readonly tool: 'kafka-acls' | 'kafka-configs'
  readonly args: readonly string[]
}

/**
 * The commands by which a cluster comes to know its users. Again is no harm: they say how it shall be.
 * @param credentials file of a user's `credentialsOf`; a password in an argument would be shown to everybody on the machine
 */
export function accessCommands({ topics, founder, members }: Access, credentials: (user: string) => string): readonly AdminCommand[] {
  const quota = Object.entries(memberQuota).map(([name, value]) => `${name}=${value}`)
  return [
    // Of the default user: each has it for itself, also who is made later.
    { tool: 'kafka-configs', args: ['--alter', '--entity-type', 'users', '--entity-default', '--add-config', quota.join()] },
    allow([founder], founderOperations, topics),
    allow(members, memberOperations, topics),
    ...[founder, ...members].map((user) => makeUser(user, credentials(user))),
  ]
}

/** @param file with the user's `credentialsOf` */
export function makeUser(user: string, file: string): AdminCommand {
  return { tool: 'kafka-configs', args: ['--alter', '--entity-type', 'users', '--entity-name', user, '--add-config-file', file] }
}

/** What `--add-config-file` reads: the brokers keep a salted hash of it. */
export function credentialsOf(password: string): string {
  return `${scramMechanism}=password=${password}\n`
}

function allow(users: readonly string[], operations: readonly string[], topics: readonly string[]): AdminCommand {
  const principals = users.flatMap((user) => ['--allow-principal', `User:${user}`])
  const what = [...operations.flatMap((operation) => ['--operation', operation]), ...topics.flatMap((topic) => ['--topic', topic])]
  return { tool: 'kafka-acls', args: ['--add', '--force', ...principals, ...what] }
}

/** What the tools are told by `--command-config`: the administrator comes with a certificate. */
export function adminProperties(tls: { readonly ca: string; readonly certificate: string }): string {
  return `security.protocol=SSL
ssl.keystore.type=PEM
ssl.keystore.location=${tls.certificate}
ssl.truststore.type=PEM
ssl.truststore.location=${tls.ca}
`
}
