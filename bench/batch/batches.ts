import { longestTrain } from '../../corridors/traffic/train.js'
import type { Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import type { LogBatch, LogReader, LogRecord } from '#libs/exchange'
import { openPostgresLedger } from '#libs/ledger-postgres'
import { until } from '../../libs/testing/src/until.js'
import { memoryTopic } from '../../libs/testing/src/memory-log.js' // the whole of it brings a test runner
import { benchExchange } from '../bench-exchange.js'
import { cpuMs, familyOf } from '../footprint/process-family.js'
import { noteOf, reportsOf } from '../latency/train-facts.js'
import type { BenchDatabases } from '../servers.js'
import { foundBenchCorridor, type BenchCorridor } from '../traffic/founding.js'
import { pensOf } from '../traffic/pen.js'

/** What one statement costs in batches of one length, in microseconds of CPU. */
export interface BatchCost {
  readonly length: number
  readonly nodeUs: readonly number[]
  readonly postgresUs: readonly number[]
}

export interface BatchCosts {
  readonly trains: number
  readonly boxes: number
  /** Statements in each round of each length. */
  readonly statements: number
  readonly costs: readonly BatchCost[]
}

const lengths = [1, 3, 10, 30, 300]
const statements = 1_200
const rounds = 3
/** Until what a node does with a statement is compiled. */
const warmUp = 6_000
const trains = 12

/** Has a node apply reports on trains, in batches that come one after the other as they do at the log's end, by the length of the batches. */
export async function measureBatches(databases: BenchDatabases, corridor: Corridor, story: Story, say: (line: string) => void): Promise<BatchCosts> {
  const log = memoryTopic().open()
  const founded = await foundBenchCorridor(log, 'bench', corridor)
  const measuredFrom = await writeReports(log, founded, story, warmUp + rounds * lengths.length * statements)
  const end = await log.end()
  const records = (await Promise.all(Array.from({ length: end }, (_, offset) => log.read(offset)))) as readonly LogRecord[] // nothing but what was appended
  const ledger = await openPostgresLedger(await databases.database('batches'))
  let reader: LogReader | undefined
  const exchange = benchExchange({ corridor: { id: founded.id, epoch: founded.epoch }, participant: 'corridor-authority', events: log, particulars: memoryTopic().open(), ledger })
  exchange.start(async (_from, following) => {
    reader = following
    return { ended: new Promise(() => undefined), stop: async () => undefined }
  })
  await until(() => reader !== undefined, 10_000)
  const apply = async (from: number, next: number, length: number) => {
    for (let at = from; at < next; at += length) {
      const batch: LogBatch = { records: records.slice(at, Math.min(next, at + length)), next: Math.min(next, at + length), end }
      await reader?.onBatch(batch)
    }
  }
  await apply(0, measuredFrom, 100)
  let at = measuredFrom + warmUp
  await apply(measuredFrom, at, 3)
  const costs = lengths.map((length) => ({ length, nodeUs: [] as number[], postgresUs: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const { length, nodeUs, postgresUs } of costs) {
      const [node, postgres] = [process.cpuUsage(), cpuMs(familyOf(databases.postgresPid))]
      await apply(at, at + statements, length)
      at += statements
      const { user, system } = process.cpuUsage(node)
      nodeUs.push((user + system) / statements)
      postgresUs.push(((cpuMs(familyOf(databases.postgresPid)) - postgres) * 1_000) / statements)
      say(`round ${round + 1}, batches of ${length}: ${((user + system) / statements).toFixed(0)} µs a statement`)
    }
  }
  await exchange.stop()
  await ledger.close()
  await log.close()
  return { trains, boxes: longestTrain, statements, costs }
}

/** Notes of some trains and many reports on them; answers the offset of the first report. */
async function writeReports(log: Parameters<typeof foundBenchCorridor>[0], corridor: BenchCorridor, story: Story, reports: number): Promise<number> {
  const penOf = pensOf(corridor)
  const subjects = Array.from({ length: trains }, (_, at) => `01970000-0000-7000-8000-${at.toString(16).padStart(12, '0')}`)
  const { by, type, body, occurredAt } = noteOf(story)
  await log.append(subjects.map((subject) => penOf(by)(subject, type, body, occurredAt).record))
  const from = await log.end()
  const next = reportsOf(story, subjects)
  for (let written = 0; written < reports; written++) {
    const report = next()
    await log.append([penOf(report.by)(report.subject, report.type, report.body, report.occurredAt).record])
  }
  return from
}
