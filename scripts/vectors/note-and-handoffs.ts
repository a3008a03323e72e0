import { hashOfNote } from '#libs/consignment'
import { digestOf, type ConsignmentNote } from '#libs/documents'
import {
  amended, answered, b1, b2, b3, b4, b5, box, cancelled, carriageAccepted, carriageAgreed, contract, delivery, issued, leg, legs, loaded, meansNominated, moved,
  movement, note, offered, stop, tendered, vouched, withdrawn, words,
} from '../../libs/testing/src/builders.js'
import { alat, consignee, gr, haulier, line, tdy, turkmenbashi, uty, uzCustoms } from '../../libs/testing/src/small-corridor.js'
import { openSmallCorridor } from './small-corridor.js'
import type { VectorLog } from './vector-log.js'
import type { VectorFile } from './vector-file.js'

/** A note of one leg and one box: what a refused note needs to show is small. */
const oneBox: Partial<ConsignmentNote> = {
  transportContracts: [contract('c1', uty, 'uz-ahangaran', 'uz-khodjadavlet', ['l1'])],
  mainCarriageTransportMovement: [movement(1, uty, 'uz-ahangaran', 'uz-khodjadavlet')],
  utilizedTransportEquipment: [box(b1)], transportEquipmentQuantity: 1, packageQuantity: 24, grossMassKg: 24_000, countriesOnRoute: ['UZ'],
}

/** A note and its way: what a note must be, who may take the goods over from whom, under which contract. */
export async function noteAndHandoffs(): Promise<VectorFile> {
  const log = await openSmallCorridor('note-and-handoffs')
  await refuseNotes(log)
  await agree(log)
  await handOver(log)
  await accept(log)
  await vouch(log)
  await travel(log)
  await cancel(log)
  return log.file()
}

async function refuseNotes(log: VectorLog) {
  const refuse = (says: string, changes: Partial<ConsignmentNote>, code: string) => log.state(says, issued({ ...oneBox, ...changes }), code)
  await log.state('no statement but a note opens a consignment', offered(), 'SUBJECT')
  await log.state('customs issue no note', issued(oneBox, { by: uzCustoms }), 'RULE:ROLE')
  await refuse('a note without its consignee\'s side', { consigneeSide: undefined as never }, 'SCHEMA')
  await refuse('a note that begins with its second version', { noteVersion: 2, previousNoteHash: digestOf('none') }, 'RULE:NOTE_VERSION')
  await refuse('a place nobody registered', { issuePlaceId: 'uz-nowhere' }, 'RULE:UNKNOWN_REFERENCE')
  const blocks = [{ name: 'goods' as const, digest: digestOf('goods'), readers: ['nobody'] }]
  await refuse('a reader nobody admitted', { particulars: { blocks } }, 'RULE:UNKNOWN_REFERENCE')
  const apart = [movement(1, uty, 'uz-ahangaran', 'uz-khodjadavlet'), movement(2, tdy, 'tm-farap', 'tm-turkmenbashi-station')]
  await refuse('legs that do not join', { mainCarriageTransportMovement: apart }, 'RULE:LEGS_DO_NOT_JOIN')
  const misnumbered = [movement(2, uty, 'uz-ahangaran', 'uz-khodjadavlet')]
  await refuse('legs numbered otherwise than they stand', { mainCarriageTransportMovement: misnumbered }, 'RULE:LEGS_DO_NOT_JOIN')
  const refuseContract = (says: string, to: string, legId: string) =>
    refuse(says, { transportContracts: [contract('c1', uty, 'uz-ahangaran', to, [legId])] }, 'RULE:CONTRACTS_DO_NOT_JOIN')
  await refuseContract('a contract for a leg that is not there', 'uz-khodjadavlet', 'l2')
  await refuseContract('a contract that ends elsewhere', 'tm-farap', 'l1')
  await refuse('a wrong check digit', { utilizedTransportEquipment: [box('KRVU3054381')] }, 'RULE:CHECK_DIGIT')
  await refuse('neither equipment nor goods', { utilizedTransportEquipment: [], transportEquipmentQuantity: 0 }, 'RULE:NO_ITEMS')
  await refuse('one box twice', { utilizedTransportEquipment: [box(b1), box(b1)], transportEquipmentQuantity: 2 }, 'RULE:ITEM_TWICE')
  await refuse('another mass than that of its boxes', { grossMassKg: 23_999 }, 'RULE:SUMS_CONTRADICT')
  await refuse('a country that is not on the route', { countriesOnRoute: ['TM', 'UZ'] }, 'RULE:COUNTRIES_CONTRADICT')
  await log.state('a note over three legs and two contracts; two of its ends join by their LOCODE', issued())
  await log.state('a consignment is opened once', issued(), 'RULE:ALREADY_OPEN')
}

/** The note as amended: the mass of the fourth box is not known yet. */
const second: Partial<ConsignmentNote> = { utilizedTransportEquipment: [box(b1), box(b2), box(b3), unweighed(b4)] }

