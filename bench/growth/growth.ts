import { openKafkaLog } from '#libs/log-kafka'
import type { Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { startRunner, type Runner } from '../apply/contest.js'
import type { Round } from '../apply/gate.js'
import { cpuMs, familyOf } from '../footprint/process-family.js'
import type { BenchServers } from '../servers.js'
import { benchParticularsTopic, benchTopic } from '../topic.js'
import { foundBenchCorridor } from '../traffic/founding.js'
import { writeTraffic } from '../traffic/written-log.js'
import { databaseSize, type DatabaseSize } from './table-sizes.js'

export interface GrowthRound extends Round {
  /** Of the database server with all its backends; 0 where there is no /proc. */
  readonly postgresCpuMs: number
}

export interface Growth {
  readonly statements: number
  readonly meanBytes: number
  /** Before the first statement, after half of them, after all. */
  readonly sizes: readonly [Size, Size, Size]
  /** As many statements in each. */
  readonly rounds: readonly GrowthRound[]
}

export interface Size extends DatabaseSize {
  readonly logBytes: number
}

/** A round begins with nothing done ahead, so it is slower than a node that goes on. All begin alike, and they are compared with each other. */
const statementsARound = 10_000
/** Five parts of two rounds at least. */
export const fewestInHistory = 10 * statementsARound
const observer = 'corridor-authority'
const longestRoundMs = 120_000

export interface GrowthOptions {
  readonly statements: number
  say(line: string): void
}

/** Applies a long history of the corridor's traffic, and looks at what it takes on disk and how long it takes as it grows. */
export async function measureGrowth(servers: BenchServers, corridor: Corridor, story: Story, { statements, say }: GrowthOptions): Promise<Growth> {
  const log = await openKafkaLog({ brokers: servers.brokers, topic: benchTopic, clientId: 'bench', create: true })
  await (await openKafkaLog({ brokers: servers.brokers, topic: benchParticularsTopic, clientId: 'bench', create: true, retentionMs: 30 * 24 * 3_600_000 })).close()
  const founded = await foundBenchCorridor(log, benchTopic, corridor)
  const logBytes: number[] = []
  const keep = () => void logBytes.push(servers.logBytes(benchTopic))
  const written = await writeTraffic(log, founded, story, statements, { begun: keep, halfway: keep })
  keep()
  await log.close()
  say(`log of ${written.end} statements, ${statements} of them measured, ${written.meanBytes} bytes each on average`)

  const database = await servers.database('growth')
  const runner = await startRunner('karvan', {
    brokers: servers.brokers, topic: benchTopic, particularsTopic: benchParticularsTopic, corridor: { id: founded.id, epoch: founded.epoch },
    participant: observer, database, steadyFrom: written.steadyFrom, publicJwks: [],
  })
  try {
    await runner.apply({ until: written.steadyFrom, withinMs: longestRoundMs })
    const [begun, half, end] = logBytes as [number, number, number] // kept above
    const before = { logBytes: begun, ...(await databaseSize(database.ownerUrl)) }
    const middle = written.steadyFrom + statements / 2
    const first = await applyRounds(servers, runner, { from: written.steadyFrom, until: middle }, say)
    const between = { logBytes: half, ...(await databaseSize(database.ownerUrl)) }
    const second = await applyRounds(servers, runner, { from: middle, until: written.end }, say)
    const after = { logBytes: end, ...(await databaseSize(database.ownerUrl)) }
    return { statements, meanBytes: written.meanBytes, sizes: [before, between, after], rounds: [...first, ...second] }
  } finally {
    await runner.end()
  }
}

async function applyRounds({ postgresPid }: BenchServers, runner: Runner, { from, until }: { readonly from: number; readonly until: number }, say: (line: string) => void): Promise<readonly GrowthRound[]> {
  const rounds: GrowthRound[] = []
  const postgresCpu = () => (process.platform === 'linux' ? cpuMs(familyOf(postgresPid)) : 0)
  for (let at = from; at < until; at += statementsARound) {
    const before = postgresCpu()
    const round = await runner.apply({ until: Math.min(until, at + statementsARound), withinMs: longestRoundMs })
    rounds.push({ ...round, postgresCpuMs: postgresCpu() - before })
    say(`${round.statements} applied in ${(round.ms / 1_000).toFixed(1)} s, ${Math.round((round.statements * 1_000) / round.ms)}/s`)
  }
  return rounds
}
