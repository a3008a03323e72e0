import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import type { Corridor } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { freePort, type BenchServers } from '../servers.js'
import { benchParticularsTopic, benchTopic } from '../topic.js'
import { foundBenchCorridor } from '../traffic/founding.js'
import { openTraffic, type Traffic } from '../traffic/traffic.js'
import { Readers } from './readers.js'
import { StreamingNode } from './streaming-node.js'

/** What was measured at one rate of statements. */
export interface StreamLevel {
  readonly rate: number
  /** Milliseconds from the commit, for each event: until the first reader had it, and until the last. */
  readonly waits: readonly { readonly firstMs: number; readonly lastMs: number }[]
  /** Of the node's process, for one event: with nobody reading, and with all. */
  readonly cpuMsEach: { readonly unread: number; readonly read: number }
}

export interface Streaming {
  readonly readers: number
  readonly levels: readonly StreamLevel[]
  readonly residentMib: { readonly before: number; readonly connected: number; readonly after: number }
}

const readersInAll = 1_000
/** The corridor's average, and ten times that. */
const rates = [3, 30]
const eventsUnread = 60
const eventsRead = 150
const reader = 'uz-uty' // on the way of every train
const arriveWithinMs = 60_000

interface Stage {
  readonly log: Log
  readonly steady: Traffic['steady']
  readonly node: StreamingNode
}

/** Statements of the traffic come into the log one by one, each in a batch of its own or with what has come meanwhile; a thousand read along at one node. */
export async function measureStream(servers: BenchServers, corridor: Corridor, story: Story, say: (line: string) => void): Promise<Streaming> {
  const { brokers } = servers
  const log = await openKafkaLog({ brokers, topic: benchTopic, clientId: 'bench', create: true })
  await (await openKafkaLog({ brokers, topic: benchParticularsTopic, clientId: 'bench', create: true, retentionMs: 30 * 24 * 3_600_000 })).close()
  const founded = await foundBenchCorridor(log, benchTopic, corridor)
  const { sofar, steady } = openTraffic(founded, story)
  for (const records of sofar) await log.append(records.map(({ key, value }) => ({ key, value })))
  const node = await StreamingNode.open({
    brokers, topic: benchTopic, particularsTopic: benchParticularsTopic, corridor: { id: founded.id, epoch: founded.epoch }, participant: reader,
    database: await servers.database('stream'), port: await freePort(), opsPort: await freePort(),
  })
  let readers: Readers | undefined
  try {
    await node.committed(await log.end())
    const stage = { log, steady, node }
    const unread = []
    for (const rate of rates) unread.push((await play(stage, rate, eventsUnread)).cpuMsEach)
    const before = (await node.usage()).residentMib
    readers = await Readers.open(node.url, readersInAll)
    const connected = (await node.usage()).residentMib
    say(`${readersInAll} readers, ${(connected - before).toFixed(0)} MiB more`)
    const levels: StreamLevel[] = []
    for (const [index, rate] of rates.entries()) {
      const { cpuMsEach, waits } = await play(stage, rate, eventsRead, readers)
      levels.push({ rate, waits, cpuMsEach: { unread: unread[index] ?? Number.NaN, read: cpuMsEach } })
      say(`${rate} a second: ${waits.length} events at all readers`)
    }
    return { readers: readersInAll, levels, residentMib: { before, connected, after: (await node.usage()).residentMib } }
  } finally {
    readers?.close()
    await node.end()
    await log.close()
  }
}

/** So many statements at a rate, until all of them have been committed and have come to whoever reads. */
async function play({ log, steady, node }: Stage, rate: number, events: number, readers?: Readers): Promise<{ readonly cpuMsEach: number; readonly waits: StreamLevel['waits'] }> {
  const first = await log.end()
  const before = await node.usage()
  const since = performance.now()
  const appending: Promise<void>[] = []
  for (let made = 0; made < events; made++) {
    await wait(Math.max(0, since + (made * 1_000) / rate - performance.now()))
    const { key, value } = steady.next().value
    appending.push(log.append([{ key, value }]))
  }
  await Promise.all(appending)
  await node.committed(first + events)
  const waits: StreamLevel['waits'][number][] = []
  for (let offset = first; readers && offset < first + events; offset++) {
    const last = await arrivalOf(readers, offset)
    const committed = await node.committed(offset + 1)
    waits.push({ firstMs: (readers.arrivals.get(offset)?.first ?? last) - committed, lastMs: last - committed })
  }
  return { cpuMsEach: ((await node.usage()).cpuMs - before.cpuMs) / events, waits }
}

async function arrivalOf(readers: Readers, offset: number): Promise<number> {
  const deadline = performance.now() + arriveWithinMs
  for (;;) {
    const last = readers.lastOf(offset)
    if (last !== undefined) return last
    if (performance.now() > deadline) throw new Error(`not every reader has ${offset}, only ${readers.arrivals.get(offset)?.readers ?? 0}`)
    await wait(20)
  }
}
