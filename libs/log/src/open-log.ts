import type { Log } from '#libs/exchange'
import { openKafkaLog, type FetchesInCommon, type KafkaLogOptions } from '#libs/log-kafka'
import { openPostgresLog } from '#libs/log-postgres'

/** Where a corridor's log is: on a Kafka, or on a PostgreSQL that stands in for one. */
export type LogAddress = KafkaAddress | PostgresAddress

export interface KafkaAddress {
  readonly kind: 'kafka'
  readonly brokers: readonly string[]
  readonly replicationFactor?: number
  readonly minIsr?: number
  readonly ssl?: boolean
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
}

export interface PostgresAddress {
  readonly kind: 'postgres'
  /** Of the role that members use. */
  readonly databaseUrl: string
  /** Of the role that may make topics. */
  readonly ownerUrl?: string
}

export interface LogOptions {
  readonly topic: string
  /** Events are kept for ever, particulars for 30 days (architecture 9). */
  readonly kind: 'events' | 'particulars'
  readonly clientId: string
  /** Make the topic if it is not there. */
  readonly create?: boolean
  /** Of all nodes of this process, where there are several; a log on PostgreSQL has no use for it. */
  readonly fetches?: FetchesInCommon
  readonly logger?: (level: 'error' | 'warn' | 'info', message: string) => void
}

const particularsMs = 30 * 86_400_000

/** Opens a topic of the log. The one place that knows which kinds of log there are. Throws what the log throws: LogError, or what a connection failed of. */
export function openLog(address: LogAddress, options: LogOptions): Promise<Log> {
  const { topic, kind, clientId, create = false, fetches, logger } = options
  const common = { topic, ...(kind === 'particulars' && { retentionMs: particularsMs }), ...(logger && { logger }) }
  if (address.kind === 'postgres') {
    const { databaseUrl, ownerUrl } = address
    return openPostgresLog({ ...common, databaseUrl, ...(create && ownerUrl !== undefined && { ownerUrl }) })
  }
  const { kind: _kafka, ssl, sasl, ...rest } = address
  const secured = { ...(ssl === true && { ssl }), ...(sasl && { sasl: sasl as NonNullable<KafkaLogOptions['sasl']> }) } // kafkajs has a type for each mechanism
  return openKafkaLog({ ...common, ...rest, ...secured, clientId, create, ...(fetches && { fetches }) })
}
