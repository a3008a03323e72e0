import { canonicalJson, digestOf, isValidEquipmentId, type ConsignmentNote } from '#libs/documents'
import type { ConsignmentEffect } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { accepted, firstRefusal, isKnownPlace, refused, unknownParty, unknownPlace, type OnConsignment, type Stated } from './rule.js'
import type { Consignment, Register } from './state.js'

/** The consignment note: what its issuer states once, and every leg's document is derived from (tables 3.2; events: NoteIssued …). */

export function judgeNoteIssued({ data, register, issuer, context }: Stated<'NoteIssued'>): Ruling {
  if (context.subject.consignment) return refused('ALREADY_OPEN', '')
  const { note } = data
  if (note.noteVersion !== 1 || note.previousNoteHash !== undefined) return refused('NOTE_VERSION', '/note/noteVersion', { expected: '1' })
  const refusal = refusalOfNote(note, register)
  if (refusal) return { refusal }
  return accepted(versionEffect(note, issuer, register), { effect: 'custody', items: itemIdsOf(note), holder: issuer, stage: 0, by: 'issue' })
}

export function judgeNoteAmended({ data, register, issuer, consignment }: OnConsignment<'NoteAmended'>): Ruling {
  const { note } = data
  const refusal = firstRefusal(
    () => refusalOfIssuersAct(consignment, issuer),
    () => (note.noteVersion === consignment.version.number + 1 && note.previousNoteHash === consignment.version.hash
      ? undefined : refuse('NOTE_VERSION', '/note/noteVersion', { expected: String(consignment.version.number + 1), hash: consignment.version.hash })),
    () => refusalOfNote(note, register),
    () => refusalOfTakenItems(consignment, note, register),
  )
  if (refusal) return { refusal }
  const added = itemIdsOf(note).filter((id) => !consignment.items.some((item) => item.id === id))
  return accepted(
    versionEffect(note, issuer, register),
    ...(added.length > 0 ? [{ effect: 'custody', items: added, holder: issuer, stage: 0, by: 'issue' } as const] : []),
  )
}

export function judgeConsignmentCancelled({ issuer, consignment }: OnConsignment<'ConsignmentCancelled'>): Ruling {
  const refusal = firstRefusal(
    () => refusalOfIssuersAct(consignment, issuer),
    () => {
      const taken = consignment.items.find((item) => item.holder !== issuer || item.offer !== undefined)
      return taken && refuse('ITEM_IN_OTHER_HANDS', '', { item: taken.id, holder: taken.holder })
    },
  )
  return refusal ? { refusal } : accepted({ effect: 'closed', reason: 'cancelled' })
}

/** The hash a new version names of the old one: base64url SHA-256 of the note's canonical JSON. */
export function hashOfNote(note: ConsignmentNote): string {
  return digestOf(canonicalJson(note))
}

/** Equipment, or without equipment the goods items, in the order of the note. */
export function itemIdsOf(note: ConsignmentNote): readonly string[] {
  return note.utilizedTransportEquipment.length > 0 ? note.utilizedTransportEquipment.map((one) => one.id) : (note.itemAllocations ?? []).map((one) => one.itemId)
}

function versionEffect(note: ConsignmentNote, issuer: string, register: Register): ConsignmentEffect {
  const territories: Record<string, string> = {}
  for (const placeId of placesOf(note)) territories[placeId] = register.places[placeId]?.customsTerritory ?? ''
  return { effect: 'version', issuer, hash: hashOfNote(note), note, territories }
}

function refusalOfIssuersAct(consignment: Consignment, issuer: string): Refusal | undefined {
  if (consignment.issuer !== issuer) return refuse('NOT_ISSUER', '', { issuer: consignment.issuer })
  const contract = consignment.contracts.find((one) => one.accepted)
  return contract && refuse('CONTRACT_ACCEPTED', '', { contract: contract.contractId })
}

/** Items that others already have, or that are offered, stay as they are, and so do the route they are on and who answers for it. */
function refusalOfTakenItems(consignment: Consignment, note: ConsignmentNote, register: Register): Refusal | undefined {
  const taken = consignment.items.find((item) => item.holder !== consignment.issuer || item.offer !== undefined)
  if (!taken) return undefined
  const ids = new Set(itemIdsOf(note))
  const lost = consignment.items.find((item) => (item.holder !== consignment.issuer || item.offer !== undefined) && !ids.has(item.id))
  if (lost) return refuse('ITEM_IN_OTHER_HANDS', '/note/utilizedTransportEquipment', { item: lost.id, holder: lost.holder })
  const sameRoute = canonicalJson(legsOf(note, versionTerritories(note, register))) === canonicalJson(consignment.legs)
  const sameCarriers = consignment.contracts.every(({ contractId, carrier }) => note.transportContracts.some((one) => one.contractId === contractId && one.contractualCarrier === carrier))
  return sameRoute && sameCarriers ? undefined : refuse('ITEM_IN_OTHER_HANDS', '/note/mainCarriageTransportMovement', { item: taken.id, holder: taken.holder })
}

