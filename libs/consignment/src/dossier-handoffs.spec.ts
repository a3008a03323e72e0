import { describe, expect, it } from '@jest/globals'
import { digestOf } from '#libs/documents'
import { alat, answered, b1, b2, gr, handedOver, haulier, journey, leg, legs, moved, offered, sealsChanged, tdy, uty, vouched, withdrawn, words } from '#libs/testing'
import { dossierOf, itemOf } from './dossier.fixture.js'

const seal = (id: string) => ({ id, sealingPartyRoleCode: 'CA' }) as const

describe('what a handoff shows', () => {
  it('is, in an offer, everything its receiver signs for', () => {
    const offer = offered({
      by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet', presentedAt: '2026-06-03T08:00:00Z', liabilityPasses: false, takesOverFor: alat,
      items: [{ id: b1, affixedSeal: [seal('T1')], grossMassKg: 23_900 }, { id: b2 }],
    })
    const [shown] = dossierOf(journey.onLeg1, sealsChanged(), offer).offers
    expect(shown).toMatchObject({
      offer: offer.eventId, presentedAt: '2026-06-03T08:00:00Z', liabilityPasses: false, takesOverFor: alat, delivers: [],
      tendered: [{ id: b1, affixedSeal: [seal('T1')], packageQuantity: 24, grossMassKg: 23_900 }, { id: b2, packageQuantity: 24, grossMassKg: 24_000 }],
    })
  })

  it('is, in an offer of all, the seals and figures last known', () => {
    const [shown] = dossierOf(journey.onLeg1, sealsChanged(), offered({ by: uty, to: tdy, into: legs.l2, deviationReason: words })).offers
    expect(shown?.deviationReason).toEqual(words)
    expect(shown?.tendered).toHaveLength(4)
    expect(shown?.tendered[0]).toEqual({ id: b1, affixedSeal: [seal('S1')], packageQuantity: 24, grossMassKg: 24_000 })
  })

  it('is that one side alone vouched for it, with which paper, until the next handoff', () => {
    const byPaper = vouched({ by: uty, from: uty, to: haulier, into: leg('l2'), deviationReason: words })
    const back = vouched({ by: tdy, from: haulier, to: tdy, into: leg('l2') })
    const [once, next, answeredFor] = [
      dossierOf(journey.onLeg1, byPaper), dossierOf(journey.onLeg1, byPaper, back),
      dossierOf(journey.onLeg1, byPaper, back, handedOver(offered({ by: tdy, to: gr, into: leg('l3'), deviationReason: words }))),
    ].map((dossier) => itemOf(dossier, b1))
    expect(once).toMatchObject({ vouched: true, evidence: { sha256: digestOf('paper') }, deviated: true, deviationReason: words })
    expect(next).toMatchObject({ vouched: true, evidence: { sha256: digestOf('paper') } })
    expect(next).not.toHaveProperty('deviated')
    expect(answeredFor).toMatchObject({ holder: gr, deviated: true, deviationReason: words })
    expect(answeredFor).not.toHaveProperty('vouched')
    expect(answeredFor).not.toHaveProperty('evidence')
  })

  it('is what was missing, until it is handed over or reported to be somewhere else', () => {
    const offer = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet' })
    const answer = answered(offer, { exceptions: [{ itemId: b1, outcome: 'missing' }] })
    const lost = [journey.onLeg1, offer, answer]
    const at = (placeId: string) => moved({ placeId, items: [b1], time: { kind: 'actual', at: '2026-06-04T08:00:00Z' } })
    const again = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet', items: [{ id: b1 }], presentedAt: '2026-06-05T08:00:00Z' })
    const missing = [[], [at('uz-khodjadavlet')], [again, withdrawn(again)], [at('uz-ahangaran')], [again, answered(again)]].map((story) => itemOf(dossierOf(lost, story), b1).missing)
    const open = { event: answer.eventId, offer: offer.eventId, placeId: 'uz-khodjadavlet' }
    expect(missing).toMatchObject([open, open, open, undefined, undefined])
  })
})
