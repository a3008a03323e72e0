import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { dossierIn, type Consignment, type Dossier, type SubjectState } from '#libs/consignment'
import { emptyFrontier } from '#libs/signature'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { batchOf, type VectorFile } from '../../../scripts/vectors/vector-file.js'
import { bodyOfParts } from './dossier-parts.js'
import { judgeInParts } from './judging-in-parts.js'
import { Judging, type JudgedRecord } from './judging.js'
import type { Ledger } from './ports.js'
import { StateCache } from './state-cache.js'
import { Viewing } from './viewing.js'
import { ViewsInCommon } from './views-in-common.js'

const file = JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/casca.json'), 'utf8')) as VectorFile
const log = batchOf(file.records)
const empty = openMemoryLedger(memoryDatabase())

type Asked = Pick<Ledger, 'dossiers' | 'entriesOf'>

/** What a node shows of a part, which it has judged, with the ledger and the states that it has. */
async function shownBy(part: Part, { states = part.states, ledger = empty, common }: { states?: Part['states']; ledger?: Asked; common?: ViewsInCommon } = {}) {
  const viewing = new Viewing(ledger, new StateCache(), 0, common)
  await viewing.fold(part.judged, states, true)
  const { rows, failures } = await viewing.end(states)
  expect(failures).toEqual([])
  return rows.map(({ subject, parts, terms }) => ({ subject, parts, terms }))
}

interface Part {
  readonly judged: readonly JudgedRecord[]
  readonly states: ReadonlyMap<string, SubjectState>
}

describe('a node that has judged as another of its process', () => {
  const parts: Part[] = []
  beforeAll(async () => {
    const judging = new Judging(file.corridor, emptyFrontier)
    await judgeInParts(judging, log, { lookups: empty, cache: new StateCache() }, (judged) => void parts.push({ judged, states: new Map(judging.states) }))
  })
  /** The part that first tells of a consignment, and the one after it. */
  const opening = () => parts.findIndex(({ judged }) => judged.some(({ judgement }) => judgement.effects.some(({ effect }) => effect === 'version')))
  const partAt = (at: number): Part => parts[at] ?? { judged: [], states: new Map() }

  it('shows the same', async () => {
    const common = new ViewsInCommon(2)
    const shown = await shownBy(partAt(opening()), { common })
    expect(shown.length).toBeGreaterThan(0)
    expect(shown).toEqual(await shownBy(partAt(opening())))
    expect(await shownBy(partAt(opening()), { common })).toEqual(shown)
  })

  it.each<[string, (consignment: Consignment) => Consignment]>([
    ['parties', (consignment) => ({ ...consignment, drawnIn: [...consignment.drawnIn, 'az-customs'] })],
    ['end', (consignment) => ({ ...consignment, closed: true })],
  ])('shows the %s that its own state has', async (_, change) => {
    const common = new ViewsInCommon(2)
    const part = partAt(opening())
    const states = new Map([...part.states].map(([subject, state]) => [subject, { ...state, ...(state.consignment && { consignment: change(state.consignment) }) }]))
    const shown = await shownBy(part, { common })
    const own = await shownBy(part, { common, states })
    expect(own).toEqual(await shownBy(part, { states }))
    expect(own).not.toEqual(shown)
  })

  it('goes on from the dossier that its own ledger has', async () => {
    const common = new ViewsInCommon(2)
    const before = await shownBy(partAt(opening()))
    const having = (change: (dossier: Dossier) => Dossier): Asked => ({
      ...empty, dossiers: () => Promise.resolve(new Map(before.map(({ subject, parts: texts }) => [subject, JSON.stringify(change(dossierIn(bodyOfParts(texts))))]))),
    })
    const one = having((dossier) => dossier)
    const another = having((dossier) => ({ ...dossier, transferLists: [...dossier.transferLists, 'TL-9'] }))
    const part = partAt(opening() + 1)
    const shown = await shownBy(part, { common, ledger: one })
    const own = await shownBy(part, { common, ledger: another })
    expect(own).toEqual(await shownBy(part, { ledger: another }))
    expect(own).not.toEqual(shown)
  })
})
