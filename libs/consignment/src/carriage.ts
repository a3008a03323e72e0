import type { ConsignmentEffect } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { accepted, firstRefusal, idsOf, isOutside, itemsNamed, refused, unknownPlace, type OnConsignment } from './rule.js'
import type { Consignment, Item } from './state.js'

/** Contracts of carriage: who plans, nominates means, accepts and numbers (SMGS boxes 26 and 29; events: CarriageAgreed …). */

/** A plan or booking confirmed. No contract yet, no custody. */
export function judgeCarriageAgreed({ data, consignment, issuer }: OnConsignment<'CarriageAgreed'>): Ruling {
  const contract = consignment.contracts.find((one) => one.contractId === data.contractId)
  if (!contract) return refused('UNKNOWN_REFERENCE', '/contractId', { contract: data.contractId })
  for (const [index, legId] of data.legIds.entries()) {
    const leg = consignment.legs.find((one) => one.legId === legId && one.contractId === data.contractId)
    if (!leg) return refused('UNKNOWN_REFERENCE', `/legIds/${index}`, { leg: legId })
    if (leg.carrier !== issuer && contract.carrier !== issuer) return refused('NOT_CARRIER_OF_LEG', `/legIds/${index}`, { leg: legId, carrier: leg.carrier })
  }
  return accepted({ effect: 'agreed', contractId: data.contractId, legIds: data.legIds, carrier: issuer })
}

export function judgeMeansNominated({ data, consignment, issuer }: OnConsignment<'MeansNominated'>): Ruling {
  const leg = consignment.legs.find((one) => one.legId === data.legId)
  if (!leg) return refused('UNKNOWN_REFERENCE', '/legId', { leg: data.legId })
  if (leg.carrier !== issuer) return refused('NOT_CARRIER_OF_LEG', '/legId', { leg: data.legId, carrier: leg.carrier })
  const found = itemsNamed(consignment, data.items, '/items')
  if ('refusal' in found) return found
  for (const [index, left] of (data.notNominated ?? []).entries()) {
    const behind = itemsNamed(consignment, left.items, `/notNominated/${index}/items`)
    if ('refusal' in behind) return behind
    const both = behind.items.find((item) => found.items.includes(item))
    if (both) return refused('ITEM_TWICE', `/notNominated/${index}/items`, { item: both.id })
  }
  return accepted({ effect: 'means', legId: data.legId, typeCode: data.means.typeCode, id: data.means.id, journeyId: data.journeyId, items: idsOf(found.items) })
}

/**
 * The contract runs for the items named; it never precedes custody, and comes in parts where there are two voyages. For a contractual carrier without a
 * node a carrier of one of its legs records the acceptance, with the hash of the paper.
 */
export function judgeCarriageAccepted({ data, consignment, register, issuer }: OnConsignment<'CarriageAccepted'>): Ruling {
  const contract = consignment.contracts.find((one) => one.contractId === data.contractId)
  if (!contract) return refused('UNKNOWN_REFERENCE', '/contractId', { contract: data.contractId })
  const carries = consignment.legs.some((leg) => leg.contractId === contract.contractId && leg.carrier === issuer)
  const recordsForOutside = isOutside(contract.carrier) && carries && data.documentHash !== undefined
  if (contract.carrier !== issuer && !recordsForOutside) return refused('NOT_CONTRACTUAL_CARRIER', '/contractId', { carrier: contract.carrier })
  const found = itemsNamed(consignment, data.items, '/items')
  if ('refusal' in found) return found
  const refusal = firstRefusal(
    () => unknownPlace(register, data.carrierAcceptanceLocation, '/carrierAcceptanceLocation'),
    () => refusalOfAcceptance(consignment, found.items, data.contractId),
  )
  if (refusal) return { refusal }
  return accepted({
    effect: 'contract', contractId: data.contractId, items: idsOf(found.items), carrierAssignedId: data.carrierAssignedId,
    acceptedAt: data.carrierAcceptanceDateTime, placeId: data.carrierAcceptanceLocation,
  } satisfies ConsignmentEffect)
}

function refusalOfAcceptance(consignment: Consignment, items: readonly Item[], contractId: string): Refusal | undefined {
  const carriers = consignment.legs.filter((leg) => leg.contractId === contractId).map((leg) => leg.carrier)
  for (const item of items) {
    if (item.contracts.includes(contractId)) return refuse('CARRIAGE_ALREADY_ACCEPTED', '/items', { item: item.id })
    if (!carriers.includes(item.holder) && !(item.heldFor !== undefined && carriers.includes(item.heldFor))) {
      return refuse('NOT_IN_CARRIERS_HANDS', '/items', { item: item.id, holder: item.holder })
    }
    const missing = item.lacks.filter((name) => !item.reported.includes(name))
    if (missing.length > 0) return refuse('CARRIAGE_DATA_MISSING', '/items', { item: item.id, missing: missing.join(' ') })
  }
  return undefined
}
