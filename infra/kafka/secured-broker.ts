import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessCommands, adminProperties, credentialsOf, makeUser, type Access, type AdminCommand } from './access.js'
import { securedProperties } from './broker-properties.js'
import { issueCertificate, makeCertificateAuthority } from './certificates.js'
import { ensureJars, runToEnd, toolFlags } from './jars.js'
import { startBroker, type LocalBroker, type LocalBrokerOptions } from './local-broker.js'

export interface LocalSecuredBroker extends LocalBroker {
  /** By which brokers and their administrator come in: another port, and a certificate. */
  readonly administrator: { readonly brokers: string[]; readonly ssl: { readonly ca: string; readonly cert: string; readonly key: string } }
  /** What a client trusts. */
  readonly ca: string
  /** Gives users their passwords, rights and quotas. */
  letIn(access: Access, passwords: Readonly<Record<string, string>>): Promise<void>
  /** One who has a password and no rights. */
  makeUser(user: string, password: string): Promise<void>
  /** One command of Kafka's as the administrator; returns what it said. */
  administer(command: AdminCommand): Promise<string>
}

const administrator = 'administrator'
const brokerName = 'kafka-1'

/** A broker as a corridor has it (TLS, SCRAM, an authorizer), alone in its cluster and on 127.0.0.1. Throws what startBroker throws, and CertificateError. */
export async function startSecuredBroker(options: LocalBrokerOptions & { readonly internalPort: number }): Promise<LocalSecuredBroker> {
  const { dataDir, port, internalPort, controllerPort = port + 1 } = options
  const [authorityDir, tlsDir] = [join(dataDir, 'certificate-authority'), join(dataDir, 'tls')]
  mkdirSync(tlsDir, { recursive: true, mode: 0o700 })
  makeCertificateAuthority(authorityDir, 'karvan-local')
  const [ca, certificate] = [join(tlsDir, 'ca.pem'), join(tlsDir, 'administrator.pem')]
  copyFileSync(join(authorityDir, 'ca.pem'), ca)
  issueCertificate(authorityDir, join(tlsDir, 'broker.pem'), brokerName, ['127.0.0.1', 'localhost'])
  issueCertificate(authorityDir, certificate, administrator)
  const ports = { client: port, internal: internalPort, controller: controllerPort }
  const cluster = [{ nodeId: 1, host: '127.0.0.1', ports }]
  const logDir = join(dataDir, 'log')
  const properties = securedProperties({ nodeId: 1, cluster, bindHost: '127.0.0.1', logDir, tlsDir, superUsers: [brokerName, administrator] })
  const broker = await startBroker({ ...options, properties })

  const adminFile = join(tlsDir, 'administrator.properties')
  writeFileSync(adminFile, adminProperties({ ca, certificate }))
  const administer = ({ tool, args }: AdminCommand) => runTool(tool, ['--bootstrap-server', `127.0.0.1:${internalPort}`, '--command-config', adminFile, ...args])
  const [trusted, shown] = [readFileSync(ca, 'utf8'), readFileSync(certificate, 'utf8')] // key and certificate lie in one file
  const fileOf = (user: string) => join(tlsDir, `${user}.credentials`)
  return {
    ...broker,
    ca: trusted,
    administrator: { brokers: [`127.0.0.1:${internalPort}`], ssl: { ca: trusted, cert: shown, key: shown } },
    administer,
    letIn: async (access, passwords) => {
      for (const [user, password] of Object.entries(passwords)) writeFileSync(fileOf(user), credentialsOf(password), { mode: 0o600 })
      for (const command of accessCommands(access, fileOf)) await administer(command)
    },
    makeUser: async (user, password) => {
      writeFileSync(fileOf(user), credentialsOf(password), { mode: 0o600 })
      await administer(makeUser(user, fileOf(user)))
    },
  }
}

/** The program behind each of Kafka's scripts. */
const programs = { 'kafka-acls': 'org.apache.kafka.tools.AclCommand', 'kafka-configs': 'kafka.admin.ConfigCommand' } as const

async function runTool(tool: AdminCommand['tool'], args: readonly string[]): Promise<string> {
  return runToEnd('java', [...toolFlags, '-cp', join(await ensureJars(), '*'), programs[tool], ...args], 'KAFKA_DIED')
}
