import { readFileSync } from 'node:fs'
import type { LogAddress, PostgresAddress } from '#libs/log'
import type { CorridorFile } from './corridor-file.js'
import { configFileOf, writeConfig } from './process-config.js'
import { portsOf, type Settings } from './settings.js'

/** The Kafka of this run: an existing one, or the one that the launcher starts. */
export function kafkaOf(settings: Settings): LogAddress {
  return { kind: 'kafka', ...settings.kafka, brokers: settings.brokers ?? [`127.0.0.1:${portsOf(settings).kafka}`] }
}

/** Where the log of a corridor is that was founded here. */
export function logAddressOf({ dataDir, brokers, kafka }: Settings, file: CorridorFile): LogAddress {
  if (file.log === 'kafka') return { kind: 'kafka', ...kafka, brokers: brokers ?? file.brokers }
  return JSON.parse(readFileSync(configFileOf(dataDir, 'log'), 'utf8')) as PostgresAddress // written below
}

/** Keeps the address of a log on PostgreSQL for other commands; it holds passwords, which change with every start. */
export function keepLogAddress(dataDir: string, address: PostgresAddress): void {
  writeConfig(dataDir, 'log', address)
}

/** What corridor.json says of a log, without its passwords. */
export function placeOf(address: LogAddress): Pick<CorridorFile, 'log' | 'brokers' | 'database'> {
  if (address.kind === 'kafka') return { log: 'kafka', brokers: address.brokers }
  const { host, pathname } = new URL(address.databaseUrl)
  return { log: 'postgres', brokers: [], database: `${host}${pathname}` }
}

export function wordsOfPlace({ log, brokers, database = '' }: Pick<CorridorFile, 'log' | 'brokers' | 'database'>): string {
  return log === 'kafka' ? `Kafka at ${brokers.join(', ')}` : `PostgreSQL at ${database}`
}
