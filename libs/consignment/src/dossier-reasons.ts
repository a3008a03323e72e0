import { isInspected } from './dossier-customs.js'
import { isOnLeg, isDelivered, legOf, nextHands, placesOfHandover, routeOf, territoryOf } from './dossier-route.js'
import type { Standing } from './dossier-standing.js'
import { isDeparture, isForWeather, lossReported, presentReport, replaces, reportedWait } from './dossier-waits.js'
import type { Dossier, DossierDecision, DossierItem, DossierOffer, Position, Since } from './dossier.js'
import { eachAsAnother, isSameList } from './each-as-another.js'
import { nominationOf } from './on-means.js'
import { holdsAgainst, legAt, type Route } from './route.js'
import { isOutside } from './rule.js'

/** Why one item stands, with what the sentence about it needs. */
export type Reason = Omit<Standing, 'sentence' | 'items'> & {
  /** Who stated it. */
  readonly by?: string
  /** Of a customs decision. */
  readonly kind?: string
  /** The authority that ordered an inspection has told its result. */
  readonly isInspected?: boolean
}

/** What the reasons of all items are read from. */
interface Seen {
  readonly dossier: Dossier
  readonly route: Route
  readonly offers: ReadonlyMap<string, DossierOffer>
  readonly decisions: ReadonlyMap<string, DossierDecision>
  readonly wanted: readonly DossierDecision[]
  readonly containers: ReadonlySet<string>
  /** Where the dossier names an item: the same text for items that are named at the same places. */
  readonly namings: ReadonlyMap<string, string>
}

/** What the reason of one item is read from. */
export type ReasonedItem = Pick<
  DossierItem, 'id' | 'holder' | 'stage' | 'custodyEvent' | 'custodySince' | 'offer' | 'missing' | 'carriedBy' | 'contracts' | 'holds' | 'place' | 'position' | 'expected'
>

/** Modes whose means are named before goods are tendered for them: ships. A train's wagons are known when it is loaded. */
const nominatedModes: readonly string[] = ['1', '8']
const rail = '2'

/** A reason, and a text that is the same for the same one. */
export interface Keyed {
  readonly reason: Reason
  readonly key: string
}

interface Known {
  readonly seen: Seen
  readonly items: readonly DossierItem[]
  readonly reasons: readonly Keyed[]
}

/** What was found of a dossier last, by its opening. Members of a dossier are never changed but replaced: what is the same reads the same. */
const lastFound = new WeakMap<Dossier['opened'], Known>()

/**
 * The reason of each item, in the order of the note. Asked for with every statement, while most change one box of a train or all of them alike: a reason
 * is found once for an item as long as what it is read from stays, and once for items that differ in nothing it is read from.
 */
export function reasonsOn(dossier: Dossier): readonly Keyed[] {
  const last = lastFound.get(dossier.opened)
  const seen = last && isSeenAlike(last.seen.dossier, dossier) ? last.seen : seenIn(dossier)
  const known = (item: DossierItem, at: number) => (last?.seen === seen && last.items[at] === item ? last.reasons[at] : undefined)
  const reasons = eachAsAnother(dossier.items, known, (a, b) => isLike(seen, a, b), (item) => keyed(seen, item))
  lastFound.set(dossier.opened, { seen, items: dossier.items, reasons })
  return reasons
}

function keyed(seen: Seen, item: ReasonedItem): Keyed {
  const { status, cancelled, opened } = seen.dossier
  const reason: Reason = status === 'cancelled' ? { code: 'cancelled', actionBy: [], since: cancelled ?? opened } : reasonOf(seen, item)
  return { reason, key: keyOf(reason) }
}

/** Whether two items differ in nothing but their ids of all that reasons are read from. What holds an item is asked of the item itself. */
function isLike({ namings }: Seen, a: ReasonedItem, b: ReasonedItem): boolean {
  return a.position === b.position && a.place === b.place && a.expected === b.expected && a.holder === b.holder && a.stage === b.stage && a.offer === b.offer
    && a.custodyEvent === b.custodyEvent && a.custodySince === b.custodySince && a.missing === b.missing
    && (a.carriedBy === undefined) === (b.carriedBy === undefined) && a.holds.length === 0 && b.holds.length === 0
    && isSameList(a.contracts, b.contracts) && namings.get(a.id) === namings.get(b.id)
}

const parts = ['note', 'status', 'territories', 'offers', 'decisions', 'means', 'contracts'] as const

function isSeenAlike(before: Dossier, now: Dossier): boolean {
  return parts.every((part) => before[part] === now[part])
}

