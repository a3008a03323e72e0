import type { HandoffAnswered, HandoffVouched, TenderedItems } from '#libs/documents'
import type { ConsignmentEffect } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { holdsAgainst, isOnRoute, nextStage } from './route.js'
import { accepted, firstRefusal, idsOf, isOutside, itemsNamed, refused, unknownParty, unknownPlace, type FoundItems, type OnConsignment } from './rule.js'
import type { Consignment, Into, Item, Offer } from './state.js'

/** Custody moves by two signatures, per item: the holder offers, the receiver answers (MIXED rules; events: HandoffOffered …). */

/** What an offer and a vouched handoff have in common. */
interface Move {
  readonly to: string
  readonly into: Into
  readonly deviates: boolean
  readonly delivers: readonly string[]
  readonly takesOverFor?: string
}

export function judgeHandoffOffered(stated: OnConsignment<'HandoffOffered'>): Ruling {
  const { data, consignment, register, issuer, eventId } = stated
  const move = moveOf(data)
  const found = itemsTendered(consignment, data.items)
  if ('refusal' in found) return found
  const { items } = found
  const refusal = firstRefusal(
    () => (isOutside(data.to) ? refuse('OUTSIDE_PARTY_CANNOT_ANSWER', '/to', { to: data.to }) : undefined),
    () => unknownParty(register, data.to, '/to'),
    () => unknownPlace(register, data.placeId, '/placeId'),
    () => refusalOfMove(consignment, move, issuer, register),
    () => refusalOfItems(consignment, items, issuer, move),
  )
  if (refusal) return { refusal }
  return accepted(
    {
      effect: 'offer', offer: eventId, from: issuer, to: data.to, into: data.into, items: idsOf(items), placeId: data.placeId,
      liabilityPasses: data.liabilityPasses, delivers: move.delivers, deviates: move.deviates,
      ...(data.takesOverFor !== undefined && { takesOverFor: data.takesOverFor }),
      ...(data.transferList !== undefined && { transferList: data.transferList }),
    },
    { effect: 'drawnIn', participant: data.to },
  )
}

export function judgeHandoffAnswered(stated: OnConsignment<'HandoffAnswered'>): Ruling {
  const { data, consignment, issuer } = stated
  const offer = openOffer(consignment, data.offer)
  if (!offer) return refused('OFFER_CLOSED', '/offer', { offer: data.offer })
  if (offer.to !== issuer) return refused('NOT_RECEIVER', '/offer', { to: offer.to })
  const found = itemsNamed(consignment, offer.items, '/offer')
  if ('refusal' in found) return found
  const exceptions = exceptionsByItem(data, offer)
  if ('refusal' in exceptions) return exceptions
  const outcomeOf = (item: Item) => exceptions.byItem.get(item.id)?.outcome ?? data.otherwise
  const passing = found.items.filter((item) => passes(outcomeOf(item)))
  const move = { to: issuer, into: offer.into }
  const held = refusalOfHolds(consignment, passing, move)
  if (held) return { refusal: held }
  const staying = found.items.filter((item) => !passes(outcomeOf(item)))
  return accepted(
    { effect: 'offerClosed', offer: data.offer, by: 'answer' },
    ...passage(consignment, passing, { ...offer, to: issuer }, 'answer'),
    ...outcomes(data.offer, staying, outcomeOf),
    ...(data.exceptions ?? []).flatMap(findings),
  )
}

export function judgeHandoffWithdrawn({ data, consignment, issuer }: OnConsignment<'HandoffWithdrawn'>): Ruling {
  const offer = openOffer(consignment, data.offer)
  if (!offer) return refused('OFFER_CLOSED', '/offer', { offer: data.offer })
  if (offer.from !== issuer) return refused('NOT_OWN', '/offer', { from: offer.from })
  if (offer.departed) return refused('DEPARTED', '/offer', { offer: data.offer })
  return accepted({ effect: 'offerClosed', offer: data.offer, by: 'withdrawal' })
}

