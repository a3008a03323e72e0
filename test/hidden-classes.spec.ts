import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { standingOf } from '#libs/consignment'
import { Replay } from '#libs/exchange'
import { issued } from '#libs/testing'
import { dossierOf } from '../libs/consignment/src/dossier.fixture.js'
import type { JudgedRecord } from '../libs/exchange/src/judging.js'
import { stateMembers } from '../libs/exchange/src/state-members.js'
import { together } from '../libs/ledger-postgres/src/together.js'
import { cursorMove, recordWrites } from '../libs/ledger-postgres/src/write-batch.js'
import { viewWrites } from '../libs/ledger-postgres/src/write-views.js'
import { readRecord } from '../libs/signature/src/inspect.js'
import { batchOf, type VectorFile } from '../scripts/vectors/vector-file.js'

setFlagsFromString('--allow-natives-syntax')
const areOfOneClass = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (one: unknown, other: unknown) => boolean

/** Until the runtime has seen enough of a place where objects are made to go about it as it does in a node. */
const replaysToWarm = 10

const { corridor, records } = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors', 'casca.json'), 'utf8')) as VectorFile

const dossier = dossierOf(issued())

const made: readonly (readonly [string, (of: JudgedRecord) => readonly unknown[]])[] = [
  ['record that is read', ({ entry }) => [readRecord(entry.value)]],
  ['judgement', ({ judgement }) => [judgement]],
  ['judged event', ({ judgement }) => [judgement.event]],
  ['state', ({ judgement }) => [judgement.subject]],
  ["state's members", ({ judgement }) => [stateMembers(judgement.subject)]],
  ['entry', ({ entry }) => [entry]],
  ['writes of what must be kept', (record) => recordWrites(batchWith(record))],
  ['writes of views', (record) => viewWrites(batchWith(record))],
  ['statement for the database', (record) => [together(cursorMove(batchWith(record)), recordWrites(batchWith(record)))]],
  ['standing', () => standingOf(dossier)],
]

/**
 * `{ ...one, more }` makes a hidden class for each object in V8 11.3 (Node 20), which only the marking of the whole heap frees; what every statement
 * makes at every node is written otherwise (decision 0024).
 */
describe('what is made for every statement', () => {
  it.each(made)('is of one hidden class: %s', async (_, of) => {
    for (let warm = 0; warm < replaysToWarm; warm++) (await judgedReports()).forEach(of)
    const [some, others] = (await judgedReports()).slice(-2).map(of)
    expect(some?.length).toBeGreaterThan(0)
    expect(others).toHaveLength(some?.length ?? 0)
    for (const [at, one] of (some ?? []).entries()) {
      expect(one).toBeInstanceOf(Object)
      expect(others?.[at]).not.toBe(one)
      expect(areOfOneClass(one, others?.[at])).toBe(true)
    }
  })
})

async function judgedReports(): Promise<readonly JudgedRecord[]> {
  const judged: JudgedRecord[] = []
  await new Replay(corridor).apply(batchOf(records), (part) => void judged.push(...part))
  return judged.filter(({ judgement: { verdict, event } }) => verdict === 'accepted' && event?.envelope?.type === 'MovementReported')
}

function batchWith({ entry, judgement }: JudgedRecord): Parameters<typeof cursorMove>[0] {
  return {
    from: 0, next: 1, frontier: '', entries: [entry], holes: [{ offset: 1, leaf: entry.leaf }], heads: [{ size: 1, root: '', frontier: '' }],
    states: [{ subject: '', members: stateMembers(judgement.subject) }],
    dossiers: [{ subject: '', opened: 0, lastOffset: entry.offset, parts: [entry.effects], terms: [['status', 'underWay']] }],
    viewFailures: [], blocks: [{ digest: '', subject: '', name: 'authority', for: null, issuer: '', readers: [] }], ownKids: [],
  }
}
