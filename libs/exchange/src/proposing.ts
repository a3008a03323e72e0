import { carriersWith, proposedHandoffs, type MeansAsked, type ProposedHandoff } from '#libs/consignment'
import type { Seeing, CallFault } from './call-parts.js'
import { isFault, seen } from './seeing.js'

/** What this participant would hand over of one consignment. */
export interface ProposedPart extends ProposedHandoff {
  readonly subject: string
  readonly references: readonly string[]
  /** Whether it is everything that the consignment has, so that `all` says the same. */
  readonly isWhole: boolean
}

/**
 * A transfer list as it would be for a ship or train at a place: what this participant has there or brings there, from nominations, custody and offers.
 * Goods that were never reported anywhere are found by their nomination alone.
 */
export async function proposeList(node: Seeing, placeId: string, name: string): Promise<readonly ProposedPart[] | { readonly fault: CallFault }> {
  const means: MeansAsked = { name }
  const mine = { holder: [node.participant], status: ['open'] }
  const [named, there] = [await seen(node, { ...mine, means: [name] }), await seen(node, { ...mine, place: [placeId] })]
  if (isFault(named)) return named
  if (isFault(there)) return there
  const carriers = carriersWith(means, [...named, ...there])
  const dossiers = [...new Map([...named, ...there].map((dossier) => [dossier.subject, dossier])).values()].sort((a, b) => a.opened.offset - b.opened.offset)
  return dossiers.flatMap((dossier) => {
    const handoffs = proposedHandoffs(dossier, node.participant, { placeId, means }, carriers)
    const references = (dossier.note.references ?? []).map(({ id }) => id)
    return handoffs.map((handoff): ProposedPart => ({ ...handoff, subject: dossier.subject, references, isWhole: handoff.items.length === dossier.items.length }))
  })
}