function versionTerritories(note: ConsignmentNote, register: Register): Readonly<Record<string, string>> {
  return Object.fromEntries(placesOf(note).map((placeId) => [placeId, register.places[placeId]?.customsTerritory ?? '']))
}

/** Legs as rules read them. */
export function legsOf(note: ConsignmentNote, territories: Readonly<Record<string, string>>): Consignment['legs'] {
  return note.mainCarriageTransportMovement.map((leg) => ({
    legId: leg.legId,
    carrier: leg.carrier,
    from: { placeId: leg.departureLocation, territory: territories[leg.departureLocation] ?? '' },
    to: { placeId: leg.arrivalLocation, territory: territories[leg.arrivalLocation] ?? '' },
    departureHandlers: handlersAt(leg, 'departure'),
    arrivalHandlers: handlersAt(leg, 'arrival'),
    contractId: note.transportContracts.find((contract) => contract.legIds.includes(leg.legId))?.contractId ?? '',
  }))
}

type NoteLeg = ConsignmentNote['mainCarriageTransportMovement'][number]

function handlersAt(leg: NoteLeg, end: 'departure' | 'arrival'): readonly string[] {
  return (leg.handledBy ?? []).filter((handler) => handler.end === end).map((handler) => handler.participant)
}

function placesOf(note: ConsignmentNote): readonly string[] {
  return [...new Set([
    ...note.mainCarriageTransportMovement.flatMap((leg) => [leg.departureLocation, ...(leg.borderCrossing ?? []), leg.arrivalLocation]),
    ...note.transportContracts.flatMap((contract) => [contract.carrierAcceptanceLocation, contract.consigneeReceiptLocation]),
  ])]
}

function refusalOfNote(note: ConsignmentNote, register: Register): Refusal | undefined {
  return firstRefusal(
    () => unknownReference(note, register),
    () => refusalOfLegs(note, register),
    () => refusalOfContracts(note, register),
    () => refusalOfEquipment(note),
    () => refusalOfSums(note),
    () => refusalOfCountries(note, register),
  )
}

function unknownReference(note: ConsignmentNote, register: Register): Refusal | undefined {
  const places = placesOf(note)
  const place = places.find((one) => !isKnownPlace(register, one))
  const offices = (note.regulatoryProcedure ?? []).flatMap(({ officePlaceIds }) => [officePlaceIds?.departure, ...(officePlaceIds?.transit ?? []), officePlaceIds?.destination, officePlaceIds?.entry, officePlaceIds?.exit])
  return firstRefusal(
    () => place === undefined ? undefined : refuse('UNKNOWN_REFERENCE', '/note/mainCarriageTransportMovement', { place }),
    () => unknownPlace(register, note.issuePlaceId, '/note/issuePlaceId'),
    () => unknownParty(register, note.consigneeSide, '/note/consigneeSide'),
    ...note.transportContracts.map((contract, index) => () => firstRefusal(
      () => unknownParty(register, contract.contractualCarrier, `/note/transportContracts/${index}/contractualCarrier`),
      () => unknownPlace(register, contract.regimeChangePlaceId, `/note/transportContracts/${index}/regimeChangePlaceId`),
    )),
    ...note.mainCarriageTransportMovement.flatMap((leg, index) => [
      () => unknownParty(register, leg.carrier, `/note/mainCarriageTransportMovement/${index}/carrier`),
      ...(leg.handledBy ?? []).map((handler, at) => () => unknownParty(register, handler.participant, `/note/mainCarriageTransportMovement/${index}/handledBy/${at}/participant`)),
    ]),
    ...offices.map((office) => () => unknownPlace(register, office, '/note/regulatoryProcedure')),
    ...note.particulars.blocks.map((block, index) => () => {
      const stranger = [...block.readers, ...(block.for === undefined ? [] : [block.for])].find((reader) => unknownParty(register, reader, ''))
      return stranger === undefined ? undefined : refuse('UNKNOWN_REFERENCE', `/note/particulars/blocks/${index}`, { participant: stranger })
    }),
  )
}

/** Adjoining ends are one place or share a UN/LOCODE: a port and its station may have rows of their own. */
function join(register: Register, a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false
  const codes = new Set((register.places[b]?.unlocode ?? []).map(({ code }) => code))
  return a === b || (register.places[a]?.unlocode ?? []).some(({ code }) => codes.has(code))
}

function refusalOfLegs(note: ConsignmentNote, register: Register): Refusal | undefined {
  const legs = note.mainCarriageTransportMovement
  for (const [index, leg] of legs.entries()) {
    const pointer = `/note/mainCarriageTransportMovement/${index}`
    if (leg.sequenceNumeric !== index + 1) return refuse('LEGS_DO_NOT_JOIN', `${pointer}/sequenceNumeric`, { expected: String(index + 1) })
    if (legs.findIndex((other) => other.legId === leg.legId) !== index) return refuse('LEGS_DO_NOT_JOIN', `${pointer}/legId`, { leg: leg.legId })
    const before = legs[index - 1]
    if (before && !join(register, before.arrivalLocation, leg.departureLocation)) {
      return refuse('LEGS_DO_NOT_JOIN', `${pointer}/departureLocation`, { arrival: before.arrivalLocation, departure: leg.departureLocation })
    }
  }
  return undefined
}

