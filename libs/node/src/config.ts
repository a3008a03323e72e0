import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { codeOf } from '#libs/exchange'
import type { LogAddress } from '#libs/log'
import { ConfigReading } from './config-reading.js'
import type { NodeRole } from './profile.js'

export interface CorridorConfig {
  readonly name: string
  /** Event id of the founding statement: what every node pins. */
  readonly id: string
  readonly topic: string
  readonly particularsTopic: string
  readonly epoch: number
}

export interface NodeConfig {
  readonly participant: string
  readonly host: string
  readonly port: number
  readonly opsHost: string
  readonly opsPort: number
  /** Where others reach it: its address in the register. */
  readonly url: string
  readonly databaseUrl: string
  /** With it the node migrates its database at start and can rebuild. */
  readonly databaseOwnerUrl?: string
  readonly databaseConnections: number
  readonly keyFile: string
  /** Of one person or, without a token, one address. */
  readonly requestsPerMinute: number
  /** Addresses or ranges of proxies that are believed when they say (X-Forwarded-For) whose request they pass on; of nobody else is it heard. */
  readonly trustedProxies: readonly string[]
}

export interface ProcessConfig {
  readonly corridor: CorridorConfig
  readonly log: LogAddress
  readonly oidcIssuer: string
  readonly nodes: readonly NodeConfig[]
}

export type ConfigOutcome = { readonly ok: true; readonly config: ProcessConfig } | { readonly ok: false; readonly problems: readonly string[] }

/** One node told by its environment, where no file is: variable → member of the file. Numbers are written in digits, brokers and proxies with commas between. */
export const variables = {
  KARVAN_CORRIDOR_NAME: 'corridor.name',
  KARVAN_CORRIDOR_ID: 'corridor.id',
  KARVAN_TOPIC: 'corridor.topic',
  KARVAN_PARTICULARS_TOPIC: 'corridor.particularsTopic',
  KARVAN_EPOCH: 'corridor.epoch',
  LOG_DATABASE_URL: 'logDatabaseUrl',
  KAFKA_BROKERS: 'brokers',
  KAFKA_REPLICATION_FACTOR: 'kafka.replicationFactor',
  KAFKA_MIN_ISR: 'kafka.minIsr',
  KAFKA_SSL: 'kafka.ssl',
  KAFKA_SASL_MECHANISM: 'kafka.sasl.mechanism',
  KAFKA_SASL_USERNAME: 'kafka.sasl.username',
  KAFKA_SASL_PASSWORD: 'kafka.sasl.password',
  OIDC_ISSUER: 'oidcIssuer',
  KARVAN_PARTICIPANT: 'nodes.participant',
  KARVAN_HOST: 'nodes.host',
  KARVAN_PORT: 'nodes.port',
  KARVAN_OPS_HOST: 'nodes.opsHost',
  KARVAN_OPS_PORT: 'nodes.opsPort',
  KARVAN_URL: 'nodes.url',
  KARVAN_DATABASE_URL: 'nodes.databaseUrl',
  KARVAN_DATABASE_OWNER_URL: 'nodes.databaseOwnerUrl',
  KARVAN_DATABASE_CONNECTIONS: 'nodes.databaseConnections',
  KARVAN_KEY_FILE: 'nodes.keyFile',
  KARVAN_REQUESTS_PER_MINUTE: 'nodes.requestsPerMinute',
  KARVAN_TRUSTED_PROXIES: 'nodes.trustedProxies',
} as const

/**
 * What a process of nodes is told: the JSON file that KARVAN_CONFIG names, or the variables above for a single node. Every problem is reported at once;
 * none repeats a value, for some are secret.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, role: NodeRole): ConfigOutcome {
  const told = env['KARVAN_CONFIG'] === undefined ? { value: toldBy(env, role) } : readJson(env['KARVAN_CONFIG'])
  if ('problem' in told) return { ok: false, problems: [told.problem] }
  const problems: string[] = []
  const nameOf = env['KARVAN_CONFIG'] === undefined ? variableOf : (member: string) => member
  const config = processConfig(new ConfigReading(told.value, '', (member, sentence) => void problems.push(`${nameOf(member)} ${sentence}`)), role)
  for (const [what, values] of [
    ['participant', config.nodes.map(({ participant }) => participant)],
    ['port', config.nodes.flatMap(({ port, opsPort }) => [port, opsPort])],
  ] as const) {
    const twice = values.filter((value, index) => value !== '' && value !== 0 && values.indexOf(value as never) !== index) // one of the two lists
    if (twice.length > 0) problems.push(`nodes must not have the same ${what} twice: ${[...new Set(twice)].join(', ')}`)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config }
}

function processConfig(top: ConfigReading, role: NodeRole): ProcessConfig {
  const corridor = top.at('corridor')
  const nodes = top.list('nodes')
  return {
    corridor: {
      name: corridor.text('name', /^[a-z][a-z0-9-]{0,62}$/, 'a name in small letters'),
      id: corridor.text('id', /^[A-Za-z0-9_-]{43}$/, 'the event id of the founding statement, 43 characters'),
      topic: corridor.text('topic', topicName, 'a topic'),
      particularsTopic: corridor.text('particularsTopic', topicName, 'a topic'),
      epoch: corridor.integer('epoch', 1, 9_999),
    },
    log: top.at('logDatabaseUrl').isThere ? postgresLog(top) : kafkaLog(top),
    oidcIssuer: top.url('oidcIssuer', ['http:', 'https:']),
    nodes: nodes.map((node) => nodeConfig(node, role)),
  }
}

/** Two logs would be two histories, so one must be meant. */
function postgresLog(top: ConfigReading): LogAddress {
  if (top.at('brokers').isThere) top.refuse('brokers', 'must not be given beside the address of a log on PostgreSQL')
  return { kind: 'postgres', databaseUrl: top.url('logDatabaseUrl', ['postgres:', 'postgresql:']) }
}