/** One side has no node: the other vouches, with the hash of the paper both signed. */
export function judgeHandoffVouched(stated: OnConsignment<'HandoffVouched'>): Ruling {
  const { data, consignment, register, issuer } = stated
  const gives = data.from === issuer && isOutside(data.to)
  const receives = data.to === issuer && isOutside(data.from)
  if (!gives && !receives) return refused('VOUCHING_NEEDS_OUTSIDE_PARTY', data.from === issuer ? '/to' : '/from', { from: data.from, to: data.to })
  const found = itemsTendered(consignment, data.items)
  if ('refusal' in found) return found
  const move = moveOf(data)
  const refusal = firstRefusal(
    () => unknownPlace(register, data.placeId, '/placeId'),
    () => refusalOfMove(consignment, move, data.from, register),
    () => refusalOfItems(consignment, found.items, data.from, move),
    () => unknownReservedItem(found.items, data.reservations ?? []),
  )
  if (refusal) return { refusal }
  return accepted(
    ...passage(consignment, found.items, { ...move, liabilityPasses: data.liabilityPasses }, 'vouched'),
    ...reservationsOf(data.reservations ?? [], found.items),
  )
}

function moveOf(data: { to: string; into: Into; delivers?: readonly string[]; takesOverFor?: string; deviationReason?: unknown }): Move {
  return {
    to: data.to, into: data.into, deviates: data.deviationReason !== undefined, delivers: data.delivers ?? [],
    ...(data.takesOverFor !== undefined && { takesOverFor: data.takesOverFor }),
  }
}

/** `all` in an offer means all items of the current version, whoever holds them: the holder is judged like for a list. */
function itemsTendered(consignment: Consignment, tendered: TenderedItems): FoundItems {
  return itemsNamed(consignment, tendered === 'all' ? 'all' : tendered.map((item) => item.id), '/items')
}

function refusalOfMove(consignment: Consignment, move: Move, giver: string, register: OnConsignment<'HandoffOffered'>['register']): Refusal | undefined {
  if (!isOnRoute(consignment, move.into)) return refuse('UNKNOWN_REFERENCE', '/into', { into: JSON.stringify(move.into) })
  const stranger = unknownParty(register, move.takesOverFor, '/takesOverFor')
  if (stranger) return stranger
  for (const [index, contractId] of move.delivers.entries()) {
    const legs = consignment.legs.filter((leg) => leg.contractId === contractId)
    const last = legs.at(-1)
    if (!last) return refuse('UNKNOWN_REFERENCE', `/delivers/${index}`, { contract: contractId })
    if (last.carrier !== giver) return refuse('NOT_LAST_CARRIER', `/delivers/${index}`, { contract: contractId, carrier: last.carrier })
  }
  return undefined
}

function refusalOfItems(consignment: Consignment, items: readonly Item[], giver: string, move: Move): Refusal | undefined {
  for (const item of items) {
    if (item.holder !== giver) return refuse('NOT_HOLDER', '/items', { item: item.id, holder: item.holder })
    if (item.offer !== undefined) return refuse('ITEM_ALREADY_OFFERED', '/items', { item: item.id, offer: item.offer })
    if (!move.deviates && !isNext(consignment, item, move)) return refuse('NOT_NEXT', '/into', { item: item.id, stage: String(item.stage) })
  }
  return refusalOfHolds(consignment, items, move)
}

/** A reason given for a move that is next all the same does not make it a deviation. */
function refusalOfHolds(consignment: Consignment, items: readonly Item[], move: Pick<Move, 'to' | 'into'>): Refusal | undefined {
  for (const item of items) {
    const [decision] = holdsAgainst(consignment, item.id, move.to, move.into, !isNext(consignment, item, move))
    if (decision !== undefined) return refuse('HELD_BY_CUSTOMS', '/items', { item: item.id, decision })
  }
  return undefined
}

function isNext(consignment: Consignment, item: Item, { to, into }: Pick<Move, 'to' | 'into'>): boolean {
  return nextStage(consignment, item, to, into) !== undefined
}

