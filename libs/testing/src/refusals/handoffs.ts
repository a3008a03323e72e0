import { digestOf } from '#libs/documents'
import {
  answered, b1, b2, b5, cancelled, decided, delivery, held, leg, legs, moved, offered, stop, tendered, vouched, withdrawn, words,
} from '../builders.js'
import { handedOver, journey } from '../journey.js'
import { suspended } from '../register-builders.js'
import { alat, azCustoms, consignee, forwarder, gr, haulier, line, tdy, tmCustoms, turkmenbashi, uty, uzCustoms } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const offer = offered()
const open = [journey.issued, offer]
const offerOfB1 = offered({ items: tendered(b1) })
const twoBoxes = offered({ items: tendered(b1, b2) })
const holdOfB1 = held({ items: [b1] })

const offers: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs offer', journey.issued, offered({ by: uzCustoms })),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', [journey.issued, cancelled()], offer),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, offered({ items: tendered(b1, b5) }), '/items/1'),
  refusedWhen('ITEM_TWICE', 'a box is named twice', journey.issued, offered({ items: tendered(b1, b1) }), '/items/1'),
  refusedWhen('OUTSIDE_PARTY_CANNOT_ANSWER', 'the receiver has no node', journey.issued, offered({ to: haulier }), '/to'),
  refusedWhen('UNKNOWN_REFERENCE', 'the receiver is no participant', journey.issued, offered({ to: 'uz-nobody' }), '/to'),
  refusedWhen('UNKNOWN_REFERENCE', 'the receiver is suspended', [journey.issued, suspended(uty)], offer, '/to'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, offered({ placeId: 'uz-nowhere' }), '/placeId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such leg', journey.issued, offered({ into: leg('l9') }), '/into'),
  refusedWhen('UNKNOWN_REFERENCE', 'the route has no such stop', journey.issued, offered({ into: stop(4) }), '/into'),
  refusedWhen('UNKNOWN_REFERENCE', 'it is taken over for nobody known', journey.issued, offered({ takesOverFor: 'uz-nobody' }), '/takesOverFor'),
  refusedWhen('UNKNOWN_REFERENCE', 'it delivers a contract the note lacks', journey.issued, offered({ delivers: ['c9'] }), '/delivers/0'),
  refusedWhen('NOT_LAST_CARRIER', 'the carrier of another leg states the contract delivered', journey.onLeg1,
    offered({ by: uty, to: tdy, into: legs.l2, delivers: ['c1'] }), '/delivers/0'),
  refusedWhen('NOT_LAST_CARRIER', 'a terminal states the contract delivered', journey.atTurkmenbashi,
    offered({ by: turkmenbashi, to: line, into: legs.l3, delivers: ['c1'] })),
  refusedWhen('NOT_HOLDER', 'another has the boxes', journey.onLeg1, offer, '/items'),
  refusedWhen('NOT_HOLDER', 'another has one of the boxes', [journey.issued, handedOver(offerOfB1)], offer, '/items'),
  refusedWhen('NOT_HOLDER', 'the boxes are delivered', journey.delivered,
    offered({ by: alat, to: consignee, into: delivery, occurredAt: '2026-07-01T08:00:00Z' })),
  refusedWhen('ITEM_ALREADY_OFFERED', 'the box is offered', open, offerOfB1, '/items'),
  refusedWhen('NOT_NEXT', 'another carries that leg', journey.issued, offered({ to: tdy }), '/into'),
  refusedWhen('NOT_NEXT', 'a leg is left out', journey.issued, offered({ to: tdy, into: legs.l2 }), '/into'),
  refusedWhen('NOT_NEXT', 'the leg lies behind', journey.onLeg2, offered({ by: tdy, to: uty, into: legs.l1 })),
  refusedWhen('NOT_NEXT', 'the receiver is no terminal of that stop', journey.onLeg2, offered({ by: tdy, to: alat, into: stop(2) })),
  refusedWhen('NOT_NEXT', 'the stop lies ahead', journey.onLeg1, offered({ by: uty, to: turkmenbashi, into: stop(2) })),
  refusedWhen('NOT_NEXT', 'the goods would be delivered on the way', journey.onLeg1, offered({ by: uty, to: consignee, into: delivery })),
  refusedWhen('NOT_NEXT', 'they would be delivered to somebody else', journey.atAlat, offered({ by: alat, to: forwarder, into: delivery })),
  refusedWhen('HELD_BY_CUSTOMS', 'customs hold one of the boxes', [journey.issued, holdOfB1], offer, '/items'),
  refusedWhen('HELD_BY_CUSTOMS', 'an inspection is ordered', [journey.issued, decided('inspectionOrdered', { items: [b1] })], offerOfB1),
  refusedWhen('HELD_BY_CUSTOMS', 'customs refuse the box', [journey.issued, decided('refused', { items: [b1] })], offerOfB1),
  refusedWhen('HELD_BY_CUSTOMS', 'customs of the destination want it not loaded', [journey.atTurkmenbashi, held({ by: azCustoms, doNotLoad: true })],
    offered({ by: turkmenbashi, to: line, into: legs.l3 })),
  refusedWhen('HELD_BY_CUSTOMS', 'a held box would be delivered', [journey.atAlat, held({ by: azCustoms })],
    offered({ by: alat, to: consignee, into: delivery })),
  refusedWhen('HELD_BY_CUSTOMS', 'a held box would leave the route', [journey.issued, holdOfB1], offered({ to: gr, into: stop(0), deviationReason: words })),
]

