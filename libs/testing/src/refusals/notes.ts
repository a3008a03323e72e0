import { hashOfNote } from '#libs/consignment'
import type { ConsignmentNote } from '#libs/documents'
import { amended, b1, b2, b5, box, cancelled, goodsBlock, issued, movement, note, offered, tendered } from '../builders.js'
import { handedOver, journey } from '../journey.js'
import { epochClosed, suspended } from '../register-builders.js'
import { tdy, uty, uzCustoms } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const [leg1, leg2, leg3] = note().mainCarriageTransportMovement as [Leg, Leg, Leg]
const [c1, c2] = note().transportContracts as [Contract, Contract]
type Leg = ConsignmentNote['mainCarriageTransportMovement'][number]
type Contract = ConsignmentNote['transportContracts'][number]

/** Legs in other words; the third stays. */
function withLegs(first: Partial<Leg>, second: Partial<Leg> = {}) {
  return issued({ mainCarriageTransportMovement: [{ ...leg1, ...first }, { ...leg2, ...second }, leg3] })
}

function withContracts(...transportContracts: readonly Contract[]) {
  return issued({ transportContracts: [...transportContracts] })
}

const unknownReferences: readonly RefusalCase[] = [
  refusedWhen('UNKNOWN_REFERENCE', 'it was issued at a place nobody registered', [], issued({ issuePlaceId: 'uz-nowhere' }), '/note/issuePlaceId'),
  refusedWhen('UNKNOWN_REFERENCE', 'a leg ends at a place nobody registered', [], withLegs({ arrivalLocation: 'uz-nowhere' })),
  refusedWhen('UNKNOWN_REFERENCE', 'a border is crossed at a place nobody registered', [], withLegs({ borderCrossing: ['uz-nowhere'] })),
  refusedWhen('UNKNOWN_REFERENCE', 'a carrier is no participant', [], withLegs({ carrier: 'uz-nobody' }), '/note/mainCarriageTransportMovement/0/carrier'),
  refusedWhen('UNKNOWN_REFERENCE', 'a carrier is suspended', [suspended(uty)], issued()),
  refusedWhen('UNKNOWN_REFERENCE', 'a terminal is no participant', [], withLegs({ handledBy: [{ participant: 'uz-nobody', end: 'arrival' }] })),
  refusedWhen('UNKNOWN_REFERENCE', 'the consignee\'s side is no participant', [], issued({ consigneeSide: 'az-nobody' }), '/note/consigneeSide'),
  refusedWhen('UNKNOWN_REFERENCE', 'a contractual carrier is no participant', [], withContracts({ ...c1, contractualCarrier: 'uz-nobody' }, c2)),
  refusedWhen('UNKNOWN_REFERENCE', 'the regime changes at a place nobody registered', [],
    withContracts({ ...c1, regime: 'CIM-SMGS', regimeChangePlaceId: 'tm-nowhere' }, c2)),
  refusedWhen('UNKNOWN_REFERENCE', 'a customs office is not registered', [],
    issued({ regulatoryProcedure: [{ country: 'UZ', typeCode: '1', officePlaceIds: { departure: 'uz-nowhere' } }] })),
  refusedWhen('UNKNOWN_REFERENCE', 'a reader of a block is no participant', [],
    issued({ particulars: { blocks: [{ ...goodsBlock, readers: ['uz-nobody'] }] } })),
  refusedWhen('UNKNOWN_REFERENCE', 'a block is for nobody known', [],
    issued({ particulars: { blocks: [{ ...goodsBlock, readers: [uty], for: 'uz-nobody' }] } })),
  refusedWhen('UNKNOWN_REFERENCE', 'goods are allocated to a box that is not on the note', [],
    issued({ itemAllocations: [{ itemId: 'g1', equipmentId: b5, packageQuantity: 96, grossMassKg: 96_000 }] })),
]

