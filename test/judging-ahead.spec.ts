import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Exchange, type AppliedBatch, type Ledger } from '#libs/exchange'
import { InspectingThread } from '#libs/node'
import { beginInspection, type BeginInspection, generateKeyPair, privateKeyOf, thumbprintOf } from '#libs/signature'
import { memoryDatabase, memoryTopic, openMemoryLedger, until, type MemoryDatabase } from '#libs/testing'
import { bytesOf, isHole, type VectorFile } from '../scripts/vectors/vector-file.js'
import { compileCheckout } from './corridor/release.js'

const vectorsOf = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'vectors', `${name}.json`), 'utf8')) as VectorFile

/** What becomes of a write: done, not done, or done with its answer lost. */
type Fate = 'written' | 'away' | 'answer lost'

describe('a batch judged while the one before is written', () => {
  it.each(['casca', 'chain', 'customs', 'acts-facts-and-corrections', 'note-and-handoffs'])('is judged as it would be afterwards, whatever becomes of the writing: %s', async (name) => {
    const file = vectorsOf(name)
    const wanted = storedIn(await appliedBy(file, file.records.length, []))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(fc.constantFrom<Fate>('written', 'written', 'written', 'away', 'answer lost'), { maxLength: 6 }), async (cut, fates) => {
        expect(storedIn(await appliedBy(file, cut, fates))).toEqual(wanted)
      }),
      { numRuns: 12, endOnFailure: true },
    )
  }, 120_000)

  it.each(['casca', 'chain', 'hostile-bytes', 'founding-and-register'])('is judged as it would be afterwards when it was inspected in a thread: %s', async (name) => {
    compileCheckout()
    const file = vectorsOf(name)
    const thread = new InspectingThread({ program: pathToFileURL(join(import.meta.dirname, '..', 'dist', 'libs', 'node', 'src', 'inspecting-program.js')), fewest: 0 })
    let threaded = 0
    const inspect: BeginInspection = (...asked) => (threaded++, thread.begin(...asked))
    expect(storedIn(await appliedBy(file, 9, ['written', 'away'], undefined, inspect))).toEqual(storedIn(await appliedBy(file, file.records.length, [])))
    expect(threaded).toBeGreaterThan(1)
    await thread.terminate()
  }, 120_000)

  it('does not go on from a view that could not be kept', async () => {
    const file = vectorsOf('casca')
    const seen: AppliedBatch[] = []
    const failing = file.records.length - 20
    await appliedBy(file, 5, [], (batch, ledger) => {
      seen.push(batch)
      const isFailing = batch.next > failing && batch.from <= failing
      if (!isFailing) return ledger.apply(batch)
      const viewFailures = batch.dossiers.map(({ subject, lastOffset: offset }) => ({ subject, offset, message: 'no room' }))
      return ledger.apply({ ...batch, dossiers: [] }).then((outcome) => ({ ...outcome, viewFailures }))
    })
    const [subject] = seen.find(({ next }) => next > failing)?.dossiers.map((row) => row.subject) ?? []
    const rows = seen.flatMap(({ from, dossiers }) => dossiers.filter((row) => row.subject === subject).map((row) => ({ from, isKnown: row.former !== undefined })))
    expect(rows.filter(({ isKnown }) => !isKnown)).toEqual([rows.find(({ from }) => from > failing)])
  })
})

/** The database of a node that has applied a log, in batches of so many records, on a ledger whose first writes meet these fates. */
async function appliedBy(file: VectorFile, cut: number, fates: readonly Fate[], apply = (batch: AppliedBatch, ledger: Ledger) => ledger.apply(batch), inspect: BeginInspection = beginInspection): Promise<MemoryDatabase> {
  const topic = memoryTopic(undefined, cut)
  for (const vector of file.records) {
    if (isHole(vector)) topic.hole()
    else topic.insert([{ key: bytesOf(vector.key), value: bytesOf(vector.value), appendTime: vector.appendTime }])
  }
  const database = memoryDatabase()
  const exchange = nodeOf(file.corridor, topic.open(), fated(openMemoryLedger(database), [...fates], apply), inspect)
  exchange.start()
  await until(() => database.cursor.next === file.records.length, 20_000)
  await exchange.stop()
  return database
}

function fated(ledger: Ledger, fates: Fate[], apply: (batch: AppliedBatch, ledger: Ledger) => ReturnType<Ledger['apply']>): Ledger {
  return {
    ...ledger,
    apply: async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 1)) // time in which the next is judged
      const fate = fates.shift() ?? 'written'
      if (fate === 'away') throw new Error('the database is away')
      const outcome = await apply(batch, ledger)
      if (fate === 'answer lost') throw new Error('the connection broke')
      return outcome
    },
  }
}

function nodeOf(corridor: string, events: ReturnType<ReturnType<typeof memoryTopic>['open']>, ledger: Ledger, inspect: BeginInspection): Exchange {
  const pair = generateKeyPair()
  const privateKey = privateKeyOf(pair.privateJwk)
  if (!privateKey) throw new Error('a generated key is a key')
  return new Exchange({
    corridor: { id: corridor, epoch: 1 }, participant: 'uz-uty', events, particulars: memoryTopic().open(), ledger, clock: { now: () => 0 }, random: randomBytes,
    keys: { signature: () => ({ kid: thumbprintOf(pair.publicJwk), privateKey }), encryption: () => [] }, newSubject: () => '',
    peerGet: () => Promise.reject(new Error('no network in memory')), onAlarm: () => undefined, inspect: { ahead: inspect },
  })
}

function storedIn({ cursor, entries, holes, states, dossiers, needs, consumed }: MemoryDatabase): object {
  const views = [...dossiers.values()].map(({ body, ...row }) => ({ ...row, body: JSON.parse(body) as object })) // its members come in the order they were folded
  return { cursor, entries: [...entries.values()], holes, states: new Map([...states].sort()), views, needs: new Map([...needs].sort()), consumed }
}
