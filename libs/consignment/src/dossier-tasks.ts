import type { RoutedType } from '#libs/documents'
import { isInspected } from './dossier-customs.js'
import { isOnLeg, legOf, routeOf, territoryOf } from './dossier-route.js'
import { standingOf, type Standing } from './dossier-standing.js'
import type { Dossier, DossierDecision, DossierItem, Since } from './dossier.js'
import { eachAsAnother, isSameList } from './each-as-another.js'
import type { Route } from './route.js'
import { isOutside } from './rule.js'

/** What is to be done, in the order in which it is listed: first what others have asked for, then what moves the goods. */
export const taskCodes = [
  'answerOffer', 'makeInspection', 'supportInspection', 'decideHold', 'lodgeDocuments', 'findMissing', 'settleSurplus', 'answerAct', 'acceptCarriage',
  'endWait', 'nominateMeans', 'load', 'offer', 'vouch', 'depart',
] as const

export type TaskCode = (typeof taskCodes)[number]

/** Something that one participant is to do; where any of several may do it, a task of each. Only what the statements say: nothing is late here. */
export interface Task {
  readonly task: TaskCode
  readonly by: string
  readonly items: readonly string[]
  readonly since: Since
  /** The statement that does it; absent where a report names somebody without saying what is expected. */
  readonly statement?: RoutedType
  /** The offer, decision or act that it answers. */
  readonly answers?: string
  /** The decision that it lifts. */
  readonly lifts?: string
  /** The answer or report that did not find the items. */
  readonly missingSince?: string
  readonly respondBy?: string
  readonly contractId?: string
  readonly legId?: string
  readonly placeId?: string
  readonly to?: readonly string[]
}

/** Tasks in words. */
export const taskWords: Readonly<Record<TaskCode, string>> = {
  answerOffer: 'answer the offer', makeInspection: 'inspect the goods and tell the result', supportInspection: 'show the goods for inspection', decideHold: 'lift the hold, or say what is to become of the goods',
  lodgeDocuments: 'lodge the documents that customs want', findMissing: 'find what is missing, hand it over or say where it is', settleSurplus: 'say whose the surplus is, and correct the answer that told of it',
  answerAct: 'accept or dispute the act', acceptCarriage: 'accept carriage under the contract', endWait: 'end the wait that was reported', nominateMeans: 'name the ship or train',
  load: 'load the goods and offer them', offer: 'offer the goods to whoever takes them over next', vouch: 'vouch for the handoff with a party that has no node', depart: 'depart, and report it',
}

/** Everything that somebody is to do for a consignment. Whoever a reason names as the one to act has a task of it. */
export function tasksOf(dossier: Dossier, standing: readonly Standing[] = standingOf(dossier)): readonly Task[] {
  if (dossier.status === 'cancelled') return []
  return [...answers(dossier), ...customs(dossier), ...differences(dossier, standing), ...acceptances(dossier), ...moves(standing)]
}

function answers({ offers }: Dossier): readonly Task[] {
  return offers.map(({ offer, to, items, offset, occurredAt, placeId }) => (
    { task: 'answerOffer', by: to, items, since: { event: offer, offset, occurredAt }, statement: 'HandoffAnswered', answers: offer, placeId }))
}

function customs(dossier: Dossier): readonly Task[] {
  return dossier.decisions.filter(({ open }) => open).flatMap((decision): readonly Task[] => (decision.itemsLeft ? ofHold(dossier, decision, decision.itemsLeft) : ofDocuments(dossier, decision)))
}

/** An inspection is made, and the goods are shown, until its result is told for all of them; a hold stands until it is lifted. */
function ofHold(dossier: Dossier, hold: DossierDecision, items: readonly string[]): readonly Task[] {
  const { decision, authority: by, kind } = hold
  const lift = { by, since: sinceOf(hold), statement: 'CustomsDecisionIssued', lifts: decision } as const
  if (kind !== 'inspectionOrdered') return [{ task: 'decideHold', items, ...lift }]
  const left = items.filter((id) => !isInspected(dossier, hold, id))
  const done = items.filter((id) => !left.includes(id))
  return [
    ...(left.length > 0 ? [{ task: 'makeInspection', items: left, ...lift } as const] : []),
    ...supporting(dossier, hold, left),
    ...(done.length > 0 ? [{ task: 'decideHold', items: done, ...lift } as const] : []),
  ]
}

/** Whoever has goods where they are to be inspected shows them: by a permitted handoff where the inspection is at another's place. */
function supporting(dossier: Dossier, hold: DossierDecision, ids: readonly string[]): readonly Task[] {
  const route = routeOf(dossier)
  const here = dossier.items.filter((item) => ids.includes(item.id) && !isOutside(item.holder) && territoryOf(route, dossier, item) === hold.territory)
  return groupedBy(here, ({ holder }) => holder).map(([by, items]): Task => {
    const to = (hold.permittedMoves ?? []).map((move) => move.to).filter((party) => party !== by)
    return {
      task: 'supportInspection', by, items: items.map(({ id }) => id), since: sinceOf(hold), answers: hold.decision, placeId: hold.customsOfficePlaceId,
      ...(to.length > 0 ? { statement: 'HandoffOffered', to } : { statement: 'MovementReported' }),
    }
  })
}

