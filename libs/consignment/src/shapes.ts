import type { Dossier, DossierItem } from './dossier.js'
import type { Consignment, Item } from './state.js'

/** None is forgotten. */
type Whole<T> = { readonly [Member in keyof Required<T>]: unknown }

/**
 * An item has all its members, undefined where it lacks one, in one order: a statement on a train copies 91 of them, and the runtime copies objects of one
 * shape many times as fast as those that came to be in many ways. JSON knows no difference.
 */
export function shapedItem({ contracts, heldFor, holder, id, lacks, offer, reported, stage, takenFrom }: Item): Item {
  return { contracts, heldFor, holder, id, lacks, offer, reported, stage, takenFrom } satisfies Whole<Item> // in the order of canonical text
}

/** The same for what is shown of an item. */
export function shapedDossierItem(item: DossierItem): DossierItem {
  const {
    id, holder, stage, custodyEvent, custodySince, heldFor, liable, vouched, evidence, deviated, deviationReason, offer, lastOutcome, missing, carriedBy,
    carriedByHistory, contracts, seals, holds, reservations, figures, place, position, expected,
  } = item
  return {
    id, holder, stage, custodyEvent, custodySince, heldFor, liable, vouched, evidence, deviated, deviationReason, offer, lastOutcome, missing, carriedBy,
    carriedByHistory, contracts, seals, holds, reservations, figures, place, position, expected,
  } satisfies Whole<DossierItem>
}

/** A consignment from its text. */
export function consignmentIn(text: string): Consignment {
  const consignment = JSON.parse(text) as Consignment // written by us from a consignment
  return { ...consignment, items: consignment.items.map(shapedItem) }
}

/** A dossier from its text. What boxes have in common is one and the same again, as it was when they were told of together: whoever reads them asks for that first. */
export function dossierIn(text: string): Dossier {
  const dossier = JSON.parse(text) as Dossier // written by us from a dossier
  const met = new Map<string, unknown>()
  return { ...dossier, items: dossier.items.map((item) => shapedDossierItem(withCommon(item, met))) }
}

function withCommon(item: DossierItem, met: Map<string, unknown>): DossierItem {
  const common = <T>(value: T): T => {
    if (value === undefined) return value
    const text = JSON.stringify(value)
    if (!met.has(text)) met.set(text, value)
    return met.get(text) as T // of the same text
  }
  const { custodySince, evidence, deviationReason, contracts, place, position, expected } = item
  return {
    ...item, custodySince: common(custodySince), evidence: common(evidence), deviationReason: common(deviationReason), contracts: common(contracts),
    place: common(place), position: common(position), expected: common(expected),
  }
}
