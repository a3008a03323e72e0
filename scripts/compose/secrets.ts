import { randomBytes } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventIdOf } from '#libs/signature'
import { openPasswords } from '../../infra/identity/secrets.js'
import type { IdentityConfig } from '../../infra/identity/server.js'
import { accessCommands, adminProperties, credentialsOf } from '../../infra/kafka/access.js'
import { securedProperties } from '../../infra/kafka/broker-properties.js'
import { issueCertificate, makeCertificateAuthority } from '../../infra/kafka/certificates.js'
import { serverPorts } from '../../corridors/ports.js'
import { openDataFolder } from '../launcher/data-folder.js'
import { nodeRoles, writeConfig, type NodeConfig, type ProcessConfig } from '../process-config.js'
import { preparedFounding } from '../register/founding.js'
import { brokerPorts, brokersOf, inside, issuer, names, type Stack } from './stack.js'

/** Every password of a stack; made once, and for who joins later. */
export interface Passwords {
  readonly clusterId: string
  readonly postgres: string
  readonly kafka: Readonly<Record<string, string>>
  readonly databases: Readonly<Record<string, { readonly owner: string; readonly runtime: string }>>
}

/**
 * Writes what docker-compose.yml mounts and reads: passwords, certificates, the authority's keys and the founding statement, whose id every node pins.
 * What is there stays. The folder is its owner's alone; in it, what another account reads in a container is readable by all.
 */
export function writeSecrets(folder: string, stack: Stack): void {
  openDataFolder(folder)
  chmodSync(folder, 0o700)
  const passwords = keptPasswords(folder, stack)
  const { corridor, topics } = stack
  const founding = preparedFounding(folder, { name: corridor.name, epoch: corridor.epoch, topic: topics.events })
  const id = eventIdOf(founding.slice(0, founding.lastIndexOf('.')))
  const about = { name: corridor.name, id, topic: topics.events, particularsTopic: topics.particulars, epoch: corridor.epoch }
  writeBrokers(folder, stack, passwords)
  writeAccess(folder, stack, passwords)
  writeEnvironments(folder, stack, passwords, id)
  writeConfigs(folder, stack, passwords, about)
}

export function readPasswords(folder: string): Passwords {
  return JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Passwords // written below
}

function keptPasswords(folder: string, { nodes }: Stack): Passwords {
  const known = existsSync(join(folder, 'passwords.json')) ? readPasswords(folder) : undefined
  const users = [names.founder, ...nodes.map(({ participant }) => participant)]
  const passwords: Passwords = {
    clusterId: known?.clusterId ?? randomBytes(16).toString('base64url'),
    postgres: known?.postgres ?? madeUp(),
    kafka: Object.fromEntries(users.map((user) => [user, known?.kafka[user] ?? madeUp()])),
    databases: Object.fromEntries(nodes.map(({ participant }) => [participant, known?.databases[participant] ?? { owner: madeUp(), runtime: madeUp() }])),
  }
  write(folder, 'passwords.json', `${JSON.stringify(passwords, null, 2)}\n`, 0o600)
  return passwords
}

const madeUp = (): string => randomBytes(24).toString('base64url')

function writeBrokers(folder: string, { brokers }: Stack, { clusterId }: Passwords): void {
  const authority = join(folder, 'certificate-authority')
  makeCertificateAuthority(authority, 'karvan-kafka')
  const superUsers = [...brokers.map(({ host }) => host), names.administrator]
  for (const { nodeId, host } of brokers) {
    mkdirSync(join(folder, host), { recursive: true, mode: 0o755 })
    issueCertificate(authority, join(folder, host, 'broker.pem'), host, [host])
    chmodSync(join(folder, host, 'broker.pem'), 0o644)
    copyFileSync(join(authority, 'ca.pem'), join(folder, host, 'ca.pem'))
    write(folder, `${host}/cluster-id`, clusterId)
    const properties = securedProperties({ nodeId, cluster: brokers, bindHost: '', logDir: inside.brokerLog, tlsDir: inside.broker, superUsers })
    write(folder, `${host}/server.properties`, properties)
  }
  mkdirSync(join(folder, 'tls'), { recursive: true, mode: 0o755 })
  copyFileSync(join(authority, 'ca.pem'), join(folder, 'tls', 'ca.pem'))
}

