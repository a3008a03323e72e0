import { isInspected } from './dossier-customs.js'
import { isOnLeg, isDelivered, legOf, nextHands, placesOfHandover, routeOf, territoryOf } from './dossier-route.js'
import type { Standing } from './dossier-standing.js'
import { isDeparture, isForWeather, lossReported, presentReport, replaces, reportedWait } from './dossier-waits.js'
import type { Dossier, DossierDecision, DossierItem, DossierOffer, Position, Since } from './dossier.js'
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

interface Seen {
  readonly dossier: Dossier
  readonly route: Route
  readonly offers: ReadonlyMap<string, DossierOffer>
  readonly decisions: ReadonlyMap<string, DossierDecision>
  readonly wanted: readonly DossierDecision[]
  readonly containers: ReadonlySet<string>
}

/** Modes whose means are named before goods are tendered for them: ships. A train's wagons are known when it is loaded. */
const nominatedModes: readonly string[] = ['1', '8']
const rail = '2'

/** A reason, and a text that is the same for the same one. */
export interface Keyed {
  readonly reason: Reason
  readonly key: string
}

const lastSeen = new WeakMap<Dossier['note'], Seen>()
const known = new WeakMap<DossierItem, Keyed & { readonly seen: Seen }>()

/**
 * Every item with its reason, in the order of the note. Asked for with every statement, while most change one box of a train or none: the reason of an
 * item is remembered with it for as long as what it was seen with stays, too.
 */
export function reasonsOn(dossier: Dossier): readonly (readonly [string, Keyed])[] {
  const seen = seenIn(dossier)
  return dossier.items.map((item) => {
    const before = known.get(item)
    if (before?.seen === seen) return [item.id, before]
    const reason: Reason = dossier.status === 'cancelled' ? { code: 'cancelled', actionBy: [], since: dossier.cancelled ?? dossier.opened } : reasonOf(seen, item)
    const keyed = { reason, key: keyOf(reason), seen }
    known.set(item, keyed)
    return [item.id, keyed]
  })
}

const parts = ['status', 'territories', 'offers', 'decisions', 'means', 'contracts'] as const

/** What the reasons of all items are read from. Parts of a dossier are never changed but replaced. */
function seenIn(dossier: Dossier): Seen {
  const before = lastSeen.get(dossier.note)
  if (before && parts.every((part) => before.dossier[part] === dossier[part])) return before
  const seen: Seen = {
    dossier, route: routeOf(dossier),
    offers: new Map(dossier.offers.map((offer) => [offer.offer, offer])),
    decisions: new Map(dossier.decisions.map((decision) => [decision.decision, decision])),
    wanted: dossier.decisions.filter(({ open, kind }) => open && kind === 'documentsWanted'),
    containers: new Set(dossier.note.utilizedTransportEquipment.filter(({ categoryCode }) => categoryCode === 'CN').map(({ id }) => id)),
  }
  lastSeen.set(dossier.note, seen)
  return seen
}

function keyOf({ code, actionBy, placeId, about, legId, contractId, to, statusCode, reasonCode, by, kind, isInspected }: Reason): string {
  return [code, actionBy.join(' '), placeId, about?.join(' '), legId, contractId, to?.join(' '), statusCode, reasonCode, by, kind, isInspected].join('|')
}

function reasonOf(seen: Seen, item: DossierItem): Reason {
  const place = item.place?.placeId ?? legOf(seen.route, item)?.from.placeId
  const at = place === undefined ? {} : { placeId: place }
  if (isDelivered(seen.route, item)) return { code: 'delivered', actionBy: [], since: sinceCustody(item), ...at }
  const offer = item.offer === undefined ? undefined : seen.offers.get(item.offer)
  return lost(item) ?? held(seen, item, offer, at) ?? offered(offer, at) ?? toBeMoved(seen, item, at)
}

type At = { readonly placeId?: string }

/** Not found at a handoff, or reported as short landed or missing: who has it in its books looks for it. */
function lost(item: DossierItem): Reason | undefined {
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
function held({ dossier, route, decisions }: Seen, item: DossierItem, offer: DossierOffer | undefined, at: At): Reason | undefined {
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
function toBeMoved(seen: Seen, item: DossierItem, at: At): Reason {
  const next = isOnLeg(item.stage) ? onLeg(seen, item, at) : atStop(seen, item, at)
  if (next.code === 'carriageNotAccepted') return next
  const wait = reportedWait(item, seen.dossier.means)
  const reason = wait ? waiting(wait, next, at) : next
  return documentsWanted(seen, item, reason, at) ?? reason
}

/** Documents are why goods stand where their authority is, and what is left to do where nobody else must act. */
function documentsWanted({ dossier, route, wanted }: Seen, item: DossierItem, reason: Reason, at: At): Reason | undefined {
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

function onLeg(seen: Seen, item: DossierItem, at: At): Reason {
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

function atStop({ route, dossier, containers }: Seen, item: DossierItem, at: At): Reason {
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
function notOffered(route: Route, item: DossierItem, since: Since, at: At): Reason {
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

function sinceCustody({ custodyEvent: event, custodySince: { offset, occurredAt } }: DossierItem): Since {
  return { event, offset, occurredAt }
}

function sinceReport({ event, offset, at: occurredAt }: Position): Since {
  return { event, offset, occurredAt }
}