function unweighed(id: string) {
  const { grossMassKg: _grossMassKg, ...rest } = box(id)
  return rest
}

async function agree(log: VectorLog) {
  const first = hashOfNote(note())
  await log.state('who is not on the route says nothing', moved({ by: gr }), 'PARTY')
  await log.state('only the issuer amends', amended(first, second, { by: uty }), 'RULE:NOT_ISSUER')
  await log.state('an amendment names the version before', amended(digestOf('another'), second), 'RULE:NOTE_VERSION')
  await log.state('the second version', amended(first, second))
  await log.state('a contract the note does not have', carriageAgreed({ contractId: 'c3' }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a leg that is another carrier\'s', carriageAgreed({ by: tdy }), 'RULE:NOT_CARRIER_OF_LEG')
  await log.state('the railway agrees to carry on leg 1', carriageAgreed())
  await log.state('a ship for another carrier\'s leg', meansNominated({ by: uty, legId: 'l3' }), 'RULE:NOT_CARRIER_OF_LEG')
  const left = meansNominated({ items: [b1], notNominated: [{ items: [b1], reason: 'space' }] })
  await log.state('a box both on the ship and left behind', left, 'RULE:ITEM_TWICE')
  await log.state('the ship for leg 3', meansNominated({ items: [b1, b2], notNominated: [{ items: [b3, b4], reason: 'deadweight' }] }))
}

async function handOver(log: VectorLog) {
  await log.state('only the holder offers', offered({ by: uty, to: tdy, into: legs.l2 }), 'RULE:NOT_HOLDER')
  await log.state('a party without a node cannot answer', offered({ to: haulier }), 'RULE:OUTSIDE_PARTY_CANNOT_ANSWER')
  await log.state('a leg the note does not have', offered({ into: leg('l9') }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a box of another note', offered({ items: tendered(b5) }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('the same box twice', offered({ items: tendered(b1, b1) }), 'RULE:ITEM_TWICE')
  await log.state('a leg that does not come next', offered({ to: tdy, into: legs.l2 }), 'RULE:NOT_NEXT')
  await log.state('a contract delivered by who does not carry its last leg', offered({ delivers: ['c1'] }), 'RULE:NOT_LAST_CARRIER')
  const wanted = offered({ items: tendered(b1, b2), transferList: { number: 'TL1', part: 1, parts: 1 } })
  await log.state('two boxes are offered to the railway', wanted)
  await log.state('what is offered is not offered again', offered({ items: tendered(b2, b3) }), 'RULE:ITEM_ALREADY_OFFERED')
  await log.state('nor can the consignment be cancelled', cancelled(), 'RULE:ITEM_IN_OTHER_HANDS')
  const { mainCarriageTransportMovement: route } = note()
  const otherRoute = route.map((one) => (one.legId === 'l2' ? { ...one, carrier: uty } : one))
  const third = amended(hashOfNote(amended(hashOfNote(note()), second).data.note), { ...second, mainCarriageTransportMovement: otherRoute, noteVersion: 3 })
  await log.state('nor its route changed', third, 'RULE:ITEM_IN_OTHER_HANDS')
  await log.state('only the offerer withdraws', withdrawn(wanted, { by: uty }), 'RULE:NOT_OWN')
  await log.state('the offer is withdrawn', withdrawn(wanted))
  await log.state('an offer withdrawn is answered too late', answered(wanted), 'RULE:OFFER_CLOSED')
  const offer = offered({ items: tendered(b1, b2, b4), liabilityPasses: true, presentedAt: '2026-06-02T07:30:00Z' })
  await log.state('three boxes are offered', offer)
  await log.state('only the receiver answers', answered(offer, { by: tdy }), 'RULE:NOT_RECEIVER')
  const stray = answered(offer, { exceptions: [{ itemId: b3, outcome: 'missing' }] })
  await log.state('an exception for a box that was not offered', stray, 'RULE:UNKNOWN_REFERENCE')
  const seal = { id: 'S1', sealingPartyRoleCode: 'SH', conditionCode: '2' } as const
  await log.state('one box with a reservation, one left behind, the other accepted', answered(offer, {
    exceptions: [
      { itemId: b2, outcome: 'leftBehind' },
      { itemId: b1, outcome: 'acceptedWithReservation', affixedSeal: [seal], reservations: [{ code: 'R01', text: words }] },
    ],
  }))
  await log.state('an offer is answered once', answered(offer), 'RULE:OFFER_CLOSED')
}

async function accept(log: VectorLog) {
  await log.state('only the contractual carrier accepts', carriageAccepted({ by: tdy }), 'RULE:NOT_CONTRACTUAL_CARRIER')
  await log.state('a box that is still with the forwarder', carriageAccepted({ items: [b1, b2] }), 'RULE:NOT_IN_CARRIERS_HANDS')
  await log.state('a box without its mass', carriageAccepted({ items: [b1, b4] }), 'RULE:CARRIAGE_DATA_MISSING')
  await log.state('its mass is reported', loaded({ loadings: [{ equipmentId: b4, carriedBy: '61234567', grossMassKg: 23_000, massDetermination: 'weighed' }] }))
  await log.state('the contract runs for both boxes', carriageAccepted({ items: [b1, b4] }))
  await log.state('it is accepted once for each', carriageAccepted({ items: [b4] }), 'RULE:CARRIAGE_ALREADY_ACCEPTED')
  await log.state('from here on nothing is amended by the issuer alone', amended(digestOf('any'), { noteVersion: 3 }), 'RULE:CONTRACT_ACCEPTED')
  await log.state('nor cancelled', cancelled(), 'RULE:CONTRACT_ACCEPTED')
}

async function vouch(log: VectorLog) {
  await log.state('both sides have a node', vouched({ to: uty, items: tendered(b3) }), 'RULE:VOUCHING_NEEDS_OUTSIDE_PARTY')
  await log.state('a haulier is not on the route', vouched({ items: tendered(b3) }), 'RULE:NOT_NEXT')
  await log.state('with a reason it is: the stage stays, custody passes, marked vouched', vouched({
    items: tendered(b3), deviationReason: words, reservations: [{ itemId: b3, code: 'R01' }],
  }))
  await log.state('what the haulier has the forwarder does not', vouched({ items: tendered(b3), deviationReason: words }), 'RULE:NOT_HOLDER')
  await log.state('the railway vouches that the haulier brought it', vouched({ by: uty, from: haulier, to: uty, items: tendered(b3), liabilityPasses: true }))
  const detour = offered({ to: gr, items: tendered(b2), deviationReason: words })
  await log.state('a railway off the route is offered a box, with the reason', detour)
  await log.state('and is drawn in: it may speak', moved({ by: gr, items: [b2] }))
  await log.state('it takes over; the stage stays', answered(detour))
}

async function travel(log: VectorLog) {
  const ahead = { items: tendered(b1) }
  const legTwo = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet', ...ahead })
  const ashore = offered({ by: tdy, to: turkmenbashi, into: stop(2), placeId: 'tm-turkmenbashi-port', delivers: ['c1'], takesOverFor: line, ...ahead })
  const aboard = offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: 'tm-turkmenbashi-port', liabilityPasses: false, items: tendered(b1) })
  const discharged = offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat', delivers: ['c2'], ...ahead })
  const handedToConsignee = offered({ by: alat, to: consignee, into: delivery, placeId: 'az-alat', ...ahead })
  await log.state('the next railway is offered one box', legTwo)
  await log.state('and takes it over', answered(legTwo))
  await log.state('the port is offered it, for the line; the first contract ends', ashore)
  await log.state('and takes it over', answered(ashore))
  const waybill = { contractId: 'c2', carrierAssignedId: 'SWB1', carrierAcceptanceLocation: 'tm-turkmenbashi-port', items: [b1] }
  await log.state('taken over for the line, it may be accepted by the line', carriageAccepted({ by: line, ...waybill }))
  await log.state('the ship is offered it', aboard)
  await log.state('and takes it aboard', answered(aboard))
  await log.state('the port of arrival is offered it; the second contract ends', discharged)
  await log.state('and discharges it', answered(discharged))
  await log.state('the consignee\'s side is offered it', handedToConsignee)
  await log.state('and has it: delivered', answered(handedToConsignee))
  await log.state('the consignee\'s side gives nothing further on this route', offered({ by: consignee, to: alat, into: stop(3), ...ahead }), 'RULE:NOT_NEXT')
}

async function cancel(log: VectorLog) {
  const subject = '01970000-0000-7000-8000-000000000002'
  await log.state('another consignment', issued(oneBox, { subject }))
  await log.state('is cancelled', cancelled({ subject }))
  await log.state('no act follows', carriageAgreed({ subject }), 'RULE:CONSIGNMENT_CLOSED')
  await log.state('a fact about its boxes finds none', moved({ subject, items: [b1] }), 'RULE:UNKNOWN_REFERENCE')
  await log.state('a remark on all of none is recorded', moved({ subject, items: 'all' }))
  await log.state('and it is not opened again', issued(oneBox, { subject }), 'RULE:ALREADY_OPEN')
  const inPieces = '01970000-0000-7000-8000-000000000003'
  await log.state('goods without equipment are items themselves', issued({
    ...oneBox, utilizedTransportEquipment: [], transportEquipmentQuantity: 0,
    itemAllocations: [{ itemId: 'g1', packageQuantity: 20, grossMassKg: 20_000 }, { itemId: 'g2', packageQuantity: 4, grossMassKg: 4_000 }],
  }, { subject: inPieces }))
  await log.state('and are offered by their own names', offered({ subject: inPieces, items: tendered('g2') }))
}
