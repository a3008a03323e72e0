import type { Into } from '#libs/consignment'
import type { StatementData } from '#libs/documents'
import type { Draft } from './draft.js'
import {
  endsWith, isKept, isSame, itemOf, movesFrom, named, tenderedIn, touches, type Model, type ModelOffer, type ModelParticipant, type Participants,
} from './model.js'

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
    case 'CustomsDecisionIssued': return who.kind === 'customs' && !model.cancelled &&
      mayDecide(model, by, who.country, data as StatementData['CustomsDecisionIssued'])
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
      model.offers.set(eventId, { giver: by, receiver: offer.to, items, into: offer.into, for: offer.takesOverFor, departed: false })
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

function isParty(model: Model, id: string, { kind, country }: ModelParticipant): boolean {
  return model.parties.has(id) || (kind === 'customs' && touches(model, country))
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
    const isNext = leadsOn(model, where, to, into)
    return (isNext || strays) && !isKept(model, id, to, into, !isNext)
  })
}

function leadsOn(model: Model, where: Parameters<typeof movesFrom>[1], to: string, into: Into): boolean {
  return movesFrom(model, where).some((move) => move.to === to && isSame(move.into, into))
}

function mayAnswer(model: Model, by: string, data: StatementData['HandoffAnswered']): boolean {
  const offer = model.offers.get(data.offer)
  if (!offer || offer.receiver !== by || !(data.exceptions ?? []).every(({ itemId }) => offer.items.includes(itemId))) return false
  return takenOver(offer, data).every((id) => !isKept(model, id, by, offer.into, !leadsOn(model, itemOf(model, id).where, by, offer.into)))
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
  if (!touches(model, territory) || !data.customsOfficePlaceId.startsWith(`${territory.toLowerCase()}-`)) return false
  const holds = (data.lifts ?? []).every((id) => model.holds.get(id)?.authority === by && named(model, data.items).some((item) => model.holds.get(id)?.on.has(item)))
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
      authority: by, territory: participants[by]?.country ?? '', on: new Set(named(model, data.items)), permits: data.permittedMoves ?? [],
      doNotLoad: data.doNotLoad ?? false,
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
