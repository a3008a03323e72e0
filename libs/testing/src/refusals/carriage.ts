import type { TransportEquipment } from '#libs/documents'
import { b1, b2, b5, box, cancelled, carriageAccepted, carriageAgreed, issued, legs, meansNominated, note, offered, tendered } from '../builders.js'
import { handedOver, journey } from '../journey.js'
import { alat, forwarder, line, tdy, turkmenbashi, uty } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const others = note().utilizedTransportEquipment.slice(1)
const { grossMassKg: _mass, ...unweighed } = box(b1)
const { characteristicCode: _type, ...untyped } = box(b1)
const { packageQuantity: _packages, ...uncounted } = box(b1)
const withUty = (first: TransportEquipment) => [issued({ utilizedTransportEquipment: [first, ...others] }), handedOver(offered())]
const cancelledNote = [journey.issued, cancelled()]

/** What refuses planning, nominating means for and accepting carriage. */
export const refusalsOfCarriage: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'a forwarder that is no agent confirms it', journey.issued, carriageAgreed({ by: forwarder })),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such contract', journey.issued, carriageAgreed({ contractId: 'c9' }), '/contractId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such leg', journey.issued, carriageAgreed({ legIds: ['l9'] }), '/legIds/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the leg belongs to another contract', journey.issued, carriageAgreed({ legIds: ['l1', 'l3'] }), '/legIds/1'),
  refusedWhen('NOT_CARRIER_OF_LEG', 'neither leg nor contract is its own', journey.issued, carriageAgreed({ by: tdy }), '/legIds/0'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, carriageAgreed()),

  refusedWhen('ROLE', 'a port nominates', journey.issued, meansNominated({ by: turkmenbashi })),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such leg', journey.issued, meansNominated({ legId: 'l9' }), '/legId'),
  refusedWhen('NOT_CARRIER_OF_LEG', 'another carries the leg', journey.issued, meansNominated({ by: tdy }), '/legId'),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, meansNominated({ items: [b1, b5] }), '/items/1'),
  refusedWhen('UNKNOWN_REFERENCE', 'a box that is to stay is not on the note', journey.issued,
    meansNominated({ items: [b1], notNominated: [{ items: [b5], reason: 'space' }] }), '/notNominated/0/items/0'),
  refusedWhen('ITEM_TWICE', 'a box is both to go and to stay', journey.issued,
    meansNominated({ items: [b1, b2], notNominated: [{ items: [b2], reason: 'space' }] }), '/notNominated/0/items'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, meansNominated()),

  refusedWhen('ROLE', 'a port accepts carriage', journey.atTurkmenbashi, carriageAccepted({ by: turkmenbashi })),
  refusedWhen('UNKNOWN_REFERENCE', 'the note has no such contract', journey.issued, carriageAccepted({ contractId: 'c9' }), '/contractId'),
  refusedWhen('NOT_CONTRACTUAL_CARRIER', 'a successive carrier accepts it', journey.issued, carriageAccepted({ by: tdy }), '/contractId'),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, carriageAccepted({ items: [b5] }), '/items/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the place is not registered', [journey.issued, handedOver(offered())],
    carriageAccepted({ carrierAcceptanceLocation: 'uz-nowhere' }), '/carrierAcceptanceLocation'),
  refusedWhen('CARRIAGE_ALREADY_ACCEPTED', 'the boxes are accepted under it', journey.onLeg1, carriageAccepted({ items: [b1], carrierAssignedId: '2' }),
    '/items'),
  refusedWhen('NOT_IN_CARRIERS_HANDS', 'the forwarder still has the boxes', journey.issued, carriageAccepted(), '/items'),
  refusedWhen('NOT_IN_CARRIERS_HANDS', 'one of the boxes has not come', [journey.issued, handedOver(offered({ items: tendered(b1) }))], carriageAccepted(),
    '/items'),
  refusedWhen('NOT_IN_CARRIERS_HANDS', 'a terminal has them, but not for the carrier', journey.atTurkmenbashi,
    carriageAccepted({ by: line, contractId: 'c2' }), '/items'),
  refusedWhen('NOT_IN_CARRIERS_HANDS', 'the boxes have passed to the next terminal', [
    journey.atTurkmenbashi,
    handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3 })),
    handedOver(offered({ by: line, to: alat, into: { kind: 'stop', stop: 3 } })),
  ], carriageAccepted({ by: line, contractId: 'c2' })),
  refusedWhen('CARRIAGE_DATA_MISSING', 'a box has not been weighed', withUty(unweighed), carriageAccepted(), '/items'),
  refusedWhen('CARRIAGE_DATA_MISSING', 'the packages in a box have not been counted', withUty(uncounted), carriageAccepted()),
  refusedWhen('CARRIAGE_DATA_MISSING', 'the size and type of a container are not known', withUty(untyped), carriageAccepted()),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, carriageAccepted({ by: uty })),
]
