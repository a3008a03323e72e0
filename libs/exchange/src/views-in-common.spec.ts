import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Dossier } from '#libs/consignment'
import { memoryDatabase, openMemoryLedger, type MemoryDatabase } from '#libs/testing'
import { batchOf, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { AppliedDossier } from './applied-dossier.js'
import { Applier } from './applier.js'
import type { LogBatch } from './log-port.js'
import type { Ledger } from './ports.js'
import { StateCache } from './state-cache.js'
import { ViewsInCommon, type FoldedFrom } from './views-in-common.js'

const folder = join(import.meta.dirname, '../../../test/vectors')
const vectorsOf = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as VectorFile

describe('what nodes of a process have in common', () => {
  const from: FoldedFrom = { subject: 'train', former: { parts: ['moves', 'stands'] }, leaves: [Buffer.from('one'), Buffer.from('two')], parties: ['ktz', 'uty'], isClosed: false }
  const applied = new AppliedDossier({ subject: 'train' } as Dossier) // nothing else of it is read here

  it('is given to whoever would find the same', () => {
    const common = new ViewsInCommon(3)
    common.keep(from, applied)
    expect(common.dossier({ ...from, former: { parts: [...from.former.parts] }, leaves: from.leaves.map((leaf) => Buffer.from(leaf)), parties: [...from.parties] })).toBe(applied)
  })

  it.each<[string, Partial<FoldedFrom>]>([
    ['is asked of another consignment', { subject: 'ship' }],
    ['had another dossier', { former: { parts: ['moved', 'stands'] } }],
    ['had none', { former: { parts: [] } }],
    ['has judged something else', { leaves: [Buffer.from('one'), Buffer.from('TWO')] }],
    ['has judged less', { leaves: [Buffer.from('one')] }],
    ['has judged more', { leaves: [...from.leaves, Buffer.from('three')] }],
    ['has other parties', { parties: ['ktz'] }],
    ['holds it for closed', { isClosed: true }],
  ])('is not given to one that %s', (_, other) => {
    const common = new ViewsInCommon(3)
    common.keep(from, applied)
    expect(common.dossier({ ...from, ...other })).toBeUndefined()
  })

  it('is forgotten once all have it', () => {
    const common = new ViewsInCommon(3)
    common.keep({ ...from, isClosed: true }, applied)
    common.keep(from, applied)
    expect([from, from, from].map((asked) => common.dossier(asked))).toEqual([applied, applied, undefined])
    expect(common.dossier({ ...from, isClosed: true })).toBe(applied)
  })

  it('is forgotten of a consignment when more others have been told of since, and of a batch when nodes are further on', () => {
    const common = new ViewsInCommon(9, 2)
    for (const subject of ['train', 'ship', 'train', 'lorry']) common.keep({ ...from, subject }, applied)
    expect(['train', 'ship', 'lorry'].map((subject) => common.dossier({ ...from, subject }))).toEqual([applied, undefined, applied])
    for (let batch = 0; batch < 8; batch++) common.keep({ ...from, former: { parts: [String(batch)] } }, applied)
    expect(common.dossier(from)).toBeUndefined()
  })
})

describe.each(['casca', 'acts-facts-and-corrections', 'customs', 'note-and-handoffs'])('nodes of one process that apply the log of %s', (name) => {
  const file = vectorsOf(name)
  const log = batchOf(file.records)

  it('leave what each would leave alone, however each of them is given it', async () => {
    const wanted = await leftAlone(file, log)
    const turn = fc.record({
      node: fc.integer({ min: 0, max: 2 }), length: fc.constantFrom(1, 2, 3, 9, 32, 64),
      told: fc.constantFrom(0, 0, 1, 2, 9, 40), isAsTold: fc.integer({ min: 0, max: 3 }).map((one) => one < 3),
    })
    const turns = fc.array(turn, { minLength: 10, maxLength: 120 })
    await fc.assert(fc.asyncProperty(turns, async (given) => {
      const common = new ViewsInCommon(3)
      const nodes = [0, 1, 2].map(() => nodeOf(file, log, common))
      for (const { node, ...how } of given) await nodes[node]?.apply(how.length, how)
      for (const node of nodes) while (await node.apply(7)) continue
      for (const { database } of nodes) expect(leftIn(database)).toEqual(wanted)
    }), { numRuns: 6, endOnFailure: true })
  }, 120_000)

  it('are not given what one of them goes on changing within its batch', async () => {
    const common = new ViewsInCommon(3)
    const [long, short, alone] = [nodeOf(file, log, common), nodeOf(file, log, common), nodeOf(file, log, undefined)]
    for (let isMore = true; isMore; ) {
      await long.apply(64)
      for (const node of [short, alone]) await node.apply(32)
      expect(leftIn(short.database)).toEqual(leftIn(alone.database))
      for (const node of [short, alone]) isMore = await node.apply(32)
    }
  })

  it('fold a dossier once where they are given the same', async () => {
    const common = new Counted(2)
    const [first, second] = [nodeOf(file, log, common), nodeOf(file, log, common)]
    let folded = 0
    while (await first.apply(1)) {
      const [before, asked] = [common.given, common.asked]
      await second.apply(1)
      folded += common.given - before
      expect(common.given - before).toBe(common.asked - asked)
    }
    expect(folded).toBeGreaterThan(5)
  })

  it('do not go on from a dossier that one of them could not write', async () => {
    const wanted = await leftAlone(file, log)
    const common = new ViewsInCommon(3)
    const { failing, failures } = ledgerFailing((write) => [3, 4, 5].includes(write))
    const [ailing, sound] = [nodeOf(file, log, common, failing), nodeOf(file, log, common)]
    let apart = 0
    for (let isMore = true; isMore; ) {
      await ailing.apply(2)
      isMore = await sound.apply(2)
      if (!isDeepStrictEqual(ailing.database.dossiers, sound.database.dossiers)) apart += 1
    }
    expect(apart).toBeGreaterThan(failures())
    expect(failures()).toBe(3)
    expect(leftIn(sound.database)).toEqual(wanted)
  })

  it('are not given for the last part of a batch what another has made of it without the parts before', async () => {
    const common = new ViewsInCommon(3)
    let isFailing = false
    const { failing } = ledgerFailing(() => isFailing)
    const ailing = nodeOf(file, log, common, failing)
    const sound = nodeOf(file, log, common, undefined, 0) // reads each dossier anew
    const alone = nodeOf(file, log, undefined)
    for (const node of [ailing, sound, alone]) while (node.database.dossiers.size === 0) await node.apply(1)
    isFailing = true
    for (let record = 0; record < 33; record++) await ailing.apply(1)
    for (const node of [sound, alone]) await node.apply(33)
    expect(leftIn(sound.database)).toEqual(leftIn(alone.database))
  })
})

describe.each(['casca', 'customs', 'note-and-handoffs'])('nodes of one process that apply the log of %s, where nothing is corrected,', (name) => {
  it('fold a dossier once where one is given at a stretch what another was given in batches', async () => {
    const common = new Counted(2)
    const [file, log] = [vectorsOf(name), batchOf(vectorsOf(name).records)]
    const [first, second] = [nodeOf(file, log, common), nodeOf(file, log, common)]
    let folded = 0
    for (let isMore = true; isMore; ) {
      for (const length of [1, 5, 3, 9]) isMore = await first.apply(length)
      const [before, asked] = [common.given, common.asked]
      await second.apply(18)
      folded += common.given - before
      expect(common.given - before).toBe(common.asked - asked)
    }
    expect(folded).toBeGreaterThan(5)
  })
})

/** Ledgers on which some writes of dossiers fail, by how many were tried. */
function ledgerFailing(isFailing: (write: number) => boolean) {
  let [writes, failures] = [0, 0]
  const failing = (ledger: Ledger): Ledger => ({
    ...ledger,
    apply: (batch) => {
      if (batch.dossiers.length === 0 || !isFailing((writes += 1))) return ledger.apply(batch)
      failures += 1
      const viewFailures = batch.dossiers.map(({ subject, lastOffset: offset }) => ({ subject, offset, message: 'no room' }))
      return ledger.apply({ ...batch, dossiers: [] }).then((outcome) => ({ ...outcome, viewFailures }))
    },
  })
  return { failing, failures: () => failures }
}

class Counted extends ViewsInCommon {
  asked = 0
  given = 0

  override dossier(from: FoldedFrom): AppliedDossier | undefined {
    const found = super.dossier(from)
    this.asked += 1
    if (found) this.given += 1
    return found
  }
}

async function leftAlone(file: VectorFile, log: LogBatch) {
  const alone = nodeOf(file, log, undefined)
  while (await alone.apply(1)) continue
  return leftIn(alone.database)
}

interface How {
  /** Records of the batch that is told of while this one is applied; none where it is 0. */
  readonly told: number
  /** What was told of before is delivered, if anything was; else the log is attached to anew. */
  readonly isAsTold: boolean
}

/** A node that is given so many more records of the log; answers whether there are any left. */
function nodeOf({ corridor }: VectorFile, log: LogBatch, views: ViewsInCommon | undefined, alter = (ledger: Ledger) => ledger, rowsKept?: number) {
  const database = memoryDatabase()
  const ledger = alter(openMemoryLedger(database))
  const applier = new Applier({ corridor, participant: 'uz-uty', ownKids: [], views }, ledger, new StateCache(250, rowsKept))
  const cut = (from: number, length: number): LogBatch => {
    const next = Math.min(log.next, from + length)
    return { records: log.records.filter(({ offset }) => offset >= from && offset < next), next, end: log.end }
  }
  let hasEnded = false
  let coming: LogBatch | undefined
  const apply = async (length: number, { told, isAsTold }: How = { told: 0, isAsTold: false }): Promise<boolean> => {
    const cursor = await ledger.cursor()
    if (hasEnded || cursor.next >= log.next) return false
    if (coming && !isAsTold) applier.begin()
    const batch = coming && isAsTold ? coming : cut(cursor.next, length)
    const applying = applier.apply(cursor, batch)
    coming = told > 0 && batch.next < log.next ? cut(batch.next, told) : undefined
    if (coming) applier.coming(coming)
    const { judged } = await applying
    hasEnded = judged.unknownRules !== undefined
    return true
  }
  return { database, apply }
}

function leftIn({ cursor, entries, states, dossiers, viewErrors, needs }: MemoryDatabase) {
  return { cursor, entries, states, dossiers, viewErrors, needs }
}
