import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCorridor, loadStory } from '../corridors/load.js'
import { runCommand } from '../scripts/complaint.js'
import { readSettings } from '../scripts/settings.js'
import { textTable } from '../scripts/text-table.js'
import { measureApply } from './apply/apply-rates.js'
import { applyRows, applyTargets } from './apply/apply-table.js'
import { startServers } from './servers.js'

const usage = `npm run bench [-- --statements 40000] [--profile FOLDER]

  Ratios measured side by side in one run, on a Kafka and a PostgreSQL of its own. On a shared machine only the ratios mean something.
  --statements   how many a node applies, in four rounds
  --profile      leave a CPU profile of each contestant there`

await runCommand(async (args, env) => {
  const options = { statements: { type: 'string', default: '40000' }, profile: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const { corridorDir } = readSettings(env)
  const corridor = await loadCorridor(corridorDir)
  const story = await loadStory(join(corridorDir, 'stories', 'casca.json'))
  const say = (line: string) => console.error(line)
  const servers = await startServers()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void servers.stop().finally(() => process.exit(130)))
  try {
    const rates = await measureApply(servers, corridor, story, { statements: Number(values.statements), profileDir: values.profile, say })
    console.log(`${textTable(applyRows(rates))}\n\n${textTable(applyTargets(rates))}`)
    return 0
  } finally {
    await servers.stop()
  }
})
