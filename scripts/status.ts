import { parseArgs } from 'node:util'
import type { LogAddress } from '#libs/log'
import { loadCorridor } from '../corridors/load.js'
import { runCommand } from './complaint.js'
import { needCorridorFile } from './corridor-file.js'
import { logAddressOf, placeOf, wordsOfPlace } from './corridor-log.js'
import { isAlive } from './launcher/process-table.js'
import { readLauncherState } from './launcher/run-lock.js'
import { healthOf } from './node-health.js'
import { planNodes, readNodeConfigs } from './process-config.js'
import { openCorridorLog } from './register/open-log.js'
import { readSettings, type Settings } from './settings.js'
import { textTable } from './text-table.js'

interface Status {
  readonly corridor: string
  readonly log: { readonly kind: LogAddress['kind']; readonly brokers: readonly string[]; readonly database?: string; readonly topic: string; readonly end: number | null }
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  readonly nodes: readonly NodeStatus[]
}

interface NodeStatus {
  readonly id: string
  readonly role: string
  readonly country: string
  readonly url: string
  readonly ready: boolean
  readonly reason?: string
  readonly next: number | null
  readonly root: string | null
}

/** How a corridor is: exit code 0 only when every node is ready. */
await runCommand(async (args, env) => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const status = await statusOf(readSettings(env))
  console.log(values.json ? JSON.stringify(status, null, 2) : wordsOf(status))
  return status.nodes.every(({ ready }) => ready) ? 0 : 1
})

async function statusOf(settings: Settings): Promise<Status> {
  const { dataDir, corridorDir } = settings
  const file = needCorridorFile(dataDir)
  const { id, topic } = file
  const configs = readNodeConfigs(dataDir)
  const address = logAddressOf(settings, file)
  const { log: kind, ...place } = placeOf(address)
  const countries = new Map(planNodes(await loadCorridor(corridorDir), settings).map(({ participant, country }) => [participant, country]))
  const nodes = configs.flatMap((config) => config.nodes)
  return {
    corridor: id,
    log: { kind, ...place, topic, end: await endOf(address, topic) },
    processes: (readLauncherState(dataDir)?.processes ?? []).filter(isAlive).map(({ name, pid }) => ({ name, pid })),
    nodes: await Promise.all(
      nodes.map(async ({ participant, role, url }) => {
        const { ready, reason, next = null, root = null } = await healthOf(url)
        return { id: participant, role, country: countries.get(participant) ?? '', url, ready, ...(reason !== undefined && { reason }), next, root }
      }),
    ),
  }
}

/** Null while the log cannot be reached: that is a status, too. */
async function endOf(address: LogAddress, topic: string): Promise<number | null> {
  try {
    const log = await openCorridorLog(address, topic)
    try {
      return await log.end()
    } finally {
      await log.close()
    }
  } catch {
    return null
  }
}

function wordsOf({ corridor, log, processes, nodes }: Status): string {
  const rows = nodes.map(({ id, role, country, url, ready, reason, next, root }) => [
    id, role, country, url, ready ? 'ready' : (reason ?? 'not ready'), String(next ?? ''), (root ?? '').slice(0, 12),
  ])
  return `corridor   ${corridor}
log        ${log.topic} on ${wordsOfPlace({ ...log, log: log.kind })}: ${log.end === null ? 'does not answer' : `${log.end} records`}
processes  ${processes.map(({ name, pid }) => `${name} ${pid}`).join(', ') || 'none started here'}
agreement  ${agreementOf(nodes)}

${textTable([['node', 'role', 'country', 'address', 'state', 'applied', 'root'], ...rows])}`
}

/** Equal roots at equal positions mean equal verdicts, hence equal state; nodes at other positions are not compared. */
function agreementOf(nodes: readonly NodeStatus[]): string {
  const roots = new Map<number, Set<string>>()
  for (const { next, root } of nodes) if (next !== null && root !== null) roots.set(next, new Set([...(roots.get(next) ?? []), root]))
  const torn = [...roots].filter(([, different]) => different.size > 1).map(([next]) => next)
  if (torn.length > 0) return `nodes differ at ${torn.join(', ')}: npm run audit names the first record judged differently`
  return roots.size === 1 ? 'all nodes have the same state' : `nodes at ${roots.size} positions of the log, none contradicts another`
}
