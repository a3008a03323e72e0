import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig, variables } from './config.js'

const node = {
  participant: 'uz-uty',
  role: 'rail',
  host: '127.0.0.1',
  port: 4103,
  opsPort: 4203,
  url: 'http://127.0.0.1:4103/',
  databaseUrl: 'postgres://uz_uty:hunter2@127.0.0.1/uz_uty',
  keyFile: 'keys/uz-uty.json',
}
const file = {
  corridor: { name: 'small', id: 'c'.repeat(43), topic: 'small.1.events', particularsTopic: 'small.1.particulars', epoch: 1 },
  brokers: ['127.0.0.1:9092'],
  oidcIssuer: 'http://127.0.0.1:4100',
  nodes: [node],
}

function read(content: unknown, role: Parameters<typeof readConfig>[1] = 'rail') {
  const folder = mkdtempSync(join(tmpdir(), 'karvan-config-'))
  try {
    const path = join(folder, 'rail.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return readConfig({ KARVAN_CONFIG: path }, role)
  } finally {
    rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 })
  }
}

describe('the configuration of a process', () => {
  it('is one file for several nodes, with what most nodes need left out', () => {
    const outcome = read({
      ...file,
      nodes: [node, { ...node, participant: 'tm-tdy', port: 4104, opsPort: 4204, databaseOwnerUrl: 'postgres://owner:secret@127.0.0.1/tm' }],
    })
    expect(outcome).toMatchObject({
      ok: true,
      config: {
        log: { kind: 'kafka', brokers: ['127.0.0.1:9092'], replicationFactor: 1, minIsr: 1, ssl: false },
        nodes: [
          { participant: 'uz-uty', url: 'http://127.0.0.1:4103', opsHost: '127.0.0.1', databaseConnections: 6, requestsPerMinute: 30_000, trustedProxies: [] },
          { participant: 'tm-tdy', databaseOwnerUrl: 'postgres://owner:secret@127.0.0.1/tm' },
        ],
      },
    })
  })

  it('is the environment for one node', () => {
    const env = {
      KARVAN_CORRIDOR_NAME: 'small',
      KARVAN_CORRIDOR_ID: 'c'.repeat(43),
      KARVAN_TOPIC: 'e',
      KARVAN_PARTICULARS_TOPIC: 'p',
      KARVAN_EPOCH: '1',
      KAFKA_BROKERS: 'a:1,b:2',
      KAFKA_SSL: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'uz-uty',
      KAFKA_SASL_PASSWORD: 'hunter2',
      OIDC_ISSUER: 'https://id.example',
      KARVAN_PARTICIPANT: 'uz-uty',
      KARVAN_HOST: '0.0.0.0',
      KARVAN_PORT: '4103',
      KARVAN_OPS_PORT: '4203',
      KARVAN_URL: 'https://uty.example',
      KARVAN_DATABASE_URL: 'postgres://u:p@db/uty',
      KARVAN_KEY_FILE: '/keys/uty.json',
      KARVAN_TRUSTED_PROXIES: '10.0.0.7,fd00::/8',
    }
    expect(readConfig(env, 'rail')).toMatchObject({
      ok: true,
      config: {
        corridor: { epoch: 1 },
        log: { kind: 'kafka', brokers: ['a:1', 'b:2'], ssl: true, sasl: { mechanism: 'scram-sha-512' } },
        nodes: [{ participant: 'uz-uty', host: '0.0.0.0', port: 4103, opsPort: 4203, trustedProxies: ['10.0.0.7', 'fd00::/8'] }],
      },
    })
  })

  it('names one log, a Kafka or a PostgreSQL that stands in for it', () => {
    const { brokers: _kafka, ...unlogged } = file
    const logDatabaseUrl = 'postgres://member:hunter2@127.0.0.1/log'
    expect(read({ ...unlogged, logDatabaseUrl })).toMatchObject({ ok: true, config: { log: { kind: 'postgres', databaseUrl: logDatabaseUrl } } })
    const outcome = read({ ...file, logDatabaseUrl: 'mysql://member:hunter2@127.0.0.1/log' })
    expect(outcome.ok ? [] : outcome.problems).toEqual([
      'brokers must not be given beside the address of a log on PostgreSQL',
      'logDatabaseUrl must be an address (postgres: or postgresql://…)',
    ])
  })

  it('tells everything that is wrong at once, and no secret', () => {
    const outcome = read({
      corridor: { ...file.corridor, id: 'short', epoch: 0 },
      brokers: ['nowhere'],
      oidcIssuer: 'hunter2',
      kafka: { sasl: { mechanism: 'hunter2' } },
      nodes: [{ ...node, port: 70_000, databaseUrl: 'mysql://u:hunter2@db/x', url: 7 }],
    })
    const problems = outcome.ok ? [] : outcome.problems
    expect(problems.map((sentence) => sentence.split(' ')[0])).toEqual([
      'corridor.id',
      'corridor.epoch',
      'brokers',
      'kafka.sasl.mechanism',
      'kafka.sasl.username',
      'kafka.sasl.password',
      'oidcIssuer',
      'nodes[0].port',
      'nodes[0].url',
      'nodes[0].databaseUrl',
    ])
    expect(problems.join(' ')).not.toContain('hunter2')
  })

  it.each([
    ['no JSON', '{"databaseUrl":"postgres://u:hunter2@db/x"', 'cannot be read (not JSON)'],
    ['no nodes', { ...file, nodes: [] }, 'nodes must be a list'],
    ['a node of another role', { ...file, nodes: [{ ...node, role: 'customs' }] }, 'nodes[0].role must be rail'],
    ['a participant twice', { ...file, nodes: [node, { ...node, port: 1, opsPort: 2 }] }, 'same participant twice: uz-uty'],
    ['a port twice', { ...file, nodes: [node, { ...node, participant: 'tm-tdy', opsPort: 4103 }] }, 'same port twice: 4103'],
    ['nothing at all', 'null', 'corridor.name'],
  ])('refuses %s', (_name, content, sentence) => {
    const outcome = read(content)
    const problems = outcome.ok ? '' : outcome.problems.join('\n')
    expect(problems).toContain(sentence)
    expect(problems).not.toContain('hunter2')
  })

  it.each([['proxy.example'], ['10.0.0.0/33'], ['0.0.0.0/0'], ['::/0'], ['10.0.0.0/255.0.0.0'], ['10.0.0.1/24/8'], ['loopback'], [''], [7]])('believes no proxy by %s', (proxy) => {
    const outcome = read({ ...file, nodes: [{ ...node, trustedProxies: ['10.0.0.7', proxy] }] })
    expect(outcome.ok ? [] : outcome.problems).toEqual(['nodes[0].trustedProxies must be addresses or ranges, such as 10.0.0.7 or 10.0.0.0/24'])
  })

  it('says which file is missing', () => {
    expect(readConfig({ KARVAN_CONFIG: '/nowhere.json' }, 'rail')).toEqual({ ok: false, problems: ['KARVAN_CONFIG: /nowhere.json cannot be read (ENOENT)'] })
  })

  it('reports an environment without anything by the variables that it lacks', () => {
    const outcome = readConfig({}, 'rail')
    const named = (outcome.ok ? [] : outcome.problems).map((sentence) => sentence.split(' ')[0])
    expect(named).toHaveLength(13)
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(named))
  })
})
