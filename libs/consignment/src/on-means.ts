import type { Dossier, DossierItem, DossierMeans } from './dossier.js'

/** What travels on a ship or train, read from views: no rule asks for it. */

/** A means as people name it: by its id, by its voyage or train index, or by one name that may be either. */
export interface MeansAsked {
  readonly id?: string
  readonly journeyId?: string
  readonly name?: string
}

type Stated = Pick<MeansAsked, 'id' | 'journeyId'>

/** Whether what was stated is the means asked for: it agrees in something and differs in nothing. */
export function isMeans({ id, journeyId, name }: MeansAsked, stated: Stated): boolean {
  if (name !== undefined) return stated.id === name || stated.journeyId === name
  const differs = (one: string | undefined, other: string | undefined) => one !== undefined && other !== undefined && one !== other
  const agrees = (one: string | undefined, other: string | undefined) => one !== undefined && one === other
  return !differs(id, stated.id) && !differs(journeyId, stated.journeyId) && (agrees(id, stated.id) || agrees(journeyId, stated.journeyId))
}

/**
 * Whether an item is on the means, with the leg where that is known: its carrier has it, and the latest report of where it is names the means, or it was
 * nominated for it and no report names another. A report before the last handoff is of another hand and tells nothing.
 */
export function aboardOn(dossier: Dossier, item: DossierItem, asked: MeansAsked): { readonly legId?: string } | undefined {
  const legs = legsUnder(dossier, item)
  if (legs.length === 0) return undefined
  const reported = reportedMeans(item)
  const reportedLeg = reported && legs.find((legId) => isMeansOf(nominationOf(dossier, item.id, legId), reported))
  if (reported && isMeans(asked, reported)) {
    const [only] = legs.length === 1 ? legs : []
    const legId = reportedLeg ?? only
    return legId === undefined ? {} : { legId }
  }
  const ahead = reported ? legs.slice(legs.indexOf(reportedLeg ?? legs[0] ?? '') + 1) : legs // a carrier of several legs changes trains without a handoff
  const legId = ahead.find((one) => isMeansOf(nominationOf(dossier, item.id, one), asked))
  return legId === undefined ? undefined : { legId }
}

/** The leg for which an item that is not there yet was nominated on the means. */
export function meantFor(dossier: Dossier, item: DossierItem, asked: MeansAsked): string | undefined {
  return dossier.note.mainCarriageTransportMovement
    .filter((_leg, index) => item.stage < 2 * index + 1)
    .find(({ legId }) => isMeansOf(nominationOf(dossier, item.id, legId), asked))?.legId
}

/** The latest nomination of an item for a leg that was not taken back by one of the same journey which leaves it. */
export function nominationOf({ means }: Dossier, item: string, legId: string): DossierMeans | undefined {
  const left = new Set<string>()
  for (const one of means.toReversed()) {
    if (one.legId !== legId) continue
    const journey = JSON.stringify([one.id, one.journeyId])
    if (one.itemIds.includes(item)) return left.has(journey) ? undefined : one
    if (one.leftIds.includes(item)) left.add(journey)
  }
  return undefined
}

function isMeansOf(nomination: DossierMeans | undefined, asked: MeansAsked): boolean {
  return nomination !== undefined && isMeans(asked, nomination)
}

/** Legs that an item may be on in the hands of its carrier, in order; none at a stop. */
function legsUnder({ note }: Dossier, { stage }: DossierItem): readonly string[] {
  const legs = note.mainCarriageTransportMovement
  const first = stage % 2 === 1 ? (stage - 1) / 2 : legs.length
  const end = legs.findIndex(({ carrier }, index) => index > first && carrier !== legs[first]?.carrier)
  return legs.slice(first, end < 0 ? undefined : end).map(({ legId }) => legId)
}

/** What the latest actual report names, while nothing later is known of where the item is. */
function reportedMeans({ place, position }: DossierItem): Stated | undefined {
  if (!position || place?.event !== position.event) return undefined
  const { means: id, journeyId } = position
  return id === undefined && journeyId === undefined ? undefined : { ...(id !== undefined && { id }), ...(journeyId !== undefined && { journeyId }) }
}
