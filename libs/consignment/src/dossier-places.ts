import type { DossierItem, Place, Position } from './dossier.js'

/** Where goods are and where they are expected: two reports that never hide each other. */

/**
 * An item after a report. The latest stated time wins, so a report that arrives late does not move the goods back. Made once for all items of the
 * report, which then have the report and its place in common.
 */
export function reportedBy(report: Position): (item: DossierItem) => DossierItem {
  if (report.kind !== 'actual') return (item) => (item.position && isAtOrAfter(item.position.at, report.at) ? item : { ...item, expected: report })
  const { placeId, at, event, by } = report
  const place = { placeId, at, event, by }
  return (item) => withActual(item, report, place)
}

/** An item that was at a place, by a report or a handoff. */
export function withPlace(item: DossierItem, place: Place): DossierItem {
  return latest(item.place, place) === place ? { ...item, place } : item
}

/**
 * What was expected ends with an actual report of the same status at the same place, however early or late, and with any that is not before the
 * expected time: by then it has happened or is no longer true.
 */
function withActual(item: DossierItem, report: Position, reported: Place): DossierItem {
  const { placeId, at, statusCode } = report
  const [position, place] = [latest(item.position, report), latest(item.place, reported)]
  if (!item.expected && !item.missing) { // most items; leaving members out takes several times as long
    return position === item.position && place === item.place ? item : { ...item, position, place }
  }
  const { expected, missing, ...others } = item
  const isOvertaken = expected && (isAtOrAfter(at, expected.at) || (expected.placeId === placeId && expected.statusCode === statusCode))
  return {
    ...others,
    ...(expected && !isOvertaken && { expected }),
    ...(missing?.placeId === placeId && { missing }), // seen where it was not found is no news: its train was there
    position, place,
  }
}

/** Of two the later by stated time; of one time what is told last. */
function latest<T extends { readonly at: string }>(before: T | undefined, told: T): T {
  return before && !isAtOrAfter(told.at, before.at) ? before : told
}

/** Texts of whole seconds are in the order of their times; with fractions they are not (`00.5Z` sorts before `00Z`). */
function isAtOrAfter(time: string, other: string): boolean {
  return isWholeSecond(time) && isWholeSecond(other) ? time >= other : Date.parse(time) >= Date.parse(other)
}

/** `2026-06-01T00:00:00Z`, as the schemas have a time without a fraction. */
function isWholeSecond(time: string): boolean {
  return time.length === 20
}