function writeAccess(folder: string, { brokers, nodes, topics }: Stack, { kafka }: Passwords): void {
  const own = 'kafka-access'
  mkdirSync(join(folder, own), { recursive: true, mode: 0o755 })
  copyFileSync(join(folder, 'tls', 'ca.pem'), join(folder, own, 'ca.pem'))
  issueCertificate(join(folder, 'certificate-authority'), join(folder, own, 'administrator.pem'), names.administrator)
  chmodSync(join(folder, own, 'administrator.pem'), 0o644)
  write(folder, `${own}/administrator.properties`, adminProperties({ ca: `${inside.access}/ca.pem`, certificate: `${inside.access}/administrator.pem` }))
  for (const [user, password] of Object.entries(kafka)) write(folder, `${own}/${user}.credentials`, credentialsOf(password))
  const access = { topics: [topics.events, topics.particulars], founder: names.founder, members: nodes.map(({ participant }) => participant) }
  const address = brokers.map(({ host }) => `${host}:${brokerPorts.internal}`).join()
  const lines = accessCommands(access, (user) => `${inside.access}/${user}.credentials`).map(({ tool, args }) =>
    [`/opt/kafka/bin/${tool}.sh`, '--bootstrap-server', address, '--command-config', `${inside.access}/administrator.properties`, ...args].join(' '),
  )
  // Each is a JVM of its own that mostly waits.
  write(folder, `${own}/access.sh`, `xargs -P 4 -I LINE bash -c LINE <<'END'\n${lines.join('\n')}\nEND\n`)
}

function writeEnvironments(folder: string, { nodes }: Stack, { kafka, databases, postgres }: Passwords, id: string): void {
  mkdirSync(join(folder, 'nodes'), { recursive: true, mode: 0o700 })
  write(folder, 'postgres.env', environment({ POSTGRES_PASSWORD: postgres }), 0o600)
  const admin = databaseUrl('postgres', postgres, 'postgres')
  write(folder, 'authority.env', environment({ KAFKA_SASL_PASSWORD: kafka[names.founder] ?? '', DATABASE_URL: admin }), 0o600)
  for (const { participant, database } of nodes) {
    const { owner = '', runtime = '' } = databases[participant] ?? {}
    const told = {
      KARVAN_CORRIDOR_ID: id,
      KAFKA_SASL_PASSWORD: kafka[participant] ?? '',
      KARVAN_DATABASE_URL: databaseUrl(`${database}_node`, runtime, database),
      KARVAN_DATABASE_OWNER_URL: databaseUrl(`${database}_owner`, owner, database),
    }
    write(folder, `nodes/${participant}.env`, environment(told), 0o600)
  }
}

/** For the commands that look at a whole corridor, and for the identity provider. */
function writeConfigs(folder: string, stack: Stack, { databases }: Passwords, corridor: ProcessConfig['corridor']): void {
  const nodes = stack.nodes.map(({ country: _country, name: _name, database, ...node }): NodeConfig => ({
    ...node,
    databaseUrl: databaseUrl(`${database}_node`, databases[node.participant]?.runtime ?? '', database),
    databaseOwnerUrl: databaseUrl(`${database}_owner`, databases[node.participant]?.owner ?? '', database),
    keyFile: `${inside.keys}/${node.participant}.json`,
  }))
  for (const role of nodeRoles) {
    const own = nodes.filter((node) => node.role === role)
    if (own.length > 0) writeConfig(folder, role, { corridor, brokers: brokersOf(stack), oidcIssuer: issuer, nodes: own } satisfies ProcessConfig)
  }
  const users = stack.corridor.users.map(({ user, organisation, scopes }) => ({ user, organisation, scopes })) as IdentityConfig['users'] // our own data files
  // A browser reaches a node at its port on this machine, another node by its name.
  const origins = stack.nodes.flatMap(({ url, port }) => [url, `http://127.0.0.1:${port}`])
  openPasswords(join(folder, 'identity'), users.map(({ user }) => user))
  writeConfig(folder, 'identity', {
    issuer,
    host: '0.0.0.0',
    port: serverPorts.identity,
    secretsDir: `${inside.data}/identity`,
    users,
    web: { redirectUris: origins.map((origin) => `${origin}/sign-in`), postLogoutRedirectUris: origins.map((origin) => `${origin}/`) },
  } satisfies IdentityConfig)
}

function databaseUrl(user: string, password: string, database: string): string {
  return `postgres://${user}:${password}@${names.postgres}:5432/${database}`
}

function environment(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join('')
}

function write(folder: string, file: string, text: string, mode = 0o644): void {
  const path = join(folder, file)
  writeFileSync(`${path}.new`, text, { mode })
  renameSync(`${path}.new`, path)
}
