import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, freshDatabase, until } from '#libs/testing'
import { startSecuredBroker, type LocalSecuredBroker } from '../../infra/kafka/secured-broker.js'
import type { NodeDatabase } from '../../infra/postgres/node-database.js'
import type { CorridorFile } from '../../scripts/corridor-file.js'
import type { ShownKeys } from '../../scripts/register/shown-keys.js'
import { compileCheckout, releaseIn, type Release } from './release.js'
import type { Ended } from './running-corridor.js'

/** docs/operating.md by hand: an authority with nothing but its folder, one organisation with nothing but what it is told, the brokers of a third. */
describe('organisations of which none has the data of another', () => {
  const home = mkdtempSync(join(tmpdir(), 'karvan-apart-'))
  const [authorityDir, memberDir, ca] = [join(home, 'authority'), join(home, 'member'), join(home, 'ca.pem')]
  const keyFile = join(home, 'keys', 'uz-rail.json')
  const passwords = { 'corridor-authority': 'founders-password', 'uz-rail': 'members-password' } as const
  let release: Release
  let broker: LocalSecuredBroker
  let database: NodeDatabase
  let file: CorridorFile
  let node: ChildProcess | undefined
  let port: number
  let opsPort: number

  beforeAll(async () => {
    compileCheckout()
    release = releaseIn(join(home, 'release'))
    broker = await startSecuredBroker({ dataDir: join(home, 'kafka'), port: await freePort(), internalPort: await freePort(), controllerPort: await freePort() })
    await broker.letIn({ topics: ['ferghana.1.events', 'ferghana.1.particulars'], founder: 'corridor-authority', members: ['uz-rail'] }, passwords)
    writeFileSync(ca, broker.ca)
    database = await freshDatabase()
    ;[port, opsPort] = [await freePort(), await freePort()]
  }, 300_000)
  afterAll(async () => {
    await stopped()
    await broker?.stop()
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }, 60_000)

  it('are told by the brokers why a corridor cannot be founded', async () => {
    const first = { KARVAN_CORRIDOR: 'ferghana', KAFKA_BROKERS: broker.brokers.join() }
    const asMember = { KAFKA_SASL_USERNAME: 'uz-rail', KAFKA_SASL_PASSWORD: passwords['uz-rail'] }
    expect(await authority(['found'], { ...first, ...asMember })).toMatchObject({ code: 1, stderr: expect.stringMatching(/does not make the topic: .*[Nn]ot authorized/) })
    expect(await authority(['found'], { ...first, KAFKA_REPLICATION_FACTOR: '3' })).toMatchObject({ code: 1, stderr: expect.stringMatching(/does not make the topic: .*[Rr]eplication/) })
  }, 60_000)

  it('have a corridor founded over brokers that let nobody in unasked', async () => {
    const { code, stdout } = await authority(['found'], { KARVAN_CORRIDOR: 'ferghana', KAFKA_BROKERS: broker.brokers.join() })
    file = JSON.parse(readFileSync(join(authorityDir, 'corridor.json'), 'utf8')) as CorridorFile // as just written
    expect([code, stdout]).toEqual([0, `founded: corridor ${file.id}`])
    expect(await authority(['found'])).toMatchObject({ code: 0, stdout: `founded before: corridor ${file.id}; its register is as the data say` })
    expect(await authority(['register-places'])).toMatchObject({ code: 0, stdout: 'register-places: nothing to do, the register says so already' })
    expect(await authority(['register-places'], { KARVAN_CORRIDOR: 'trans-caspian' })).toMatchObject({ code: 1, stderr: expect.stringContaining('belongs to the corridor ferghana') })
  }, 60_000)

  it('are admitted by a file with the proof, and a thumbprint told by another way', async () => {
    start()
    await untilHealth('KEY_NOT_ADMITTED')
    const thumbprint = await shownIn('proof.json')
    const admit = ['admit', 'uz-rail', '--proof', join(home, 'proof.json'), '--thumbprint']
    expect(await authority([...admit, 'A'.repeat(43)])).toMatchObject({ code: 1, stderr: expect.stringContaining(`shows the key ${thumbprint}, not A`) })
    expect(await authority([...admit, thumbprint])).toMatchObject({ code: 0, stdout: expect.stringMatching(/: accepted$/) })
    await untilHealth('ready')
  }, 60_000)

  it('audit and rebuild their own node, with two files and no rights of an owner', async () => {
    const { name, id, topic, particularsTopic, epoch, log, brokers } = file
    const corridor = { name, id, topic, particularsTopic, epoch }
    mkdirSync(join(memberDir, 'config'), { recursive: true })
    writeFileSync(join(memberDir, 'corridor.json'), JSON.stringify({ ...corridor, log, brokers }))
    const own = { participant: 'uz-rail', role: 'rail', host: '127.0.0.1', port, opsPort, url: `http://127.0.0.1:${port}`, databaseUrl: database.runtimeUrl, keyFile }
    writeFileSync(join(memberDir, 'config', 'rail.json'), JSON.stringify({ corridor, brokers, oidcIssuer: 'http://127.0.0.1:9', nodes: [own] }))
    expect(await run('audit', [], 'uz-rail', memberDir)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^uz-rail .* equal$/m) })
    expect(await run('rebuild', ['--node', 'uz-rail'], 'uz-rail', memberDir)).toMatchObject({ code: 0 })
  }, 60_000)

  it('get a new key in place of a lost one', async () => {
    const old = await shownIn('old.json')
    expect(await authority(['retire-key', 'uz-rail', old])).toMatchObject({ code: 0, stdout: expect.stringContaining('uz-rail has no valid key left') })
    await untilHealth('KEY_NOT_ADMITTED')
    await stopped()
    renameSync(keyFile, `${keyFile}.old`)
    start()
    await untilHealth('KEY_NOT_ADMITTED')
    const thumbprint = await shownIn('new.json')
    expect(await authority(['recover', 'uz-rail', '--proof', join(home, 'new.json'), '--thumbprint', thumbprint])).toMatchObject({ code: 0 })
    await untilHealth('ready')
    const row = (await authority(['list'])).stdout.split('\n').find((line) => line.startsWith('uz-rail '))
    expect(row).toContain(`${old} (retired)`)
    expect(row).toMatch(new RegExp(`${thumbprint}(?! \\()`))
  }, 120_000)

  const authority = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => run('authority', args, 'corridor-authority', authorityDir, env)

  function run(name: string, args: readonly string[], user: keyof typeof passwords, dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const child = spawn(process.execPath, [join(release.folder, 'scripts', 'run.mjs'), name, ...args], { env: { ...shellOf(user), KARVAN_DATA: dataDir, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()))
    return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve({ code, stdout: said.stdout.trim(), stderr: said.stderr })))
  }

  function shellOf(user: keyof typeof passwords): NodeJS.ProcessEnv {
    const kafka = { KAFKA_SSL: 'true', KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: user, KAFKA_SASL_PASSWORD: passwords[user], KAFKA_REPLICATION_FACTOR: '1', KAFKA_MIN_ISR: '1' }
    return { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: ca, ...kafka }
  }

  function start(): void {
    const corridor = { KARVAN_CORRIDOR_NAME: file.name, KARVAN_CORRIDOR_ID: file.id, KARVAN_TOPIC: file.topic, KARVAN_PARTICULARS_TOPIC: file.particularsTopic, KARVAN_EPOCH: String(file.epoch) }
    const own = { KARVAN_PARTICIPANT: 'uz-rail', KARVAN_PORT: String(port), KARVAN_OPS_PORT: String(opsPort), KARVAN_URL: `http://127.0.0.1:${port}`, KARVAN_KEY_FILE: keyFile }
    const databases = { KARVAN_DATABASE_URL: database.runtimeUrl, KARVAN_DATABASE_OWNER_URL: database.ownerUrl }
    const env = { ...shellOf('uz-rail'), ...corridor, ...own, ...databases, KAFKA_BROKERS: broker.brokers.join(), OIDC_ISSUER: 'http://127.0.0.1:9' }
    node = spawn(process.execPath, [join(release.folder, 'dist', 'apps', 'rail', 'src', 'main.js')], { env, stdio: 'ignore' })
  }

  async function stopped(): Promise<void> {
    const child = node
    if (!child) return
    child.kill('SIGTERM')
    await until(() => child.exitCode !== null || child.signalCode !== null, 15_000)
    node = undefined
  }

  async function untilHealth(wanted: 'ready' | 'KEY_NOT_ADMITTED'): Promise<void> {
    await until(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
      const health = (await answer?.json()) as { readonly ready: boolean; readonly reason?: string } | undefined // as the node's own schema says
      return wanted === 'ready' ? health?.ready === true : health?.reason === wanted
    }, 30_000)
  }

  /** Keeps what the node shows in a file; answers the thumbprint of the key it signs with. */
  async function shownIn(name: string): Promise<string> {
    const text = await (await fetch(`http://127.0.0.1:${opsPort}/key-proofs`)).text()
    writeFileSync(join(home, name), text)
    const { keys } = JSON.parse(text) as { keys: readonly (ShownKeys['keys'][number] & { readonly thumbprint: string })[] } // of this build
    return keys.find(({ use }) => use === 'signature')?.thumbprint ?? ''
  }
})
