import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Log, NewRecord } from '#libs/exchange'
import { loadStory, type Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { chanceFrom } from '../../corridors/traffic/chance.js'
import { journeys } from '../../corridors/traffic/journeys.js'
import { needCorridorFile } from '../../scripts/corridor-file.js'
import { logAddressOf } from '../../scripts/corridor-log.js'
import { openStage } from '../../scripts/demo/open-stage.js'
import { readNodeConfigs } from '../../scripts/process-config.js'
import { asAuthority } from '../../scripts/register/founding.js'
import { openCorridorLog } from '../../scripts/register/open-log.js'
import { playTraffic } from '../../scripts/traffic/play-traffic.js'
import { TallyKeeper } from '../../scripts/traffic/tally.js'
import { cpuClock, type ByKind } from '../footprint/footprint.js'
import type { StartedCorridor } from '../footprint/started-corridor.js'
import type { BenchCorridor } from '../traffic/founding.js'
import { openTraffic } from '../traffic/traffic.js'
import { LagWatch } from './lag-watch.js'
import { admitTwins, toldOfTwins } from './twins.js'

/** What was measured at one rate of statements. */
export interface LoadLevel {
  readonly rate: number
  /** Through the nodes' public APIs, or signed beforehand and appended to the log by the bench. */
  readonly way: 'submitted' | 'appended'
  readonly statements: number
  /** From the first statement until the last was made, and until all nodes had it. */
  readonly madeInMs: number
  readonly caughtUpInMs: number
  /** Milliseconds from its appending until a statement was seen in what a node has committed, by participant, in the order of the log. */
  readonly lags: ReadonlyMap<string, readonly number[]>
  /** What all processes of a kind used for it; what they use when nothing happens is taken off. */
  readonly cpuMs: ByKind
  readonly questions: number
}

export interface Load {
  readonly nodes: number
  readonly levels: readonly LoadLevel[]
}

/** What the corridor of 2030 averages, in statements a second. */
const averageRate = 3
const madeForMs = { submitted: 30_000, appended: 15_000 } as const
const levels = [{ times: 1, way: 'submitted' }, { times: 10, way: 'submitted' }, { times: 10, way: 'appended' }, { times: 100, way: 'appended' }] as const
/** So long nodes still compare checkpoints and look for blocks after a load. */
const settlesWithinMs = 20_000
const idleForMs = 10_000
/** The story has one statement of a train refused; with more than this part of all something is wrong with the bench. */
const mostRefused = 0.02
/** Of the twins; as many as bring the level's statements and no long way to where they are. */
const trainsOfTwins = 6
const appendEveryMs = 20

interface Stage {
  readonly corridor: StartedCorridor
  readonly log: Log
  readonly watch: LagWatch
  readonly idle: ByKind
}

/** Statements of the traffic at 1, 10 and 100 × the corridor's average, and how far behind each node is. */
export async function measureLoad(corridor: StartedCorridor, data: Corridor, say: (line: string) => void): Promise<Load> {
  const { settings } = corridor
  const file = needCorridorFile(settings.dataDir)
  const log = await openCorridorLog(logAddressOf(settings, file), file.topic)
  const databases = new Map(readNodeConfigs(settings.dataDir).flatMap(({ nodes }) => nodes.map(({ participant, databaseUrl }) => [participant, databaseUrl])))
  const watch = await LagWatch.open(log, databases)
  try {
    const stories = await Promise.all(data.stories.map((name) => loadStory(join(settings.corridorDir, 'stories', `${name}.json`))))
    await submit(corridor, data, stories, { rate: 10, forMs: 8_000, seed: 2 }) // warms up
    await watch.everywhere(await log.end())
    const stage = { corridor, log, watch, idle: await idleCpu(corridor) }
    const twins = await asAuthority(settings, file, (pen) => admitTwins(pen, data))
    const next = await underWay(stage, twins, data)
    const measured: LoadLevel[] = []
    for (const { times, way } of levels) {
      const rate = averageRate * times
      const make = way === 'submitted' ? () => submit(corridor, data, stories, { rate, forMs: madeForMs[way], seed: 2 + times }) : append(log, next, rate)
      const level: LoadLevel = { rate, way, ...(await inLevel(stage, make)) }
      say(`${rate} a second ${way}: ${level.statements} made in ${(level.madeInMs / 1_000).toFixed(1)} s, at all nodes after ${(level.caughtUpInMs / 1_000).toFixed(1)} s`)
      measured.push(level)
    }
    return { nodes: databases.size, levels: measured }
  } finally {
    await watch.close()
    await log.close()
  }
}

async function inLevel({ corridor, log, watch, idle }: Stage, make: () => Promise<void>): Promise<Omit<LoadLevel, 'rate' | 'way'>> {
  await watch.everywhere(await log.end())
  const [from, questions, since, cpuSince] = [await log.end(), watch.questions, performance.now(), cpuClock(corridor)]
  await make()
  const madeInMs = performance.now() - since
  const to = await log.end()
  await watch.everywhere(to)
  const caughtUpInMs = performance.now() - since
  const cpuMs = new Map([...cpuSince()].map(([kind, ms]) => [kind, ms - (idle.get(kind) ?? 0) * caughtUpInMs]))
  const refused = await watch.refused(from, to)
  if (refused > Math.max(1, (to - from) * mostRefused)) throw new Error(`${refused} of ${to - from} statements were refused`)
  return { statements: to - from, madeInMs, caughtUpInMs, lags: watch.lags(from, to), cpuMs, questions: watch.questions - questions }
}

/** Journeys of all stories, each step after the one before is decided. */
async function submit({ settings }: StartedCorridor, data: Corridor, stories: readonly Story[], { rate, forMs, seed }: { readonly rate: number; readonly forMs: number; readonly seed: number }): Promise<void> {
  const stopping = new AbortController()
  const tally = new TallyKeeper(() => performance.now())
  const over = setTimeout(() => stopping.abort(), forMs)
  try {
    await playTraffic({
      journeys: Number.MAX_SAFE_INTEGER, rate, next: journeys(stories, chanceFrom(seed)), stage: openStage(settings, data), tally, now: () => new Date(),
      onStranded: (why) => console.error(`stranded: ${why}`), stop: stopping.signal,
    })
  } finally {
    clearTimeout(over)
  }
}

/** The twins' trains on their way, and all nodes with them. Answers what they state next. */
async function underWay({ corridor, log, watch }: Stage, twins: BenchCorridor, data: Corridor): Promise<() => NewRecord> {
  const story = await loadStory(join(corridor.settings.corridorDir, 'stories', 'casca.json'))
  const { sofar, steady } = openTraffic(twins, story, { trains: trainsOfTwins, retold: toldOfTwins(data) })
  for (const records of sofar) await log.append(records.map(({ key, value }) => ({ key, value })))
  await watch.everywhere(await log.end())
  return () => {
    const { key, value } = steady.next().value
    return { key, value }
  }
}

/** Everything is signed beforehand, and comes when it is due, whether or not those before it have been applied. */
function append(log: Log, next: () => NewRecord, rate: number): () => Promise<void> {
  const records = Array.from({ length: (rate * madeForMs.appended) / 1_000 }, next)
  return async () => {
    const since = performance.now()
    for (let made = 0; made < records.length; ) {
      const due = Math.min(records.length, Math.ceil(((performance.now() - since) * rate) / 1_000))
      if (due > made) await log.append(records.slice(made, due))
      made = due
      await wait(appendEveryMs)
    }
  }
}

/** Milliseconds of CPU in each millisecond in which nothing happens. */
async function idleCpu(corridor: StartedCorridor): Promise<ByKind> {
  await wait(settlesWithinMs)
  const [cpuSince, since] = [cpuClock(corridor), performance.now()]
  await wait(idleForMs)
  const ms = performance.now() - since
  return new Map([...cpuSince()].map(([kind, used]) => [kind, used / ms]))
}
