import type { Into } from '#libs/consignment'
import type { ConsignmentNote, StatementData, TenderedItems } from '#libs/documents'
import type { Draft } from './draft.js'

/**
 * A second telling of who has the goods, where they may go next and what a hold keeps: written from the page of the statements, not from the rules, and
 * in other terms (lists of moves instead of stages and conditions). Where model and judge differ, one of them has misread the page.
 */
export interface Model {
  readonly route: readonly ModelLeg[]
  readonly contractOf: ReadonlyMap<string, string>
  readonly issuer: string
  readonly consigneeSide: string
  readonly parties: Set<string>
  readonly items: Map<string, ModelItem>
  readonly offers: Map<string, ModelOffer>
  readonly holds: Map<string, ModelHold>
  /** Decisions that hold nothing, by the authority that made them, while they are open. */
  readonly otherDecisions: Map<string, string>
  readonly runningContracts: Set<string>
  cancelled: boolean
}

export interface ModelLeg {
  readonly legId: string
  readonly carrier: string
  readonly contract: string
  readonly from: string
  readonly to: string
  readonly terminalsBefore: readonly string[]
  readonly terminalsAfter: readonly string[]
}

export type Whereabouts = { readonly at: number } | { readonly on: number } | 'delivered'

interface ModelItem {
  holder: string
  where: Whereabouts
  for: string | undefined
  offered: string | undefined
  readonly carriedUnder: Set<string>
}

interface ModelOffer {
  readonly giver: string
  readonly receiver: string
  readonly items: readonly string[]
  readonly into: Into
  readonly strays: boolean
  readonly for: string | undefined
  departed: boolean
}

interface ModelHold {
  readonly authority: string
  readonly territory: string
  readonly on: Set<string>
  readonly permits: readonly { readonly to: string; readonly into: Into }[]
  readonly doNotLoad: boolean
}

/** What a participant of the model is; customs have a territory. */
export interface ModelParticipant {
  readonly kind: 'carrier' | 'forwarder' | 'port' | 'customs'
  readonly country: string
}

export type Participants = Readonly<Record<string, ModelParticipant>>

/** The model of a consignment whose note was just issued; the territory of a place is what its id begins with. */
export function modelOf(note: ConsignmentNote, issuer: string): Model {
  const contracts = note.transportContracts
  const territory = (placeId: string) => placeId.slice(0, 2).toUpperCase()
  const route = note.mainCarriageTransportMovement.map(({ legId, carrier, departureLocation, arrivalLocation, handledBy = [] }): ModelLeg => ({
    legId, carrier, from: territory(departureLocation), to: territory(arrivalLocation),
    contract: contracts.find(({ legIds }) => legIds.includes(legId))?.contractId ?? '',
    terminalsBefore: handledBy.filter(({ end }) => end === 'departure').map(({ participant }) => participant),
    terminalsAfter: handledBy.filter(({ end }) => end === 'arrival').map(({ participant }) => participant),
  }))
  return {
    route, issuer, consigneeSide: note.consigneeSide,
    contractOf: new Map(contracts.map(({ contractId, contractualCarrier }) => [contractId, contractualCarrier])),
    parties: new Set([
      issuer, note.consigneeSide, ...contracts.map(({ contractualCarrier }) => contractualCarrier),
      ...route.flatMap(({ carrier, terminalsBefore, terminalsAfter }) => [carrier, ...terminalsBefore, ...terminalsAfter]),
    ]),
    items: new Map(note.utilizedTransportEquipment.map(({ id }) => [id, { holder: issuer, where: { at: 0 }, for: undefined, offered: undefined, carriedUnder: new Set() }])),
    offers: new Map(), holds: new Map(), otherDecisions: new Map(), runningContracts: new Set(), cancelled: false,
  }
}