function ofDocuments({ items }: Dossier, wanted: DossierDecision): readonly Task[] {
  const { decision, addressee, respondBy, customsOfficePlaceId: placeId } = wanted
  if (addressee === undefined) return []
  const named = wanted.items === 'all' ? items.map(({ id }) => id) : wanted.items
  return [{
    task: 'lodgeDocuments', by: addressee, items: named, since: sinceOf(wanted), statement: 'DeclarationLodged', answers: decision, placeId, ...(respondBy !== undefined && { respondBy }),
  }]
}

/** What is missing, what was too much, and acts that the other side has not answered. */
function differences({ surplus, acts }: Dossier, standing: readonly Standing[]): readonly Task[] {
  const missing = standing.filter(({ code }) => code === 'missing').flatMap(({ actionBy, items, since, about, placeId }) => actionBy.map((by): Task => (
    { task: 'findMissing', by, items, since, statement: 'MovementReported', missingSince: about?.[0] ?? since.event, ...(placeId !== undefined && { placeId }) })))
  const seen = groupedBy(surplus, ({ event }) => event).flatMap(([event, [first, ...more]]): readonly Task[] => (first ? [{
    task: 'settleSurplus', by: first.by, items: [first, ...more].flatMap(({ equipmentId }) => equipmentId ?? []), since: { event, offset: first.offset, occurredAt: first.occurredAt },
    statement: 'CorrectionFiled', answers: event,
  }] : []))
  const open = acts.filter(({ answer }) => answer === undefined).flatMap(({ act, otherSide, items, offset, occurredAt }) => otherSide.map((by): Task => (
    { task: 'answerAct', by, items, since: { event: act, offset, occurredAt }, statement: 'ActAnswered', answers: act })))
  return [...missing, ...seen, ...open]
}

/** Contracts whose carriers have the goods, or have somebody hold them for one, and which nobody has accepted for them. */
function acceptances(dossier: Dossier): readonly Task[] {
  const { note: { transportContracts, mainCarriageTransportMovement: legs }, items } = dossier
  const route = routeOf(dossier)
  const performed = transportContracts.map((contract) => ({ carriers: legs.filter(({ legId }) => contract.legIds.includes(legId)).map(({ carrier }) => carrier), ...contract }))
  const due = eachAsAnother(items, () => undefined, isContractedLike, (item) => performed.filter(({ contractId, legIds, carriers }) => (
    !item.contracts.includes(contractId) && isWith(item, carriers) && isDue(route, item, legIds))))
  if (due.every((contracts) => contracts.length === 0)) return []
  return performed.flatMap((contract): readonly Task[] => {
    const { contractId, contractualCarrier } = contract
    const ready = items.filter((_item, at) => due[at]?.includes(contract))
    const actorOf = ({ holder }: DossierItem) => (isOutside(contractualCarrier) ? holder : contractualCarrier)
    return groupedBy(ready, actorOf).filter(([by]) => !isOutside(by)).map(([by, found]) => (
      { task: 'acceptCarriage', by, items: found.map(({ id }) => id), since: earliest(found.map(sinceCustody)), statement: 'CarriageAccepted', contractId }))
  })
}

/** What is read of an item to find the contracts that wait for it. */
type Contracted = Pick<DossierItem, 'contracts' | 'holder' | 'heldFor' | 'stage'>

function isContractedLike(a: Contracted, b: Contracted): boolean {
  return a.holder === b.holder && a.heldFor === b.heldFor && a.stage === b.stage && isSameList(a.contracts, b.contracts)
}

/** A carrier may perform legs of several contracts: the one that is running or comes next. */
function isDue(route: Route, item: Contracted, legIds: readonly string[]): boolean {
  const leg = legOf(route, item)
  return leg !== undefined && legIds.includes(leg.legId) && (isOnLeg(item.stage) || item.heldFor !== undefined)
}

const moveCodes: readonly Standing['code'][] = ['waiting', 'noMeans', 'notLoaded', 'notOffered', 'notDeparted']
const moveBy: Partial<Record<RoutedType, TaskCode>> = {
  MeansNominated: 'nominateMeans', LoadingReported: 'load', HandoffOffered: 'offer', HandoffVouched: 'vouch', MovementReported: 'depart',
}

/** What the goods wait for where nothing is asked or open. */
function moves(standing: readonly Standing[]): readonly Task[] {
  return standing.flatMap(({ code, actionBy, items, since, statement, legId, placeId, to }) => {
    if (!moveCodes.includes(code)) return []
    const task = (statement && moveBy[statement]) ?? 'endWait'
    return actionBy.map((by): Task => ({
      task, by, items, since, ...(statement && { statement }), ...(legId !== undefined && { legId }), ...(placeId !== undefined && { placeId }), ...(to && { to }),
    }))
  })
}

function isWith({ holder, heldFor }: Contracted, carriers: readonly string[]): boolean {
  return carriers.includes(holder) || (heldFor !== undefined && carriers.includes(heldFor))
}

function sinceOf({ decision: event, offset, occurredAt }: DossierDecision): Since {
  return { event, offset, occurredAt }
}

function sinceCustody({ custodyEvent: event, custodySince }: DossierItem): Since {
  return { event, ...custodySince }
}

function earliest([first, ...more]: readonly Since[]): Since {
  if (!first) throw new RangeError('no items, no task')
  return more.reduce((least, one) => (one.offset < least.offset ? one : least), first)
}

function groupedBy<T>(rows: readonly T[], keyOf: (row: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return [...groups]
}