const shapes: readonly RefusalCase[] = [
  refusedWhen('LEGS_DO_NOT_JOIN', 'legs are not numbered from 1', [], withLegs({ sequenceNumeric: 2 }),
    '/note/mainCarriageTransportMovement/0/sequenceNumeric'),
  refusedWhen('LEGS_DO_NOT_JOIN', 'two legs have one name', [], withLegs({}, { legId: 'l1' }), '/note/mainCarriageTransportMovement/1/legId'),
  refusedWhen('LEGS_DO_NOT_JOIN', 'a leg does not start where the one before ends', [], withLegs({ arrivalLocation: 'tm-farap' }),
    '/note/mainCarriageTransportMovement/1/departureLocation'),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'a leg is in no contract', [], withContracts({ ...c1, legIds: ['l1'] }, c2)),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'a leg is in two contracts', [], withContracts({ ...c1, legIds: ['l1', 'l2'] }, { ...c2, legIds: ['l2', 'l3'] })),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'a contract has a leg the note lacks', [], withContracts({ ...c1, legIds: ['l1', 'l9'] }, c2)),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'the legs of a contract do not follow each other', [],
    withContracts({ ...c1, legIds: ['l1', 'l3'] }, { ...c2, legIds: ['l2'] })),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'two contracts have one name', [], withContracts(c1, { ...c2, contractId: 'c1' }),
    '/note/transportContracts/1/contractId'),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'a contract is accepted elsewhere than its first leg starts', [],
    withContracts({ ...c1, carrierAcceptanceLocation: 'tm-farap' }, c2), '/note/transportContracts/0/carrierAcceptanceLocation'),
  refusedWhen('CONTRACTS_DO_NOT_JOIN', 'a contract is delivered elsewhere than its last leg ends', [],
    withContracts(c1, { ...c2, consigneeReceiptLocation: 'ge-batumi' }), '/note/transportContracts/1/consigneeReceiptLocation'),
  refusedWhen('CHECK_DIGIT', 'the check digit of a container is wrong', [],
    issued({ utilizedTransportEquipment: [box('KRVU3054381')], transportEquipmentQuantity: 1 }), '/note/utilizedTransportEquipment/0/id'),
  refusedWhen('CHECK_DIGIT', 'a wagon number is taken for a container\'s', [],
    issued({ utilizedTransportEquipment: [box('61234567')], transportEquipmentQuantity: 1 })),
  refusedWhen('ITEM_TWICE', 'a container is listed twice', [],
    issued({ utilizedTransportEquipment: [box(b1), box(b1)], transportEquipmentQuantity: 2, packageQuantity: 48, grossMassKg: 48_000 })),
  refusedWhen('ITEM_TWICE', 'goods are allocated to one container twice', [], issued({
    itemAllocations: [{ itemId: 'g1', equipmentId: b1, packageQuantity: 12, grossMassKg: 12_000 },
      { itemId: 'g1', equipmentId: b1, packageQuantity: 12, grossMassKg: 12_000 }],
  })),
  refusedWhen('NO_ITEMS', 'there is neither equipment nor goods', [], issued({ utilizedTransportEquipment: [], transportEquipmentQuantity: 0 }),
    '/note/utilizedTransportEquipment'),
  refusedWhen('SUMS_CONTRADICT', 'another number of containers is stated than listed', [], issued({ transportEquipmentQuantity: 5 }),
    '/note/transportEquipmentQuantity'),
  refusedWhen('SUMS_CONTRADICT', 'packages do not add up', [], issued({ packageQuantity: 95 }), '/note/packageQuantity'),
  refusedWhen('SUMS_CONTRADICT', 'masses do not add up', [], issued({ grossMassKg: 95_999 }), '/note/grossMassKg'),
  refusedWhen('SUMS_CONTRADICT', 'what is allocated to a container is not what is in it', [], issued({
    utilizedTransportEquipment: [box(b1), box(b2)], transportEquipmentQuantity: 2, packageQuantity: 48, grossMassKg: 48_000,
    itemAllocations: [{ itemId: 'g1', equipmentId: b1, packageQuantity: 25, grossMassKg: 24_000 },
      { itemId: 'g1', equipmentId: b2, packageQuantity: 23, grossMassKg: 24_000 }],
  }), '/note/utilizedTransportEquipment/0/packageQuantity'),
  refusedWhen('COUNTRIES_CONTRADICT', 'a country of the route is left out', [], issued({ countriesOnRoute: ['UZ', 'TM'] }), '/note/countriesOnRoute'),
  refusedWhen('COUNTRIES_CONTRADICT', 'a country is named that the route does not touch', [], issued({ countriesOnRoute: ['UZ', 'TM', 'AZ', 'GE'] })),
]