function seenIn(dossier: Dossier): Seen {
  const wanted = dossier.decisions.filter(({ open, kind }) => open && kind === 'documentsWanted')
  const containers = new Set(dossier.note.utilizedTransportEquipment.filter(({ categoryCode }) => categoryCode === 'CN').map(({ id }) => id))
  return {
    dossier, route: routeOf(dossier), wanted, containers,
    offers: new Map(dossier.offers.map((offer) => [offer.offer, offer])),
    decisions: new Map(dossier.decisions.map((decision) => [decision.decision, decision])),
    namings: namingsIn([containers, ...wanted.map(({ items }) => (items === 'all' ? [] : items)), ...dossier.means.flatMap(({ itemIds, leftIds }) => [itemIds, leftIds])]),
  }
}

/** Of each item that a list has, which lists have it. */
function namingsIn(lists: readonly Iterable<string>[]): ReadonlyMap<string, string> {
  const namings = new Map<string, string>()
  for (const [at, list] of lists.entries()) for (const id of list) namings.set(id, `${namings.get(id) ?? ''} ${at}`)
  return namings
}

function keyOf({ code, actionBy, placeId, about, legId, contractId, to, statusCode, reasonCode, by, kind, isInspected }: Reason): string {
  return [code, actionBy.join(' '), placeId, about?.join(' '), legId, contractId, to?.join(' '), statusCode, reasonCode, by, kind, isInspected].join('|')
}

function reasonOf(seen: Seen, item: ReasonedItem): Reason {
  const place = item.place?.placeId ?? legOf(seen.route, item)?.from.placeId
  const at = place === undefined ? {} : { placeId: place }
  if (isDelivered(seen.route, item)) return { code: 'delivered', actionBy: [], since: sinceCustody(item), ...at }
  const offer = item.offer === undefined ? undefined : seen.offers.get(item.offer)
  return lost(item) ?? held(seen, item, offer, at) ?? offered(offer, at) ?? toBeMoved(seen, item, at)
}

type At = { readonly placeId?: string }

/** Not found at a handoff, or reported as short landed or missing: who has it in its books looks for it. */
function lost(item: ReasonedItem): Reason | undefined {
  const { missing, holder } = item
  const report = lossReported(item)
  const actor = { actionBy: [holder], statement: 'MovementReported' } as const
  if (missing) {
    const { event, offset, occurredAt, placeId } = missing
    return { code: 'missing', ...actor, since: { event, offset, occurredAt }, placeId, about: [event] }
  }
  return report && { code: 'missing', ...actor, since: sinceReport(report), placeId: report.placeId, about: [report.event], statusCode: report.statusCode, by: report.by }
}

/** Holds that keep an offer from being answered, or keep goods that nobody has offered where they are. */
function held({ dossier, route, decisions }: Seen, item: ReasonedItem, offer: DossierOffer | undefined, at: At): Reason | undefined {
  if (item.holds.length === 0) return undefined
  const here = territoryOf(route, dossier, item)
  const next = nextHands(route, item)
  const ahead = next.to.flatMap((to) => holdsAgainst(route, item.id, to, next.into, false))
  const hinders = offer
    ? holdsAgainst(route, item.id, offer.to, offer.into, offer.deviationReason !== undefined)
    : item.holds.map(({ decision }) => decision).filter((id) => decisions.get(id)?.territory === here || ahead.includes(id))
  const holds = hinders.flatMap((id) => decisions.get(id) ?? [])
  const [first] = holds
  if (!first) return undefined
  const { decision: event, offset, occurredAt } = first
  const actionBy = [...new Set(holds.map(({ authority }) => authority))]
  return {
    code: 'held', actionBy, statement: 'CustomsDecisionIssued', since: { event, offset, occurredAt }, about: holds.map(({ decision }) => decision), kind: first.kind,
    isInspected: isInspected(dossier, first, item.id), ...at,
  }
}

function offered(offer: DossierOffer | undefined, at: At): Reason | undefined {
  if (!offer) return undefined
  const { offer: event, offset, occurredAt, to, from } = offer
  return { code: 'offered', actionBy: [to], statement: 'HandoffAnswered', since: { event, offset, occurredAt }, about: [event], by: from, ...at }
}

/** Nothing stands in the way: what was reported of it, and what the route says comes next. */
function toBeMoved(seen: Seen, item: ReasonedItem, at: At): Reason {
  const next = isOnLeg(item.stage) ? onLeg(seen, item, at) : atStop(seen, item, at)
  if (next.code === 'carriageNotAccepted') return next
  const wait = reportedWait(item, seen.dossier.means)
  const reason = wait ? waiting(wait, next, at) : next
  return documentsWanted(seen, item, reason, at) ?? reason
}

