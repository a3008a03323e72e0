import { describe, expect, it } from '@jest/globals'
import {
  actDrawn, alat, allBoxes, amended, answered, azCustoms, b1, b2, b3, b4, cancelled, carriageAccepted, consignee, delivery, forwarder, given, gr, handedOver,
  haulier, held, issued,
  journey, leg, legs, lifted, line, movement, moved, note, offered, stop, tdy, tendered, turkmenbashi, uty, vouched, withdrawn, words,
} from '#libs/testing'
import { hashOfNote } from './note.js'
import type { Consignment } from './state.js'

const holdersOf = ({ items }: Consignment) => Object.fromEntries(items.map(({ id, holder }) => [id, holder]))
const stagesOf = ({ items }: Consignment) => Object.fromEntries(items.map(({ id, stage }) => [id, stage]))
const all = <T>(value: T) => Object.fromEntries(allBoxes.map((id) => [id, value]))

describe('an offer', () => {
  it('leaves the goods with the giver and draws the receiver in', () => {
    const offer = offered({ items: tendered(b2, b1), transferList: { number: 'L1', part: 1, parts: 2 }, takesOverFor: uty })
    given(journey.issued)
      .when(offer)
      .hasEffects(
        {
          effect: 'offer', offer: offer.eventId, from: forwarder, to: uty, into: legs.l1, items: [b2, b1], placeId: 'uz-ahangaran', liabilityPasses: true,
          delivers: [],
          deviates: false, takesOverFor: uty, transferList: { number: 'L1', part: 1, parts: 2 },
        },
        { effect: 'drawnIn', participant: uty },
      )
      .leaves((consignment) => {
        expect(holdersOf(consignment)).toEqual(all(forwarder))
        expect(consignment.items.map(({ offer: open }) => open)).toEqual([offer.eventId, offer.eventId, undefined, undefined])
      })
  })

  it('of all means the items of the current version', () => {
    given(journey.issued).when(offered()).leaves(({ offers }) => expect(Object.values(offers)[0]?.items).toEqual(allBoxes))
  })

  it('may be one of several, for different boxes', () => {
    given(journey.issued, offered({ items: tendered(b1) })).when(offered({ items: tendered(b2) })).accepts()
  })

  it('can be made again after it was withdrawn', () => {
    const offer = offered()
    given(journey.issued, offer, withdrawn(offer)).when(offered({ occurredAt: '2026-06-03T08:00:00Z' })).accepts()
  })
})

describe('an answer', () => {
  const offer = offered()

  it('takes over what it accepts, at this signature', () => {
    given(journey.issued, offer)
      .when(answered(offer))
      .hasEffects(
        { effect: 'offerClosed', offer: offer.eventId, by: 'answer' },
        { effect: 'custody', items: allBoxes, holder: uty, stage: 1, by: 'answer' },
        { effect: 'liability', items: allBoxes, liable: uty },
      )
      .leaves((consignment) => {
        expect(holdersOf(consignment)).toEqual(all(uty))
        expect(consignment.offers).toEqual({})
        expect(consignment.items.every((item) => item.offer === undefined)).toBe(true)
      })
  })

  it('gives each item one outcome; what is not accepted stays', () => {
    const exceptions = [
      { itemId: b4, outcome: 'missing' as const },
      { itemId: b2, outcome: 'acceptedWithReservation' as const, affixedSeal: [{ id: 'S9', sealingPartyRoleCode: 'SH' as const, conditionCode: '4' as const }],
        reservations: [{ code: 'R01' as const }] },
      { itemId: b3, outcome: 'missing' as const },
    ]
    given(journey.issued, offer)
      .when(answered(offer, { exceptions }))
      .hasEffects(
        { effect: 'offerClosed', offer: offer.eventId, by: 'answer' },
        { effect: 'custody', items: [b1, b2], holder: uty, stage: 1, by: 'answer' },
        { effect: 'liability', items: [b1, b2], liable: uty },
        { effect: 'outcome', offer: offer.eventId, outcome: 'missing', items: [b3, b4] },
        { effect: 'seals', changes: [{ item: b2, act: 'found', seal: { id: 'S9', sealingPartyRoleCode: 'SH', conditionCode: '4' } }] },
        { effect: 'reservation', items: [b2], reservations: [{ code: 'R01' }] },
      )
      .leaves((consignment) => expect(holdersOf(consignment)).toEqual({ [b1]: uty, [b2]: uty, [b3]: forwarder, [b4]: forwarder }))
  })

  it('may accept only exceptions', () => {
    given(journey.issued, offer)
      .when(answered(offer, { otherwise: 'leftBehind', exceptions: [{ itemId: b2, outcome: 'accepted' }] }))
      .leaves((consignment) => expect(holdersOf(consignment)).toEqual({ ...all(forwarder), [b2]: uty }))
  })

  it('that accepts nothing moves nothing, and the boxes can be offered again', () => {
    const refusal = answered(offer, { otherwise: 'refused', reasonCode: '77' })
    given(journey.issued, offer)
      .when(refusal)
      .hasEffects({ effect: 'offerClosed', offer: offer.eventId, by: 'answer' },
        { effect: 'outcome', offer: offer.eventId, outcome: 'refused', items: allBoxes })
    given(journey.issued, offer, refusal).when(offered({ occurredAt: '2026-06-03T08:00:00Z' })).accepts()
  })

  it('takes over what is left when customs held the rest', () => {
    given(journey.issued, offer, held({ items: [b1] })).when(answered(offer, { exceptions: [{ itemId: b1, outcome: 'leftBehind' }] })).accepts()
  })

  it('passes liability only if the offer says so, and then to the carrier it takes over for', () => {
    const forTheLine = offered({ by: tdy, to: turkmenbashi, into: stop(2), takesOverFor: line })
    given(journey.onLeg2, forTheLine).when(answered(forTheLine)).hasEffect({ effect: 'liability', items: allBoxes, liable: line })
    const withoutLiability = offered({ by: tdy, to: turkmenbashi, into: stop(2), liabilityPasses: false })
    given(journey.onLeg2, withoutLiability)
      .when(answered(withoutLiability))
      .hasEffects(
        { effect: 'offerClosed', offer: withoutLiability.eventId, by: 'answer' },
        { effect: 'custody', items: allBoxes, holder: turkmenbashi, stage: 4, by: 'answer' },
      )
  })

  it('delivers the contracts that end there', () => {
    const last = offered({ by: tdy, to: turkmenbashi, into: stop(2), delivers: ['c1'] })
    given(journey.onLeg2, last).when(answered(last)).hasEffect({ effect: 'contractDelivered', contractId: 'c1', items: allBoxes })
  })

  it('gives another version of the note no say over an open offer', () => {
    const other = amended(hashOfNote(note()), { references: [{ code: 'FF', id: 'F2' }] })
    given(journey.issued, offer, other).when(answered(offer)).accepts()
  })
})

