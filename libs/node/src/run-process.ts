import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { codeOf, ViewsInCommon } from '#libs/exchange'
import { openPostgresLedger } from '#libs/ledger-postgres'
import { FetchesInCommon, openLog } from '#libs/log'
import { rememberingInspection } from '#libs/signature'
import { readConfig, type NodeConfig, type ProcessConfig } from './config.js'
import { InspectingThread } from './inspecting-thread.js'
import { jsonLog, type Say } from './json-log.js'
import { openKeyStore } from './key-store.js'
import type { PortOpeners } from './node-runtime.js'
import { openNode, type NodeOptions, type OpenNode } from './open-node.js'
import { peerGet } from './peer-get.js'
import type { Profile } from './profile.js'
import { issuerKeys, openTokenReader } from './tokens.js'

/** Exit codes: all went well, a node could not be started or stopped in time, or the configuration is wrong. */
export const exitCodes = { well: 0, failed: 1, misconfigured: 2 } as const

const stopWithinMs = 10_000

/**
 * Runs every node of this process's configuration until SIGTERM or SIGINT. Each stands for itself: one that cannot start does not keep the others from
 * their work; only when none can does the process end at once.
 */
export async function runProcess({ role, title, hosts }: Profile, env: Readonly<Record<string, string | undefined>> = process.env): Promise<void> {
  const say = jsonLog({ app: role })
  const outcome = readConfig(env, role)
  if (!outcome.ok) {
    for (const sentence of outcome.problems) say('error', sentence, { code: 'CONFIGURATION' })
    process.exitCode = exitCodes.misconfigured
    return
  }
  const stopAsked = new Promise<string>((resolve) => ['SIGTERM', 'SIGINT'].forEach((signal) => process.once(signal, () => resolve(signal))))
  const { config } = outcome
  const remembering = rememberingInspection(config.nodes.length)
  const { begin: ahead } = new InspectingThread({ // which ends with the process
    inPlace: remembering,
    onTrouble: (error) => say('warn', error instanceof Error ? `${error.message}: ${String(error.cause ?? 'no reason given')}` : String(error), { code: 'NO_INSPECTING_THREAD' }),
  })
  const readToken = openTokenReader(config.oidcIssuer, issuerKeys(config.oidcIssuer))
  const shared = { readToken, inspect: { ahead, atOnce: remembering }, ...(config.nodes.length > 1 && { views: new ViewsInCommon(config.nodes.length) }) }
  const fetches = config.nodes.length > 1 ? new FetchesInCommon() : undefined
  const started = await Promise.all(config.nodes.map((node) => startNode(config, node, { ...shared, fetches }, jsonLog({ app: role, node: node.participant }))))
  const nodes = started.filter((node) => node !== undefined)
  let exitCode: number = nodes.length === started.length ? exitCodes.well : exitCodes.failed
  if (nodes.length > 0) {
    say('info', `${title}: ${nodes.length} of ${started.length} nodes listen`, { hosts })
    say('info', `${await stopAsked}: stopping`)
    if (!(await stoppedInTime(nodes))) exitCode = exitCodes.failed
  }
  process.exit(exitCode) // a dependency that hangs must not keep the process
}

/** What the nodes of a process have in common. */
type Shared = Pick<NodeOptions, 'readToken' | 'inspect' | 'views'> & { readonly fetches: FetchesInCommon | undefined }

async function startNode(config: ProcessConfig, node: NodeConfig, { fetches, ...shared }: Shared, say: Say): Promise<OpenNode | undefined> {
  const { participant, host, port, opsHost, opsPort, url, keyFile, requestsPerMinute, trustedProxies } = node
  try {
    return await openNode({
      corridor: config.corridor,
      participant,
      keys: openKeyStore(keyFile),
      open: portsOf(config, node, fetches, say),
      canRebuild: node.databaseOwnerUrl !== undefined,
      clock: { now: () => Date.now() },
      random: randomBytes,
      peerGet,
      http: { host, port, url, oidcIssuer: config.oidcIssuer, requestsPerMinute, trustedProxies },
      ops: { host: opsHost, port: opsPort },
      ...shared,
      say,
    })
  } catch (error) {
    say('error', error instanceof Error ? error.message : String(error), { code: codeOf(error) ?? 'NODE_FAILED' })
    return undefined
  }
}

function portsOf({ corridor, log }: ProcessConfig, node: NodeConfig, fetches: FetchesInCommon | undefined, say: Say): PortOpeners {
  const logger = (level: 'error' | 'warn' | 'info', message: string) => {
    if (level !== 'info') say('warn', message, { context: log.kind })
  }
  const opening = { clientId: `karvan-${node.participant}`, ...(fetches && { fetches }), logger }
  return {
    events: () => openLog(log, { ...opening, topic: corridor.topic, kind: 'events' }),
    particulars: () => openLog(log, { ...opening, topic: corridor.particularsTopic, kind: 'particulars' }),
    ledger: () =>
      openPostgresLedger({
        runtimeUrl: node.databaseUrl,
        poolSize: node.databaseConnections,
        ...(node.databaseOwnerUrl !== undefined && { ownerUrl: node.databaseOwnerUrl }),
        onAlarm: (code, detail) => say('warn', detail, { code }),
      }),
  }
}

async function stoppedInTime(nodes: readonly OpenNode[]): Promise<boolean> {
  const stopped = Promise.allSettled(nodes.map((node) => node.close())).then((outcomes) => outcomes.every(({ status }) => status === 'fulfilled'))
  return Promise.race([stopped, new Promise<boolean>((resolve) => setTimeout(resolve, stopWithinMs, false).unref())])
}