/** Whether the page lets this statement happen. Shapes and references are taken to be right: the model is asked only of statements that name what there is. */
export function mayHappen(model: Model, { by, type, data }: Draft, participants: Participants): boolean {
  const who = participants[by]
  if (!who || !isParty(model, by, who)) return false
  switch (type) {
    case 'MovementReported': case 'LoadingReported': return who.kind !== 'customs'
    case 'HandoffOffered': return who.kind !== 'customs' && !model.cancelled && mayOffer(model, by, data as StatementData['HandoffOffered'])
    case 'HandoffAnswered': return who.kind !== 'customs' && !model.cancelled && mayAnswer(model, by, data as StatementData['HandoffAnswered'])
    case 'HandoffWithdrawn': return who.kind !== 'customs' && !model.cancelled && mayWithdraw(model, by, data as StatementData['HandoffWithdrawn'])
    case 'HandoffVouched': return who.kind !== 'customs' && !model.cancelled && mayVouch(model, by, data as StatementData['HandoffVouched'])
    case 'CarriageAccepted': return who.kind === 'carrier' && !model.cancelled && mayAccept(model, by, data as StatementData['CarriageAccepted'])
    case 'CustomsDecisionIssued': return who.kind === 'customs' && !model.cancelled && mayDecide(model, by, who.country, data as StatementData['CustomsDecisionIssued'])
    case 'ConsignmentCancelled': return who.kind !== 'customs' && !model.cancelled && mayCancel(model, by)
    default: throw new Error(`the model knows nothing of ${type}`)
  }
}

/** What follows from a statement that may happen. */
export function happen(model: Model, { by, type, data, eventId }: Draft, participants: Participants): void {
  switch (type) {
    case 'MovementReported': {
      const { statusCode, time, items } = data as StatementData['MovementReported']
      if (!['24', '27', '127', '365', '16'].includes(statusCode) || time.kind !== 'actual') return
      for (const id of named(model, items)) {
        const offer = model.offers.get(model.items.get(id)?.offered ?? '')
        if (offer?.receiver === by) offer.departed = true
      }
      return
    }
    case 'LoadingReported': return
    case 'HandoffOffered': {
      const offer = data as StatementData['HandoffOffered']
      const items = tenderedIn(model, offer.items)
      model.offers.set(eventId, { giver: by, receiver: offer.to, items, into: offer.into, strays: offer.deviationReason !== undefined, for: offer.takesOverFor, departed: false })
      for (const id of items) itemOf(model, id).offered = eventId
      model.parties.add(offer.to)
      return
    }
    case 'HandoffAnswered': {
      const answer = data as StatementData['HandoffAnswered']
      const offer = model.offers.get(answer.offer)
      if (!offer) throw new Error('answered an offer the model lacks')
      for (const id of offer.items) itemOf(model, id).offered = undefined
      for (const id of takenOver(offer, answer)) pass(model, id, offer.receiver, offer.into, offer.for)
      model.offers.delete(answer.offer)
      return
    }
    case 'HandoffWithdrawn': {
      const { offer } = data as StatementData['HandoffWithdrawn']
      for (const id of model.offers.get(offer)?.items ?? []) itemOf(model, id).offered = undefined
      model.offers.delete(offer)
      return
    }
    case 'HandoffVouched': {
      const handoff = data as StatementData['HandoffVouched']
      for (const id of tenderedIn(model, handoff.items)) pass(model, id, handoff.to, handoff.into, handoff.takesOverFor)
      return
    }
    case 'CarriageAccepted': {
      const { contractId, items } = data as StatementData['CarriageAccepted']
      model.runningContracts.add(contractId)
      for (const id of named(model, items)) itemOf(model, id).carriedUnder.add(contractId)
      return
    }
    case 'CustomsDecisionIssued': return decide(model, by, eventId, data as StatementData['CustomsDecisionIssued'], participants)
    case 'ConsignmentCancelled': {
      model.cancelled = true
      model.items.clear()
      model.offers.clear()
      model.holds.clear()
      return
    }
    default: throw new Error(`the model knows nothing of ${type}`)
  }
}

