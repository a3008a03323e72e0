import type { Consignment, Hold, Into, Item, Leg } from './state.js'

/** What the way of the goods is read from. */
export type Route = Pick<Consignment, 'legs' | 'consigneeSide' | 'decisions'>

/**
 * Where goods may go next, decided from the note alone. Legs 1…n form one line; stop i follows leg i (0 is the start). An item's stage is 2i at
 * stop i, 2i − 1 on leg i, 2n + 1 once delivered. Source: events, "Route, next, blocked".
 */

export const startStage = 0

export function legAt(route: Route, number: number): Leg | undefined {
  return route.legs[number - 1]
}

/** The number k of a leg, or undefined for a leg the note does not have. */
export function legNumber(route: Route, legId: string): number | undefined {
  const index = route.legs.findIndex((leg) => leg.legId === legId)
  return index < 0 ? undefined : index + 1
}

/** Whether the place an offer leads into exists on this route. */
export function isOnRoute(route: Route, into: Into): boolean {
  switch (into.kind) {
    case 'leg': return legNumber(route, into.legId) !== undefined
    case 'stop': return into.stop >= 0 && into.stop <= route.legs.length
    case 'delivery': return true
  }
}

/**
 * The stage an item has after it was handed to `to` into `into`, or undefined when the route does not lead there next.
 * A carrier that performs adjoining legs may be left at any of their ends.
 */
export function nextStage(route: Route, item: Pick<Item, 'stage'>, to: string, into: Into): number | undefined {
  const from = stopsReachable(route, item.stage)
  const n = route.legs.length
  switch (into.kind) {
    case 'leg': {
      const k = legNumber(route, into.legId)
      return k !== undefined && from.includes(k - 1) && to === legAt(route, k)?.carrier ? 2 * k - 1 : undefined
    }
    case 'stop': return from.includes(into.stop) && terminalsAt(route, into.stop).includes(to) ? 2 * into.stop : undefined
    case 'delivery': return from.includes(n) && to === route.consigneeSide ? 2 * n + 1 : undefined
  }
}

/** Holds that forbid handing the item to `to` into `into`: their decisions, in order of their ids. A deviation is always blocked by a hold. */
export function holdsAgainst(route: Route, item: string, to: string, into: Into, deviates: boolean): readonly string[] {
  return Object.entries(route.decisions)
    .filter(([, { hold }]) => hold !== undefined && hold.items.includes(item) && !permits(hold, to, into) && (deviates || forbids(route, hold, into)))
    .map(([decision]) => decision)
    .sort()
}

/** Holds against the goods leaving on a leg, whoever carries them: what a reported departure or loading is flagged with. */
export function holdsAgainstLeg(route: Route, item: string, leg: Leg): readonly string[] {
  return holdsAgainst(route, item, leg.carrier, { kind: 'leg', legId: leg.legId }, false)
}

/** Stops at which an item of that stage may be left. */
export function stopsReachable(route: Route, stage: number): readonly number[] {
  if (stage % 2 === 0) return [stage / 2]
  const first = (stage + 1) / 2
  const carrier = legAt(route, first)?.carrier
  const stops: number[] = []
  for (let k = first; carrier !== undefined && legAt(route, k)?.carrier === carrier; k++) stops.push(k)
  return stops
}

/** Who handles goods at a stop: those of the leg that arrives there first. */
export function terminalsAt(route: Route, stop: number): readonly string[] {
  return [...(legAt(route, stop)?.arrivalHandlers ?? []), ...(legAt(route, stop + 1)?.departureHandlers ?? [])]
}

function permits(hold: Hold, to: string, into: Into): boolean {
  return hold.permittedMoves.some((move) => move.to === to && sameInto(move.into, into))
}

function sameInto(a: Into, b: Into): boolean {
  if (a.kind === 'leg') return b.kind === 'leg' && a.legId === b.legId
  if (a.kind === 'stop') return b.kind === 'stop' && a.stop === b.stop
  return b.kind === 'delivery'
}

/** Territorial: goods stay in the authority's territory; with doNotLoad they are also not brought there. They may always come off a ship or train. */
function forbids(route: Route, hold: Hold, into: Into): boolean {
  switch (into.kind) {
    case 'stop': return false
    case 'delivery': return route.legs.at(-1)?.to.territory === hold.territory
    case 'leg': {
      const k = legNumber(route, into.legId)
      const leg = k === undefined ? undefined : legAt(route, k)
      if (k === undefined || leg === undefined) return false
      const ahead = route.legs.slice(k - 1).filter((other) => other.contractId === leg.contractId)
      return leg.from.territory === hold.territory
        ? ahead.some((other) => other.to.territory !== hold.territory)
        : hold.doNotLoad && ahead.some((other) => other.to.territory === hold.territory)
    }
  }
}
