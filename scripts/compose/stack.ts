import type { Corridor } from '../../corridors/load.js'
import { serverPorts, writtenBase } from '../../corridors/ports.js'
import { databaseNameOf } from '../launcher/node-databases.js'
import { planNodes, type NodePlan } from '../process-config.js'
import type { Settings } from '../settings.js'

/** What docker-compose.yml starts, and what its secrets are made for. */
export interface Stack {
  readonly corridor: Corridor
  readonly nodes: readonly (NodePlan & { readonly database: string })[]
  readonly topics: { readonly events: string; readonly particulars: string }
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly ports: typeof brokerPorts }[]
}

/** The images, each at the version that the tests run. */
export const images = { kafka: 'apache/kafka:4.1.1', postgres: 'postgres:18.4', node: 'node:22.20.0-alpine3.22' } as const

/** Three brokers, so that the loss of any one neither loses a record nor stops the corridor (architecture 4). */
export const replication = { factor: 3, minIsr: 2 } as const
export const brokerPorts = { client: 9092, controller: 9093, internal: 9094 } as const

/** Names of users and hosts that are no participant's. */
export const names = { administrator: 'administrator', founder: 'corridor-authority', identity: 'identity', postgres: 'postgres' } as const

/** Where the containers find things; the left side is `secretsFolder` of the checkout. */
export const inside = {
  ca: '/run/karvan/ca.pem',
  /** Mounted into a broker: its certificate and settings. */
  broker: '/run/karvan',
  /** Mounted into the container that gives users their rights. */
  access: '/run/karvan',
  brokerLog: '/var/lib/kafka/data/log',
  data: '/karvan/data',
  keys: '/karvan/keys',
} as const

/** Everything secret, and the authority's own data; never committed. KARVAN_SECRETS puts it elsewhere. */
export const secretsFolder = 'compose-data'

export function stackOf(corridor: Corridor, settings: Settings): Stack {
  const apart = { ...settings, portBase: writtenBase, isApart: true }
  return {
    corridor,
    nodes: planNodes(corridor, apart).map((plan) => ({ ...plan, database: databaseNameOf(plan.participant, writtenBase) })),
    topics: { events: `${corridor.name}.${corridor.epoch}.events`, particulars: `${corridor.name}.${corridor.epoch}.particulars` },
    brokers: Array.from({ length: replication.factor }, (_, index) => ({ nodeId: index + 1, host: `kafka-${index + 1}`, ports: brokerPorts })),
  }
}

/** As KAFKA_BROKERS has it. */
export function brokersOf({ brokers }: Stack): readonly string[] {
  return brokers.map(({ host, ports }) => `${host}:${ports.client}`)
}

/** The address that tokens are issued under. */
export const issuer = `http://${names.identity}:${serverPorts.identity}`