const answers: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs answer', open, answered(offer, { by: uzCustoms })),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', [journey.issued, cancelled()], answered(offer)),
  refusedWhen('OFFER_CLOSED', 'there was no such offer', journey.issued, answered(offer), '/offer'),
  refusedWhen('OFFER_CLOSED', 'the offer is answered', [journey.issued, handedOver(offer)], answered(offer, { occurredAt: '2026-06-03T08:00:00Z' })),
  refusedWhen('OFFER_CLOSED', 'the offer is withdrawn', [open, withdrawn(offer)], answered(offer)),
  refusedWhen('NOT_RECEIVER', 'it was made to another', open, answered(offer, { by: tdy }), '/offer'),
  refusedWhen('NOT_RECEIVER', 'the giver answers itself', open, answered(offer, { by: forwarder })),
  refusedWhen('UNKNOWN_REFERENCE', 'an exception names a box that was not offered', [journey.issued, offerOfB1],
    answered(offerOfB1, { exceptions: [{ itemId: b2, outcome: 'missing' }] }), '/exceptions/0/itemId'),
  refusedWhen('ITEM_TWICE', 'a box has two outcomes', open,
    answered(offer, { exceptions: [{ itemId: b1, outcome: 'missing' }, { itemId: b1, outcome: 'leftBehind' }] }), '/exceptions/1/itemId'),
  refusedWhen('HELD_BY_CUSTOMS', 'customs held one of the boxes meanwhile', [journey.issued, twoBoxes, holdOfB1], answered(twoBoxes), '/items'),
  refusedWhen('HELD_BY_CUSTOMS', 'customs held the boxes of a deviating offer',
    [journey.issued, offered({ to: gr, into: stop(0), deviationReason: words }), held()], answered(offered({ to: gr, into: stop(0), deviationReason: words }))),
]

const withdrawals: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs withdraw', open, withdrawn(offer, { by: uzCustoms })),
  refusedWhen('OFFER_CLOSED', 'the offer is answered', [journey.issued, handedOver(offer)], withdrawn(offer), '/offer'),
  refusedWhen('OFFER_CLOSED', 'the offer is withdrawn', [open, withdrawn(offer)], withdrawn(offer, { occurredAt: '2026-06-03T08:00:00Z' })),
  refusedWhen('NOT_OWN', 'another made the offer', open, withdrawn(offer, { by: uty }), '/offer'),
  refusedWhen('DEPARTED', 'the receiver has reported the boxes departed', [open, moved({ statusCode: '24', items: [b1] })], withdrawn(offer), '/offer'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', [journey.issued, cancelled()], withdrawn(offer)),
]

const withHaulier = [journey.issued, vouched({ deviationReason: words })]
const back = vouched({ from: haulier, to: forwarder, into: stop(0), deviationReason: words })

const vouchings: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs vouch', journey.issued, vouched({ by: uzCustoms, from: uzCustoms })),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', [journey.issued, cancelled()], vouched()),
  refusedWhen('VOUCHING_NEEDS_OUTSIDE_PARTY', 'the receiver has a node', journey.issued, vouched({ to: uty }), '/to'),
  refusedWhen('VOUCHING_NEEDS_OUTSIDE_PARTY', 'the giver has a node', journey.issued, vouched({ by: uty, from: forwarder, to: uty }), '/from'),
  refusedWhen('VOUCHING_NEEDS_OUTSIDE_PARTY', 'both sides are others', withHaulier, vouched({ by: uty, from: haulier, to: 'outside:another' })),
  refusedWhen('NOT_HOLDER', 'the giver has not got the boxes', journey.onLeg1, vouched({ deviationReason: words }), '/items'),
  refusedWhen('NOT_HOLDER', 'the outside party has not got the boxes', journey.issued, back, '/items'),
  refusedWhen('NOT_HOLDER', 'another outside party has them', withHaulier,
    vouched({ from: 'outside:another', to: forwarder, into: stop(0), deviationReason: words })),
  refusedWhen('ITEM_ALREADY_OFFERED', 'the boxes are offered', open, vouched({ deviationReason: words })),
  refusedWhen('NOT_NEXT', 'the haulier is on no leg', journey.issued, vouched(), '/into'),
  refusedWhen('HELD_BY_CUSTOMS', 'customs hold a box', [journey.issued, holdOfB1], vouched({ deviationReason: words }), '/items'),
  refusedWhen('HELD_BY_CUSTOMS', 'customs hold what the haulier has', [withHaulier, held({ by: tmCustoms })], back),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, vouched({ items: tendered(b5) }), '/items/0'),
  refusedWhen('ITEM_TWICE', 'a box is named twice', journey.issued, vouched({ items: tendered(b1, b1) }), '/items/1'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', journey.issued, vouched({ placeId: 'uz-nowhere' }), '/placeId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such leg', journey.issued, vouched({ into: leg('l9') }), '/into'),
  refusedWhen('UNKNOWN_REFERENCE', 'a reservation names a box that is not handed over', journey.issued,
    vouched({ items: tendered(b1), deviationReason: words, reservations: [{ itemId: b2, code: 'R01', evidenceHashes: [digestOf('photo')] }] }),
    '/reservations/0/itemId'),
  refusedWhen('NOT_LAST_CARRIER', 'the giver did not carry the last leg', journey.issued, vouched({ delivers: ['c1'], deviationReason: words }), '/delivers/0'),
]

/** What refuses handing goods over. */
export const refusalsOfHandoffs: readonly RefusalCase[] = [...offers, ...answers, ...withdrawals, ...vouchings]
