import { mkdirSync, renameSync, writeFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Role } from '#libs/consignment'
import type { Corridor } from '../corridors/load.js'
import { Complaint } from './complaint.js'
import type { KafkaAccess } from './kafka-access.js'
import { relocated, type Settings } from './settings.js'

/** What a process of nodes is told, as a file named by KARVAN_CONFIG. */
export interface ProcessConfig {
  readonly corridor: CorridorConfig
  /** Of a log on Kafka; else the members' address of its database. */
  readonly brokers?: readonly string[]
  readonly kafka?: KafkaAccess
  readonly logDatabaseUrl?: string
  readonly oidcIssuer: string
  readonly nodes: readonly NodeConfig[]
}

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
  readonly role: NodeRole
  readonly host: string
  readonly port: number
  /** Where the operations port is, when that is not `host`. */
  readonly opsHost?: string
  readonly opsPort: number
  /** Where others reach its API; also its address in the register. */
  readonly url: string
  /** Address for everything but migrations and rebuilds. */
  readonly databaseUrl: string
  readonly databaseOwnerUrl: string
  readonly keyFile: string
  readonly noticeTimeMs?: number
}

/** Roles that have nodes, one process each; the authority has none: it is a person with a command. */
export type NodeRole = Exclude<Role, 'authority'>
export const nodeRoles = ['forwarder', 'rail', 'sea', 'port', 'customs'] as const satisfies readonly NodeRole[]

/** A node as the corridor's data place it, before it has a database. */
export type NodePlan = Omit<NodeConfig, 'databaseUrl' | 'databaseOwnerUrl' | 'keyFile' | 'noticeTimeMs'> & {
  readonly country: string
  readonly name: string
}

/** Every node of a corridor: one for each participant but the authority. */
export function planNodes(corridor: Corridor, settings: Settings): readonly NodePlan[] {
  return corridor.participants.flatMap(({ participant, roles, country, names, url, port, opsPort }) => {
    const role = nodeRoles.find((candidate) => roles.includes(candidate))
    if (role === undefined) return []
    const [here, ops] = [relocated(port, settings), relocated(opsPort, settings)]
    const name = names[0]?.text ?? participant
    const host = settings.isApart ? participant : corridor.host
    return [{ participant, role, host, port: here, opsPort: ops, url: url?.replace(/\/$/, '') ?? `http://${host}:${here}`, country, name }]
  })
}

/** Where a node's operations port is reached. */
export function opsUrlOf({ host, opsHost = host, opsPort }: Pick<NodeConfig, 'host' | 'opsHost' | 'opsPort'>): string {
  return `http://${opsHost}:${opsPort}`
}

export function configFileOf(dataDir: string, name: string): string {
  return join(dataDir, 'config', `${name}.json`)
}

/** Writes a process's configuration for its owner only: it holds database passwords. */
export function writeConfig(dataDir: string, name: string, config: object): string {
  const file = configFileOf(dataDir, name)
  mkdirSync(join(dataDir, 'config'), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return file
}

/** The configurations of all node processes of a corridor that was started here once. Throws the complaint NOT_FOUNDED. */
export function readNodeConfigs(dataDir: string): readonly ProcessConfig[] {
  const files = nodeRoles.map((role) => configFileOf(dataDir, role)).filter((file) => existsSync(file))
  if (files.length === 0) throw new Complaint('NOT_FOUNDED', `no corridor was started in ${dataDir}; run npm start first.`)
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as ProcessConfig) // written by this file
}
