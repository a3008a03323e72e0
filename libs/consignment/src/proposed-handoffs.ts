import type { Dossier, DossierItem } from './dossier.js'
import { aboardOn, isMeans, meantFor, nominationOf, type MeansAsked } from './on-means.js'
import { routeOf } from './dossier-route.js'
import { holdsAgainst, legAt, legNumber, stopsReachable, terminalsAt, type Route } from './route.js'
import type { Into } from './state.js'

/** What keeps an item from being handed over now. */
export type Hindrance =
  | { readonly code: 'held'; readonly decisions: readonly string[] }
  | { readonly code: 'offered'; readonly offer: string; readonly to: string }
  /** With the means it was nominated for instead, if any. */
  | { readonly code: 'notNominated'; readonly means?: string; readonly journeyId?: string }
  | { readonly code: 'notThere'; readonly placeId?: string }
  | { readonly code: 'missing'; readonly event: string }

export interface ProposedHandoff {
  readonly to: string
  readonly into: Into
  /** Contracts of the giver that end with this handoff. */
  readonly delivers: readonly string[]
  readonly items: readonly { readonly id: string; readonly hindrances: readonly Hindrance[] }[]
}

/** Whoever nominated the means in one of the consignments: what lies ready for them might go on it. */
export function carriersWith(asked: MeansAsked, dossiers: readonly Dossier[]): ReadonlySet<string> {
  return new Set(dossiers.flatMap(({ means, note }) => means.filter((one) => isMeans(asked, one)).flatMap(({ legId }) => (
    note.mainCarriageTransportMovement.filter((leg) => leg.legId === legId).map(({ carrier }) => carrier)))))
}

/**
 * What a holder would hand over at a place for a ship or train, by where it leads: what goes on it, and what comes off it. A proposal, not a rule: every
 * offer is judged by itself.
 * @param carriers of the means, as far as anybody nominated it; without any, whatever goes on a leg from there is proposed
 */
export function proposedHandoffs(dossier: Dossier, me: string, at: At, carriers: ReadonlySet<string>): readonly ProposedHandoff[] {
  const byMove = new Map<string, ProposedHandoff>()
  const route = routeOf(dossier)
  for (const item of dossier.items.filter(({ holder }) => holder === me)) {
    const move = offMeans(dossier, route, item, at.means) ?? ontoMeans(dossier, route, me, item, at, carriers)
    if (!move || !isAround(route, item, move, at.placeId)) continue
    const { to, into } = move
    const key = JSON.stringify([to, into])
    const proposed = byMove.get(key) ?? { to, into, delivers: contractsEnding(route, me, item, move), items: [] }
    byMove.set(key, { ...proposed, items: [...proposed.items, { id: item.id, hindrances: hindrancesOf(dossier, route, item, move, at) }] })
  }
  return [...byMove.values()]
}

interface At {
  readonly placeId: string
  readonly means: MeansAsked
}

interface Move {
  readonly to: string
  readonly into: Into
  /** Where it happens. */
  readonly stop: number
  readonly goesOn: boolean
}

/** Off a ship or train to the terminal there, else to the next carrier, else to the consignee's side. */
function offMeans(dossier: Dossier, route: Route, item: DossierItem, asked: MeansAsked): Move | undefined {
  const aboard = aboardOn(dossier, item, asked)
  if (!aboard) return undefined
  const stop = (aboard.legId === undefined ? undefined : legNumber(route, aboard.legId)) ?? stopsReachable(route, item.stage).at(-1) ?? 0
  const [terminal] = terminalsAt(route, stop)
  if (terminal !== undefined) return { to: terminal, into: { kind: 'stop', stop }, stop, goesOn: false }
  const next = legAt(route, stop + 1)
  return next
    ? { to: next.carrier, into: { kind: 'leg', legId: next.legId }, stop, goesOn: false }
    : { to: route.consigneeSide, into: { kind: 'delivery' }, stop, goesOn: false }
}

function ontoMeans(dossier: Dossier, route: Route, me: string, item: DossierItem, { placeId, means }: At, carriers: ReadonlySet<string>): Move | undefined {
  const nominated = meantFor(dossier, item, means)
  const next = stopsReachable(route, item.stage).flatMap((stop) => {
    const leg = legAt(route, stop + 1)
    const into: Into = { kind: 'leg', legId: leg?.legId ?? '' }
    return leg && leg.carrier !== me ? [{ to: leg.carrier, into, stop, legId: leg.legId }] : []
  })
  const found = next.find(({ legId }) => legId === nominated)
    ?? next.find(({ to, stop }) => (carriers.size === 0 || carriers.has(to)) && placesOf(route, stop).includes(placeId))
  return found && { to: found.to, into: found.into, stop: found.stop, goesOn: true }
}

/** Where a stop is: the end of the leg before it and the start of the leg behind it, which may be a station and its port. */
function placesOf(route: Route, stop: number): readonly string[] {
  return [legAt(route, stop)?.to.placeId, legAt(route, stop + 1)?.from.placeId].filter((placeId) => placeId !== undefined)
}

/** Goods at a stop are at its places whatever was reported, those on the way will come there; but what was reported where a train left is not there. */
function isAround(route: Route, { place }: DossierItem, { stop, goesOn }: Move, placeId: string): boolean {
  return placesOf(route, stop).includes(placeId) || (goesOn && place?.placeId === placeId)
}

/** Of the giver, when it carried their last leg to where they are handed over; delivery ends the last one by itself. */
function contractsEnding(route: Route, me: string, item: DossierItem, { into, stop }: Move): readonly string[] {
  if (into.kind === 'delivery' || item.stage % 2 === 0) return []
  const ended = legAt(route, stop)
  const isLast = ended && legAt(route, stop + 1)?.contractId !== ended.contractId
  return ended && isLast && ended.carrier === me ? [ended.contractId] : []
}

function hindrancesOf(dossier: Dossier, route: Route, item: DossierItem, { to, into, stop, goesOn }: Move, { placeId, means }: At): readonly Hindrance[] {
  const decisions = holdsAgainst(route, item.id, to, into, false)
  const offer = dossier.offers.find((one) => one.offer === item.offer)
  const nomination = goesOn && into.kind === 'leg' ? nominationOf(dossier, item.id, into.legId) : undefined
  const isNominated = !goesOn || (nomination !== undefined && isMeans(means, nomination))
  const isThere = item.place === undefined || [placeId, ...placesOf(route, stop)].includes(item.place.placeId) || item.stage % 2 === 0
  return [
    ...(decisions.length > 0 ? [{ code: 'held' as const, decisions }] : []),
    ...(offer ? [{ code: 'offered' as const, offer: offer.offer, to: offer.to }] : []),
    ...(isNominated ? [] : [{ code: 'notNominated' as const, ...(nomination && { means: nomination.id, journeyId: nomination.journeyId }) }]),
    ...(isThere ? [] : [{ code: 'notThere' as const, ...(item.place && { placeId: item.place.placeId }) }]),
    ...(item.missing ? [{ code: 'missing' as const, event: item.missing.event }] : []),
  ]
}
