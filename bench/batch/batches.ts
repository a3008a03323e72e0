import { longestTrain } from '../../corridors/traffic/train.js'
import type { Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import type { Ledger, Log, LogReader, LogRecord } from '#libs/exchange'
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
  const node = await startNode(log, founded, await openPostgresLedger(await databases.database('batches')))
  await node.apply(measuredFrom, 100)
  await node.apply(warmUp, 3)
  const costs = lengths.map((length) => ({ length, nodeUs: [] as number[], postgresUs: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const { length, nodeUs, postgresUs } of costs) {
      const [before, postgres] = [process.cpuUsage(), cpuMs(familyOf(databases.postgresPid))]
      await node.apply(statements, length)
      const { user, system } = process.cpuUsage(before)
      nodeUs.push((user + system) / statements)
      postgresUs.push(((cpuMs(familyOf(databases.postgresPid)) - postgres) * 1_000) / statements)
      say(`round ${round + 1}, batches of ${length}: ${((user + system) / statements).toFixed(0)} µs a statement`)
    }
  }
  await node.stop()
  return { trains, boxes: longestTrain, statements, costs }
}

/** A node that is handed so many more records of the log, in batches of a length. */
async function startNode(log: Log, { id, epoch }: BenchCorridor, ledger: Ledger) {
  const end = await log.end()
  const records = (await Promise.all(Array.from({ length: end }, (_, offset) => log.read(offset)))) as readonly LogRecord[] // nothing but what was appended
  const exchange = benchExchange({ corridor: { id, epoch }, participant: 'corridor-authority', events: log, particulars: memoryTopic().open(), ledger })
  let reader: LogReader | undefined
  exchange.start(async (_from, following) => {
    reader = following
    return { ended: new Promise(() => undefined), stop: async () => undefined }
  })
  await until(() => reader !== undefined, 10_000)
  let at = 0
  return {
    apply: async (many: number, length: number) => {
      for (const last = at + many; at < last; ) {
        const next = Math.min(last, at + length)
        await reader?.onBatch({ records: records.slice(at, next), next, end })
        at = next
      }
    },
    stop: async () => {
      await exchange.stop()
      await ledger.close()
      await log.close()
    },
  }
}

/** Notes of some trains and many reports on them; answers the offset of the first report. */
async function writeReports(log: Log, corridor: BenchCorridor, story: Story, reports: number): Promise<number> {
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