function refusalOfContracts(note: ConsignmentNote, register: Register): Refusal | undefined {
  const order = note.mainCarriageTransportMovement.map((leg) => leg.legId)
  const covered = note.transportContracts.flatMap((contract) => contract.legIds)
  if (covered.length !== order.length || new Set(covered).size !== covered.length) return refuse('CONTRACTS_DO_NOT_JOIN', '/note/transportContracts', { legs: covered.join(' ') })
  for (const [index, contract] of note.transportContracts.entries()) {
    const pointer = `/note/transportContracts/${index}`
    const first = order.indexOf(contract.legIds[0] ?? '')
    if (first < 0 || contract.legIds.some((legId, at) => order[first + at] !== legId)) return refuse('CONTRACTS_DO_NOT_JOIN', `${pointer}/legIds`, { legs: contract.legIds.join(' ') })
    if (note.transportContracts.findIndex((other) => other.contractId === contract.contractId) !== index) return refuse('CONTRACTS_DO_NOT_JOIN', `${pointer}/contractId`, { contract: contract.contractId })
    const departure = note.mainCarriageTransportMovement[first]?.departureLocation
    const arrival = note.mainCarriageTransportMovement[first + contract.legIds.length - 1]?.arrivalLocation
    if (!join(register, contract.carrierAcceptanceLocation, departure)) return refuse('CONTRACTS_DO_NOT_JOIN', `${pointer}/carrierAcceptanceLocation`, { departure: departure ?? '' })
    if (!join(register, contract.consigneeReceiptLocation, arrival)) return refuse('CONTRACTS_DO_NOT_JOIN', `${pointer}/consigneeReceiptLocation`, { arrival: arrival ?? '' })
  }
  return undefined
}

function refusalOfEquipment(note: ConsignmentNote): Refusal | undefined {
  for (const [index, equipment] of note.utilizedTransportEquipment.entries()) {
    if (!isValidEquipmentId(equipment.scheme, equipment.id)) return refuse('CHECK_DIGIT', `/note/utilizedTransportEquipment/${index}/id`, { id: equipment.id, scheme: equipment.scheme })
  }
  const ids = itemIdsOf(note)
  if (ids.length === 0) return refuse('NO_ITEMS', '/note/utilizedTransportEquipment')
  const twice = firstTwice(ids) ?? firstTwice((note.itemAllocations ?? []).map((one) => `${one.itemId} ${one.equipmentId ?? ''}`))
  return twice === undefined ? undefined : refuse('ITEM_TWICE', '/note/utilizedTransportEquipment', { item: twice })
}

function firstTwice(ids: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return ids.find((id) => seen.size === seen.add(id).size)
}

interface Amount {
  readonly packageQuantity?: number
  readonly grossMassKg?: number
}

function refusalOfSums(note: ConsignmentNote): Refusal | undefined {
  const equipment = note.utilizedTransportEquipment
  const allocations = note.itemAllocations ?? []
  if (equipment.length > 0 && note.transportEquipmentQuantity !== equipment.length) return refuse('SUMS_CONTRADICT', '/note/transportEquipmentQuantity', { sum: String(equipment.length) })
  const stray = allocations.findIndex((one) => one.equipmentId !== undefined && !equipment.some(({ id }) => id === one.equipmentId))
  if (stray >= 0) return refuse('UNKNOWN_REFERENCE', `/note/itemAllocations/${stray}/equipmentId`, { item: allocations[stray]?.equipmentId ?? '' })
  return firstRefusal(
    () => contradiction(note, equipment, '/note'),
    () => contradiction(note, allocations, '/note'),
    ...equipment.map((one, index) => () => contradiction(one, allocations.filter(({ equipmentId }) => equipmentId === one.id), `/note/utilizedTransportEquipment/${index}`)),
  )
}

/** Parts are summed only where every one of them states the figure; a figure not stated contradicts nothing. */
function contradiction(total: Amount, parts: readonly Amount[], pointer: string): Refusal | undefined {
  for (const figure of ['packageQuantity', 'grossMassKg'] as const) {
    const stated = parts.map((part) => part[figure]).filter((value) => value !== undefined)
    if (parts.length === 0 || stated.length !== parts.length || total[figure] === undefined) continue
    const sum = stated.reduce((a, b) => a + b, 0)
    if (sum !== total[figure]) return refuse('SUMS_CONTRADICT', `${pointer}/${figure}`, { sum: String(sum), stated: String(total[figure]) })
  }
  return undefined
}

function refusalOfCountries(note: ConsignmentNote, register: Register): Refusal | undefined {
  const derived = [...new Set(placesOf(note).map((placeId) => register.places[placeId]?.country ?? ''))].sort()
  const stated = [...note.countriesOnRoute].sort()
  return derived.join(' ') === stated.join(' ') ? undefined : refuse('COUNTRIES_CONTRADICT', '/note/countriesOnRoute', { derived: derived.join(' '), stated: stated.join(' ') })
}
