import type { DossierItem, Place, Position } from './dossier.js'

/** Where goods are and where they are expected: two reports that never hide each other. */

/** An item after a report. The latest stated time wins, so a report that arrives late does not move the goods back. */
export function withReport(item: DossierItem, report: Position): DossierItem {
  if (report.kind === 'actual') return withActual(item, report)
  return item.position && isAtOrAfter(item.position.at, report.at) ? item : { ...item, expected: report }
}

/** An item that was at a place, by a report or a handoff. */
export function withPlace(item: DossierItem, place: Place): DossierItem {
  return item.place && !isAtOrAfter(place.at, item.place.at) ? item : { ...item, place }
}

/**
 * What was expected ends with an actual report of the same status at the same place, however early or late, and with any that is not before the
 * expected time: by then it has happened or is no longer true.
 */
function withActual(before: DossierItem, report: Position): DossierItem {
  const { expected, missing, ...item } = before
  const { placeId, at, event, by, statusCode } = report
  const isOvertaken = expected && (isAtOrAfter(at, expected.at) || (expected.placeId === placeId && expected.statusCode === statusCode))
  return withPlace({
    ...item,
    ...(expected && !isOvertaken && { expected }),
    ...(missing?.placeId === placeId && { missing }), // seen where it was not found is no news: its train was there
    position: item.position && !isAtOrAfter(at, item.position.at) ? item.position : report,
  }, { placeId, at, event, by })
}

/** Not by comparing texts: seconds may have a fraction. */
function isAtOrAfter(time: string, other: string): boolean {
  return Date.parse(time) >= Date.parse(other)
}