const hash = hashOfNote(note())
const partlyHandedOver = [journey.issued, handedOver(offered({ items: tendered(b1) }))]
const noteWithoutB1 = { utilizedTransportEquipment: note().utilizedTransportEquipment.slice(1), transportEquipmentQuantity: 3, packageQuantity: 72,
  grossMassKg: 72_000 }
const otherRoute = {
  mainCarriageTransportMovement: [leg1, movement(2, uty, 'uz-khodjadavlet', 'tm-turkmenbashi-station', { borderCrossing: ['tm-farap'] }), leg3],
}

/** The same faults in a later version: it is judged whole. */
const inVersion2: readonly RefusalCase[] = [...unknownReferences, ...shapes].map(({ code, when, given, states, pointer }) => {
  const { note: faulty } = states.data as { readonly note: ConsignmentNote } // all these cases issue a note
  return refusedWhen(code, when, [journey.issued, given], amended(hash, { ...faulty, noteVersion: 2, previousNoteHash: hash }), pointer)
})

/** What refuses a note and its later versions. */
export const refusalsOfNotes: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'customs issue it', [], issued({}, { by: uzCustoms })),
  refusedWhen('EPOCH_CLOSED', 'the epoch is closed', [epochClosed()], issued()),
  refusedWhen('ALREADY_OPEN', 'the consignment is open', journey.issued, issued({ purposeCode: '5' })),
  refusedWhen('ALREADY_OPEN', 'the consignment was cancelled', [journey.issued, cancelled()], issued({ purposeCode: '5' })),
  refusedWhen('NOTE_VERSION', 'it is not version 1', [], issued({ noteVersion: 2, previousNoteHash: hash }), '/note/noteVersion'),
  ...unknownReferences,
  ...shapes,

  refusedWhen('NOT_ISSUER', 'somebody else on the route states the new version', journey.issued, amended(hash, {}, { by: uty })),
  refusedWhen('CONTRACT_ACCEPTED', 'a contract of carriage is accepted', journey.onLeg1, amended(hash)),
  refusedWhen('NOTE_VERSION', 'a version is left out', journey.issued, amended(hash, { noteVersion: 3 })),
  refusedWhen('NOTE_VERSION', 'the version before is another one', journey.issued, amended(hashOfNote(note({ packageQuantity: 1 })))),
  ...inVersion2,
  refusedWhen('ITEM_IN_OTHER_HANDS', 'the new version drops a box that another has', partlyHandedOver, amended(hash, noteWithoutB1)),
  refusedWhen('ITEM_IN_OTHER_HANDS', 'the new version drops a box that is offered', [journey.issued, offered({ items: tendered(b1) })],
    amended(hash, noteWithoutB1)),
  refusedWhen('ITEM_IN_OTHER_HANDS', 'the new version makes another carrier answer for a box that is under way', partlyHandedOver, amended(hash, {
    transportContracts: note().transportContracts.map((one) => (one.contractId === 'c1' ? { ...one, contractualCarrier: tdy } : one)),
  })),
  refusedWhen('ITEM_IN_OTHER_HANDS', 'the new version leads a box that another has over another route', partlyHandedOver, amended(hash, otherRoute)),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', [journey.issued, cancelled()], amended(hash)),

  refusedWhen('NOT_ISSUER', 'somebody else on the route cancels', journey.issued, cancelled({ by: uty })),
  refusedWhen('CONTRACT_ACCEPTED', 'a contract of carriage is accepted', journey.onLeg1, cancelled()),
  refusedWhen('ITEM_IN_OTHER_HANDS', 'another has one of the boxes', partlyHandedOver, cancelled()),
  refusedWhen('ITEM_IN_OTHER_HANDS', 'one of the boxes is offered', [journey.issued, offered({ items: tendered(b1) })], cancelled()),
  refusedWhen('CONSIGNMENT_CLOSED', 'it was cancelled before', [journey.issued, cancelled()], cancelled({ occurredAt: '2026-06-02T08:00:00Z' })),
]
