import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverPorts, writtenBase } from '../corridors/ports.js'
import { Complaint } from './complaint.js'
import { readKafkaAccess, type KafkaAccess } from './kafka-access.js'

/** What the environment decides for every command; two corridors run beside each other by KARVAN_DATA and KARVAN_PORT_BASE. */
export interface Settings {
  /** The checkout, also when this runs compiled from dist/. */
  readonly root: string
  /** KARVAN_DATA: everything a corridor keeps on this machine. */
  readonly dataDir: string
  /** KARVAN_PORT_BASE, or the one this data folder was last started with: every port is this plus a fixed number. */
  readonly portBase: number
  /** KARVAN_CORRIDOR: a folder of corridors/, or the path of any other; without it the one this data folder was last started with. */
  readonly corridorDir: string
  /** KAFKA_BROKERS: an existing Kafka instead of our own. */
  readonly brokers: readonly string[] | undefined
  /** KAFKA_SSL, KAFKA_SASL_…, KAFKA_REPLICATION_FACTOR, KAFKA_MIN_ISR: how it is entered, and what it must keep of the log. */
  readonly kafka: KafkaAccess
  /** DATABASE_URL: a superuser's address of an existing PostgreSQL, in which each node gets a database. */
  readonly databaseUrl: string | undefined
  /** KARVAN_TOPIC: name of the log's topics before `.events` and `.particulars`, where `<corridor>.<epoch>` is taken. */
  readonly topicStem: string | undefined
  /** OIDC_ISSUER: an existing identity provider. */
  readonly oidcIssuer: string | undefined
  /** KARVAN_HOSTS=apart: every node, and the identity provider, on a host of its own name instead of all on one. */
  readonly isApart: boolean
}

/** Reads the environment once; every problem is in the one complaint. */
export function readSettings(env: NodeJS.ProcessEnv, root = rootFolder()): Settings {
  const problems: string[] = []
  const dataDir = resolve(env['KARVAN_DATA'] ?? join(root, 'data'))
  const remembered = readMarker(dataDir)
  const portBase = Number(env['KARVAN_PORT_BASE'] ?? remembered.portBase ?? writtenBase)
  if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_000) problems.push('KARVAN_PORT_BASE is a number from 1024 to 65000')
  const corridorDir = resolve(root, 'corridors', env['KARVAN_CORRIDOR'] ?? remembered.corridor ?? 'trans-caspian')
  if (!existsSync(join(corridorDir, 'corridor.json'))) problems.push(`KARVAN_CORRIDOR names a folder of corridors/: there is no ${corridorDir}`)
  const brokers = env['KAFKA_BROKERS']?.split(',').map((broker) => broker.trim())
  if (brokers?.some((broker) => !/^[^\s:]+:\d{1,5}$/.test(broker))) problems.push('KAFKA_BROKERS is a list host:port,host:port')
  const databaseUrl = env['DATABASE_URL']
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) problems.push('DATABASE_URL is postgres://user:password@host:port/database')
  const oidcIssuer = env['OIDC_ISSUER']
  if (oidcIssuer !== undefined && !/^https?:\/\/./.test(oidcIssuer)) problems.push('OIDC_ISSUER is an http or https address')
  const topicStem = env['KARVAN_TOPIC']
  if (topicStem !== undefined && !/^[a-z][a-z0-9.-]{0,99}$/.test(topicStem)) problems.push('KARVAN_TOPIC has lower-case letters, digits, dots and hyphens')
  const kafka = readKafkaAccess(env, problems)
  const hosts = env['KARVAN_HOSTS'] ?? 'together'
  if (hosts !== 'together' && hosts !== 'apart') problems.push('KARVAN_HOSTS is together or apart')
  if (problems.length > 0) throw new Complaint('SETTINGS', `${problems.join('; ')}.`)
  return { root, dataDir, portBase, corridorDir, brokers, kafka, databaseUrl, topicStem, oidcIssuer, isApart: hosts === 'apart' }
}

export interface Ports {
  readonly kafka: number
  readonly kafkaController: number
  readonly postgres: number
  readonly identity: number
}

/** Ports of the servers every corridor has. */
export function portsOf(settings: Settings): Ports {
  const { kafka, kafkaController, postgres, identity } = serverPorts
  return { kafka: relocated(kafka, settings), kafkaController: relocated(kafkaController, settings), postgres: relocated(postgres, settings), identity: relocated(identity, settings) }
}

/** Where a port written in the corridor's data files lies in this run: 4101 is base + 101. */
export function relocated(port: number, { portBase }: Settings): number {
  return port - writtenBase + portBase
}

/** Address of the identity provider that this corridor trusts. */
export function issuerOf(settings: Settings): string {
  return settings.oidcIssuer ?? `http://${settings.isApart ? 'identity' : '127.0.0.1'}:${portsOf(settings).identity}`
}

/** The file by which a data folder is known as ours, and by which its port base and its corridor are remembered. */
export const dataFolderMarker = '.karvan-data.json'

function readMarker(dataDir: string): { readonly portBase?: number; readonly corridor?: string } {
  const file = join(dataDir, dataFolderMarker)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { portBase?: number; corridor?: string }) : {} // written by the launcher
}

function rootFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!isRoot(folder)) {
    const above = dirname(folder)
    if (above === folder) throw new Error('package.json of karvan is nowhere above this program')
    folder = above
  }
  return folder
}

function isRoot(folder: string): boolean {
  const file = join(folder, 'package.json')
  return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'karvan'
}
