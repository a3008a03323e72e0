import { legsOf } from './note.js'
import type { Dossier, DossierItem } from './dossier.js'
import { legAt, stopsReachable, terminalsAt, type Route } from './route.js'
import type { Decision, Into, Leg } from './state.js'

/** The way of the goods as the rules read it from the state, read from a dossier: what may happen next is decided in one place only. */

const legs = new WeakMap<Dossier['territories'], Route['legs']>()

/** The route of a dossier with the holds that stand on it. Asked for with every statement, while its legs change with the note alone: remembered by what comes with its version. */
export function routeOf({ note, territories, decisions }: Dossier): Route {
  const holding = decisions.flatMap(({ decision, authority, kind, open, itemsLeft, territory, permittedMoves = [], doNotLoad = false }): [string, Decision][] =>
    open && itemsLeft ? [[decision, { authority, kind, open, hold: { territory, items: itemsLeft, permittedMoves, doNotLoad } }]] : [],
  )
  const line = legs.get(territories) ?? legsOf(note, territories)
  legs.set(territories, line)
  return { legs: line, consigneeSide: note.consigneeSide, decisions: Object.fromEntries(holding) }
}

export function isDelivered({ legs }: Route, { stage }: Pick<DossierItem, 'stage'>): boolean {
  return stage > 2 * legs.length
}

/** The leg an item is on, or would leave on. */
export function legOf(route: Route, { stage }: Pick<DossierItem, 'stage'>): Leg | undefined {
  return legAt(route, isOnLeg(stage) ? (stage + 1) / 2 : stage / 2 + 1)
}

export function isOnLeg(stage: number): boolean {
  return stage % 2 === 1
}

/** Who takes goods over next from where they are, and into what: a terminal at the end of what its carrier performs, else the next carrier, else the consignee's side. */
export function nextHands(route: Route, { stage, holder }: Pick<DossierItem, 'stage' | 'holder'>): { readonly to: readonly string[]; readonly into: Into } {
  const stop = stopsReachable(route, stage).at(-1) ?? 0
  const terminals = [...new Set(terminalsAt(route, stop))]
  if (terminals.length > 0 && !terminals.includes(holder)) return { to: terminals, into: { kind: 'stop', stop } }
  const leg = legAt(route, stop + 1)
  return leg ? { to: [leg.carrier], into: { kind: 'leg', legId: leg.legId } } : { to: [route.consigneeSide], into: { kind: 'delivery' } }
}

/** Where its carrier hands an item over: the ends of the last of the adjoining legs it performs, as the note names them on either side of the stop. */
export function placesOfHandover(route: Route, { stage }: Pick<DossierItem, 'stage'>): readonly string[] {
  const stop = stopsReachable(route, stage).at(-1) ?? 0
  return [legAt(route, stop)?.to.placeId, legAt(route, stop + 1)?.from.placeId].filter((place) => place !== undefined)
}

/** In whose customs territory an item is: by the place it was last at, or by its leg or stop where the note does not have that place. */
export function territoryOf(route: Route, { territories }: Pick<Dossier, 'territories'>, { stage, place }: Pick<DossierItem, 'stage' | 'place'>): string | undefined {
  const known = place && territories[place.placeId]
  return known ?? (isOnLeg(stage) ? legAt(route, (stage + 1) / 2)?.from.territory : (legAt(route, stage / 2 + 1)?.from ?? legAt(route, stage / 2)?.to)?.territory)
}
