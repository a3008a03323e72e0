import { describe, expect, it } from '@jest/globals'
import {
  actDrawn, amended, cancelled, answered, b1, b2, corrected, decided, declared, gr, handedOver, held, issued, journey, loaded, moved, note, offered, remarked, sealsChanged, tdy, legs, uty, words,
} from '#libs/testing'
import { termsOf } from './dossier-terms.js'
import { dossierOf, evolved, itemOf } from './dossier.fixture.js'
import { hashOfNote } from './note.js'

describe('a corrected statement', () => {
  it('has items taken out that were never there', () => {
    const wrong = moved({ items: [b1, b2], placeId: 'uz-khodjadavlet' })
    const correction = corrected(wrong, { ...wrong.data, items: [b1] })
    const dossier = dossierOf(journey.issued, wrong, correction)
    expect(itemOf(dossier, b1).position).toMatchObject({ event: wrong.eventId, by: uty, correctedBy: correction.eventId })
    expect(itemOf(dossier, b2)).not.toHaveProperty('position')
    expect(dossier.corrections).toEqual([{ event: correction.eventId, corrects: wrong.eventId, by: uty, reason: words }])
  })

  it('is shown as its latest correction has it', () => {
    const wrong = moved({ items: [b1] })
    const [once, twice] = ['uz-khodjadavlet', 'tm-farap'].map((placeId) => corrected(wrong, { ...wrong.data, placeId }))
    expect(itemOf(dossierOf(journey.issued, wrong, once!, twice!), b1).position).toMatchObject({ placeId: 'tm-farap', correctedBy: twice!.eventId })
  })

  it('stands at its own place in the order, so that what was stated later stays', () => {
    const wrong = loaded({ loadings: [{ equipmentId: b1, grossMassKg: 1_000 }] })
    const later = loaded({ loadings: [{ equipmentId: b1, grossMassKg: 24_200 }] })
    expect(itemOf(dossierOf(journey.issued, wrong, later, corrected(wrong, { ...wrong.data, loadings: [{ equipmentId: b1, grossMassKg: 10_000 }] })), b1).figures.grossMassKg).toBe(24_200)
  })

  it('becomes an expectation where it had not happened yet', () => {
    const before = moved({ time: { kind: 'actual', at: '2026-06-02T07:00:00Z' } })
    const wrong = moved({ statusCode: '1', placeId: 'uz-khodjadavlet' })
    const item = itemOf(dossierOf(journey.issued, before, wrong, corrected(wrong, { ...wrong.data, time: { kind: 'planned', at: '2026-06-09T09:00:00Z' } })), b1)
    expect([item.position?.event, item.expected?.event]).toEqual([before.eventId, wrong.eventId])
  })

  it('is not found by a wrong seal any more', () => {
    const seal = (id: string) => ({ placeId: 'uz-ahangaran', changes: [{ equipmentId: b1, act: 'affixed' as const, seal: { id, sealingPartyRoleCode: 'CA' as const } }] })
    const wrong = sealsChanged(seal('CA-1'))
    expect(termsOf(dossierOf(journey.issued, wrong, corrected(wrong, seal('CA-2')))).filter(([kind]) => kind === 'seal')).toEqual([['seal', 'CA-2']])
  })

  it('has the right box on the wagon, and never had the wrong one there', () => {
    const wrong = loaded({ loadings: [{ equipmentId: b1, carriedBy: '61234567' }] })
    const dossier = dossierOf(journey.issued, wrong, corrected(wrong, { ...wrong.data, loadings: [{ equipmentId: b2, carriedBy: '61234567' }] }))
    expect([b1, b2].map((id) => [itemOf(dossier, id).carriedBy, itemOf(dossier, id).carriedByHistory])).toEqual([[undefined, []], ['61234567', ['61234567']]])
  })

  it.each([
    ['a declaration', declared(), { references: [{ code: 'ABE', id: 'D-2' }] }, 'declarations', { references: [{ code: 'ABE', id: 'D-2' }] }],
    ['a remark', remarked(), { code: '30-9' }, 'remarks', { code: '30-9' }],
    ['an act of loss', actDrawn(), { number: 'A2' }, 'acts', { number: 'A2', drawnBy: uty }],
  ] as const)('is one row, and marked: %s', (_what, wrong, changes, rows, row) => {
    const correction = corrected(wrong, { ...wrong.data, ...changes })
    expect(dossierOf(journey.issued, wrong, correction)[rows]).toMatchObject([{ ...row, event: wrong.eventId, correctedBy: correction.eventId }])
    expect(dossierOf(journey.issued, wrong, correction)[rows]).toHaveLength(1)
  })

  it('was in breach of a hold all the same', () => {
    const wrong = moved({ statusCode: '24' })
    const correction = corrected(wrong, { ...wrong.data, statusCode: '31' })
    expect(dossierOf(journey.onLeg1, held({ doNotLoad: true }), wrong, correction).breaches).toMatchObject([{ event: wrong.eventId, correctedBy: correction.eventId }])
  })

  it('is not undone where it was an act: custody passes by handoffs alone', () => {
    const [offer, answer] = handedOver(offered())
    const correction = corrected(answer, { ...answer.data, otherwise: 'notTendered' })
    const dossier = dossierOf(journey.issued, offer, answer, correction)
    expect(itemOf(dossier, b1)).toMatchObject({ holder: uty })
    expect(dossier.corrections).toMatchObject([{ corrects: answer.eventId }])
  })
})

describe('a dossier', () => {
  it('is the same folded anew as gone on with, whatever was stated', () => {
    const offer = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet' })
    const story = [
      issued(), amended(hashOfNote(note())), handedOver(offered()), loaded(), moved(), sealsChanged(), declared(), remarked(), actDrawn(), decided('registered'),
      offer, answered(offer, { exceptions: [{ itemId: b1, outcome: 'missing' }] }),
    ]
    expect(evolved(story)).toEqual(dossierOf(story))
    expect(dossierOf(journey.delivered)).toEqual(evolved(journey.delivered))
  })

  it('has the same text in whatever batches it was folded', () => {
    const story = [issued(), decided('documentsWanted', { addressee: gr }), moved(), amended(hashOfNote(note())), cancelled()]
    expect(dossierOf(story)).toMatchObject({ seenSince: {}, cancelled: {}, named: { places: {} } })
    expect(JSON.stringify(dossierOf(story))).toBe(JSON.stringify(evolved(story)))
  })
})
