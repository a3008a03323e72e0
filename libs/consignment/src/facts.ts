import type { ActDrawn, StatementData } from '#libs/documents'
import type { ConsignmentEffect, Figures, SealChange } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { holdsAgainstLeg, legAt } from './route.js'
import { accepted, firstRefusal, idsOf, itemsNamed, unknownParty, unknownPlace, type OnConsignment } from './rule.js'
import type { Consignment, Item, Leg } from './state.js'

/**
 * Facts: what happened is recorded whatever the rules say of it; only what nobody can know of (an unknown item, place, party or statement) refuses it.
 * A departure, border crossing or loading against a hold is flagged with the decisions it is in breach of.
 */

const departures = ['24', '27', '127', '365', '16'] // departed, despatched, departed on a means, departed the yard, crossed the border (9013)

export function judgeLoadingReported({ data, consignment, register }: OnConsignment<'LoadingReported'>): Ruling {
  const found = itemsNamed(consignment, data.loadings.map((loading) => loading.equipmentId), '/loadings')
  if ('refusal' in found) return found
  const refusal = unknownPlace(register, data.placeId, '/placeId')
  if (refusal) return { refusal }
  return accepted(...effectsOfLoading(data), ...(data.act === 'loaded' ? breaches(consignment, found.items, (item) => legAhead(consignment, item)) : []))
}

export function judgeMovementReported({ data, consignment, register, issuer }: OnConsignment<'MovementReported'>): Ruling {
  const found = itemsNamed(consignment, data.items, '/items')
  if ('refusal' in found) return found
  const refusal = firstRefusal(
    () => unknownPlace(register, data.placeId, '/placeId'),
    () => unknownParty(register, data.actionBy, '/actionBy'),
    () => (data.legId !== undefined && !consignment.legs.some((leg) => leg.legId === data.legId) ? refuse('UNKNOWN_REFERENCE', '/legId', { leg: data.legId }) : undefined),
  )
  if (refusal) return { refusal }
  const departed = departures.includes(data.statusCode) && data.time.kind === 'actual'
  return accepted(
    ...effectsOfMovement(data, idsOf(found.items)),
    ...(departed ? departedOffers(consignment, found.items, issuer) : []),
    ...(departed ? breaches(consignment, found.items, (item) => consignment.legs.find((leg) => leg.legId === data.legId) ?? legAhead(consignment, item)) : []),
  )
}

export function judgeSealsChanged({ data, consignment, register }: OnConsignment<'SealsChanged'>): Ruling {
  const refusal = firstRefusal(
    () => unknownPlace(register, data.placeId, '/placeId'),
    () => unknownItem(consignment, data.changes.map((change) => change.equipmentId), '/changes'),
  )
  return refusal ? { refusal } : accepted(...effectsOfSeals(data))
}

export function judgeDeclarationLodged({ data, consignment, register }: OnConsignment<'DeclarationLodged'>): Ruling {
  const found = itemsNamed(consignment, data.items, '/items')
  if ('refusal' in found) return found
  const refusal = unknownPlace(register, data.customsOfficePlaceId, '/customsOfficePlaceId')
  return refusal ? { refusal } : accepted(...effectsOfDeclaration(data, idsOf(found.items)))
}

export function judgeRemarkAdded({ data, consignment }: OnConsignment<'RemarkAdded'>): Ruling {
  const found = itemsNamed(consignment, data.items, '/items')
  return 'refusal' in found ? found : accepted({ effect: 'remark', code: data.code, items: idsOf(found.items) })
}

export function judgeActDrawn({ data, consignment, register, issuer, eventId }: OnConsignment<'ActDrawn'>): Ruling {
  const refusal = firstRefusal(
    () => unknownPlace(register, data.placeId, '/placeId'),
    () => unknownItem(consignment, data.findings.map((finding) => finding.itemId), '/findings'),
  )
  return refusal ? { refusal } : accepted(...effectsOfAct(data, eventId, issuer))
}

/**
 * What a corrected fact changes in the views: the effects of the right data. Custody, offers, contracts and decisions are never corrected in place:
 * they are changed by acts of their own, so of those only the correction itself is recorded.
 */
export function effectsOfRightData(type: string, data: unknown, consignment: Consignment): readonly ConsignmentEffect[] | Refusal {
  switch (type) {
    case 'LoadingReported': {
      const right = data as StatementData['LoadingReported'] // its schema has been judged
      return unknownItem(consignment, right.loadings.map((loading) => loading.equipmentId), '/data/loadings') ?? effectsOfLoading(right)
    }
    case 'SealsChanged': {
      const right = data as StatementData['SealsChanged']
      return unknownItem(consignment, right.changes.map((change) => change.equipmentId), '/data/changes') ?? effectsOfSeals(right)
    }
    case 'MovementReported': {
      const right = data as StatementData['MovementReported']
      const found = itemsNamed(consignment, right.items, '/data/items')
      return 'refusal' in found ? found.refusal : effectsOfMovement(right, idsOf(found.items))
    }
    case 'DeclarationLodged': {
      const right = data as StatementData['DeclarationLodged']
      const found = itemsNamed(consignment, right.items, '/data/items')
      return 'refusal' in found ? found.refusal : effectsOfDeclaration(right, idsOf(found.items))
    }
    default: return []
  }
}

