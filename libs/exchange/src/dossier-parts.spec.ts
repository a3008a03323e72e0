import { describe, expect, it } from '@jest/globals'
import type { Dossier, DossierItem } from '#libs/consignment'
import { bodyOfParts, partsOf } from './dossier-parts.js'

const report = { event: 'e', by: 'ktz', offset: 7, statusCode: '21', placeId: 'KZAKT', kind: 'actual', at: '2026-05-01T10:00:00Z' }

type Own = 'id' | 'carriedBy' | 'carriedByHistory' | 'seals' | 'holds' | 'reservations' | 'figures' | 'missing'

/** Of every member that boxes may have in common another value. */
const others: Readonly<Record<Exclude<keyof DossierItem, Own>, unknown>> = {
  holder: 'other', stage: 2, custodyEvent: 'other', custodySince: { offset: 2, occurredAt: report.at }, heldFor: 'other', liable: 'other', vouched: true, evidence: { id: 'p' },
  deviated: true, deviationReason: { text: 'flood' }, offer: 'o', lastOutcome: 'refused', contracts: ['c2'], place: { placeId: 'AZALT' }, position: report, expected: report,
}

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

  it.each([
    ['by their contracts', [['c1'], ['c2'], ['c1']], [0, -1, 0]],
    ['by the number of their contracts', [['c1'], ['c1', 'c2'], ['c1']], [0, -1, 0]],
    ['by nothing, though each box has a list of contracts of its own', [['c1', 'c2'], ['c1', 'c2'], ['c1', 'c2']], [0, 0, 0]],
  ])('tells apart boxes that a report leaves with the very same members %s', (_, contracts, of) => {
    const before = train()
    partsOf(before)
    const since = { offset: 7, occurredAt: report.at }
    const items = before.items.map((item, at) => ({ ...item, position: report, custodySince: since, contracts: contracts[at] ?? [] })) as unknown as Dossier['items']
    const parts = partsOf({ ...before, items })
    expect(JSON.parse(bodyOfParts(parts))).toEqual({ ...before, items })
    expect(JSON.parse(parts[0] ?? '')).toMatchObject({ alike: { of } })
  })

  it.each(Object.entries(others))('tells apart boxes that have all but their %s in common', (member, value) => {
    const { items: [one], ...rest } = train()
    if (!one) throw new Error('a train has boxes')
    const items = [one, { ...one, id: 'B2', [member]: value }, { ...one, id: 'B3' }]
    const parts = partsOf({ ...rest, items })
    expect(JSON.parse(bodyOfParts(parts))).toEqual({ ...rest, items })
    expect(JSON.parse(parts[0] ?? '')).toMatchObject({ alike: { of: [0, -1, 0] } })
  })

  it('is put together again where members are equal but not the same, and in another order', () => {
    const { items: [one, two, ...others], ...rest } = train()
    const turned = Object.fromEntries(Object.entries(two ?? {}).reverse()) as never
    const items = [one, turned, ...others] as Dossier['items']
    const parts = partsOf({ ...rest, items })
    expect(JSON.parse(bodyOfParts(parts))).toEqual({ ...rest, items })
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

  it('changes the last part of all with what few statements tell, and no other', () => {
    const before = train()
    const former = partsOf(before)
    const parts = partsOf({ ...before, parties: ['ktz'] })
    expect(parts.flatMap((part, at) => (part === former[at] ? [] : [at]))).toEqual([former.length - 1])
    expect(JSON.parse(bodyOfParts(parts))).toEqual({ ...before, parties: ['ktz'] })
    expect(JSON.parse(bodyOfParts(partsOf(before)))).toEqual(before) // what it had besides is gone again
  })

  it('changes the first part alone with the offset and the status', () => {
    const before = train()
    const [first, ...others] = partsOf(before)
    const after = { ...before, lastOffset: 8, status: 'delivered' } as const
    const [moved, ...same] = partsOf(after)
    expect(moved).not.toBe(first)
    expect(same).toEqual(others)
    expect(JSON.parse(bodyOfParts(partsOf(after)))).toEqual(after)
  })

  it('is read as a build before wrote it, with whole items', () => {
    const { note, items, ...rest } = train()
    expect(JSON.parse(bodyOfParts([rest, note, ...items].map((part) => JSON.stringify(part))))).toEqual({ ...rest, note, items })
  })

  it('is read as the build after that wrote it, with all that stands in the first part', () => {
    const { note, items: [one, two, three], ...rest } = train({ missing: { event: 'm', offset: 3, occurredAt: report.at, offer: 'o', placeId: 'AZALT' } })
    const written = [
      '{"subject":"s","status":"open","opened":{},"blocks":[],"lastOffset":7,"alike":{"rows":[{"holder":"ktz","stage":1,"custodyEvent":"c","custodySince":{"offset":1,"occurredAt":"2026-05-01T10:00:00Z"},"contracts":["c1"]}],"of":[0,-1,0]}}',
      '{"references":[]}',
      '{"id":"B1","carriedByHistory":["W1"],"seals":[{"id":"S B1"}],"holds":[],"reservations":[],"figures":{"gross":1},"missing":{"event":"m","offset":3,"occurredAt":"2026-05-01T10:00:00Z","offer":"o","placeId":"AZALT"}}',
      '{"id":"B2","carriedByHistory":["W1"],"seals":[{"id":"S B2"}],"holds":[],"reservations":[],"figures":{"gross":1},"holder":"ktz","stage":1,"custodyEvent":"c","custodySince":{"offset":1,"occurredAt":"2026-05-01T10:00:00Z"},"contracts":["c1"],"position":{"event":"e","by":"ktz","offset":7,"statusCode":"21","placeId":"KZAKT","kind":"actual","at":"2026-05-01T10:00:00Z"}}',
      '{"id":"B3","carriedByHistory":["W1"],"seals":[{"id":"S B3"}],"holds":[],"reservations":[],"figures":{"gross":1}}',
    ]
    expect(JSON.parse(bodyOfParts(written))).toEqual({ ...rest, note, items: [one, { ...two, position: report }, three] })
  })

  it('is text that can be read where its other parts are missing: it is read among others, which are sound', () => {
    const [first = ''] = partsOf(train())
    expect(JSON.parse(bodyOfParts([first]))).toEqual({ status: 'open', lastOffset: 7, note: null, items: [] })
  })
})

/** Three boxes, the first of them perhaps with something of its own. */
function train(own: object = {}): Dossier {
  const items = ['B1', 'B2', 'B3'].map((id) => ({
    id, carriedByHistory: ['W1'], seals: [{ id: `S ${id}` }], holds: [], reservations: [], figures: { gross: 1 }, holder: 'ktz', stage: 1, custodyEvent: 'c',
    custodySince: { offset: 1, occurredAt: report.at }, contracts: ['c1'], ...(id === 'B1' && own),
  }))
  return { subject: 's', status: 'open', opened: {}, note: { references: [] }, items, blocks: [], lastOffset: 7 } as unknown as Dossier // what the parts do not look at is left out
}