/** All moves the route offers from where an item is: to whom, into what, and where it is then. */
export function movesFrom(model: Model, where: Whereabouts): readonly { readonly to: string; readonly into: Into; readonly then: Whereabouts }[] {
  return stopsWithin(model, where).flatMap((stop) => {
    const next = model.route[stop]
    return [
      ...(next ? [{ to: next.carrier, into: { kind: 'leg', legId: next.legId } as const, then: { on: stop + 1 } }] : []),
      ...[...(model.route[stop - 1]?.terminalsAfter ?? []), ...(next?.terminalsBefore ?? [])].map((to) => ({ to, into: { kind: 'stop', stop } as const, then: { at: stop } })),
      ...(stop === model.route.length ? [{ to: model.consigneeSide, into: { kind: 'delivery' } as const, then: 'delivered' as const }] : []),
    ]
  })
}

/** Whether some hold keeps the item from being handed to somebody into something. */
export function isKept(model: Model, id: string, to: string, into: Into, strays: boolean): boolean {
  return [...model.holds.values()].filter((hold) => hold.on.has(id)).some((hold) => {
    if (hold.permits.some((move) => move.to === to && isSame(move.into, into))) return false
    if (strays) return true
    if (into.kind === 'stop') return false
    if (into.kind === 'delivery') return model.route.at(-1)?.to === hold.territory
    const number = model.route.findIndex((leg) => leg.legId === into.legId)
    const onward = model.route.filter((leg, index) => index >= number && leg.contract === model.route[number]?.contract).map((leg) => leg.to)
    if (model.route[number]?.from === hold.territory) return onward.some((territory) => territory !== hold.territory)
    return hold.doNotLoad && onward.includes(hold.territory)
  })
}

function isParty(model: Model, id: string, { kind, country }: ModelParticipant): boolean {
  return model.parties.has(id) || (kind === 'customs' && touches(model, country))
}

/** Whether the route touches a country, which is its customs' territory. */
function touches({ route }: Model, country: string): boolean {
  return route.some((leg) => leg.from === country || leg.to === country)
}

function mayOffer(model: Model, by: string, data: StatementData['HandoffOffered']): boolean {
  if (data.to.startsWith('outside:')) return false
  if (!(data.delivers ?? []).every((contract) => endsWith(model, contract, by))) return false
  return mayMove(model, by, tenderedIn(model, data.items), data.to, data.into, data.deviationReason !== undefined)
}

function mayVouch(model: Model, by: string, data: StatementData['HandoffVouched']): boolean {
  const outside = data.from === by ? data.to : data.to === by ? data.from : ''
  if (!outside.startsWith('outside:') || !(data.delivers ?? []).every((contract) => endsWith(model, contract, data.from))) return false
  return mayMove(model, data.from, tenderedIn(model, data.items), data.to, data.into, data.deviationReason !== undefined)
}

function mayMove(model: Model, giver: string, ids: readonly string[], to: string, into: Into, strays: boolean): boolean {
  return ids.every((id) => {
    const { holder, offered, where } = itemOf(model, id)
    if (holder !== giver || offered !== undefined) return false
    const isNext = movesFrom(model, where).some((move) => move.to === to && isSame(move.into, into))
    return (isNext || strays) && !isKept(model, id, to, into, strays)
  })
}

function mayAnswer(model: Model, by: string, data: StatementData['HandoffAnswered']): boolean {
  const offer = model.offers.get(data.offer)
  if (!offer || offer.receiver !== by || !(data.exceptions ?? []).every(({ itemId }) => offer.items.includes(itemId))) return false
  return takenOver(offer, data).every((id) => !isKept(model, id, by, offer.into, offer.strays))
}

