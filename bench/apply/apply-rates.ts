import type { Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { openKafkaLog } from '#libs/log-kafka'
import { Complaint } from '../../scripts/complaint.js'
import type { BenchServers } from '../servers.js'
import { benchParticularsTopic, benchTopic } from '../topic.js'
import { foundBenchCorridor } from '../traffic/founding.js'
import { writeTraffic, type WrittenLog } from '../traffic/written-log.js'
import { startRunner, type Plan, type Runner } from './contest.js'
import type { Round } from './gate.js'

/** Rounds of every contestant, in the order they were run. */
export interface ApplyRates {
  readonly log: WrittenLog
  readonly rounds: ReadonlyMap<string, readonly Round[]>
}

export const contestants = ['plain', 'plain, upsert', 'karvan', 'ceiling'] as const

/** The plain ways are slow: their rounds end by the clock, all others' where the next begins. */
const longestPlainRoundMs = 8_000
/** A node begins a round with nothing inspected ahead and ends it by writing: half a second that a node which catches up has once, in rounds of 40,000 a twelfth of all. */
const rounds = 4
const fewestStatements = 4_000 * rounds

/** A node that states nothing and reads no particulars: how those come and go is not what is measured here. */
const observer = 'corridor-authority'

export interface ApplyOptions {
  readonly statements: number
  readonly profileDir: string | undefined
  say(line: string): void
}

/** Applies one pre-written log by each contestant, a stretch at a time and all in turn, each in a process and database of its own. */
export async function measureApply(servers: BenchServers, corridor: Corridor, story: Story, { statements, profileDir, say }: ApplyOptions): Promise<ApplyRates> {
  if (!(statements >= fewestStatements)) throw new Complaint('STATEMENTS', `--statements is a number from ${fewestStatements} on: a node applies up to 4,000 at a time, and a round of few batches measures how it begins.`)
  const log = await openKafkaLog({ brokers: servers.brokers, topic: benchTopic, clientId: 'bench', create: true })
  await (await openKafkaLog({ brokers: servers.brokers, topic: benchParticularsTopic, clientId: 'bench', create: true, retentionMs: 30 * 24 * 3_600_000 })).close()
  const founded = await foundBenchCorridor(log, benchTopic, corridor)
  const written = await writeTraffic(log, founded, story, statements)
  await log.close()
  say(`log of ${written.end} statements, ${written.end - written.steadyFrom} of them measured, ${written.meanBytes} bytes each on average`)

  const planFor = async (name: string): Promise<Plan> => ({
    brokers: servers.brokers, topic: benchTopic, particularsTopic: benchParticularsTopic, corridor: { id: founded.id, epoch: founded.epoch },
    participant: observer, database: await servers.database(name.replaceAll(/\W+/g, '_')), steadyFrom: written.steadyFrom,
    publicJwks: [...founded.keys.values()].map(({ publicJwk }) => publicJwk),
  })
  const runners: Runner[] = []
  try {
    for (const name of contestants) runners.push(await startRunner(name, await planFor(name), profileDir))
    for (const runner of runners.filter((runner) => !isPlain(runner))) await runner.apply({ until: written.steadyFrom, withinMs: Number.MAX_SAFE_INTEGER })
    return { log: written, rounds: await inTurns(runners, written, say) }
  } finally {
    await Promise.all(runners.map((runner) => runner.end()))
  }
}

async function inTurns(runners: readonly Runner[], { steadyFrom, end }: WrittenLog, say: (line: string) => void): Promise<ReadonlyMap<string, readonly Round[]>> {
  const done = new Map<string, Round[]>(runners.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const until = steadyFrom + Math.round(((end - steadyFrom) * (round + 1)) / rounds)
    const order = [...runners.slice(round % runners.length), ...runners.slice(0, round % runners.length)]
    for (const runner of order) {
      const result = await runner.apply({ until, withinMs: isPlain(runner) ? longestPlainRoundMs : Number.MAX_SAFE_INTEGER })
      done.get(runner.name)?.push(result)
      say(`round ${round + 1} ${runner.name}: ${result.statements} in ${(result.ms / 1_000).toFixed(1)} s, ${Math.round((result.statements * 1_000) / result.ms)}/s`)
    }
  }
  return done
}

function isPlain({ name }: Runner): boolean {
  return name.startsWith('plain')
}
