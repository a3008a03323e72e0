import type { ConsignmentNote } from '#libs/documents'
import type { Dossier, Source } from './dossier.js'

/**
 * Who does not see a consignment from its beginning: participants that were drawn in or that a later version of the note names, and countries (for
 * their customs) that a later version leads through, each with the offset of the record that made it so. What was stated before is theirs to read, but
 * no feed brought it: with this a feed is the same whoever reads it, whenever.
 */
export type SeenSince = Readonly<Record<string, number>>

export function withDrawnIn(dossier: Dossier, participant: string, { offset }: Source): Dossier {
  return seersOf(dossier.issuer, dossier.note).has(participant) ? dossier : { ...dossier, seenSince: since(dossier.seenSince, [participant], offset) }
}

/** @param before what stood until this version; undefined for the first, whose parties see everything */
export function seenSinceVersion(before: Dossier | undefined, issuer: string, note: ConsignmentNote, offset: number): SeenSince | undefined {
  if (!before) return undefined
  const known = seersOf(before.issuer, before.note)
  const added = [...seersOf(issuer, note)].filter((one) => !known.has(one))
  return added.length === 0 ? before.seenSince : since(before.seenSince, added, offset)
}

/** The first time counts: who is drawn in again has not stopped seeing it. */
function since(known: SeenSince | undefined, added: readonly string[], offset: number): SeenSince {
  return { ...Object.fromEntries(added.map((one) => [one, offset])), ...known }
}

function seersOf(issuer: string, { consigneeSide, transportContracts, mainCarriageTransportMovement: legs, countriesOnRoute }: ConsignmentNote): ReadonlySet<string> {
  return new Set([
    issuer, consigneeSide, ...countriesOnRoute,
    ...transportContracts.map(({ contractualCarrier }) => contractualCarrier),
    ...legs.flatMap(({ carrier, handledBy }) => [carrier, ...(handledBy ?? []).map(({ participant }) => participant)]),
  ])
}
