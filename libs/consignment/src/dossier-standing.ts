import type { RoutedType } from '#libs/documents'
import { reasonsOn, type Keyed, type Reason } from './dossier-reasons.js'
import { sentenceOf } from './dossier-sentences.js'
import type { Dossier, Since } from './dossier.js'

/** Why goods are where they are, and who must act; the reasons in the order in which they count where an item has several. */
export const standingCodes = [
  'cancelled', 'delivered', 'missing', 'held', 'offered', 'documentsWanted', 'carriageNotAccepted', 'waiting', 'noMeans', 'notLoaded', 'notOffered', 'notDeparted',
  'onTheWay',
] as const

export type StandingCode = (typeof standingCodes)[number]

/** One reason and the items it holds for. Read from the dossier alone: no clock, so whoever is late is for the reader to judge. */
export interface Standing {
  readonly code: StandingCode
  /** In English, for people. */
  readonly sentence: string
  /** Who must act so that the goods go on; nobody while they are on their way, or wait for the weather. */
  readonly actionBy: readonly string[]
  readonly items: readonly string[]
  /** Of the first of them. */
  readonly since: Since
  readonly placeId?: string
  /** What whoever must act states; absent where a report names somebody without saying what is expected. */
  readonly statement?: RoutedType
  /** The offer, decisions or answer it is about. */
  readonly about?: readonly string[]
  readonly legId?: string
  readonly contractId?: string
  /** To whom goods are to be offered: to any of them. */
  readonly to?: readonly string[]
  readonly statusCode?: string
  readonly reasonCode?: string
  readonly respondBy?: string
}

/**
 * Each item of the consignment with exactly one reason, items with the same one together.
 * @param tell a reason and its items in words; otherwise in those of everybody who works with the corridor, with ids
 */
export function standingOf(dossier: Dossier, tell: (reason: Omit<Reason, 'since'>, items: readonly string[]) => string = sentenceOf): readonly Standing[] {
  const groups = new Map<string, { readonly reason: Reason; readonly items: string[]; since: Since }>()
  const reasons = reasonsOn(dossier)
  let former: Keyed | undefined
  let together: string[] = []
  let at = 0
  for (const { id } of dossier.items) {
    const keyed = reasons[at++]
    if (!keyed) throw new RangeError(`${id} has no reason`)
    if (keyed !== former) { // the boxes of a train mostly have the very same one
      const { reason, key } = keyed
      const group = groups.get(key) ?? { reason, items: [], since: reason.since }
      groups.set(key, group)
      if (reason.since.offset < group.since.offset) group.since = reason.since
      former = keyed
      together = group.items
    }
    together.push(id)
  }
  return [...groups.values()].map(({ reason, items, since }) => {
    const { kind: _kind, by: _by, isInspected: _inspected, since: _since, ...shown } = reason
    return { sentence: tell(reason, items), items, since, ...shown }
  })
}