/** Documents are why goods stand where their authority is, and what is left to do where nobody else must act. */
function documentsWanted({ dossier, route, wanted }: Seen, item: ReasonedItem, reason: Reason, at: At): Reason | undefined {
  const here = territoryOf(route, dossier, item)
  const asked = wanted.find(({ items, territory }) => (items === 'all' || items.includes(item.id)) && (territory === here || reason.code === 'onTheWay'))
  if (!asked) return undefined
  const { decision: event, offset, occurredAt, addressee, authority, respondBy } = asked
  return {
    code: 'documentsWanted', actionBy: addressee === undefined ? [] : [addressee], statement: 'DeclarationLodged', since: { event, offset, occurredAt }, about: [event],
    by: authority, ...(respondBy !== undefined && { respondBy }), ...at,
  }
}

/** Who must act is whoever the report names; else whoever would be next, whom only the weather excuses. */
function waiting(wait: Position, next: Reason, at: At): Reason {
  const { statusCode, reasonCode, actionBy: named, by } = wait
  const isExcused = isForWeather(wait) && next.code !== 'noMeans'
  const actionBy = named !== undefined ? [named] : isExcused ? [] : next.actionBy
  const isNext = actionBy.length > 0 && actionBy.every((actor) => next.actionBy.includes(actor))
  const { statement, legId, to } = isNext ? next : {}
  return {
    code: 'waiting', actionBy, since: sinceReport(wait), statusCode, about: [wait.event], by, ...at, ...(reasonCode !== undefined && { reasonCode }),
    ...(statement && { statement }), ...(legId !== undefined && { legId }), ...(to && { to }),
  }
}

function onLeg(seen: Seen, item: ReasonedItem, at: At): Reason {
  const { route, dossier } = seen
  const leg = legOf(route, item)
  const since = sinceCustody(item)
  const contract = dossier.contracts.find(({ contractId }) => contractId === leg?.contractId)
  if (leg && contract && !item.contracts.includes(contract.contractId)) {
    const actor = isOutside(contract.carrier) ? item.holder : contract.carrier // a carrier of its leg records for one without a node
    if (!isOutside(actor)) return { code: 'carriageNotAccepted', actionBy: [actor], statement: 'CarriageAccepted', since, contractId: contract.contractId, ...at }
  }
  const report = presentReport(item)
  const nominated = leg && nominationOf(dossier, item.id, leg.legId)
  const isToComeAgain = report && nominated && replaces(nominated, report)
  if (report && !isToComeAgain && placesOfHandover(route, item).includes(report.placeId)) return notOffered(route, item, sinceReport(report), at)
  const hasLeft = report && (isDeparture(report.statusCode) || report.placeId !== leg?.from.placeId)
  if (hasLeft || isOutside(item.holder)) return { code: 'onTheWay', actionBy: [], since: report ? sinceReport(report) : since, ...(leg && { legId: leg.legId }), ...at }
  return { code: 'notDeparted', actionBy: [item.holder], statement: 'MovementReported', since, ...(leg && { legId: leg.legId }), ...at }
}

function atStop({ route, dossier, containers }: Seen, item: ReasonedItem, at: At): Reason {
  const since = sinceCustody(item)
  const { into } = nextHands(route, item)
  const leg = into.kind === 'leg' ? dossier.note.mainCarriageTransportMovement.find(({ legId }) => legId === into.legId) : undefined
  if (!leg) return notOffered(route, item, since, at)
  const { legId, carrier, modeCode } = leg
  if (nominatedModes.includes(modeCode) && !isOutside(carrier) && !nominationOf(dossier, item.id, legId)) {
    return { code: 'noMeans', actionBy: [carrier], statement: 'MeansNominated', since, legId, ...at }
  }
  const isToBeLoaded = modeCode === rail && containers.has(item.id) && item.carriedBy === undefined && !isOutside(item.holder)
  return isToBeLoaded ? { code: 'notLoaded', actionBy: [item.holder], statement: 'LoadingReported', since, legId, to: [carrier], ...at } : notOffered(route, item, since, at)
}

/** Between two with a node the holder offers; where one has none, the other vouches for both. */
function notOffered(route: Route, item: ReasonedItem, since: Since, at: At): Reason {
  const next = nextHands(route, item)
  const to = isOutside(item.holder) && next.into.kind === 'stop' ? [...next.to, ...carrierAfter(route, next.into.stop)] : next.to // either of them can tell of it
  const hasNode = to.filter((party) => !isOutside(party))
  const isVouched = isOutside(item.holder) || hasNode.length === 0
  return {
    code: 'notOffered', actionBy: isOutside(item.holder) ? hasNode : [item.holder], statement: isVouched ? 'HandoffVouched' : 'HandoffOffered', since, to, by: item.holder, ...at,
  }
}

function carrierAfter(route: Route, stop: number): readonly string[] {
  const leg = legAt(route, stop + 1)
  return leg ? [leg.carrier] : []
}

function sinceCustody({ custodyEvent: event, custodySince: { offset, occurredAt } }: ReasonedItem): Since {
  return { event, offset, occurredAt }
}

function sinceReport({ event, offset, at: occurredAt }: Position): Since {
  return { event, offset, occurredAt }
}
