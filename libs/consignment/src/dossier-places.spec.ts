import { describe, expect, it } from '@jest/globals'
import { answered, b1, b2, forwarder, haulier, journey, legs, moved, offered, tdy, uty, vouched } from '#libs/testing'
import { termsOf } from './dossier-terms.js'
import { dossierOf, itemOf } from './dossier.fixture.js'

const arrival = { statusCode: '1', placeId: 'uz-khodjadavlet' } as const
const actual = (at: string) => ({ kind: 'actual', at }) as const
const estimated = (at: string) => ({ kind: 'estimated', at }) as const

const departed = moved({ statusCode: '24', time: actual('2026-06-02T09:00:00Z') })
const eta = moved({ ...arrival, time: estimated('2026-06-03T09:00:00Z') })

describe('where goods are and where they are expected', () => {
  it('are two things: what is expected hides nothing that was reported', () => {
    const item = itemOf(dossierOf(journey.onLeg1, departed, eta), b1)
    expect(item.position).toMatchObject({ event: departed.eventId, by: uty, placeId: 'uz-ahangaran', kind: 'actual' })
    expect(item.expected).toMatchObject({ event: eta.eventId, by: uty, placeId: 'uz-khodjadavlet', kind: 'estimated', at: '2026-06-03T09:00:00Z' })
  })

  it('is expected as it was told last', () => {
    const later = moved({ ...arrival, by: forwarder, time: { kind: 'planned', at: '2026-06-04T09:00:00Z' } })
    expect(itemOf(dossierOf(journey.onLeg1, eta, later), b1).expected).toMatchObject({ event: later.eventId, by: forwarder, kind: 'planned' })
  })

  it.each([
    ['the actual report of the same there, though early', moved({ ...arrival, time: actual('2026-06-02T20:00:00Z') }), false],
    ['an actual report after the expected time', moved({ statusCode: '24', time: actual('2026-06-03T09:00:00.500Z') }), false],
    ['no actual report of something before', moved({ statusCode: '31', time: actual('2026-06-03T08:59:59Z') }), true],
  ] as const)('is expected until %s', (_what, report, stays) => {
    const item = itemOf(dossierOf(journey.onLeg1, departed, eta, report), b1)
    expect(item.expected !== undefined).toBe(stays)
    expect(item.position).toMatchObject({ event: report.eventId })
  })

  it('is not expected any more when the expectation comes late', () => {
    expect(itemOf(dossierOf(journey.onLeg1, moved({ ...arrival, time: actual('2026-06-03T10:00:00Z') }), eta), b1).expected).toBeUndefined()
  })

  it('is not moved back by a report that comes late, a fraction of a second counted', () => {
    const late = moved({ ...arrival, time: actual('2026-06-02T09:00:00.001Z') })
    expect(itemOf(dossierOf(journey.onLeg1, late, departed), b1).position).toMatchObject({ event: late.eventId })
  })

  it.each([['.500', '.250'], ['.5', '.25'], ['.25', '']])('is not moved back by what is a fraction of a second earlier, in whichever order: %s and %s', (later, earlier) => {
    const at = (fraction: string) => moved({ ...arrival, time: actual(`2026-06-02T11:00:00${fraction}Z`) })
    const [last, late] = [at(later), at(earlier)]
    for (const order of [[last, late], [late, last]]) expect(itemOf(dossierOf(journey.onLeg1, ...order), b1).position).toMatchObject({ event: last.eventId })
  })

  it('is the place of the handoff for who took it over, and is found by it', () => {
    const offer = offered({ items: [{ id: b1 }] })
    const dossier = dossierOf(journey.issued, offer, answered(offer, { transferredAt: '2026-06-02T08:00:00Z' }))
    expect(itemOf(dossier, b1).place).toMatchObject({ placeId: 'uz-ahangaran', by: uty, at: '2026-06-02T08:00:00Z' })
    expect(itemOf(dossier, b2).place).toBeUndefined()
    expect(termsOf(dossier)).toContainEqual(['place', 'uz-ahangaran'])
  })

  it('is wherever it was last, by handoff or by report', () => {
    const atBorder = moved({ ...arrival, time: actual('2026-06-02T10:00:00Z') })
    const offer = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'tm-farap' })
    const places = [[atBorder], [atBorder, offer, answered(offer, { transferredAt: '2026-06-02T11:00:00Z' })], [atBorder, offer, answered(offer, { transferredAt: '2026-06-02T07:00:00Z' })]]
      .map((story) => itemOf(dossierOf(journey.onLeg1, story), b1).place?.placeId)
    expect(places).toEqual(['uz-khodjadavlet', 'tm-farap', 'uz-khodjadavlet'])
  })

  it('is where a vouched handoff was', () => {
    expect(itemOf(dossierOf(journey.issued, vouched({ to: haulier, deviationReason: [{ languageId: 'en', text: 'by road' }] })), b1).place).toMatchObject({ placeId: 'uz-ahangaran', by: forwarder })
  })
})
