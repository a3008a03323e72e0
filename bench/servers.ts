import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from '../infra/kafka/local-broker.js'
import { startLocalPostgres, type LocalPostgres } from '../infra/postgres/local-postgres.js'
import { createNodeDatabase, type NodeDatabase } from '../infra/postgres/node-database.js'

/** PostgreSQL of the bench's own, as the launcher starts it, on a free port and in a temporary folder. */
export interface BenchDatabases {
  readonly postgresPid: number
  database(name: string): Promise<NodeDatabase>
  /** Ends what was started and removes what it wrote. */
  stop(): Promise<void>
}

/** Kafka beside it. */
export interface BenchServers extends BenchDatabases {
  readonly brokers: readonly string[]
  /** Bytes of a topic's records on the broker's disk, indexes and what is kept free ahead apart. */
  logBytes(topic: string): number
}

/** @param settings of the server, on top of the launcher's */
export async function startDatabases(settings: Readonly<Record<string, string>> = {}): Promise<BenchDatabases> {
  const { folder, remove } = ownFolder()
  const postgres = await startLocalPostgres({ folder: join(folder, 'postgres'), port: await freePort(), settings }).catch((error: unknown) => {
    remove()
    throw error
  })
  let stopping: Promise<void> | undefined
  return { ...databasesOf(postgres), stop: () => (stopping ??= postgres.stop().then(remove)) }
}

export async function startServers(): Promise<BenchServers> {
  const { folder, remove } = ownFolder()
  const [port, controllerPort, postgresPort] = [await freePort(), await freePort(), await freePort()]
  const kafkaFolder = join(folder, 'kafka')
  const starting = await Promise.allSettled([startBroker({ dataDir: kafkaFolder, port, controllerPort }), startLocalPostgres({ folder: join(folder, 'postgres'), port: postgresPort })])
  const [broker, postgres] = starting
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= Promise.all(starting.map((started) => (started.status === 'fulfilled' ? started.value.stop() : undefined))).then(remove))
  if (broker.status === 'fulfilled' && postgres.status === 'fulfilled') {
    return { ...databasesOf(postgres.value), brokers: broker.value.brokers, logBytes: (topic) => segmentBytes(join(kafkaFolder, 'log', `${topic}-0`)), stop }
  }
  await stop()
  throw starting.find((started) => started.status === 'rejected')?.reason
}

function databasesOf({ adminUrl, pid }: LocalPostgres): Omit<BenchDatabases, 'stop'> {
  return { postgresPid: pid, database: (name) => createNodeDatabase(adminUrl, name) }
}

function ownFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'karvan-bench-'))
  chmodSync(folder, 0o711) // PostgreSQL runs under an account of its own where we are root
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return { folder, remove }
}

function segmentBytes(folder: string): number {
  return readdirSync(folder).filter((name) => name.endsWith('.log')).reduce((all, name) => all + statSync(join(folder, name)).size, 0)
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo // listening on TCP, so never a string
  await new Promise((resolve) => server.close(resolve))
  return port
}