describe('goods', () => {
  it('pass along the whole route, stage by stage', () => {
    given(journey.delivered).when(moved({ by: consignee, placeId: 'az-alat', statusCode: '21' })).leaves((consignment) => {
      expect(holdersOf(consignment)).toEqual(all(consignee))
      expect(stagesOf(consignment)).toEqual(all(7))
    })
  })

  it('may go apart: each box has its own stage', () => {
    given(journey.atTurkmenbashi, handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, items: tendered(b1, b2) })))
      .when(moved({ by: line, items: [b1, b2] }))
      .leaves((consignment) => expect(stagesOf(consignment)).toEqual({ [b1]: 5, [b2]: 5, [b3]: 4, [b4]: 4 }))
  })

  it('may be left at any end of the adjoining legs of one carrier', () => {
    const throughUty = issued({
      mainCarriageTransportMovement: note().mainCarriageTransportMovement.map((one) => (one.legId === 'l2' ? { ...one, carrier: uty } : one)),
    })
    const onLeg1 = [throughUty, handedOver(offered())]
    given(onLeg1).when(offered({ by: uty, to: turkmenbashi, into: stop(2) })).accepts()
    given(onLeg1).when(offered({ by: uty, to: line, into: legs.l3 })).accepts()
    given(onLeg1).when(offered({ by: uty, to: uty, into: legs.l2 })).accepts()
    given(journey.onLeg1).when(offered({ by: uty, to: line, into: legs.l3 })).refuses('NOT_NEXT')
  })

  it('may be handed from terminal to terminal at one stop', () => {
    const [first, second, third] = note().mainCarriageTransportMovement
    const twoTerminals = issued({ mainCarriageTransportMovement: [first!, second!, { ...third!, handledBy: [{ participant: gr, end: 'departure' }] }] })
    const toStation = offered({ by: tdy, to: turkmenbashi, into: stop(2) })
    const toPort = offered({ by: turkmenbashi, to: gr, into: stop(2) })
    given(twoTerminals, handedOver(offered()), handedOver(offered({ by: uty, to: tdy, into: legs.l2 })), handedOver(toStation), toPort)
      .when(answered(toPort))
      .hasEffect({ effect: 'custody', items: allBoxes, holder: gr, stage: 4, by: 'answer' })
  })

  it('may be handed to a terminal at the start and taken from there', () => {
    const [first, ...rest] = note().mainCarriageTransportMovement
    const withDryPort = issued({ mainCarriageTransportMovement: [{ ...first!, handledBy: [{ participant: gr, end: 'departure' }] }, ...rest] })
    given(withDryPort, handedOver(offered({ to: gr, into: stop(0) }))).when(offered({ by: gr, to: uty, into: legs.l1 })).accepts()
  })

  it('may be delivered straight from the last carrier', () => {
    given(journey.atSea).when(offered({ by: line, to: consignee, into: delivery, delivers: ['c2'] })).accepts()
  })

  it('stay open to acts and corrections after delivery', () => {
    given(journey.delivered).when(actDrawn({ by: consignee })).accepts()
  })
})

