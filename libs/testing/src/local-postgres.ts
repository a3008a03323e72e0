import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalPostgres, startLocalPostgres } from '../../../infra/postgres/local-postgres.js'
import { createNodeDatabase, type NodeDatabase } from '../../../infra/postgres/node-database.js'
import { freePort } from './local-kafka.js'
import { testRun } from './test-run.js'
import { until } from './until.js'

/**
 * Superuser's address of a PostgreSQL for tests: the one KARVAN_TEST_POSTGRES names, else one started for this jest run and shared by its workers and
 * files. It ends when the run ends. Tests keep apart by database, see `freshDatabase`.
 */
export async function sharedPostgres(): Promise<string> {
  const named = process.env['KARVAN_TEST_POSTGRES']
  if (named) return named
  const { pid: run, folder } = testRun('postgres')
  const [address, failure] = [join(folder, 'address'), join(folder, 'failure')]
  if (!isFirst(folder)) {
    await until(() => existsSync(address) || existsSync(failure), 60_000)
    if (existsSync(failure)) throw new Error(readFileSync(failure, 'utf8'))
    return readFileSync(address, 'utf8')
  }
  try {
    const server = await startLocalPostgres({ folder: join(folder, 'data'), port: await freePort(), detached: true })
    endWith(run, server.pid, folder)
    say(address, server.adminUrl)
    return server.adminUrl
  } catch (error) {
    say(failure, String(error))
    throw error
  }
}

/** An empty database on the shared server, with its two roles. */
export async function freshDatabase(adminUrl?: string): Promise<NodeDatabase> {
  return createNodeDatabase(adminUrl ?? (await sharedPostgres()), `test_${randomUUID().replaceAll('-', '').slice(0, 12)}`)
}

/** A server of the test's own, to be killed and started again on the same folder and port. */
export async function privatePostgres(settings: Readonly<Record<string, string>> = {}): Promise<{ current(): LocalPostgres; start(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'karvan-postgres-'))
  chmodSync(folder, 0o711) // where the tests run as root, the server does not
  const port = await freePort()
  const open = async () => {
    const server = await startLocalPostgres({ folder: join(folder, 'data'), port, settings, detached: true })
    endWith(process.pid, server.pid, folder)
    return server
  }
  let server = await open()
  return {
    current: () => server,
    start: async () => {
      server = await open()
    },
  }
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o711 })
    return true
  } catch {
    return false
  }
}

/** Written beside and renamed, so that nobody reads half of it. */
function say(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Jest ends its workers without their exit handlers, so a shell of its own watches the process that the server belongs to, and clears up when it has gone. */
function endWith(owner: number, server: number, folder: string): void {
  const watch = `gone=
    while kill -0 ${owner} 2>/dev/null; do kill -0 ${server} 2>/dev/null || gone=yes; sleep 1; done
    [ $gone ] || kill -INT ${server}
    sleep 1; rm -rf '${folder}'`
  spawn('sh', ['-c', watch], { detached: true, stdio: 'ignore' }).unref()
}
