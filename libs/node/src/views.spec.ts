import { describe, expect, it } from '@jest/globals'
import {
  actAnswered, actDrawn, answered, b1, b2, carriageAccepted, decided, declared, forwarder, handedOver, held, journey, legs, lifted, offered, tdy, uty, uzCustoms,
  type Story,
} from '#libs/testing'
import { dossierOf } from '../../consignment/src/dossier.fixture.js'
import { detailOf, offersTo } from './views.js'

const waiting = (...story: readonly Story[]) => detailOf(dossierOf(...story)).waiting

const taken = [journey.issued, handedOver(offered())]
const wanted = decided('documentsWanted', { addressee: forwarder, respondBy: '2026-06-05T08:00:00Z', items: [b1] })
const hold = held({ items: [b1, b2] })
const act = actDrawn()
const offer = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet' })
const lost = answered(offer, { exceptions: [{ itemId: b1, outcome: 'missing' }] })

describe('what waits for whom', () => {
  it.each([
    ['the answer to an offer', [journey.onLeg1, offer], { statement: 'HandoffAnswered', by: tdy, answers: offer.eventId, items: 4 }],
    ['a contract to be accepted', [taken], { statement: 'CarriageAccepted', by: uty, contractId: 'c1', items: 4 }],
    ['a hold to be lifted from what is left', [journey.onLeg1, hold, lifted([hold], { items: [b1] })], { statement: 'CustomsDecisionIssued', by: uzCustoms, lifts: hold.eventId, items: 1 }],
    ['documents that customs want', [journey.onLeg1, wanted], { statement: 'DeclarationLodged', by: forwarder, answers: wanted.eventId, respondBy: '2026-06-05T08:00:00Z', items: 1 }],
    ['the other side of an act', [journey.onLeg1, act], { statement: 'ActAnswered', by: forwarder, answers: act.eventId, items: 1 }],
    ['what the giver has not delivered', [journey.onLeg1, offer, lost], { statement: 'MovementReported', by: uty, missingSince: lost.eventId, items: 1 }],
  ] as const)('is %s', (_what, story, row) => {
    expect(waiting(...story)).toContainEqual(row)
  })

  it.each([
    ['an accepted contract', [taken, carriageAccepted()]],
    ['a lifted hold', [journey.onLeg1, hold, lifted([hold])]],
    ['documents that were lodged', [journey.onLeg1, wanted, declared()]],
    ['an answered act', [journey.onLeg1, act, actAnswered(act, forwarder)]],
  ] as const)('is not %s', (_what, story) => {
    expect(waiting(...story)).toEqual([])
  })

  it('shows the receiver of an offer what it signs for', () => {
    const dossier = dossierOf(journey.onLeg1, offered({ by: uty, to: tdy, into: legs.l2, items: [{ id: b1, affixedSeal: [{ id: 'T1', sealingPartyRoleCode: 'CA' }] }] }))
    expect(offersTo(tdy, [{ dossier, opened: dossier.opened.offset }])).toMatchObject([
      { to: tdy, tendered: [{ id: b1, affixedSeal: [{ id: 'T1' }], packageQuantity: 24, grossMassKg: 24_000 }], liabilityPasses: true, presentedAt: '2026-06-02T07:00:00Z', delivers: [] },
    ])
  })
})
