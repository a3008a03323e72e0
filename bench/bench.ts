import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadCorridor, loadStory, type Corridor } from '../corridors/load.js'
import { Complaint, runCommand } from '../scripts/complaint.js'
import { planNodes } from '../scripts/process-config.js'
import { readSettings } from '../scripts/settings.js'
import { textTable } from '../scripts/text-table.js'
import { measureApply, type ApplyOptions } from './apply/apply-rates.js'
import { applyRows, applyTargets } from './apply/apply-table.js'
import { measureBatches } from './batch/batches.js'
import { batchRows } from './batch/batch-table.js'
import { measureFootprint } from './footprint/footprint.js'
import { footprintRows, footprintTargets } from './footprint/footprint-table.js'
import { StartedCorridor } from './footprint/started-corridor.js'
import { measureLatency } from './latency/latency.js'
import { latencyRows, latencyTargets } from './latency/latency-table.js'
import { fewestInHistory, measureGrowth } from './growth/growth.js'
import { growthRows, growthTargets, historyRows } from './growth/growth-table.js'
import { measureLoad } from './load/load.js'
import { loadRows, loadTargets, nodeRows } from './load/load-table.js'
import { measureLookUps } from './lookup/lookups.js'
import { lookUpRows, lookUpTargets } from './lookup/lookup-table.js'
import { startDatabases, startServers } from './servers.js'
import { measureStream } from './stream/stream.js'
import { streamRows, streamTargets } from './stream/stream-table.js'

const parts = ['apply', 'batch', 'growth', 'lookup', 'stream', 'latency', 'load', 'footprint'] as const
const onCorridor = ['latency', 'load', 'footprint'] as const
type Part = (typeof parts)[number]

const usage = `npm run bench [-- --only ${parts.join(',')}] [--statements 320000] [--profile FOLDER] [--history 200000] [--consignments 1000000]

  apply       ratios measured side by side in one run, on a Kafka and a PostgreSQL of its own: how fast a node applies a log
  batch       what a statement costs a node and its database at the log's end, by how many come in one batch (Linux)
  growth      what a long history takes on disk, by table, and how fast it is applied as it grows
  lookup      a box looked for among 10,000 consignments and among a million
  stream      a thousand who read along at one node: when the last of them has a statement, and what that costs the node
  latency     from submitting at a node of a running corridor until decided, and until visible at all nodes
  load        lag of every node of a running corridor at 1, 10 and 100 times the traffic of the corridor's average, and what a statement costs
  footprint   memory, idle CPU and warm start of a running corridor (Linux)
  On a shared machine only the ratios mean something.
  --only         these parts alone
  --statements   how many a node applies, in four rounds
  --profile      leave a CPU profile of each contestant's threads there
  --history      how many statements that history has
  --consignments how many there are at most where a box is looked for`

const say = (line: string) => console.error(line)

/** What is to be closed at the end, however that comes; to close it twice is to close it once. */
const open: (() => Promise<void>)[] = []