function mayWithdraw(model: Model, by: string, data: StatementData['HandoffWithdrawn']): boolean {
  const offer = model.offers.get(data.offer)
  return offer?.giver === by && !offer.departed
}

function mayAccept(model: Model, by: string, { contractId, items }: StatementData['CarriageAccepted']): boolean {
  if (model.contractOf.get(contractId) !== by) return false
  const carriers = model.route.filter((leg) => leg.contract === contractId).map((leg) => leg.carrier)
  return named(model, items).every((id) => {
    const item = itemOf(model, id)
    return !item.carriedUnder.has(contractId) && (carriers.includes(item.holder) || carriers.includes(item.for ?? ''))
  })
}

function mayDecide(model: Model, by: string, territory: string, data: StatementData['CustomsDecisionIssued']): boolean {
  if (!touches(model, territory)) return false
  const holds = (data.lifts ?? []).every((id) => model.holds.get(id)?.authority === by)
  return holds && (data.withdraws === undefined || (model.holds.get(data.withdraws)?.authority ?? model.otherDecisions.get(data.withdraws)) === by)
}

function mayCancel(model: Model, by: string): boolean {
  return by === model.issuer && model.runningContracts.size === 0 && [...model.items.values()].every((item) => item.holder === by && item.offered === undefined)
}

function decide(model: Model, by: string, eventId: string, data: StatementData['CustomsDecisionIssued'], participants: Participants): void {
  for (const lifted of data.lifts ?? []) {
    const hold = model.holds.get(lifted)
    for (const id of named(model, data.items)) hold?.on.delete(id)
    if (hold?.on.size === 0) model.holds.delete(lifted)
  }
  if (data.withdraws !== undefined && !model.holds.delete(data.withdraws)) model.otherDecisions.delete(data.withdraws)
  if (!['held', 'inspectionOrdered', 'refused'].includes(data.kind)) model.otherDecisions.set(eventId, by)
  else {
    model.holds.set(eventId, {
      authority: by, territory: participants[by]?.country ?? '', on: new Set(named(model, data.items)), permits: data.permittedMoves ?? [], doNotLoad: data.doNotLoad ?? false,
    })
  }
}

function pass(model: Model, id: string, to: string, into: Into, carrier: string | undefined): void {
  const item = itemOf(model, id)
  const next = movesFrom(model, item.where).find((move) => move.to === to && isSame(move.into, into))
  item.holder = to
  item.for = carrier
  if (next) item.where = next.then
}

function takenOver(offer: ModelOffer, { otherwise, exceptions = [] }: StatementData['HandoffAnswered']): readonly string[] {
  return offer.items.filter((id) => (exceptions.find(({ itemId }) => itemId === id)?.outcome ?? otherwise).startsWith('accepted'))
}

/** Stops at which an item can be handed on: where it lies, or every end of its carrier's legs from here on. */
function stopsWithin(model: Model, where: Whereabouts): readonly number[] {
  if (where === 'delivered') return []
  if ('at' in where) return [where.at]
  const ahead = model.route.slice(where.on - 1)
  const foreign = ahead.findIndex((leg) => leg.carrier !== ahead[0]?.carrier)
  return ahead.slice(0, foreign < 0 ? undefined : foreign).map((_, index) => where.on + index)
}

function endsWith(model: Model, contract: string, carrier: string): boolean {
  return model.route.filter((leg) => leg.contract === contract).at(-1)?.carrier === carrier
}

function isSame(a: Into, b: Into): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
}

function named(model: Model, items: 'all' | readonly string[]): readonly string[] {
  return items === 'all' ? [...model.items.keys()] : items
}

function tenderedIn(model: Model, items: TenderedItems): readonly string[] {
  return named(model, items === 'all' ? 'all' : items.map(({ id }) => id))
}

function itemOf(model: Model, id: string): ModelItem {
  const item = model.items.get(id)
  if (!item) throw new Error(`the model has no ${id}`)
  return item
}
