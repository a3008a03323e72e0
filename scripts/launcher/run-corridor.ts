import type { LogAddress } from '#libs/log'
import type { Corridor } from '../../corridors/load.js'
import type { IdentityConfig } from '../../infra/identity/server.js'
import { Complaint } from '../complaint.js'
import { loadSoundCorridor } from '../corridor/findings.js'
import { readCorridorFile, refuseOtherCorridor, type CorridorFile } from '../corridor-file.js'
import { kafkaOf, keepLogAddress, placeOf, wordsOfPlace } from '../corridor-log.js'
import type { NodeHealth } from '../node-health.js'
import { nodeRoles, planNodes, writeConfig, type NodePlan, type ProcessConfig } from '../process-config.js'
import { admit, asAuthority, foundCorridor } from '../register/founding.js'
import { issuerOf, portsOf, type Settings } from '../settings.js'
import { chooseLog } from './choose-log.js'
import { rememberCorridor } from './data-folder.js'
import { refuseBusyPorts } from './free-ports.js'
import { housed, logDatabase } from './node-databases.js'
import { openProgress } from './progress.js'
import { untilAnswers, untilReady } from './readiness.js'
import { appChild, identityChild, identityConfigOf, kafkaChild, postgresChild } from './servers.js'
import type { Supervisor } from './supervisor.js'

export interface RunningCorridor {
  readonly corridor: Corridor
  readonly file: CorridorFile
  readonly plans: readonly NodePlan[]
  readonly healths: ReadonlyMap<string, NodeHealth>
}

/** Brings a whole corridor up: servers, founding, nodes, keys. Whatever fails is thrown; what runs by then is the supervisor's to stop. */
export async function runCorridor(settings: Settings, supervisor: Supervisor, say: (line: string) => void): Promise<RunningCorridor> {
  const progress = openProgress(say)
  const corridor = await loadSoundCorridor(settings.corridorDir)
  refuseOtherCorridor(settings.dataDir, corridor.name)
  const plans = planNodes(corridor, settings)
  const { kind, says } = await chooseLog(settings, readCorridorFile(settings.dataDir))
  if (says !== undefined) say(says)
  const runsKafka = kind === 'kafka' && settings.brokers === undefined
  await refuseBusyPorts(portsToOpen(settings, plans, runsKafka))
  const [adminUrl] = await Promise.all([
    progress.step('PostgreSQL', () => database(settings, supervisor), hostOf),
    runsKafka && progress.step('Kafka', () => supervisor.start(kafkaChild(settings, portsOf(settings)))),
    progress.step('identity', () => identity(settings, supervisor, corridor, plans), () => issuerOf(settings)),
  ])
  const log = await progress.step('log', () => logOf(settings, kind, adminUrl), (address) => wordsOfPlace(placeOf(address)))
  const file = await progress.step('register', () => foundCorridor(settings, corridor, log), ({ id }) => `corridor ${id}`)
  rememberCorridor(settings)
  await progress.step('processes', () => nodes(settings, supervisor, file, log, adminUrl, plans), (names) => names.join(', '))
  const healths = await progress.step(
    'nodes',
    () => untilReady(plans, (waiting) => asAuthority(settings, file, (pen) => admit(pen, corridor, settings, waiting)), say, { signal: supervisor.stopping }),
    (all) => `${[...all.values()].filter(({ ready }) => ready).length} of ${all.size} ready`,
  )
  return { corridor, file, plans, healths }
}

function portsToOpen(settings: Settings, plans: readonly NodePlan[], runsKafka: boolean) {
  const { kafka, kafkaController, postgres, identity: identityPort } = portsOf(settings)
  return [
    ...(settings.databaseUrl === undefined ? [{ name: 'PostgreSQL', port: postgres }] : []),
    ...(runsKafka ? [{ name: 'Kafka', port: kafka }, { name: 'Kafka controller', port: kafkaController }] : []),
    ...(settings.oidcIssuer === undefined ? [{ name: 'identity', port: identityPort }] : []),
    ...plans.flatMap(({ participant, port, opsPort }) => [{ name: participant, port }, { name: `${participant} operations`, port: opsPort }]),
  ]
}

async function database(settings: Settings, supervisor: Supervisor): Promise<string> {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl
  let adminUrl = ''
  await supervisor.start(postgresChild(settings, portsOf(settings).postgres, (url) => (adminUrl = url)))
  return adminUrl
}

async function logOf(settings: Settings, kind: LogAddress['kind'], adminUrl: string): Promise<LogAddress> {
  if (kind === 'kafka') return kafkaOf(settings)
  const address = await logDatabase(adminUrl, settings.portBase)
  keepLogAddress(settings.dataDir, address)
  return address
}

async function identity(settings: Settings, supervisor: Supervisor, corridor: Corridor, plans: readonly NodePlan[]): Promise<void> {
  const issuer = issuerOf(settings)
  if (settings.oidcIssuer === undefined) {
    // No name of a person goes there: a token needs none.
    const users = corridor.users.map(({ user, organisation, scopes }) => ({ user, organisation, scopes })) as IdentityConfig['users'] // our own data files
    writeConfig(settings.dataDir, 'identity', identityConfigOf(settings, issuer, users, plans.map(({ url }) => url)))
    await supervisor.start(identityChild(settings))
  }
  await untilAnswers(`${issuer}/.well-known/openid-configuration`, 30_000, supervisor.stopping).catch((error: unknown) => {
    throw new Complaint('IDENTITY_SILENT', `the identity provider does not come up: ${String(error)}; see ${settings.dataDir}/logs/identity.log.`)
  })
}

async function nodes(settings: Settings, supervisor: Supervisor, file: CorridorFile, log: LogAddress, adminUrl: string, plans: readonly NodePlan[]): Promise<readonly string[]> {
  const { dataDir, portBase } = settings
  const { name, id, topic, particularsTopic, epoch } = file
  const corridor = { name, id, topic, particularsTopic, epoch }
  const where = log.kind === 'kafka' ? { brokers: log.brokers, kafka: settings.kafka } : { logDatabaseUrl: log.databaseUrl }
  const nodeConfigs = await housed(plans, adminUrl, dataDir, portBase)
  const roles = nodeRoles.filter((role) => nodeConfigs.some((node) => node.role === role))
  for (const role of roles) {
    const own = nodeConfigs.filter((node) => node.role === role)
    writeConfig(dataDir, role, { corridor, ...where, oidcIssuer: issuerOf(settings), nodes: own } satisfies ProcessConfig)
  }
  await Promise.all(roles.map((role) => supervisor.start(appChild(settings, role))))
  return roles
}

function hostOf(url: string): string {
  return new URL(url).host
}