/** Custody passes; each item moves to its next stage, or stays at its stage where the handoff deviates. One effect per stage, in item order. */
function passage(
  consignment: Consignment,
  items: readonly Item[],
  move: Pick<Offer, 'to' | 'into' | 'liabilityPasses' | 'delivers' | 'takesOverFor'>,
  by: 'answer' | 'vouched',
): readonly ConsignmentEffect[] {
  if (items.length === 0) return []
  const byStage = new Map<number, string[]>()
  for (const item of items) {
    const stage = nextStage(consignment, item, move.to, move.into) ?? item.stage
    byStage.set(stage, [...(byStage.get(stage) ?? []), item.id])
  }
  return [
    ...[...byStage].map(([stage, ids]): ConsignmentEffect => ({
      effect: 'custody', items: ids, holder: move.to, stage, by, ...(move.takesOverFor !== undefined && { heldFor: move.takesOverFor }),
    })),
    ...(move.liabilityPasses ? [{ effect: 'liability', items: idsOf(items), liable: move.takesOverFor ?? move.to } as const] : []),
    ...move.delivers.map((contractId): ConsignmentEffect => ({ effect: 'contractDelivered', contractId, items: idsOf(items) })),
  ]
}

function outcomes(offer: string, items: readonly Item[], outcomeOf: (item: Item) => string): readonly ConsignmentEffect[] {
  const byOutcome = new Map<string, string[]>()
  for (const item of items) byOutcome.set(outcomeOf(item), [...(byOutcome.get(outcomeOf(item)) ?? []), item.id])
  return [...byOutcome].map(([outcome, ids]) => ({ effect: 'outcome', offer, outcome, items: ids }))
}

type Exception = NonNullable<HandoffAnswered['exceptions']>[number]

function exceptionsByItem(data: HandoffAnswered, offer: Offer): { readonly byItem: ReadonlyMap<string, Exception> } | { readonly refusal: Refusal } {
  const byItem = new Map<string, Exception>()
  for (const [index, exception] of (data.exceptions ?? []).entries()) {
    const pointer = `/exceptions/${index}/itemId`
    if (!offer.items.includes(exception.itemId)) return refused('UNKNOWN_REFERENCE', pointer, { item: exception.itemId })
    if (byItem.has(exception.itemId)) return refused('ITEM_TWICE', pointer, { item: exception.itemId })
    byItem.set(exception.itemId, exception)
  }
  return { byItem }
}

function findings(exception: Exception): readonly ConsignmentEffect[] {
  return [
    ...(exception.affixedSeal?.length ? [{ effect: 'seals' as const, changes: exception.affixedSeal.map((seal) => ({ item: exception.itemId, act: 'found' as const, seal })) }] : []),
    ...(exception.reservations?.length ? [{ effect: 'reservation', items: [exception.itemId], reservations: exception.reservations } as const] : []),
  ]
}

/** A reservation that names no item is of all of them: told once, so that a short statement has no long effects. */
function reservationsOf(reservations: NonNullable<HandoffVouched['reservations']>, items: readonly Item[]): readonly ConsignmentEffect[] {
  const general = reservations.flatMap(({ itemId, ...reservation }) => (itemId === undefined ? [reservation] : []))
  return [
    ...reservations.flatMap(({ itemId, ...reservation }): ConsignmentEffect[] => (itemId === undefined ? [] : [{ effect: 'reservation', items: [itemId], reservations: [reservation] }])),
    ...(general.length > 0 ? [{ effect: 'reservation', items: idsOf(items), reservations: general } as const] : []),
  ]
}

function unknownReservedItem(items: readonly Item[], reservations: readonly { readonly itemId?: string }[]): Refusal | undefined {
  const index = reservations.findIndex(({ itemId }) => itemId !== undefined && !items.some((item) => item.id === itemId))
  return index < 0 ? undefined : refuse('UNKNOWN_REFERENCE', `/reservations/${index}/itemId`, { item: reservations[index]?.itemId ?? '' })
}

function openOffer(consignment: Consignment, eventId: string): Offer | undefined {
  return Object.hasOwn(consignment.offers, eventId) ? consignment.offers[eventId] : undefined
}

function passes(outcome: string): boolean {
  return outcome === 'accepted' || outcome === 'acceptedWithReservation'
}
