import { parseArgs } from 'node:util'
import { audit, exitCodeOf, type AuditReport } from './audit/audit.js'
import { runCommand } from './complaint.js'
import { needCorridorFile } from './corridor-file.js'
import { logAddressOf } from './corridor-log.js'
import { readNodeConfigs } from './process-config.js'
import { openCorridorLog } from './register/open-log.js'
import { readSettings } from './settings.js'
import { textTable } from './text-table.js'

/** `npm run audit [-- --json]`: exit 0 equal, 1 different, 2 a node lags, 3 it could not be done. */
await runCommand(async (args, env) => {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  const settings = readSettings(env)
  const file = needCorridorFile(settings.dataDir)
  const { id, topic } = file
  const databases = readNodeConfigs(settings.dataDir).flatMap(({ nodes }) => nodes).map(({ participant, databaseUrl }) => ({ id: participant, databaseUrl }))
  const log = await openCorridorLog(logAddressOf(settings, file), topic)
  try {
    const report = await audit(log, id, topic, databases)
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${described(report)}\n`)
    return exitCodeOf(report)
  } finally {
    await log.close()
  }
}, 3)

function described(report: AuditReport): string {
  const rows = report.nodes.map(({ id, next, refusals, root, stateHash, equal, firstDifference: difference, lag }) => [
    id, String(next), String(refusals), root.slice(0, 12), stateHash.slice(0, 12),
    equal ? 'equal' : lag !== undefined ? `LAGS: ${lag}` : `DIFFERS at ${difference?.offset ?? 'no offset'}: ${difference?.field}, expected ${short(difference?.expected)}, found ${short(difference?.found)}`,
  ])
  const conclusion = { 0: 'every node holds the same, and what the log says', 1: 'a node differs from what the log says', 2: 'a node has not reached the log\'s end' }[exitCodeOf(report)]
  return `${textTable([['node', 'applied', 'refusals', 'root', 'state', 'audit'], ...rows])}\n\nlog ${report.topic}, end ${report.end}: ${conclusion}`
}

function short(value: string | null | undefined): string {
  return value === null || value === undefined ? 'nothing' : value.length > 60 ? `${value.slice(0, 57)}…` : value
}