describe('a deviation', () => {
  const diverted = offered({ by: uty, to: gr, into: leg('l2'), deviationReason: words })

  it('needs a reason, keeps the stage and draws the receiver in', () => {
    given(journey.onLeg1, diverted)
      .when(answered(diverted))
      .hasEffect({ effect: 'custody', items: allBoxes, holder: gr, stage: 1, by: 'answer' })
      .leaves(({ drawnIn }) => expect(drawnIn).toContain(gr))
  })

  it('leads back onto the route from where the goods left it', () => {
    given(journey.onLeg1, handedOver(diverted)).when(offered({ by: gr, to: tdy, into: legs.l2 })).accepts()
  })

  it('that is next after all moves the goods on', () => {
    const needless = offered({ deviationReason: words })
    given(journey.issued, needless).when(answered(needless)).hasEffect({ effect: 'custody', items: allBoxes, holder: uty, stage: 1, by: 'answer' })
  })

  it('lets a receiver off the route speak from the offer on', () => {
    given(journey.onLeg1).when(moved({ by: gr })).refuses('PARTY')
    given(journey.onLeg1, diverted).when(moved({ by: gr })).accepts()
  })
})

describe('taking over for a carrier', () => {
  const forTheLine = handedOver(offered({ by: tdy, to: turkmenbashi, into: stop(2), takesOverFor: line }))

  it('is remembered of the goods', () => {
    given(journey.onLeg2, forTheLine).when(moved({ by: turkmenbashi }))
      .leaves(({ items }) => expect(items.map(({ heldFor }) => heldFor)).toEqual([line, line, line, line]))
  })

  it('lets that carrier accept its contract', () => {
    given(journey.onLeg2, forTheLine).when(carriageAccepted({ by: line, contractId: 'c2' })).accepts()
  })

  it('ends with the next handoff', () => {
    given(journey.onLeg2, forTheLine, handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3 })))
      .when(moved({ by: line }))
      .leaves(({ items }) => expect(items.every((item) => item.heldFor === undefined)).toBe(true))
  })
})

describe('vouching for a party without a node', () => {
  const toHaulier = issued({
    mainCarriageTransportMovement: [movement(1, haulier, 'uz-ahangaran', 'uz-khodjadavlet'), ...note().mainCarriageTransportMovement.slice(1)],
  })
  const given1 = vouched({ liabilityPasses: true })
  const taken = vouched({ by: tdy, from: haulier, to: tdy, into: legs.l2, reservations: [{ code: 'R02' }, { itemId: b1, code: 'R01' }, { code: 'R03' }] })

  it('gives to it in one statement', () => {
    given(toHaulier).when(given1).hasEffects(
      { effect: 'custody', items: allBoxes, holder: haulier, stage: 1, by: 'vouched' },
      { effect: 'liability', items: allBoxes, liable: haulier },
    )
  })

  it('takes from it in one statement, with reservations', () => {
    given(toHaulier, given1).when(taken).hasEffects(
      { effect: 'custody', items: allBoxes, holder: tdy, stage: 3, by: 'vouched' },
      { effect: 'reservation', items: [b1], reservations: [{ code: 'R01' }] },
      { effect: 'reservation', items: allBoxes, reservations: [{ code: 'R02' }, { code: 'R03' }] }, // that names no item: of all
    )
  })

  it('delivers with the paper', () => {
    const consigneeOutside = issued({ consigneeSide: haulier })
    const end = [
      handedOver(offered()), handedOver(offered({ by: uty, to: tdy, into: legs.l2 })), handedOver(offered({ by: tdy, to: line, into: legs.l3 })),
    ]
    given(consigneeOutside, end)
      .when(vouched({ by: line, from: line, to: haulier, into: delivery, delivers: ['c2'] }))
      .hasEffects(
        { effect: 'custody', items: allBoxes, holder: haulier, stage: 7, by: 'vouched' },
        { effect: 'contractDelivered', contractId: 'c2', items: allBoxes },
      )
  })
})

describe('a withdrawal', () => {
  const offer = offered()

  it('closes the offer and leaves the goods', () => {
    given(journey.issued, offer)
      .when(withdrawn(offer))
      .hasEffects({ effect: 'offerClosed', offer: offer.eventId, by: 'withdrawal' })
      .leaves((consignment) => expect(holdersOf(consignment)).toEqual(all(forwarder)))
  })

  it('lets the consignment be cancelled', () => {
    given(journey.issued, offer, withdrawn(offer)).when(cancelled()).accepts()
  })
})

describe('goods that were held', () => {
  it('may come off a ship to the next stop, also when a needless reason is given', () => {
    const atSea = [journey.atSea, held({ by: azCustoms })]
    given(atSea).when(offered({ by: line, to: alat, into: stop(3), deviationReason: words })).accepts()
    given(atSea).when(offered({ by: line, to: gr, into: stop(3), deviationReason: words })).refuses('HELD_BY_CUSTOMS')
  })

  it('go on when the hold is lifted', () => {
    const hold = held()
    given(journey.atAlat, hold, lifted([hold])).when(offered({ by: alat, to: consignee, into: delivery })).accepts()
  })
})
