import type { Source } from './dossier.js'
import type { ConsignmentEffect } from './effects.js'

/**
 * Places, and ships and trains with their voyages or train indexes, that a consignment has ever had to do with, each with the offset of the statement
 * that first named it: a feed of one place or ship tells a consignment from there on, and is the same whenever it is read. So nothing goes from here,
 * neither with an amendment nor with a correction.
 */
export interface Named {
  readonly places: Readonly<Record<string, number>>
  readonly means: Readonly<Record<string, number>>
}

/** What one more accepted statement names: all places of a note's route, else the place, customs office, ship or train of its data. */
export function withNamed(before: Named | undefined, effects: readonly ConsignmentEffect[], { type, data, offset }: Pick<Source, 'type' | 'data' | 'offset'>): Named {
  const stated = type === 'CorrectionFiled' ? inside(data['data']) : data
  const places = [
    ...effects.flatMap((effect) => (effect.effect === 'version' ? Object.keys(effect.territories) : [])),
    stated['placeId'], stated['customsOfficePlaceId'], stated['carrierAcceptanceLocation'],
  ]
  const named = { places: added(before?.places, places, offset), means: added(before?.means, [inside(stated['means'])['id'], stated['journeyId']], offset) }
  return before && named.places === before.places && named.means === before.means ? before : named
}

/** The first time counts. The same object where nothing is new, as with most statements; in order of name, for a note read back from its canonical text has its members in another order. */
function added(known: Readonly<Record<string, number>> = {}, names: readonly unknown[], offset: number): Readonly<Record<string, number>> {
  const more = names.filter((name): name is string => typeof name === 'string' && !Object.hasOwn(known, name)).sort()
  return more.length === 0 ? known : { ...known, ...Object.fromEntries(more.map((name) => [name, offset])) }
}

function inside(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {} // an object of a body that its schema has judged
}
