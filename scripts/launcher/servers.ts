import { join } from 'node:path'
import { LocalBrokerError } from '../../infra/kafka/jars.js'
import { startBroker } from '../../infra/kafka/local-broker.js'
import type { IdentityConfig } from '../../infra/identity/server.js'
import { startLocalPostgres } from '../../infra/postgres/local-postgres.js'
import { runtimeFlags } from '../../infra/runtime-flags.js'
import { Complaint } from '../complaint.js'
import { configFileOf } from '../process-config.js'
import { portsOf, type Settings } from '../settings.js'
import { startNodeProcess, type OnSpawn } from './child-process.js'
import { openGuard, guardName, type Guard } from './guard-process.js'
import type { Child } from './supervisor.js'

/** Stopped from the highest down: nodes before what they need, the guard last. */
const tiers = { nodes: 4, identity: 3, kafka: 2, postgres: 1, guard: 0 } as const

export function postgresChild({ dataDir }: Settings, port: number, onUp: (adminUrl: string) => void): Child {
  return {
    name: 'PostgreSQL',
    tier: tiers.postgres,
    start: async (onSpawn) => {
      const server = await startLocalPostgres({ folder: join(dataDir, 'postgres'), port, onSpawn: (pid) => onSpawn(pid, 'SIGINT') })
      onUp(server.adminUrl)
      return { pid: server.pid, endSignal: 'SIGINT', exited: server.exited, stop: () => server.stop() }
    },
  }
}

export function kafkaChild({ dataDir }: Settings, ports: { readonly kafka: number; readonly kafkaController: number }): Child {
  return {
    name: 'Kafka',
    tier: tiers.kafka,
    // Detached: in a group of its own, so that Ctrl-C does not end it before the nodes; the supervisor and the guard see to its end.
    start: async (onSpawn) => {
      const options = { dataDir: join(dataDir, 'kafka'), port: ports.kafka, controllerPort: ports.kafkaController, detached: true, onSpawn }
      return startBroker(options).catch((error: unknown) => {
        throw error instanceof LocalBrokerError ? new Complaint(error.code, withVariable(error.message)) : error
      })
    },
  }
}

/** Kafka's own complaints end with the way out, a running Kafka; here it has a name. */
function withVariable(message: string): string {
  return message.replace(/name a running Kafka( instead)?\.$/, 'give the address of a running Kafka as KAFKA_BROKERS.')
}

export function identityChild(settings: Settings): Child {
  const script = join(settings.root, 'dist', 'infra', 'identity', 'main.js')
  return { name: 'identity', tier: tiers.identity, start: (onSpawn) => startConfigured(settings, 'identity', script, onSpawn) }
}

/** The process of all nodes of one role. */
export function appChild(settings: Settings, role: string): Child {
  const script = join(settings.root, 'dist', 'apps', role, 'src', 'main.js')
  return { name: role, tier: tiers.nodes, start: (onSpawn) => startConfigured(settings, role, script, onSpawn, runtimeFlags) }
}

export function guardChild({ dataDir }: Settings): { readonly child: Child; readonly guard: Guard } {
  const guard = openGuard(join(dataDir, 'logs', 'guard.log'))
  return { guard, child: { name: guardName, tier: tiers.guard, start: (onSpawn) => guard.start(onSpawn) } }
}

/** What the identity provider of a corridor is told. The pages of a node are its browser client, whose callback is `<node>/sign-in`. */
export function identityConfigOf(settings: Settings, issuer: string, users: IdentityConfig['users'], nodeUrls: readonly string[]): IdentityConfig {
  return {
    issuer,
    host: '127.0.0.1',
    port: portsOf(settings).identity,
    secretsDir: join(settings.dataDir, 'identity'),
    users,
    web: { redirectUris: nodeUrls.map((url) => `${url}/sign-in`), postLogoutRedirectUris: nodeUrls.map((url) => `${url}/`) },
  }
}

/** The administrator's address of a database server is the launcher's alone. */
function startConfigured({ dataDir }: Settings, name: string, script: string, onSpawn: OnSpawn, flags: readonly string[] = []) {
  const { DATABASE_URL: _administrator, ...env } = process.env
  return startNodeProcess({ script, flags, env: { ...env, KARVAN_CONFIG: configFileOf(dataDir, name) }, logFile: join(dataDir, 'logs', `${name}.log`), onSpawn })
}
