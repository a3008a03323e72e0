import { placesAhead } from './dossier-expected.js'
import { tasksOf } from './dossier-tasks.js'
import type { Dossier } from './dossier.js'

/**
 * What a consignment can be asked for by. `route` and `party` decide who may see it: everybody by name, customs also by country; `since` says from which
 * record on. `placeSince` and `meansSince` say from which record on it has to do with a place, ship or train. `awaiting` is to whom an offer is open, `mustAct` who has anything to do, `towards` where goods are still to come.
 */
export const termKinds = [
  'equipment', 'seal', 'means', 'reference', 'mrn', 'transferList', 'holder', 'place', 'country', 'mode', 'dangerous', 'status', 'party', 'route', 'awaiting',
  'since', 'placeSince', 'meansSince', 'towards', 'mustAct',
] as const

export type TermKind = (typeof termKinds)[number]

/** All terms of a dossier, each once. Equipment, seals, means and numbers stay findable after they have changed; holder, place and status are present ones. */
export function termsOf(dossier: Dossier): readonly (readonly [TermKind, string])[] {
  const { note, items } = dossier
  const terms: (readonly [TermKind, string])[] = []
  const add = (kind: TermKind, values: readonly (string | undefined)[]) => new Set(values).forEach((value) => value !== undefined && terms.push([kind, value]))
  add('equipment', items.flatMap((item) => [item.id, ...item.carriedByHistory]))
  add('seal', items.flatMap((item) => item.seals.map(({ id }) => id)))
  const reports = items.flatMap(({ position, expected }) => [position, expected])
  add('means', [...dossier.means, ...reports.map((report) => ({ id: report?.means, journeyId: report?.journeyId }))].flatMap(({ id, journeyId }) => [id, journeyId]))
  add('reference', [
    ...(note.references ?? []).map(({ id }) => id), note.paperNumber,
    ...dossier.contracts.flatMap((contract) => contract.accepted.map(({ carrierAssignedId }) => carrierAssignedId)),
    ...dossier.declarations.flatMap((declaration) => declaration.references.map(({ id }) => id)), ...dossier.acts.map(({ number }) => number),
  ])
  add('mrn', [...dossier.decisions.map(({ mrn }) => mrn), ...dossier.declarations.flatMap(({ references }) => references.filter(({ code }) => code === 'AVX').map(({ id }) => id))])
  add('transferList', dossier.transferLists)
  add('holder', items.map(({ holder }) => holder))
  add('place', items.map(({ place }) => place?.placeId))
  add('country', note.countriesOnRoute)
  add('route', note.countriesOnRoute)
  add('mode', note.mainCarriageTransportMovement.map(({ modeCode }) => modeCode))
  add('dangerous', [String(note.mainCarriageTransportMovement.some(({ dangerousGoodsIndicator }) => dangerousGoodsIndicator))])
  add('status', [dossier.status])
  add('party', dossier.parties)
  add('awaiting', dossier.offers.map(({ to }) => to))
  add('since', Object.entries(dossier.seenSince ?? {}).map(([who, offset]) => `${who} ${offset}`))
  const named = (of: Readonly<Record<string, number>> = {}) => Object.entries(of).map(([name, offset]) => `${offset} ${name}`)
  add('placeSince', named(dossier.named?.places))
  add('meansSince', named(dossier.named?.means))
  add('towards', placesAhead(dossier))
  add('mustAct', tasksOf(dossier).map(({ by }) => by))
  return terms
}
