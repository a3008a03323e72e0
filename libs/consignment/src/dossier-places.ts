import type { DossierItem, Place, Position } from './dossier.js'
import type { ChangeItem, Draft } from './drafts.js'

/** Where goods are and where they are expected: two reports that never hide each other. */

/**
 * What a report changes of an item. The latest stated time wins, so a report that arrives late does not move the goods back. Made once for all items of
 * the report, which then have the report and its place in common.
 */
export function reportedBy(report: Position): ChangeItem {
  if (report.kind !== 'actual') {
    return (item, draft) => {
      if (!item.position || !isAtOrAfter(item.position.at, report.at)) draft().expected = report
    }
  }
  const { placeId, at, event, by } = report
  const [positionAfter, placeAfter] = [laterThan(report), laterThan({ placeId, at, event, by })]
  return (item, draft) => reportActual(item, draft, report, positionAfter(item.position), placeAfter(item.place))
}

/** That an item was at a place by a handoff; made once for all items of the handoff. */
export function handedOverAt(place: Place): (item: Draft) => void {
  const placeAfter = laterThan(place)
  return (item) => {
    item.place = placeAfter(item.place)
  }
}

/**
 * What was expected ends with an actual report of the same status at the same place, however early or late, and with any that is not before the
 * expected time: by then it has happened or is no longer true.
 */
function reportActual(item: DossierItem, draft: () => Draft, { placeId, at, statusCode }: Position, position: Position, place: Place): void {
  const { expected, missing } = item
  if (!expected && !missing && position === item.position && place === item.place) return
  const own = draft()
  own.position = position
  own.place = place
  if (expected && (isAtOrAfter(at, expected.at) || (expected.placeId === placeId && expected.statusCode === statusCode))) own.expected = undefined
  if (missing?.placeId !== placeId) own.missing = undefined // seen where it was not found is no news: its train was there
}

/** Of what was told before and now the later by stated time; of one time what is told now. Boxes of a train mostly have the very same one before: it is compared once. */
function laterThan<T extends { readonly at: string }>(told: T): (before: T | undefined) => T {
  let last: T | undefined
  let later = told
  return (before) => {
    if (before === last) return later
    last = before
    return (later = before && !isAtOrAfter(told.at, before.at) ? before : told)
  }
}

/** Texts of one length are in the order of their times, all being in UTC with `Z`; of others that is not so (`00.5Z` sorts before `00Z`). */
function isAtOrAfter(time: string, other: string): boolean {
  return time.length === other.length ? time >= other : Date.parse(time) >= Date.parse(other)
}