function kafkaLog(top: ConfigReading): LogAddress {
  const kafka = top.at('kafka')
  const sasl = kafka.at('sasl')
  return {
    kind: 'kafka',
    brokers: top.texts('brokers', (broker) => /^[^\s:]+:[0-9]{1,5}$/.test(broker), 'addresses host:port'),
    replicationFactor: kafka.integer('replicationFactor', 1, 9, 1),
    minIsr: kafka.integer('minIsr', 1, 9, 1),
    ssl: kafka.flag('ssl'),
    ...(sasl.isThere && {
      sasl: {
        mechanism: sasl.text('mechanism', /^(?:plain|scram-sha-256|scram-sha-512)$/, 'plain, scram-sha-256 or scram-sha-512') as 'plain',
        username: sasl.text('username'),
        password: sasl.text('password'),
      },
    }), // one of the three
  }
}

function nodeConfig(node: ConfigReading, role: NodeRole): NodeConfig {
  node.text('role', new RegExp(`^${role}$`), `${role}: this is the ${role} app`)
  const owner = node.at('databaseOwnerUrl')
  return {
    participant: node.text('participant', /^[a-z][a-z0-9-]{1,62}$/, 'the id of a participant'),
    host: node.text('host', /^\S+$/, 'an address to listen at', '127.0.0.1'),
    port: node.integer('port', 1, 65_535),
    opsHost: node.text('opsHost', /^\S+$/, 'an address to listen at', '127.0.0.1'),
    opsPort: node.integer('opsPort', 1, 65_535),
    url: node.url('url', ['http:', 'https:']),
    databaseUrl: node.url('databaseUrl', ['postgres:', 'postgresql:']),
    ...(owner.isThere && { databaseOwnerUrl: node.url('databaseOwnerUrl', ['postgres:', 'postgresql:']) }),
    databaseConnections: node.integer('databaseConnections', 2, 100, 6),
    keyFile: node.text('keyFile'),
    requestsPerMinute: node.integer('requestsPerMinute', 1, 10_000_000, 30_000),
    trustedProxies: node.at('trustedProxies').isThere ? node.texts('trustedProxies', isAddressRange, 'addresses or ranges, such as 10.0.0.7 or 10.0.0.0/24') : [],
  }
}

/** An IPv4 or IPv6 address, or a range of them as CIDR; not the whole internet, which would let anybody be anybody. */
function isAddressRange(text: string): boolean {
  const [address = '', prefix, more] = text.split('/')
  const family = isIP(address)
  return family !== 0 && more === undefined && (prefix === undefined || (/^[1-9][0-9]{0,2}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)))
}

const topicName = /^[A-Za-z0-9._-]{1,249}$/

function readJson(file: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(readFileSync(file, 'utf8')) as unknown }
  } catch (error) {
    return { problem: `KARVAN_CONFIG: ${file} cannot be read (${codeOf(error) ?? 'not JSON'})` } // the parser's message would quote the text
  }
}

/** How a member of the file is called where there is none. */
function variableOf(member: string): string {
  const told = member.replace('nodes[0]', 'nodes')
  return Object.entries(variables).find(([, name]) => name === told)?.[0] ?? member
}

const lists: readonly string[] = [variables.KAFKA_BROKERS, variables.KARVAN_TRUSTED_PROXIES]

/** The variables as the file would have them. */
function toldBy(env: Readonly<Record<string, string | undefined>>, role: NodeRole): unknown {
  const node: Record<string, unknown> = { role }
  const file: Record<string, unknown> = { nodes: [node] }
  for (const [variable, member] of Object.entries(variables)) {
    const value = env[variable]
    if (value === undefined) continue
    const path = member.split('.')
    const last = path.pop() ?? ''
    let place = file
    for (const name of path) place = name === 'nodes' ? node : ((place[name] ??= {}) as Record<string, unknown>) // made here
    place[last] = lists.includes(member) ? value.split(',') : value
  }
  return file
}
