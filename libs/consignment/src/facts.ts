import type { ActDrawn, StatementData, StatementType } from '#libs/documents'
import type { ConsignmentEffect, Figures, SealChange } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { holdsAgainstLeg, legAt } from './route.js'
import { accepted, allIds, firstRefusal, idsOf, isOutside, itemsById, unknownParty, unknownPlace, type OnConsignment } from './rule.js'
import type { Consignment, Item, Leg } from './state.js'

/**
 * Facts: what happened is recorded whatever the rules say of it; only what nobody can know of (an unknown item, place, party or statement) refuses it.
 * A departure, border crossing or loading against a hold is flagged with the decisions it is in breach of.
 */

const departures = ['24', '27', '127', '365', '16'] // departed, despatched, departed on a means, departed the yard, crossed the border (9013)

/** What a statement may name: the consignment's items and legs, the register's places and participants. */
type Known = Pick<OnConsignment<'LoadingReported'>, 'consignment' | 'register'>

export function judgeLoadingReported({ data, consignment, register }: OnConsignment<'LoadingReported'>): Ruling {
  const refusal = unknownIn.LoadingReported(data, { consignment, register })
  if (refusal) return { refusal }
  const items = itemsOf(consignment, data.loadings.map((loading) => loading.equipmentId))
  return accepted(...effectsOfLoading(data), ...(data.act === 'loaded' ? breaches(consignment, items, (item) => legAhead(consignment, item)) : []))
}

export function judgeMovementReported({ data, consignment, register, issuer }: OnConsignment<'MovementReported'>): Ruling {
  const refusal = unknownIn.MovementReported(data, { consignment, register })
  if (refusal) return { refusal }
  const position = effectsOfMovement(data, idsIn(consignment, data.items))
  if (!departures.includes(data.statusCode) || data.time.kind !== 'actual') return accepted(...position)
  const items = itemsOf(consignment, data.items)
  return accepted(
    ...position,
    ...departedOffers(consignment, items, issuer),
    ...breaches(consignment, items, (item) => consignment.legs.find((leg) => leg.legId === data.legId) ?? legAhead(consignment, item)),
  )
}

export function judgeSealsChanged({ data, consignment, register }: OnConsignment<'SealsChanged'>): Ruling {
  const refusal = unknownIn.SealsChanged(data, { consignment, register })
  return refusal ? { refusal } : accepted(...effectsOfSeals(data))
}

export function judgeDeclarationLodged({ data, consignment, register }: OnConsignment<'DeclarationLodged'>): Ruling {
  const refusal = unknownIn.DeclarationLodged(data, { consignment, register })
  return refusal ? { refusal } : accepted(...effectsOfDeclaration(data, idsIn(consignment, data.items)))
}

export function judgeRemarkAdded({ data, consignment, register }: OnConsignment<'RemarkAdded'>): Ruling {
  const refusal = unknownIn.RemarkAdded(data, { consignment, register })
  return refusal ? { refusal } : accepted({ effect: 'remark', code: data.code, items: idsIn(consignment, data.items) })
}

export function judgeActDrawn({ data, consignment, register, issuer, eventId }: OnConsignment<'ActDrawn'>): Ruling {
  const refusal = unknownIn.ActDrawn(data, { consignment, register })
  return refusal ? { refusal } : accepted(...effectsOfAct(consignment, data, eventId, issuer))
}

/**
 * What a corrected fact changes in the views: the effects of the right data. Custody, offers, contracts and decisions are never corrected in place:
 * they are changed by acts of their own, so of those only the correction itself is recorded.
 */
export function effectsOfRightData(type: StatementType, data: unknown, known: Known): readonly ConsignmentEffect[] | Refusal {
  switch (type) {
    case 'LoadingReported': {
      const right = data as StatementData['LoadingReported'] // its schema has been judged
      return unknownIn.LoadingReported(right, known, '/data') ?? effectsOfLoading(right)
    }
    case 'SealsChanged': {
      const right = data as StatementData['SealsChanged']
      return unknownIn.SealsChanged(right, known, '/data') ?? effectsOfSeals(right)
    }
    case 'MovementReported': {
      const right = data as StatementData['MovementReported']
      return unknownIn.MovementReported(right, known, '/data') ?? effectsOfMovement(right, idsIn(known.consignment, right.items))
    }
    case 'DeclarationLodged': {
      const right = data as StatementData['DeclarationLodged']
      return unknownIn.DeclarationLodged(right, known, '/data') ?? effectsOfDeclaration(right, idsIn(known.consignment, right.items))
    }
    case 'RemarkAdded': return unknownIn.RemarkAdded(data as StatementData['RemarkAdded'], known, '/data') ?? []
    case 'ActDrawn': return unknownIn.ActDrawn(data as StatementData['ActDrawn'], known, '/data') ?? []
    default: return []
  }
}

