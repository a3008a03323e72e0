import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { runCommand } from './complaint.js'
import { deleteDataFolder, openDataFolder, rememberPortBase } from './launcher/data-folder.js'
import { endAll } from './launcher/process-table.js'
import { runCorridor, type RunningCorridor } from './launcher/run-corridor.js'
import { takeRunLock } from './launcher/run-lock.js'
import { guardName } from './launcher/guard-process.js'
import { guardChild } from './launcher/servers.js'
import { openSupervisor, type Supervisor } from './launcher/supervisor.js'
import { readSettings, type Settings } from './settings.js'
import { textTable } from './text-table.js'

const usage = `npm start [-- --fresh]

  Runs a whole corridor: PostgreSQL, Kafka, an identity provider and every node, until Ctrl-C. The next start goes on with the same data.
  --fresh    delete the data folder first

  KARVAN_DATA (./data), KARVAN_PORT_BASE (4000), KARVAN_CORRIDOR (trans-caspian)
  Without KAFKA_BROKERS, Java and Maven the log is a table in PostgreSQL, for trying out only.
  KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SASL_MECHANISM, …), DATABASE_URL, OIDC_ISSUER: use these servers instead of starting our own; KARVAN_TOPIC: the log's name there`

await runCommand(async (args, env) => {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ args: [...args], options: { fresh: flag, help: { ...flag, short: 'h' } } })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const settings = readSettings(env)
  const { dataDir, portBase } = settings
  if (values.fresh) await forget(settings)
  openDataFolder(dataDir)
  const lock = await takeRunLock(dataDir, portBase)
  rememberPortBase(dataDir, portBase)
  const { child, guard } = guardChild(settings)
  const say = (line: string) => console.log(line)
  const onChange = (processes: Parameters<typeof guard.watch>[0]) => {
    lock.record(processes)
    guard.watch(processes)
  }
  const supervisor = openSupervisor({ say: (line) => say(`${new Date().toISOString()} ${line}`), onChange })
  const asked = stopAsked(supervisor, env)
  const since = performance.now()
  try {
    say(`Karvan: ${settings.corridorDir.split('/').at(-1)}, data in ${relative(process.cwd(), dataDir) || '.'}`)
    await supervisor.start(child)
    const running = await Promise.race([runCorridor(settings, supervisor, say), asked])
    if (running) {
      say(summary(running, (performance.now() - since) / 1000))
      await asked
    }
  } finally {
    await supervisor.stop()
    lock.release()
  }
  say('stopped')
  return 0
})

/**
 * Resolves at the first Ctrl-C, SIGTERM or closed terminal; a second one does not wait any longer. npm passes a SIGTERM on to the shell between it and
 * us and no further, so its going away counts, too.
 */
function stopAsked(supervisor: Supervisor, env: NodeJS.ProcessEnv): Promise<undefined> {
  return new Promise((resolve) => {
    let times = 0
    const ask = (why: string) => {
      times++
      if (times === 1) console.log(`${why}: stopping; once more to end everything at once`)
      else void endAll(supervisor.processes().filter(({ name }) => name !== guardName), 0).finally(() => process.exit(1)) // the guard sees to the rest
      resolve(undefined)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
    const parent = process.ppid
    const watch = setInterval(() => {
      if (env['npm_lifecycle_event'] === undefined || process.ppid === parent) return
      clearInterval(watch)
      ask('npm is gone')
    }, 500).unref()
  })
}

async function forget({ dataDir, portBase }: Settings): Promise<void> {
  openDataFolder(dataDir)
  const lock = await takeRunLock(dataDir, portBase) // ends what a killed launcher left in it
  lock.release()
  deleteDataFolder(dataDir)
}

function summary({ corridor, plans, healths }: RunningCorridor, seconds: number): string {
  const rows = plans.map(({ participant, role, country, url }) => {
    const health = healths.get(participant)
    return [participant, role, country, url, health?.ready ? 'ready' : (health?.reason ?? 'not ready')]
  })
  const user = corridor.users.find(({ organisation }) => organisation === plans[0]?.participant)?.user ?? 'USER'
  return `
${textTable([['node', 'role', 'country', 'address', 'state'], ...rows])}

Up after ${seconds.toFixed(0)} s. In another terminal:
  npm run demo                           play a journey from end to end
  npm run -s token -- --as ${user.padEnd(12)}  a token for the API (npm run -s token -- --list shows the users)
  npm run status                         how the nodes are
Ctrl-C stops the corridor.`
}
