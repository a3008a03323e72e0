import { describe, expect, it } from '@jest/globals'
import { allBoxes, b1, forwarder, handedOver, journey, legs, offered, tdy, uty } from '#libs/testing'
import { dossierOf } from '../../consignment/src/dossier.fixture.js'
import { detailOf, offersTo, summaryOf } from './views.js'

describe('what is shown of a consignment', () => {
  it('says why each item stands, who must act, and what is to be done by whom', () => {
    const detail = detailOf(dossierOf(journey.issued, handedOver(offered())))
    expect(detail.standing).toMatchObject([{ code: 'carriageNotAccepted', actionBy: [uty], items: allBoxes, contractId: 'c1' }])
    expect(detail.waiting).toMatchObject([{ task: 'acceptCarriage', statement: 'CarriageAccepted', by: uty, contractId: 'c1', items: 4 }])
  })

  it('says the same briefly in a list', () => {
    const dossier = dossierOf(journey.issued)
    expect(summaryOf({ dossier, opened: 0 }).standing).toEqual([
      { code: 'notLoaded', actionBy: [forwarder], items: 4, sentence: '4 items at uz-ahangaran wait for uz-forwarder to load them for uz-uty' },
    ])
  })

  it('shows the receiver of an offer what it signs for', () => {
    const dossier = dossierOf(journey.onLeg1, offered({ by: uty, to: tdy, into: legs.l2, items: [{ id: b1, affixedSeal: [{ id: 'T1', sealingPartyRoleCode: 'CA' }] }] }))
    expect(offersTo(tdy, [{ dossier, opened: dossier.opened.offset }])).toMatchObject([
      { to: tdy, tendered: [{ id: b1, affixedSeal: [{ id: 'T1' }], packageQuantity: 24, grossMassKg: 24_000 }], liabilityPasses: true, presentedAt: '2026-06-02T07:00:00Z', delivers: [] },
    ])
  })
})