/** What nobody can know of, fact by fact; `at` is where the data lie in the statement. */
const unknownIn = {
  LoadingReported: (data: StatementData['LoadingReported'], known: Known, at = '') => firstRefusal(
    () => unknownItem(known, data.loadings.map((loading) => loading.equipmentId), `${at}/loadings`),
    () => unknownPlace(known.register, data.placeId, `${at}/placeId`),
  ),
  MovementReported: (data: StatementData['MovementReported'], known: Known, at = '') => firstRefusal(
    () => unknownItem(known, data.items, `${at}/items`),
    () => unknownPlace(known.register, data.placeId, `${at}/placeId`),
    () => unknownParty(known.register, data.actionBy, `${at}/actionBy`),
    () => (data.legId !== undefined && !known.consignment.legs.some((leg) => leg.legId === data.legId) ? refuse('UNKNOWN_REFERENCE', `${at}/legId`, { leg: data.legId }) : undefined),
  ),
  SealsChanged: (data: StatementData['SealsChanged'], known: Known, at = '') => firstRefusal(
    () => unknownItem(known, data.changes.map((change) => change.equipmentId), `${at}/changes`),
    () => unknownPlace(known.register, data.placeId, `${at}/placeId`),
  ),
  DeclarationLodged: (data: StatementData['DeclarationLodged'], known: Known, at = '') => firstRefusal(
    () => unknownItem(known, data.items, `${at}/items`),
    () => unknownPlace(known.register, data.customsOfficePlaceId, `${at}/customsOfficePlaceId`),
  ),
  RemarkAdded: (data: StatementData['RemarkAdded'], known: Known, at = '') => unknownItem(known, data.items, `${at}/items`),
  ActDrawn: (data: StatementData['ActDrawn'], known: Known, at = '') => firstRefusal(
    () => unknownItem(known, data.findings.map((finding) => finding.itemId), `${at}/findings`),
    () => unknownPlace(known.register, data.placeId, `${at}/placeId`),
  ),
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

/** Most statements are reports: members stand in the order of the canonical text, which is written of each. */
function effectsOfMovement(data: StatementData['MovementReported'], items: readonly string[]): readonly ConsignmentEffect[] {
  return [{
    ...(data.actionBy !== undefined && { actionBy: data.actionBy }), at: data.time.at, effect: 'position', items,
    ...(data.journeyId !== undefined && { journeyId: data.journeyId }), kind: data.time.kind, ...(data.means !== undefined && { means: data.means.id }),
    placeId: data.placeId, ...(data.reasonCode !== undefined && { reasonCode: data.reasonCode }), statusCode: data.statusCode,
  }]
}

function effectsOfDeclaration(data: StatementData['DeclarationLodged'], items: readonly string[]): readonly ConsignmentEffect[] {
  return [{ effect: 'declaration', country: data.country, procedureTypeCode: data.procedureTypeCode, references: [...data.references, ...(data.guarantee ? [data.guarantee] : [])], items }]
}

function effectsOfAct(consignment: Consignment, data: ActDrawn, eventId: string, issuer: string): readonly ConsignmentEffect[] {
  return [
    { effect: 'act', act: eventId, actTypeCode: data.actTypeCode, number: data.number, drawnBy: issuer, otherSide: otherSideOf(consignment, data, issuer), items: data.findings.map((finding) => finding.itemId) },
    ...data.findings.filter((finding) => finding.causes.length > 0).map((finding) => ({ effect: 'reservation', items: [finding.itemId], reservations: finding.causes }) as const),
  ]
}

/**
 * Who answers an act: those who have or gave the items in it, the drawer and parties without a node apart; where there is nobody else, the issuer of the note and the
 * consignee's side. Sorted.
 */
function otherSideOf(consignment: Consignment, { findings }: ActDrawn, drawer: string): readonly string[] {
  const named = new Set(findings.map((finding) => finding.itemId))
  const others = (parties: readonly (string | undefined)[]) => [...new Set(parties)].filter((party): party is string => party !== undefined && party !== drawer && !isOutside(party)).sort()
  const hands = others(consignment.items.filter((item) => named.has(item.id)).flatMap((item) => [item.holder, item.takenFrom]))
  return hands.length > 0 ? hands : others([consignment.issuer, consignment.consigneeSide])
}

/** The leg goods would leave on from where they are. */
function legAhead(consignment: Consignment, item: Item): Leg | undefined {
  return legAt(consignment, item.stage % 2 === 0 ? item.stage / 2 + 1 : (item.stage + 1) / 2)
}

function breaches(consignment: Consignment, items: readonly Item[], legOf: (item: Item) => Leg | undefined): readonly ConsignmentEffect[] {
  if (!Object.values(consignment.decisions).some(({ hold }) => hold)) return []
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

function unknownItem({ consignment }: Known, ids: 'all' | readonly string[], pointer: string): Refusal | undefined {
  if (ids === 'all') return undefined
  const known = itemsById(consignment)
  const index = ids.findIndex((id) => !known.has(id))
  return index < 0 ? undefined : refuse('UNKNOWN_REFERENCE', `${pointer}/${index}`, { item: ids[index] ?? '' })
}

function idsIn(consignment: Consignment, ids: 'all' | readonly string[]): readonly string[] {
  return ids === 'all' ? allIds(consignment) : idsOf(itemsOf(consignment, ids))
}

/** The items named, each once: a fact may name one more than once (two seals on one box), and is not refused for it. */
function itemsOf(consignment: Consignment, ids: 'all' | readonly string[]): readonly Item[] {
  if (ids === 'all') return consignment.items
  const byId = itemsById(consignment)
  return [...new Set(ids)].map((id) => byId.get(id)).filter((item) => item !== undefined)
}
