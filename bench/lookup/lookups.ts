import type { Ledger, Log } from '#libs/exchange'
import { openPostgresLedger } from '#libs/ledger-postgres'
import type { Corridor } from '../../corridors/load.js'
import { chanceFrom } from '../../corridors/traffic/chance.js'
import type { NodeDatabase } from '../../infra/postgres/node-database.js'
import { memoryTopic } from '../../libs/testing/src/memory-log.js'
import { benchExchange } from '../bench-exchange.js'
import type { BenchDatabases } from '../servers.js'
import { benchTopic } from '../topic.js'
import { foundBenchCorridor, type BenchCorridor } from '../traffic/founding.js'
import { multiply, ownerOfCopy, vacuum } from './multiplied.js'
import { boxOwner, smallNotes } from './small-notes.js'

/** One store, and what was measured on it in each round. */
export interface Store {
  readonly consignments: number
  /** Milliseconds of each question, by round and by who asked. */
  readonly asked: readonly ReadonlyMap<string, readonly number[]>[]
  /** Milliseconds for each further note, by round. */
  readonly appliedMsEach: readonly number[]
}

export interface LookUps {
  readonly small: Store
  readonly large: Store
}

/** A railway sees what it is a party to; customs also what crosses their country, so every question is two. */
export const askers = ['uz-uty', 'uz-customs'] as const

const madeForReal = 10_000
const rounds = 4
const questionsEach = 1_000
const notesEach = 1_000
const found = 20 // a page
const observer = 'corridor-authority'

interface Opened {
  readonly consignments: number
  readonly ledger: Ledger
  readonly database: NodeDatabase
  readonly asked: Map<string, readonly number[]>[]
  readonly appliedMsEach: number[]
}

export interface LookUpOptions {
  /** In the large store. */
  readonly consignments: number
  readonly noteFile: string
  say(line: string): void
}

/**
 * The same questions to two stores on one server, in turns. What is in the small one was signed, judged, folded and written by a node's own code; the large
 * one began so and was multiplied by SQL: a million notes made for real take a quarter of an hour.
 */
export async function measureLookUps(databases: BenchDatabases, corridor: Corridor, { consignments, noteFile, say }: LookUpOptions): Promise<LookUps> {
  const topic = memoryTopic(() => Date.now())
  const [log, particulars] = [topic.open(), memoryTopic().open()]
  const founded = await foundBenchCorridor(log, benchTopic, corridor)
  const next = smallNotes(founded, noteFile)
  const boxes = await issue(log, next, madeForReal)
  const copies = Math.max(1, Math.round(consignments / madeForReal))
  const stores = [await openStore(databases, 'small', madeForReal), await openStore(databases, 'large', madeForReal * copies)] as const
  try {
    const end = await log.end()
    for (const store of stores) {
      const ms = await applyTo(store, { founded, log, particulars })
      say(`${madeForReal} notes judged and written in ${(ms / 1_000).toFixed(1)} s, ${Math.round((end * 1_000) / ms)}/s`)
    }
    const since = performance.now()
    await multiply(stores[1].database.ownerUrl, copies, end, say)
    for (const { database } of stores) await vacuum(database.ownerUrl)
    say(`${stores[1].consignments} consignments after ${((performance.now() - since) / 1_000).toFixed(0)} s`)
    const chance = chanceFrom(1)
    const boxIn = ({ consignments: all }: Opened) => {
      const note = boxes[chance.between(0, boxes.length - 1)] ?? []
      const copy = chance.between(0, all / madeForReal - 1)
      return (note[chance.between(0, note.length - 1)] ?? '').replace(boxOwner, copy === 0 ? boxOwner : ownerOfCopy(copy))
    }
    for (let round = -1; round < rounds; round++) {
      if (round >= 0) await issue(log, next, notesEach)
      for (const store of round % 2 === 0 ? stores : [...stores].reverse()) {
        const asked = await ask(store, founded, { log, particulars }, () => boxIn(store))
        if (round < 0) continue // the first questions warm up
        store.asked.push(asked)
        store.appliedMsEach.push((await applyTo(store, { founded, log, particulars })) / notesEach)
      }
    }
    return { small: stores[0], large: stores[1] }
  } finally {
    await Promise.all(stores.map(({ ledger }) => ledger.close()))
  }
}

async function openStore(databases: BenchDatabases, name: string, consignments: number): Promise<Opened> {
  const database = await databases.database(name)
  return { consignments, database, ledger: await openPostgresLedger(database), asked: [], appliedMsEach: [] }
}

async function issue(log: Log, next: ReturnType<typeof smallNotes>, notes: number): Promise<readonly (readonly string[])[]> {
  const issued = Array.from({ length: notes }, next)
  await log.append(issued.map(({ record }) => record))
  return issued.map(({ boxes }) => boxes)
}

interface Ground {
  readonly founded: BenchCorridor
  readonly log: Log
  readonly particulars: Log
}

/** Applies what the log has more, in batches as a node does that is behind. Answers the milliseconds that took. */
async function applyTo({ ledger }: Opened, { founded, log, particulars }: Ground): Promise<number> {
  const end = await log.end()
  const corridor = { id: founded.id, epoch: founded.epoch }
  let done: () => void = () => undefined
  const applied = new Promise<void>((resolve) => (done = resolve))
  const exchange = benchExchange({ corridor, participant: observer, ledger, events: log, particulars, onApplied: ({ cursor }) => cursor.next >= end && done() })
  const since = performance.now()
  exchange.start()
  await applied
  const ms = performance.now() - since
  await exchange.stop()
  return ms
}

/** One question after the other, by each of the askers. */
async function ask({ ledger }: Opened, { id, epoch }: BenchCorridor, { log, particulars }: Pick<Ground, 'log' | 'particulars'>, box: () => string): Promise<Map<string, readonly number[]>> {
  const asked = new Map<string, readonly number[]>()
  for (const participant of askers) {
    const { asking } = benchExchange({ corridor: { id, epoch }, participant, ledger, events: log, particulars })
    const took: number[] = []
    for (let question = 0; question < questionsEach; question++) {
      const equipment = box()
      const since = performance.now()
      const answer = await asking.search({ equipment: [equipment] }, undefined, found)
      took.push(performance.now() - since)
      if (answer.length !== 1) throw new Error(`${participant} finds ${answer.length} consignments with ${equipment}`)
    }
    asked.set(participant, took)
  }
  return asked
}

