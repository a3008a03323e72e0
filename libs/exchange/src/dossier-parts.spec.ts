import { describe, expect, it } from '@jest/globals'
import type { Dossier } from '#libs/consignment'
import { bodyOfParts, partsOf } from './dossier-parts.js'

const report = { event: 'e', by: 'ktz', offset: 7, statusCode: '21', placeId: 'KZAKT', kind: 'actual', at: '2026-05-01T10:00:00Z' }

describe('a dossier in parts', () => {
  it('is the same when it is put together again', () => {
    const dossier = train({ missing: { event: 'm', offset: 3, occurredAt: report.at, offer: 'o', placeId: 'AZALT' } })
    expect(JSON.parse(bodyOfParts(partsOf(dossier)))).toEqual(dossier)
  })

  it('changes one part of all with a report on the whole train, and that one grows by one report', () => {
    const before = train()
    const [first = '', ...others] = partsOf(before)
    const [moved = '', ...same] = partsOf({ ...before, items: before.items.map((item) => ({ ...item, position: { ...report } as never })) })
    expect(same).toEqual(others)
    expect(moved.length - first.length).toBe(`,"position":${JSON.stringify(report)}`.length)
  })

  it('keeps boxes apart that a report leaves alike but for their contracts', () => {
    const before = train()
    partsOf(before)
    const items = before.items.map((item, at) => ({ ...item, position: report, contracts: at === 1 ? ['c2'] : ['c1'] }) as never)
    expect(JSON.parse(bodyOfParts(partsOf({ ...before, items })))).toEqual({ ...before, items })
  })

  it('changes the part of the one box that is reported elsewhere, and the first by no more than that it differs', () => {
    const before = train()
    const elsewhere = before.items.with(1, { ...before.items[1], position: report } as never)
    const after = { ...before, items: elsewhere }
    const [parts, former] = [partsOf(after), partsOf(before)]
    expect(parts.flatMap((part, at) => (part === former[at] ? [] : [at]))).toEqual([0, 3])
    expect(parts[0]).toBe(former[0]?.replace('"of":[0,0,0]', '"of":[0,-1,0]'))
    expect(JSON.parse(bodyOfParts(parts))).toEqual(after)
    expect(partsOf({ ...after, lastOffset: 8 }).slice(1)).toEqual(parts.slice(1))
  })

  it('changes the part of the one box that got another seal', () => {
    const before = train()
    const sealed = before.items.with(1, { ...before.items[1], seals: [{ id: 'S2' }] } as never)
    const [parts, former] = [partsOf({ ...before, items: sealed }), partsOf(before)]
    expect(parts.flatMap((part, at) => (part === former[at] ? [] : [at]))).toEqual([3])
  })

  it('is read as a build before wrote it, with whole items', () => {
    const { note, items, ...rest } = train()
    expect(JSON.parse(bodyOfParts([JSON.stringify(rest), JSON.stringify(note), ...items.map((item) => JSON.stringify(item))]))).toEqual({ ...rest, note, items })
  })
})

/** Three boxes, the first of them perhaps with something of its own. */
function train(own: object = {}): Dossier {
  const items = ['B1', 'B2', 'B3'].map((id) => ({
    id, carriedByHistory: ['W1'], seals: [{ id: `S ${id}` }], holds: [], reservations: [], figures: { gross: 1 }, holder: 'ktz', stage: 1, custodyEvent: 'c',
    custodySince: { offset: 1, occurredAt: report.at }, contracts: ['c1'], ...(id === 'B1' && own),
  }))
  return { subject: 's', status: 'open', note: { references: [] }, items, blocks: [], lastOffset: 7 } as unknown as Dossier // what the parts do not look at is left out
}
