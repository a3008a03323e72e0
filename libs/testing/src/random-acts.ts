import { digestOf, type ConsignmentNote, type StatementData } from '#libs/documents'
import { legs, note, stop, tendered, words } from './builders.js'
import { draft, type Draft } from './draft.js'
import { movesFrom, type Model, type Participants } from './model.js'
import { alat, azCustoms, consignee, forwarder, geCustoms, gr, haulier, line, tdy, tmCustoms, turkmenbashi, uty, uzCustoms } from './small-corridor.js'

/** Statements at random: often what the route asks for next, often something that somebody might try. All name what there is. */

/** A number from 0 to one below. */
export type Choose = (below: number) => number

export const participants: Participants = {
  [forwarder]: { kind: 'forwarder', country: 'UZ' },
  [consignee]: { kind: 'forwarder', country: 'AZ' },
  [uty]: { kind: 'carrier', country: 'UZ' },
  [tdy]: { kind: 'carrier', country: 'TM' },
  [line]: { kind: 'carrier', country: 'TM' },
  [gr]: { kind: 'carrier', country: 'GE' },
  [turkmenbashi]: { kind: 'port', country: 'TM' },
  [alat]: { kind: 'port', country: 'AZ' },
  [uzCustoms]: { kind: 'customs', country: 'UZ' },
  [tmCustoms]: { kind: 'customs', country: 'TM' },
  [azCustoms]: { kind: 'customs', country: 'AZ' },
  [geCustoms]: { kind: 'customs', country: 'GE' },
}

const everybody = Object.keys(participants)
const customs = [uzCustoms, tmCustoms, azCustoms, geCustoms]
const [leg1, leg2, leg3] = note().mainCarriageTransportMovement as [Leg, Leg, Leg]
const [c1] = note().transportContracts as [ConsignmentNote['transportContracts'][number]]
type Leg = ConsignmentNote['mainCarriageTransportMovement'][number]

/** Notes whose routes differ in what the rules read: carriers of adjoining legs, one contract or two, a carrier without a node, terminals. */
export const routes: readonly Partial<ConsignmentNote>[] = [
  {},
  { mainCarriageTransportMovement: [leg1, { ...leg2, carrier: uty }, leg3] },
  { transportContracts: [{ ...c1, legIds: ['l1', 'l2', 'l3'], consigneeReceiptLocation: 'az-alat' }] },
  { mainCarriageTransportMovement: [{ ...leg1, carrier: haulier }, leg2, leg3], consigneeSide: haulier },
  { mainCarriageTransportMovement: [{ ...leg1, handledBy: [{ participant: gr, end: 'departure' }] }, { ...leg2, carrier: line }, leg3] },
]

/** @param ordinal makes this statement another than each before it */
export function randomStatement(choose: Choose, model: Model, subject: string, ordinal: number): Draft {
  const occurredAt = new Date(Date.UTC(2026, 5, 1) + ordinal * 1_000).toISOString()
  const stating = { subject, occurredAt }
  const kind = choose(100)
  if (kind < 34) return handoff(choose, model, stating)
  if (kind < 60) return answer(choose, model, stating)
  if (kind < 64) return draft('HandoffWithdrawn', giverOf(choose, model), { offer: offerIn(choose, model), reason: 'other' }, stating)
  if (kind < 76) return decision(choose, model, stating)
  if (kind < 84) return acceptance(choose, model, stating)
  if (kind < 93 || model.items.size === 0) return movement(choose, model, stating)
  if (kind < 99) return draft('LoadingReported', oneOf(choose, everybody),
    { act: choose(2) ? 'loaded' : 'unloaded', placeId: 'uz-ahangaran', loadings: someItems(choose, model).map((equipmentId) => ({ equipmentId })) }, stating)
  return draft('ConsignmentCancelled', choose(3) ? model.issuer : oneOf(choose, everybody), { reason: words }, stating)
}

type At = { readonly subject: string; readonly occurredAt: string }

function handoff(choose: Choose, model: Model, stating: At): Draft {
  const pick = anyOf(choose, [...model.items.entries()])
  const together = pick ? [...model.items].filter(([, item]) => item.holder === pick[1].holder && JSON.stringify(item.where) === JSON.stringify(pick[1].where))
    .map(([id]) => id) : []
  const from = pick && choose(10) ? pick[1].holder : oneOf(choose, everybody)
  const move = pick && choose(10) ? anyOf(choose, movesFrom(model, pick[1].where)) : undefined
  const to = move?.to ?? oneOf(choose, [...everybody, haulier])
  const into = move?.into ?? oneOf(choose, [legs.l1, legs.l2, legs.l3, stop(choose(4)), { kind: 'delivery' as const }])
  const ids = choose(8) ? subset(choose, together) : someItems(choose, model)
  const data = {
    to, into, items: choose(6) && ids.length > 0 ? tendered(...ids) : 'all' as const, placeId: 'uz-ahangaran', liabilityPasses: choose(2) === 1,
    ...(choose(4) === 0 && { takesOverFor: oneOf(choose, [uty, tdy, line]) }),
    ...(choose(6) === 0 && { delivers: [choose(2) && model.contractOf.has('c2') ? 'c2' : 'c1'] }),
    ...(choose(move ? 12 : 2) === 0 && { deviationReason: words }),
  }
  const outside = from.startsWith('outside:') || to.startsWith('outside:')
  if (choose(12) === 0 || !outside) return draft('HandoffOffered', from.startsWith('outside:') ? to : from, { ...data, presentedAt: stating.occurredAt },
    stating)
  const by = from.startsWith('outside:') ? to : from
  return draft('HandoffVouched', by.startsWith('outside:') ? forwarder : by,
    { ...data, from, transferredAt: stating.occurredAt, evidence: { sha256: digestOf('paper') } }, stating)
}

