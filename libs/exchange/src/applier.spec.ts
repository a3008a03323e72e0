import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { beginInspection, type BeginInspection } from '#libs/signature'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { Applier } from './applier.js'
import type { LogBatch, LogRecord } from './log-port.js'
import type { Ledger } from './ports.js'
import { standingAt } from './preparing.js'
import { StateCache } from './state-cache.js'
import { stateMembers } from './state-members.js'

interface Vectors {
  readonly corridor: string
  readonly records: readonly { readonly offset: number; readonly key: string; readonly value: string; readonly appendTime: number }[]
}

const { corridor, records } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/note-and-handoffs.json'), 'utf8')) as Vectors
const log = records.map(({ offset, key, value, appendTime }): LogRecord => ({ offset, key: Buffer.from(key, 'base64'), value: Buffer.from(value, 'base64'), appendTime }))

describe('an applier', () => {
  it.each([[1, 250], [5, 250], [1, 1], [5, 1], [23, 1]])('told of what comes stores what one stores that is not, in batches of %d, with %d rows at hand', async (cut, rowsKept) => {
    expect(await stored(cut, rowsKept, true)).toEqual(await stored(cut, 250, false))
  })

  it('judges nothing ahead of what it was told before it began anew, and all that it is told then', async () => {
    const { judged, applier, ledger, applied } = watchedApplier()
    await applied([first, second, third], 0)
    applier.begin()
    await applier.end()
    await ledger.reset()
    await applied([first, second], 0)
    expect(judged).toEqual([second, second].map(nameOf))
  })

  it('has nothing under way any more when it has ended', async () => {
    let underWay = 0
    const slowly: BeginInspection = (values, keys) => async (known) => {
      underWay += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      return beginInspection(values, keys)(known).finally(() => (underWay -= 1))
    }
    const applier = new Applier(node, openMemoryLedger(memoryDatabase()), new StateCache(), { ahead: slowly })
    const applying = applier.apply(beginning, first)
    applier.coming(second)
    await applying
    expect(underWay).toBe(1)
    await applier.end()
    expect(underWay).toBe(0)
  })

  it('judges nothing ahead on a batch that it does not follow', async () => {
    const { judged, applier, applied } = watchedApplier()
    await applied([first, second, third], 0, (told) => told === second && applier.begin()) // the log is attached to anew, in the middle of reading ahead
    expect(judged).toEqual([])
    await applied([first, second, third], 1)
    expect(judged).toEqual([second, third].map(nameOf))
  })

  describe('what rows hold is told', () => {
    const length = Math.floor(log.length / 3)
    const [one, two, three] = batchesOf(length)

    /** A ledger that counts questions for states, and whose next writes do something before or after they are done. */
    function watchedLedger() {
      const database = memoryDatabase()
      const ledger = openMemoryLedger(database)
      const write = { before: async (): Promise<void> => undefined, after: async (): Promise<void> => undefined }
      let asked = 0
      const watched: Ledger = {
        ...ledger,
        states: (subjects) => ((asked += 1), ledger.states(subjects)),
        apply: async (batch) => {
          await write.before()
          const outcome = await ledger.apply(batch)
          await write.after()
          return outcome
        },
      }
      const cache = new StateCache()
      const now = async (subjects: readonly string[]) => {
        const before = asked
        const { states, cursor } = await standingAt(await ledger.cursor(), watched, cache, subjects)
        return { read: asked - before, next: cursor.next, rows: new Map([...states].map(([subject, state]) => [subject, stateMembers(state)])) }
      }
      return { database, ledger, write, cache, now, applier: new Applier(node, watched, cache) }
    }

    it('from memory until they may have been written anew, and once they are; from the database between', async () => {
      const { database, ledger, write, now, applier } = watchedLedger()
      await applier.apply(beginning, one)
      const subjects = [...database.states.keys()]
      expect(subjects.length).toBeGreaterThan(1)
      expect(await now(subjects)).toEqual({ read: 0, next: length, rows: database.states })
      expect(await now(['nowhere'])).toEqual({ read: 1, next: length, rows: new Map() })
      const before = new Map(database.states)
      write.before = async () => expect(await now(subjects)).toEqual({ read: 0, next: length, rows: before })
      write.after = async () => expect(await now(subjects)).toMatchObject({ read: 1, next: 2 * length })
      await applier.apply(await ledger.cursor(), two)
      expect(await now(subjects)).toMatchObject({ read: 0, next: 2 * length })
    })

    it('never as it was before a write whose answer was lost', async () => {
      const { database, ledger, write, now, applier } = watchedLedger()
      await applier.apply(beginning, one)
      const subjects = [...database.states.keys()]
      write.after = () => Promise.reject(new Error('the connection broke'))
      await expect(applier.apply(await ledger.cursor(), two)).rejects.toThrow('broke')
      const present = () => new Map(subjects.map((subject) => [subject, database.states.get(subject)]))
      expect(await now(subjects)).toEqual({ read: 1, next: 2 * length, rows: present() })
      write.after = async () => undefined
      await applier.apply(await ledger.cursor(), { ...three, records: [], next: 2 * length + 1 }) // changes no row
      expect((await now(subjects)).rows).toEqual(present())
    })
  })
})

const node = { corridor, participant: 'uz-uty', ownKids: [] }

/** An applier that names the batches told to it ahead, each as its inspection ends: then it is being judged. */
function watchedApplier() {
  const judged: string[] = []
  const ledger = openMemoryLedger(memoryDatabase())
  const inspect: BeginInspection = (values, keys) => {
    const finish = beginInspection(values, keys)
    return (known) => (judged.push(String(values[0]).slice(-9)), finish(known))
  }
  const applier = new Applier(node, ledger, new StateCache(), { ahead: inspect })
  /** Applies one of some batches, told of those after it meanwhile. */
  const applied = async (batches: readonly LogBatch[], at: number, afterTelling: (told: LogBatch) => void = () => undefined) => {
    const applying = applier.apply(await ledger.cursor(), batches[at] ?? first)
    for (const batch of batches.slice(at + 1)) {
      applier.coming(batch)
      afterTelling(batch)
    }
    await applying
    await applier.end()
  }
  return { judged, ledger, applier, applied }
}

const nameOf = ({ records: [record] }: LogBatch) => String(record?.value).slice(-9)
const beginning = { next: 0, frontier: '0:' }
const [first, second, third] = batchesOf(5)

function batchesOf(cut: number): readonly [LogBatch, LogBatch, LogBatch] {
  const batch = (at: number): LogBatch => ({ records: log.slice(at * cut, (at + 1) * cut), next: (at + 1) * cut, end: log.length })
  return [batch(0), batch(1), batch(2)]
}

async function stored(cut: number, rowsKept: number, isTold: boolean): Promise<object> {
  const database = memoryDatabase()
  const ledger = openMemoryLedger(database)
  const applier = new Applier(node, ledger, new StateCache(2_000, rowsKept))
  const batches = Array.from({ length: Math.ceil(log.length / cut) }, (_, at): LogBatch => {
    const slice = log.slice(at * cut, (at + 1) * cut)
    return { records: slice, next: at * cut + slice.length, end: log.length }
  })
  for (const [at, batch] of batches.entries()) {
    const applying = applier.apply(await ledger.cursor(), batch)
    const next = batches[at + 1]
    if (isTold && next) applier.coming(next)
    await applying
  }
  const { cursor, entries, states, dossiers } = database
  return { cursor, entries, states, dossiers }
}
