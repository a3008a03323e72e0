import type { Code9013 } from '#libs/documents'
import type { Dossier, DossierItem, DossierMeans, Position } from './dossier.js'

/** What reports say of goods that do not move (UNTDID 9013, the groups of tables 4.4). */

/** Goods stand or have gone astray, and the code or the reason beside it says why. */
const waits: readonly Code9013[] = [
  '57', '86', '25', '101', '255', '90', '222', '239', '206', '182', '184', '187', '186', '189', '194', '193', '236', '250', '315', '326', '62', '302',
]
const departures: readonly string[] = ['24', '27', '127', '365', '31', '16'] satisfies readonly Code9013[]
const notFound: readonly string[] = ['85', '117', '231'] satisfies readonly Code9013[]
const weather: Code9013 = '182'

export function isDeparture(statusCode: string): boolean {
  return departures.includes(statusCode)
}

/** Departures that were announced are no arrivals. */
export function tellsOfLeaving(statusCode: string): boolean {
  return isDeparture(statusCode) || statusCode === '25'
}

/** The members that tell where an item is now. */
type Reported = Pick<DossierItem, 'place' | 'position' | 'custodySince' | 'holder'>

/** The actual report that says where an item is now, unless it was handed over since: by its time, and in the log, where only its present holder can have reported before. */
export function presentReport({ place, position, custodySince, holder }: Reported): Position | undefined {
  const isOfHolder = position && (position.offset > custodySince.offset || position.by === holder)
  return isOfHolder && place?.event === position.event ? position : undefined
}

/** A report that an item was not found where it should have been. */
export function lossReported(item: Reported): Position | undefined {
  const report = presentReport(item)
  return report && notFound.includes(report.statusCode) ? report : undefined
}

/**
 * The wait that was reported last of an item and still holds: it ends when the item is handed over, reported to be elsewhere or in another status, or
 * meant for another ship or train by a nomination stated since.
 */
export function reportedWait(item: Reported & Pick<DossierItem, 'id' | 'expected'>, means: Dossier['means']): Position | undefined {
  const actual = presentReport(item)
  const { expected, custodySince } = item
  const announced = expected && expected.offset > custodySince.offset && !(actual && actual.offset > expected.offset) ? expected : undefined
  const wait = announced && isWait(announced) ? announced : actual && isWait(actual) ? actual : undefined
  const isOvertaken = wait && means.some(({ offset, itemIds }) => offset > wait.offset && itemIds.includes(item.id))
  return isOvertaken ? undefined : wait
}

/**
 * Whether a nomination for the leg takes the place of a report: it is of another journey and was made after it, by the times both state, because a ship
 * tells late. Goods that were carried past a port come to it again.
 */
export function replaces(nominated: Pick<DossierMeans, 'id' | 'journeyId' | 'occurredAt'>, report: Position): boolean {
  return isOfAnother(nominated, report) && Date.parse(nominated.occurredAt) > Date.parse(report.at)
}

/** Whether a report is of another journey than a nomination. One that names no journey is of the same ship or train unless it names another. */
export function isOfAnother({ id, journeyId }: Pick<DossierMeans, 'id' | 'journeyId'>, { means, journeyId: reported }: Position): boolean {
  return reported !== undefined ? reported !== journeyId : means !== undefined && means !== id
}

export function isForWeather({ statusCode, reasonCode }: Position): boolean {
  return statusCode === weather || reasonCode === weather
}

function isWait({ statusCode, reasonCode }: Position): boolean {
  return [statusCode, reasonCode].some((code) => waits.some((wait) => wait === code))
}
