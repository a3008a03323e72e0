import { parseArgs } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'
import { readNodeRecord, type NodeRecord } from './audit/node-database.js'
import { Complaint, runCommand } from './complaint.js'
import { healthOf } from './node-health.js'
import { opsUrlOf, readNodeConfigs, type NodeConfig } from './process-config.js'
import { readSettings } from './settings.js'

const usage = 'npm run rebuild -- --node PARTICIPANT     forgets what a node derived from the log and derives it again'

await runCommand(async (args, env) => {
  const { values } = parseArgs({ args: [...args], options: { node: { type: 'string' } } })
  const nodes = readNodeConfigs(readSettings(env).dataDir).flatMap((config) => config.nodes)
  const node = nodes.find(({ participant }) => participant === values.node)
  if (!node) {
    console.error(`${usage}\nnodes: ${nodes.map(({ participant }) => participant).join(' ')}`)
    return 2
  }
  await reached(node)
  const before = await readNodeRecord(node.databaseUrl)
  console.log(`before  ${positionOf(before)}`)
  const since = performance.now()
  await order(node)
  await followed(node)
  const after = await readNodeRecord(node.databaseUrl)
  console.log(`after   ${positionOf(after)}   ${((performance.now() - since) / 1_000).toFixed(1)} s`)
  return sameState(before, after) ? 0 : 1
})

/** Ready or not: rebuilding may be just what a node needs. */
async function reached(node: NodeConfig): Promise<void> {
  if ((await healthOf(node.url)).reason === 'UNREACHABLE') {
    throw new Complaint('NODE_UNREACHABLE', `the node of ${node.participant} does not answer at ${node.url}; is the corridor running?`)
  }
}

async function order(node: NodeConfig): Promise<void> {
  const answer = await fetch(`${opsUrlOf(node)}/rebuild`, { method: 'POST', signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
  if (answer?.ok) return
  const said = answer ? `status ${answer.status} ${await answer.text()}` : 'no answer'
  throw new Complaint('REBUILD_REFUSED', `the node of ${node.participant} does not rebuild: ${said}.`)
}

/** Shows how far it is, until it is ready; a node that drops out for a moment is waited for. */
async function followed(node: NodeConfig): Promise<void> {
  let said = ''
  let silentSince = Date.now()
  for (;;) {
    const health = await healthOf(node.url)
    if (health.ready) return
    if (health.reason !== 'UNREACHABLE') silentSince = Date.now()
    if (Date.now() - silentSince > 60_000) throw new Complaint('NODE_UNREACHABLE', `the node of ${node.participant} has not answered for a minute.`)
    const line = `        ${health.reason ?? 'not ready'}${health.next === undefined ? '' : ` at ${health.next}`}`
    if (line !== said) console.log(line)
    said = line
    await wait(500)
  }
}

function positionOf({ next, root, stateHash }: NodeRecord): string {
  return `state after ${next} records: ${stateHash} (root ${root})`
}

/** The log may have grown meanwhile; then only the positions tell. */
function sameState(before: NodeRecord, after: NodeRecord): boolean {
  if (before.next !== after.next || (before.stateHash === after.stateHash && before.root === after.root)) return true
  console.error('the state is another one than before: one of the two was not what the log says')
  return false
}