function effectsOfLoading(data: StatementData['LoadingReported']): readonly ConsignmentEffect[] {
  const loads = data.loadings
    .filter((loading) => data.act === 'unloaded' || loading.carriedBy !== undefined)
    .map((loading) => ({ item: loading.equipmentId, unit: data.act === 'unloaded' ? null : (loading.carriedBy ?? null) }))
  const figures = data.loadings.flatMap((loading): Figures[] => {
    const { equipmentId: item, packageQuantity, grossMassKg, verifiedGrossMassKg } = loading
    if (packageQuantity === undefined && grossMassKg === undefined && verifiedGrossMassKg === undefined) return []
    return [{ item, ...(packageQuantity !== undefined && { packageQuantity }), ...(grossMassKg !== undefined && { grossMassKg }), ...(verifiedGrossMassKg !== undefined && { verifiedGrossMassKg }) }]
  })
  const changes = data.loadings.flatMap((loading) => (loading.affixedSeal ?? []).map((seal): SealChange => ({ item: loading.equipmentId, act: 'affixed', seal })))
  return [
    ...(loads.length > 0 ? [{ effect: 'carriedBy', loads } as const] : []),
    ...(figures.length > 0 ? [{ effect: 'figures', figures } as const] : []),
    ...(changes.length > 0 ? [{ effect: 'seals', changes } as const] : []),
  ]
}

function effectsOfSeals(data: StatementData['SealsChanged']): readonly ConsignmentEffect[] {
  return [{
    effect: 'seals',
    changes: data.changes.map((change) => ({
      item: change.equipmentId, act: change.act, ...(change.oldSealId !== undefined && { oldSealId: change.oldSealId }), ...(change.seal !== undefined && { seal: change.seal }),
    })),
  }]
}

function effectsOfMovement(data: StatementData['MovementReported'], items: readonly string[]): readonly ConsignmentEffect[] {
  return [{
    effect: 'position', items, statusCode: data.statusCode, placeId: data.placeId, kind: data.time.kind, at: data.time.at,
    ...(data.means !== undefined && { means: data.means.id }), ...(data.journeyId !== undefined && { journeyId: data.journeyId }),
    ...(data.reasonCode !== undefined && { reasonCode: data.reasonCode }), ...(data.actionBy !== undefined && { actionBy: data.actionBy }),
  }]
}

function effectsOfDeclaration(data: StatementData['DeclarationLodged'], items: readonly string[]): readonly ConsignmentEffect[] {
  return [{ effect: 'declaration', country: data.country, procedureTypeCode: data.procedureTypeCode, references: [...data.references, ...(data.guarantee ? [data.guarantee] : [])], items }]
}

function effectsOfAct(data: ActDrawn, eventId: string, issuer: string): readonly ConsignmentEffect[] {
  return [
    { effect: 'act', act: eventId, actTypeCode: data.actTypeCode, number: data.number, drawnBy: issuer, items: data.findings.map((finding) => finding.itemId) },
    ...data.findings.filter((finding) => finding.causes.length > 0).map((finding) => ({ effect: 'reservation', item: finding.itemId, reservations: finding.causes }) as const),
  ]
}

/** The leg goods would leave on from where they are. */
function legAhead(consignment: Consignment, item: Item): Leg | undefined {
  return legAt(consignment, item.stage % 2 === 0 ? item.stage / 2 + 1 : (item.stage + 1) / 2)
}

function breaches(consignment: Consignment, items: readonly Item[], legOf: (item: Item) => Leg | undefined): readonly ConsignmentEffect[] {
  const against = items.flatMap((item) => {
    const leg = legOf(item)
    const holds = leg ? holdsAgainstLeg(consignment, item.id, leg) : []
    return holds.length > 0 ? [{ item: item.id, holds }] : []
  })
  if (against.length === 0) return []
  return [{ effect: 'breach', inBreachOf: [...new Set(against.flatMap(({ holds }) => holds))].sort(), items: against.map(({ item }) => item) }]
}

/** Items that left on the receiver's means while their offer was open: its giver can no longer take the offer back. */
function departedOffers(consignment: Consignment, items: readonly Item[], issuer: string): readonly ConsignmentEffect[] {
  const ids = new Set(items.map((item) => item.offer).filter((offer) => offer !== undefined))
  return [...ids].filter((offer) => consignment.offers[offer]?.to === issuer && !consignment.offers[offer].departed).map((offer) => ({ effect: 'departed', offer }))
}

/** Facts may name an item more than once (two seals on one box), so only unknown ones refuse them. */
function unknownItem(consignment: Consignment, ids: readonly string[], pointer: string): Refusal | undefined {
  const known = new Set(idsOf(consignment.items))
  const index = ids.findIndex((id) => !known.has(id))
  return index < 0 ? undefined : refuse('UNKNOWN_REFERENCE', `${pointer}/${index}`, { item: ids[index] ?? '' })
}
