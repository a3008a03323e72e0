import { nominationOf } from './on-means.js'
import { legAt, type Route } from './route.js'
import { routeOf } from './dossier-route.js'
import { isOfAnother, presentReport, replaces, tellsOfLeaving } from './dossier-waits.js'
import { wrongWith, type Wrong } from './dossier-wrongs.js'
import type { Dossier, DossierItem, DossierMeans, Position } from './dossier.js'

/** When goods come to a place, as it was stated: by a report, by the carrier that named its ship or train, or by the note. */
export interface Arrival {
  readonly kind: 'planned' | 'estimated' | 'actual'
  readonly at: string
  readonly by: string
  readonly event: string
}

export interface ExpectedItem {
  readonly id: string
  readonly holder: string
  /** Where it was last. */
  readonly placeId?: string
  readonly carriedBy?: string
  readonly wrong: readonly Wrong[]
}

/** Items that come to a place on one means at one time. */
export interface Expected {
  readonly legId: string
  readonly modeCode: string
  readonly carrier: string
  /** Absent while nobody has named it. */
  readonly means?: { readonly id: string; readonly typeCode?: string; readonly name?: string }
  readonly journeyId?: string
  /** Absent while nobody has said when. */
  readonly arrival?: Arrival
  readonly items: readonly ExpectedItem[]
}

/** What comes to a place: items whose leg there is still to be run, or is run and not handed over yet. */
export function expectedAt(dossier: Dossier, placeId: string): readonly Expected[] {
  if (dossier.status !== 'open') return []
  const route = routeOf(dossier)
  const wrongs = wrongWith(dossier)
  const groups = new Map<string, Omit<Expected, 'items'> & { readonly items: ExpectedItem[] }>()
  for (const item of dossier.items) {
    const number = legsAhead(route, item).find((leg) => placesOf(dossier, route, item, leg).includes(placeId))
    const coming = number === undefined ? undefined : comingBy(dossier, route, item, number, placeId)
    if (!coming) continue
    const { id, holder, place, carriedBy } = item
    const row = { id, holder, ...(place && { placeId: place.placeId }), ...(carriedBy !== undefined && { carriedBy }), wrong: wrongs.get(id) ?? [] }
    const key = JSON.stringify(coming)
    const group = groups.get(key)
    if (group) group.items.push(row)
    else groups.set(key, { ...coming, items: [row] })
  }
  return [...groups.values()]
}

/** Every place that some item is still to come to. */
export function placesAhead(dossier: Dossier): readonly string[] {
  if (dossier.status !== 'open') return []
  const route = routeOf(dossier)
  const asFar = new Map<string, DossierItem>() // items at one stage and place have the same way before them
  let last: DossierItem | undefined
  for (const item of dossier.items) {
    if (last && item.stage === last.stage && item.place === last.place && item.expected === last.expected) continue // as most boxes of a train
    asFar.set(wayKey(item), item)
    last = item
  }
  return [...new Set([...asFar.values()].flatMap((item) => legsAhead(route, item).flatMap((leg) => placesOf(dossier, route, item, leg))))]
}

function wayKey({ stage, place, expected }: DossierItem): string {
  return [stage, place?.placeId, expected?.placeId, expected && tellsOfLeaving(expected.statusCode)].join(' ')
}

function legsAhead({ legs }: Route, { stage }: DossierItem): readonly number[] {
  const first = Math.floor(stage / 2) + 1
  return Array.from({ length: Math.max(0, legs.length - first + 1) }, (_, ahead) => first + ahead)
}

/** The places that a leg brings an item to: borders it crosses, its end by both names of that stop, and where an arrival has been announced on the way. */
function placesOf({ note }: Dossier, route: Route, item: DossierItem, number: number): readonly string[] {
  const leg = legAt(route, number)
  const { borderCrossing = [] } = note.mainCarriageTransportMovement[number - 1] ?? {}
  if (!leg) return []
  const crossings = borderCrossing.filter((place) => place !== leg.from.placeId)
  const isRunning = item.stage === 2 * number - 1
  const next = legAt(route, number + 1)?.from.placeId
  const way = [...crossings, leg.to.placeId, ...(next === undefined ? [] : [next])]
  const reached = isRunning && item.place ? way.indexOf(item.place.placeId) : -1
  const { expected } = item
  const isAnnounced = isRunning && expected && !tellsOfLeaving(expected.statusCode) && expected.placeId !== leg.from.placeId
  const ahead = reached >= crossings.length ? way.slice(crossings.length) : way.slice(Math.max(0, reached))
  return [...new Set([...ahead, ...(isAnnounced ? [expected.placeId] : [])])]
}

function comingBy(dossier: Dossier, route: Route, item: DossierItem, number: number, placeId: string): Omit<Expected, 'items'> | undefined {
  const leg = dossier.note.mainCarriageTransportMovement[number - 1]
  if (!leg) return undefined
  const { legId, modeCode, carrier } = leg
  const isEnd = [leg.arrivalLocation, legAt(route, number + 1)?.from.placeId].includes(placeId)
  const nominated = nominationOf(dossier, item.id, legId)
  const report = item.stage === 2 * number - 1 ? presentReport(item) : undefined
  const means = nominated ? meansIn(nominated) : report?.means === undefined ? undefined : { id: report.means }
  const journeyId = nominated?.journeyId ?? report?.journeyId
  const arrival = arrivalOf(dossier, item, placeId, report, isEnd ? { nominated, planned: leg.scheduledArrival } : {})
  return { legId, modeCode, carrier, ...(means && { means }), ...(journeyId !== undefined && { journeyId }), ...(arrival && { arrival }) }
}

function meansIn({ id, typeCode, name }: DossierMeans): Expected['means'] {
  return { id, typeCode, ...(name !== undefined && { name }) }
}

/**
 * What has happened counts most; then what was stated last, a report or the schedule of a nomination; then what the note planned. At the end of a leg,
 * what was reported of one journey is over once the goods are nominated for another, and so is the note's plan where they had come there before.
 */
function arrivalOf(
  { issuer, opened }: Dossier, { expected }: DossierItem, placeId: string, present: DossierItem['position'],
  { nominated, planned }: { readonly nominated?: DossierMeans | undefined; readonly planned?: string | undefined },
): Arrival | undefined {
  const isOver = (report: Position) => nominated !== undefined && replaces(nominated, report)
  const isThere = present?.placeId === placeId
  if (isThere && !isOver(present)) return arrivalBy(present)
  const schedule = nominated?.scheduledArrival
  const told = expected && expected.placeId === placeId && !tellsOfLeaving(expected.statusCode) ? expected : undefined
  const isOvertaken = told && nominated && nominated.offset > told.offset && (schedule !== undefined || isOfAnother(nominated, told))
  if (told && !isOvertaken) return arrivalBy(told)
  if (nominated && schedule !== undefined) return { kind: 'planned', at: schedule, by: nominated.by, event: nominated.event }
  return planned === undefined || isThere ? undefined : { kind: 'planned', at: planned, by: issuer, event: opened.event }
}

function arrivalBy({ kind, at, by, event }: Position): Arrival {
  return { kind, at, by, event }
}
