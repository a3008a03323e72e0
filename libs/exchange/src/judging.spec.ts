import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { emptyFrontier } from '#libs/signature'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { Applier } from './applier.js'
import { judgeBatch, judging } from './judging.js'
import { StateCache } from './state-cache.js'

const records = Array.from({ length: 1_100 }, (_, offset) => ({ offset, key: null, value: Buffer.from(`no statement ${offset}`), appendTime: offset }))
const batch = { records, next: records.length, end: records.length }
const inspections = records.map(() => ({ ok: false, code: 'FORM' }) as const)
const nothing = { corridor: 'c', frontier: emptyFrontier, states: new Map(), consumed: new Map(), accepted: new Map() }

describe('a long batch', () => {
  it('is judged in turns to the same end', () => {
    const turns = judging(0, batch, inspections, nothing)
    let count = 1
    let turn = turns.next()
    for (; !turn.done; turn = turns.next()) count += 1
    expect(count).toBe(5)
    expect(turn.value).toEqual(judgeBatch(0, batch, inspections, nothing))
    expect(turn.value).toMatchObject({ next: 1_100, frontier: { size: 1_100 } })
  })

  it('is judged in turns where it has nothing but holes', () => {
    const holes = { records: [], next: 1_100 }
    const turns = [...judging(0, holes, [], nothing)]
    expect(turns).toHaveLength(4)
    expect(judgeBatch(0, holes, [], nothing)).toMatchObject({ next: 1_100, frontier: { size: 1_100 }, judged: [] })
  })

  it('lets others have the thread while it is applied', async () => {
    const database = memoryDatabase()
    const ledger = openMemoryLedger(database)
    const applying = new Applier({ corridor: 'c', participant: 'p', ownKids: [] }, ledger, new StateCache(10, 10)).apply(await ledger.cursor(), batch)
    let isApplied = false
    void applying.then(() => (isApplied = true))
    let turns = 0
    for (; !isApplied; turns += 1) await nextTurn()
    expect(turns).toBeGreaterThanOrEqual(4)
    expect(database.entries.size).toBe(1_100)
  })
})
