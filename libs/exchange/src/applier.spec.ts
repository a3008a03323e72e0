import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { canonicalJson } from '#libs/documents'
import { beginInspection, type BeginInspection } from '#libs/signature'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { Applier } from './applier.js'
import type { LogBatch, LogRecord } from './log-port.js'
import { StateCache, statesNow } from './preparing.js'

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

  it('judges nothing ahead of what it was told before it began anew', async () => {
    const judged: string[] = []
    const inspect: BeginInspection = (values, keys) => {
      const finish = beginInspection(values, keys)
      return (known) => (judged.push(String(values[0]).slice(-9)), finish(known))
    }
    const ledger = openMemoryLedger(memoryDatabase())
    const applier = new Applier(node, ledger, new StateCache(), { ahead: inspect })
    const [first, second, third] = batchesOf(5)
    const applying = applier.apply(beginning, first)
    applier.coming(second)
    applier.coming(third)
    await applying
    applier.begin()
    await applier.end()
    await ledger.reset()
    await applier.apply(beginning, first)
    await applier.end()
    expect(judged).toEqual([String(second.records[0]?.value).slice(-9)])
  })

  it('has nothing under way any more when it has ended', async () => {
    let underWay = 0
    const slowly: BeginInspection = (values, keys) => async (known) => {
      underWay += 1
      await new Promise((resolve) => setTimeout(resolve, 20))
      return beginInspection(values, keys)(known).finally(() => (underWay -= 1))
    }
    const applier = new Applier(node, openMemoryLedger(memoryDatabase()), new StateCache(), { ahead: slowly })
    const [first, second] = batchesOf(5)
    const applying = applier.apply(beginning, first)
    applier.coming(second)
    await applying
    expect(underWay).toBe(1)
    await applier.end()
    expect(underWay).toBe(0)
  })

  it('tells what rows hold from memory once it has written them, and never while it does not know', async () => {
    const database = memoryDatabase()
    const ledger = openMemoryLedger(database)
    const [first, second, third] = batchesOf(Math.floor(log.length / 3))
    let asked = 0
    let whileWriting = (): Promise<void> => Promise.resolve()
    const watched = {
      ...ledger,
      states: (subjects: readonly string[]) => ((asked += 1), ledger.states(subjects)),
      apply: async (batch: Parameters<typeof ledger.apply>[0]) => {
        await whileWriting()
        return ledger.apply(batch)
      },
    }
    const cache = new StateCache()
    const applier = new Applier(node, watched, cache)
    const textsNow = async (subjects: readonly string[]) => {
      const before = asked
      const found = await statesNow(watched, cache, subjects)
      return { read: asked - before, found: new Map([...found].map(([subject, state]) => [subject, canonicalJson(state)])) }
    }
    await applier.apply(beginning, first)
    const written = [...database.states.keys()]
    expect(written.length).toBeGreaterThan(1)
    expect(await textsNow(written)).toEqual({ read: 0, found: database.states })
    expect(await textsNow(['nowhere'])).toEqual({ read: 1, found: new Map() })
    whileWriting = async () => expect(await textsNow(written)).toEqual({ read: 1, found: database.states })
    await applier.apply(await ledger.cursor(), second)
    expect(await textsNow(written)).toEqual({ read: 0, found: new Map(written.map((subject) => [subject, database.states.get(subject) ?? ''])) })
    whileWriting = () => Promise.reject(new Error('the database is away'))
    await expect(applier.apply(await ledger.cursor(), third)).rejects.toThrow('away')
    expect((await textsNow(written)).read).toBe(1)
  })
})

const node = { corridor, participant: 'uz-uty', ownKids: [] }
const beginning = { next: 0, frontier: '0:' }

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