function answer(choose: Choose, model: Model, stating: At): Draft {
  const offer = offerIn(choose, model)
  const open = model.offers.get(offer)
  const excepted = open && choose(3) === 0 ? subset(choose, open.items) : []
  const exceptions = excepted.map((itemId): NonNullable<StatementData['HandoffAnswered']['exceptions']>[number] => {
    const outcome = oneOf(choose, ['accepted', 'acceptedWithReservation', 'leftBehind', 'missing'] as const)
    return { itemId, outcome, ...(outcome === 'acceptedWithReservation' && { reservations: [{ code: 'R01' as const }] }) }
  })
  return draft('HandoffAnswered', open && choose(10) ? open.receiver : oneOf(choose, everybody), {
    offer, transferredAt: stating.occurredAt, otherwise: choose(6) ? 'accepted' : 'leftBehind', ...(exceptions.length > 0 && { exceptions }),
  }, stating)
}

const offices: Readonly<Record<string, string>> = { uz: 'uz-khodjadavlet', tm: 'tm-farap', az: 'az-alat' }

function decision(choose: Choose, model: Model, stating: At): Draft {
  const by = choose(12) ? oneOf(choose, customs) : oneOf(choose, everybody)
  const scope = { items: choose(3) && model.items.size > 0 ? someItems(choose, model) : 'all' as const, customsOfficePlaceId: choose(12) ? (offices[by.slice(0, 2)] ?? 'uz-khodjadavlet') : 'uz-khodjadavlet' }
  const own = choose(8) > 0
  const hold = anyOf(choose, [...model.holds].filter(([, { authority }]) => !own || authority === by).map(([id]) => id))
  const other = anyOf(choose, [...model.otherDecisions].filter(([, authority]) => !own || authority === by).map(([id]) => id))
  const what = choose(10)
  if (what < 4 && hold !== undefined) return draft('CustomsDecisionIssued', by, { ...scope, kind: 'holdLifted', lifts: [hold] }, stating)
  if (what === 4 && (hold ?? other) !== undefined) return draft('CustomsDecisionIssued', by, { ...scope, kind: 'withdrawn', withdraws: hold ?? other ?? '' },
    stating)
  if (what < 7) return draft('CustomsDecisionIssued', by, { ...scope, kind: 'releasedForTransit', mrn: 'M1',
    ...(hold !== undefined && choose(2) && { lifts: [hold] }) }, stating)
  const permitted = anyOf(choose, [...model.items.values()].flatMap(({ where }) => movesFrom(model, where)))
  return draft('CustomsDecisionIssued', by, {
    ...scope, kind: oneOf(choose, ['held', 'inspectionOrdered', 'refused'] as const), doNotLoad: choose(2) === 1,
    ...(permitted && choose(3) === 0 && { permittedMoves: [{ to: permitted.to, into: permitted.into }] }),
  }, stating)
}

function acceptance(choose: Choose, model: Model, stating: At): Draft {
  const [contractId, carrier] = oneOf(choose, [...model.contractOf])
  return draft('CarriageAccepted', choose(5) ? carrier : oneOf(choose, everybody), {
    contractId, carrierAssignedId: 'N1', carrierAcceptanceDateTime: stating.occurredAt, carrierAcceptanceLocation: 'uz-ahangaran',
    items: choose(4) && model.items.size > 0 ? someItems(choose, model) : 'all',
  }, stating)
}

function movement(choose: Choose, model: Model, stating: At): Draft {
  return draft('MovementReported', oneOf(choose, everybody), {
    statusCode: oneOf(choose, ['24', '27', '16', '1', '31', '45'] as const), placeId: 'uz-khodjadavlet',
    time: { kind: choose(4) ? 'actual' : 'estimated', at: stating.occurredAt }, items: choose(2) && model.items.size > 0 ? someItems(choose, model) : 'all',
  }, stating)
}

function offerIn(choose: Choose, { offers }: Model): string {
  const open = [...offers.keys()]
  return choose(10) && open.length > 0 ? oneOf(choose, open) : digestOf('no offer')
}

function giverOf(choose: Choose, { offers }: Model): string {
  return (choose(4) ? anyOf(choose, [...offers.values()])?.giver : undefined) ?? oneOf(choose, everybody)
}

function someItems(choose: Choose, { items }: Model): string[] {
  return subset(choose, [...items.keys()])
}

/** At least one of them, in their order. */
function subset<T>(choose: Choose, values: readonly T[]): T[] {
  const least = choose(values.length || 1)
  return values.filter((_, index) => index === least || choose(2) === 1)
}

function oneOf<T>(choose: Choose, values: readonly T[]): T {
  if (values.length === 0) throw new Error('there is nothing to choose from')
  return values[choose(values.length)] as T // the index lies within
}

function anyOf<T>(choose: Choose, values: readonly T[]): T | undefined {
  return values.length === 0 ? undefined : oneOf(choose, values)
}
