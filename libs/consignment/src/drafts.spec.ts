import { describe, expect, it } from '@jest/globals'
import type { DossierItem } from './dossier.js'
import { Drafts, type ChangeItem } from './drafts.js'
import { shapedDossierItem } from './shapes.js'

const item = (id: string): DossierItem => Object.freeze(shapedDossierItem({
  id, holder: 'uty', stage: 0, custodyEvent: 'e', custodySince: { offset: 1, occurredAt: '2026-06-01T00:00:00Z' }, carriedByHistory: [], contracts: [], seals: [], holds: [], reservations: [], figures: {},
}))
const items = Object.freeze(['B1', 'B2', 'B3'].map(item))
const staged = (stage: number): ChangeItem => (_, draft) => void (draft().stage = stage)
const stages = (list: readonly DossierItem[]) => list.map(({ id, stage }) => `${id} ${stage}`)

describe('drafts of items', () => {
  it('leave what others have seen as it was, and the other items the very same', () => {
    const changed = new Drafts().changed(items, ['B2'], staged(1))
    expect(stages(changed)).toEqual(['B1 0', 'B2 1', 'B3 0'])
    expect([changed[0] === items[0], changed[2] === items[2]]).toEqual([true, true])
    expect(stages(items)).toEqual(['B1 0', 'B2 0', 'B3 0'])
  })

  it('are changed in place from then on, those that are none yet after a copy', () => {
    const drafts = new Drafts()
    const once = drafts.changed(items, ['B2'], staged(1))
    const [, draft] = once
    const twice = drafts.changed(once, ['B1', 'B2'], staged(2))
    expect(stages(twice)).toEqual(['B1 2', 'B2 2', 'B3 0'])
    expect([twice === once, twice[1] === draft]).toEqual([true, true])
    expect(stages(items)).toEqual(['B1 0', 'B2 0', 'B3 0'])
  })

  it('are the very same list where nothing is changed', () => {
    const drafts = new Drafts()
    expect(drafts.changed(items, ['B1', 'B2', 'B3'], () => undefined)).toBe(items)
    const own = drafts.changed(items, ['B1'], staged(1))
    expect(drafts.changed(own, ['B1', 'B3'], () => undefined)).toBe(own)
    expect(drafts.changed(own, [], staged(1))).toBe(own)
  })

  it('are made anew for a list that is not theirs, as a version of a note makes one, and for whoever goes on where others have seen theirs', () => {
    const drafts = new Drafts()
    const seen = drafts.changed(items, ['B1', 'B2', 'B3'], staged(1))
    const version = seen.map((one) => Object.freeze({ ...one }))
    expect(stages(drafts.changed(version, ['B1'], staged(2)))).toEqual(['B1 2', 'B2 1', 'B3 1'])
    expect(stages(version)).toEqual(['B1 1', 'B2 1', 'B3 1'])
    expect(stages(drafts.changed(seen, ['B1'], staged(3)))).toEqual(['B1 3', 'B2 1', 'B3 1'])
    expect(stages(new Drafts().changed(seen, ['B2'], staged(4)))).toEqual(['B1 1', 'B2 4', 'B3 1'])
    expect(stages(seen)).toEqual(['B1 1', 'B2 1', 'B3 1'])
  })
})
