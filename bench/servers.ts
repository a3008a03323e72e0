import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBroker } from '../infra/kafka/local-broker.js'
import { startLocalPostgres } from '../infra/postgres/local-postgres.js'
import { createNodeDatabase, type NodeDatabase } from '../infra/postgres/node-database.js'

/** Kafka and PostgreSQL of the bench's own, as the launcher starts them, on free ports and in a temporary folder. */
export interface BenchServers {
  readonly brokers: readonly string[]
  database(name: string): Promise<NodeDatabase>
  /** Ends both and removes what they wrote. */
  stop(): Promise<void>
}

export async function startServers(): Promise<BenchServers> {
  const folder = mkdtempSync(join(tmpdir(), 'karvan-bench-'))
  chmodSync(folder, 0o711) // PostgreSQL runs under an account of its own where we are root
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const [port, controllerPort, postgresPort] = [await freePort(), await freePort(), await freePort()]
  const starting = await Promise.allSettled([startBroker({ dataDir: join(folder, 'kafka'), port, controllerPort }), startLocalPostgres({ folder: join(folder, 'postgres'), port: postgresPort })])
  const [broker, postgres] = starting
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= Promise.all(starting.map((started) => (started.status === 'fulfilled' ? started.value.stop() : undefined))).then(remove))
  if (broker.status === 'fulfilled' && postgres.status === 'fulfilled') {
    const { adminUrl } = postgres.value
    return { brokers: broker.value.brokers, database: (name) => createNodeDatabase(adminUrl, name), stop }
  }
  await stop()
  throw starting.find((started) => started.status === 'rejected')?.reason
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo // listening on TCP, so never a string
  await new Promise((resolve) => server.close(resolve))
  return port
}
