import { join } from 'node:path'
import { loadStory, type Corridor } from '../../corridors/load.js'
import { tokenSource } from '../../scripts/demo-token.js'
import { planNodes } from '../../scripts/process-config.js'
import { cpuClock, type ByKind } from '../footprint/footprint.js'
import type { StartedCorridor } from '../footprint/started-corridor.js'
import { ask, type Answer } from './asking.js'
import { closedLoop, openLoop } from './load.js'
import { factOf, noteOf, reportsOf, type Fact } from './train-facts.js'
import { Watch } from './watch.js'

/** One statement's way, in milliseconds from when it was due. Infinity: not accepted in time. */
export interface Way {
  readonly decidedMs: number
  /** Of one that was watched for: until the last node showed it. */
  readonly visibleMs?: number
}

export interface Latencies {
  /** Highest sustained rate in statements a second, and how many were under way at it. */
  readonly highest: { readonly rate: number; readonly concurrency: number }
  readonly rate: number
  readonly ways: readonly Way[]
  readonly nodes: number
  /** Nodes of those that are party to a train. */
  readonly readers: number
  readonly trains: number
  /** By which nodes are watched: questions a second to all of them together. */
  readonly questionsASecond: number
  /** CPU that a statement took in all processes of a kind together, at that rate: how much of it is had is another matter on a shared machine. */
  readonly cpuMsEach: ByKind
}

/** Eleven organisations of the story report movements: with twelve trains every one comes to every train. */
const trains = 12
/** Until what nodes do with a statement, and with who asks for it, is compiled: of their threads but the main ones, which compile, it keeps 43 % of a core busy at first, 10 after a minute of this, and 5 after two. */
const warmUpMs = 120_000
const levelMs = 5_000
const concurrencies = [4, 8, 16, 32, 64, 128, 256]
const measuredForMs = 240_000
/** One in so many statements is watched for at all nodes: their answers to that are work, too; with one in ten a tenth of what nodes do. */
const watchedOneIn = 20

/** The highest rate at which nodes take statements and all keep up, and what a statement waits for at half of that. */
export async function measureLatency(corridor: StartedCorridor, data: Corridor, say: (line: string) => void): Promise<Latencies> {
  const { settings } = corridor
  const story = await loadStory(join(settings.corridorDir, 'stories', `${data.stories[0]}.json`))
  const plans = planNodes(data, settings)
  const door = doorOf(corridor, data)
  const notes = await Promise.all(Array.from({ length: trains }, () => door.post(factOf(noteOf(story)))))
  const subjects = notes.map((answer) => String(acceptedIn(answer)?.['subject']))
  const next = reportsOf(story, subjects)
  const report = () => {
    const { subject, ...told } = next()
    return factOf(told, subject)
  }
  /** Answers the statement's place in the log, undefined when it was not decided in time. */
  const state = async () => acceptedIn(await door.post(report()))?.['offset'] as number | undefined // as the API describes it

  const watch = new Watch(plans.map(({ url }) => url))
  let count = 0
  const way = (due: number) => wayOf(due, state, count++ % watchedOneIn === 0 ? watch : undefined)
  await closedLoop(way, 8, warmUpMs)
  const highest = await highestRate(state, watch, say)
  const rate = highest.rate / 2
  say(`${rate.toFixed(1)} statements/s for ${measuredForMs / 1_000} s`)
  const [asked, since, cpuSince] = [watch.questions, performance.now(), cpuClock(corridor)]
  const ways = await openLoop(way, rate, measuredForMs)
  const questionsASecond = ((watch.questions - asked) * 1_000) / (performance.now() - since)
  const cpuMsEach = new Map([...cpuSince()].map(([kind, ms]) => [kind, ms / ways.length]))
  const seen = await Promise.all(plans.map(({ participant }) => door.get(participant, `/v1/consignments/${subjects[0]}`)))
  const readers = seen.filter(({ status }) => status === 200).length // the others apply it as well, and show it to nobody
  return { highest, rate, ways, nodes: plans.length, readers, trains, questionsASecond, cpuMsEach }
}

/** More and more at once; the clock runs until the last node has the last statement. Every level counts: on a shared machine a slow one says nothing of the next. */
async function highestRate(state: () => Promise<number | undefined>, watch: Watch, say: (line: string) => void): Promise<Latencies['highest']> {
  let best = { rate: 0, concurrency: 0 }
  for (const concurrency of concurrencies) {
    const since = performance.now()
    const offsets = (await closedLoop(state, concurrency, levelMs)).filter((offset) => offset !== undefined)
    const at = await watch.everywhere(Math.max(...offsets))
    const rate = (offsets.length * 1_000) / (at - since)
    say(`${concurrency} at once: ${rate.toFixed(1)} statements/s`)
    if (rate > best.rate) best = { rate, concurrency }
  }
  return best
}

async function wayOf(due: number, state: () => Promise<number | undefined>, watch: Watch | undefined): Promise<Way> {
  const offset = await state()
  const decidedMs = offset === undefined ? Infinity : performance.now() - due
  if (!watch) return { decidedMs }
  return { decidedMs, visibleMs: offset === undefined ? Infinity : Math.max(decidedMs, (await watch.everywhere(offset)) - due) }
}

/** The public APIs of the nodes, each asked by somebody of its own. */
function doorOf({ settings }: StartedCorridor, data: Corridor) {
  const urls = new Map(planNodes(data, settings).map(({ participant, url }) => [participant, url]))
  const tokenOf = tokenSource(settings)
  const userOf = (participant: string) => data.users.find(({ organisation, scopes }) => organisation === participant && scopes.includes('state'))?.user ?? ''
  const asked = async (participant: string, path: string, statement?: string) =>
    ask(`${urls.get(participant)}${path}`, { token: await tokenOf(userOf(participant)), ...(statement !== undefined && { statement }) })
  return {
    post: ({ by, path, statement }: Fact) => asked(by, path, statement),
    get: (participant: string, path: string) => asked(participant, path),
  }
}

/** What was accepted or found; undefined what a node under load has not decided in time. Whatever else is a mistake of the bench. */
function acceptedIn({ status, body }: Answer): Answer['body'] | undefined {
  if (status === 200 || status === 201) return body
  if (status === 202 || status === 503) return undefined
  throw new Error(`the bench is refused: ${status} ${JSON.stringify(body)}`)
}
