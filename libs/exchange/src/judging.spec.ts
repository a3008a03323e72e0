import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import type { Dossier } from '#libs/consignment'
import { emptyFrontier } from '#libs/signature'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { batchOf, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { Applier } from './applier.js'
import { Judging } from './judging.js'
import type { LogBatch } from './log-port.js'
import type { Ledger } from './ports.js'
import { judgeInParts } from './judging-in-parts.js'
import { StateCache } from './state-cache.js'

const records = Array.from({ length: 1_100 }, (_, offset) => ({ offset, key: null, value: Buffer.from(`no statement ${offset}`), appendTime: offset }))
const batch = { records, next: records.length, end: records.length }
const lookups = openMemoryLedger(memoryDatabase())

describe('a long batch', () => {
  it.each([['statements', records], ['nothing but holes', []]])('of %s is judged in parts to the same end', async (_, its) => {
    const judging = new Judging('c', emptyFrontier)
    const parts: number[] = []
    await judgeInParts(judging, { ...batch, records: its }, { lookups, cache: new StateCache() }, (part) => void parts.push(part.length))
    expect(parts).toEqual(its.length === 0 ? Array(35).fill(0) : [...Array(34).fill(32), 12])
    const atOnce = new Judging('c', emptyFrontier)
    atOnce.judge({ ...batch, records: its }, its.map(() => ({ ok: false, code: 'FORM' })), { states: new Map(), consumed: new Map(), accepted: new Map() })
    expect(judging.end()).toEqual(atOnce.end())
    expect(judging.end()).toMatchObject({ next: 1_100, frontier: { size: 1_100 }, heads: [{ size: 1_000 }, { size: 1_100 }] })
  })

  it('begins its parts where it begins, so that a few records at the end of the log are one part', async () => {
    const judging = new Judging('c', emptyFrontier)
    const cut = (from: number, next: number) => ({ records: records.slice(from, next), next })
    const parts: number[] = []
    for (const one of [cut(0, 20), cut(20, 52), cut(52, 60)]) await judgeInParts(judging, one, { lookups, cache: new StateCache() }, (part) => void parts.push(part.length))
    expect(parts).toEqual([20, 32, 8])
  })

  it('is not judged on a tree that ends elsewhere than it begins', async () => {
    const ledger = openMemoryLedger(memoryDatabase())
    const applier = new Applier({ corridor: 'c', participant: 'p', ownKids: [] }, ledger, new StateCache())
    await expect(applier.apply({ next: 5, frontier: '0:' }, batch)).rejects.toThrow('the tree has 0 leaves, the batch begins at 5')
  })

  it('lets others have the thread while it is applied', async () => {
    const database = memoryDatabase()
    const ledger = openMemoryLedger(database)
    const applying = new Applier({ corridor: 'c', participant: 'p', ownKids: [] }, ledger, new StateCache(10, 10)).apply(await ledger.cursor(), batch)
    let isApplied = false
    void applying.then(() => (isApplied = true))
    let turns = 0
    for (; !isApplied; turns += 1) await nextTurn()
    expect(turns).toBeGreaterThanOrEqual(30)
    expect(database.entries.size).toBe(1_100)
  })
})

const folder = join(import.meta.dirname, '../../../test/vectors')
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as VectorFile)

describe.each(files.map((file) => [file.name, file] as const))('the log of %s with holes between, so that few of its records are a part', (_, file) => {
  const log = stretched(batchOf(file.records), 9)
  const recordByRecord = log.records.map((record, at): LogBatch => ({ ...log, records: [record], next: log.records[at + 1]?.offset ?? log.next }))

  it('leaves the same in one batch of many parts as record by record, views included', async () => {
    expect(await leftBy(file.corridor, [log])).toEqual(await leftBy(file.corridor, recordByRecord))
  })

  it('has the states of consignments read at once, however many parts it has', async () => {
    const asked: (readonly string[])[] = []
    const watched = (ledger: Ledger): Ledger => ({ ...ledger, states: (subjects) => (asked.push(subjects), ledger.states(subjects)) })
    const { states } = await leftBy(file.corridor, [log], watched)
    const again = asked.slice(1).flat()
    expect([...states.keys()].filter((subject) => again.includes(subject))).toEqual([])
  })

  it('has the history of a corrected consignment read once, and comes again where it cannot be', async () => {
    const asked: string[] = []
    const watched = (ledger: Ledger): Ledger => ({ ...ledger, entriesOf: (subject, ...page) => (asked.push(subject), ledger.entriesOf(subject, ...page)) })
    const { entries } = await leftBy(file.corridor, [log], watched)
    const corrected = new Set([...entries.values()].filter(({ verdict, event }) => verdict === 'accepted' && event?.type === 'CorrectionFiled').map(({ event }) => event?.subject ?? ''))
    expect(asked.sort()).toEqual([...corrected].sort())
    const failing = (ledger: Ledger): Ledger => ({ ...ledger, entriesOf: () => Promise.reject(new Error('connection lost')) })
    if (corrected.size > 0) await expect(leftBy(file.corridor, [log], failing)).rejects.toThrow('connection lost')
  })

  it('leaves all but the views that fail where a part cannot be folded, and tells the last offset of each', async () => {
    const failing = (ledger: Ledger): Ledger => ({ ...ledger, dossiers: (subjects) => Promise.resolve(new Map(subjects.map((subject) => [subject, 'damaged']))) })
    const { dossiers: _, viewErrors, ...left } = await leftBy(file.corridor, [log], failing)
    const { dossiers, viewErrors: none, ...sound } = await leftBy(file.corridor, [log])
    expect(left).toEqual(sound)
    expect(none).toEqual([])
    expect(viewErrors.map(({ subject, offset }) => [subject, offset]).sort()).toEqual([...dossiers.values()].map(({ subject, body }) => [subject, (JSON.parse(body) as Dossier).lastOffset]).sort())
  })
})

/** The same records further apart. */
function stretched(log: LogBatch, apart: number): LogBatch {
  return { records: log.records.map((record) => ({ ...record, offset: record.offset * apart })), next: log.next * apart, end: log.next * apart }
}

async function leftBy(corridor: string, batches: readonly LogBatch[], alter = (ledger: Ledger) => ledger) {
  const database = memoryDatabase()
  const ledger = alter(openMemoryLedger(database))
  const applier = new Applier({ corridor, participant: 'uz-uty', ownKids: [] }, ledger, new StateCache())
  for (const one of batches) {
    const { judged } = await applier.apply(await ledger.cursor(), one)
    if (judged.unknownRules !== undefined) break
  }
  const { cursor, entries, states, dossiers, viewErrors, needs } = database
  return { cursor, entries, states, dossiers, viewErrors, needs }
}