await runCommand(async (args, env) => {
  const options = {
    only: { type: 'string', multiple: true }, statements: { type: 'string', default: '320000' }, profile: { type: 'string' },
    history: { type: 'string', default: '200000' }, consignments: { type: 'string', default: '1000000' }, help: { type: 'boolean', short: 'h', default: false },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const wanted = (values.only ?? parts).flatMap((list) => list.split(',')).map(parsePart)
  const isOfLinux = wanted.some((part) => part === 'footprint' || part === 'batch')
  if (isOfLinux && process.platform !== 'linux') throw new Complaint('PLATFORM', 'what processes take is read from /proc, which only Linux has: --only apply,latency.')
  const { corridorDir } = readSettings(env)
  const corridor = await loadCorridor(corridorDir)
  say(`Node ${process.version}, ${availableParallelism()} processors`)
  const isStopped = stopAsked()
  try {
    if (wanted.includes('apply')) await apply(corridor, corridorDir, { statements: Number(values.statements), profileDir: values.profile, say })
    if (wanted.includes('batch')) await batch(corridor, corridorDir)
    if (wanted.includes('growth')) await growth(corridor, corridorDir, Number(values.history))
    if (wanted.includes('lookup')) await lookup(corridor, readSettings(env).root, Number(values.consignments))
    if (wanted.includes('stream')) await stream(corridor, corridorDir)
    if (onCorridor.some((part) => wanted.includes(part))) await runCorridor(corridor, env, wanted)
    return 0
  } catch (error) {
    if (isStopped()) return 130 // what was going on has lost its servers
    throw error
  } finally {
    await closeAll()
  }
})

function parsePart(name: string): Part {
  const part = parts.find((known) => known === name)
  if (!part) throw new Complaint('PART', `--only is one of ${parts.join(', ')}, or several of them with commas between.`)
  return part
}

async function apply(corridor: Corridor, corridorDir: string, options: ApplyOptions): Promise<void> {
  const story = await loadStory(join(corridorDir, 'stories', 'casca.json'))
  const servers = await startServers()
  open.push(() => servers.stop())
  const rates = await measureApply(servers, corridor, story, options)
  show(applyRows(rates), applyTargets(rates))
  await servers.stop() // what is measured next has the machine for itself
}

async function batch(corridor: Corridor, corridorDir: string): Promise<void> {
  const story = await loadStory(join(corridorDir, 'stories', 'casca.json'))
  const databases = await startDatabases()
  open.push(() => databases.stop())
  console.log(`${textTable(batchRows(await measureBatches(databases, corridor, story, say)))}\n`)
  await databases.stop()
}

async function growth(corridor: Corridor, corridorDir: string, statements: number): Promise<void> {
  if (!(statements >= fewestInHistory) || statements % fewestInHistory !== 0) throw new Complaint('HISTORY', `--history is a multiple of ${fewestInHistory}: five parts of at least two rounds.`)
  const story = await loadStory(join(corridorDir, 'stories', 'casca.json'))
  const servers = await startServers()
  open.push(() => servers.stop())
  const grown = await measureGrowth(servers, corridor, story, { statements, say })
  console.log(`${textTable(growthRows(grown))}\n`)
  show(historyRows(grown), growthTargets(grown))
  await servers.stop()
}

async function lookup(corridor: Corridor, root: string, consignments: number): Promise<void> {
  if (!(consignments >= 20_000)) throw new Complaint('CONSIGNMENTS', '--consignments is a number from 20000 on: twice as many as it is compared with.')
  const databases = await startDatabases({ max_wal_size: '8GB' }) // a million are made here in one go
  open.push(() => databases.stop())
  const lookUps = await measureLookUps(databases, corridor, { consignments, noteFile: join(root, 'docs', 'examples', 'two-boxes.json'), say })
  show(lookUpRows(lookUps), lookUpTargets(lookUps))
  await databases.stop()
}

async function stream(corridor: Corridor, corridorDir: string): Promise<void> {
  const story = await loadStory(join(corridorDir, 'stories', 'casca.json'))
  const servers = await startServers()
  open.push(() => servers.stop())
  const streaming = await measureStream(servers, corridor, story, say)
  show(streamRows(streaming), streamTargets(streaming))
  await servers.stop()
}

/** One running corridor for all of them: its memory is looked at after the load, too. */
async function runCorridor(data: Corridor, env: NodeJS.ProcessEnv, wanted: readonly Part[]): Promise<void> {
  const corridor = await StartedCorridor.prepare(env)
  open.push(() => corridor.close())
  const coldStartS = await corridor.start()
  say(`corridor in ${corridor.settings.dataDir}, first start in ${coldStartS.toFixed(1)} s`)
  if (wanted.includes('latency')) {
    const latencies = await measureLatency(corridor, data, say)
    show(latencyRows(latencies), latencyTargets(latencies))
  }
  if (wanted.includes('load')) {
    const load = await measureLoad(corridor, data, say)
    console.log(`${textTable(nodeRows(load))}\n`)
    show(loadRows(load), loadTargets(load))
  }
  if (!wanted.includes('footprint')) return
  const footprint = await measureFootprint(corridor, planNodes(data, corridor.settings).length, coldStartS, say)
  show(footprintRows(footprint), footprintTargets(footprint))
}

function show(rows: readonly (readonly string[])[], targets: readonly (readonly string[])[]): void {
  console.log(`${textTable(rows)}\n\n${textTable(targets)}\n`)
}

/** Ends at Ctrl-C, after closing; answers whether it was asked to. */
function stopAsked(): () => boolean {
  let isAsked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isAsked = true
      void closeAll().finally(() => process.exit(130))
    })
  }
  return () => isAsked
}

async function closeAll(): Promise<void> {
  await Promise.all(open.map((close) => close()))
}
