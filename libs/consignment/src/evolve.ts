import type { BlockReference } from '#libs/documents'
import type { ConsignmentEffect, Effect, Figures } from './effects.js'
import { withChanged } from './named-items.js'
import { itemIdsOf, legsOf } from './note.js'
import { evolveRegister } from './register.js'
import { unreachable } from './refusal.js'
import { shapedItem } from './shapes.js'
import type { Consignment, Decision, Item, SubjectState } from './state.js'

/** State after an effect. Total: nothing is refused here. Effects that no rule reads (positions, seals, reservations …) leave the state as it is. */
export function evolve(state: SubjectState, effect: Effect): SubjectState {
  switch (effect.effect) {
    case 'founded': case 'participant': case 'suspended': case 'place': case 'key': case 'keyRetired': case 'keyCompromised': case 'rules': case 'epochClosed': {
      const register = evolveRegister(state.register, effect)
      return register === state.register || !register ? state : { ...state, register }
    }
    case 'version': return { ...state, consignment: withVersion(state.consignment, effect) }
    default: {
      if (!state.consignment) return state
      const consignment = evolveConsignment(state.consignment, effect)
      return consignment === state.consignment ? state : { ...state, consignment }
    }
  }
}

type Later = Exclude<ConsignmentEffect, { readonly effect: 'version' }>

function evolveConsignment(consignment: Consignment, effect: Later): Consignment {
  switch (effect.effect) {
    case 'closed': return { ...consignment, legs: [], contracts: [], items: [], offers: {}, decisions: {}, acts: {}, blocks: {}, drawnIn: partiesOf(consignment), closed: true }
    case 'drawnIn': return withParty(consignment, effect.participant)
    case 'custody': return withItems(consignment, effect.items, (item) => ({
      ...item, heldFor: effect.heldFor, holder: effect.holder, stage: effect.stage, takenFrom: effect.holder === item.holder ? item.takenFrom : item.holder,
    }))
    case 'offer': {
      const { effect: _effect, offer, placeId: _placeId, transferList: _list, deviates: _deviates, ...open } = effect
      return withItems({ ...consignment, offers: { ...consignment.offers, [offer]: open } }, effect.items, (item) => ({ ...item, offer }))
    }
    case 'offerClosed': {
      const { [effect.offer]: closed, ...offers } = consignment.offers
      return withItems({ ...consignment, offers }, closed?.items ?? [], (item) => ({ ...item, offer: undefined }))
    }
    case 'departed': {
      const offer = consignment.offers[effect.offer]
      return offer ? { ...consignment, offers: { ...consignment.offers, [effect.offer]: { ...offer, departed: true } } } : consignment
    }
    case 'contract': return withItems(
      { ...consignment, contracts: consignment.contracts.map((contract) => (contract.contractId === effect.contractId ? { ...contract, accepted: true } : contract)) },
      effect.items, (item) => ({ ...item, contracts: [...item.contracts, effect.contractId] }),
    )
    case 'figures': return withItems(consignment, effect.figures.map((figure) => figure.item), (item) => withReported(item, effect.figures))
    case 'decision': return withDecision(consignment, effect.decision, {
      authority: effect.authority, kind: effect.kind, open: true,
      ...(effect.blocks && { hold: { territory: effect.territory, items: effect.items, permittedMoves: effect.permittedMoves, doNotLoad: effect.doNotLoad } }),
    })
    case 'decisionClosed': return closeDecision(consignment, effect)
    case 'act': return { ...consignment, acts: { ...consignment.acts, [effect.act]: { otherSide: effect.otherSide, open: true } } }
    case 'actAnswered': {
      const act = consignment.acts[effect.act]
      return act ? { ...consignment, acts: { ...consignment.acts, [effect.act]: { ...act, open: false } } } : consignment
    }
    case 'blocks': return { ...consignment, blocks: withBlocks(consignment.blocks, effect.holder, effect.blocks) }
    case 'grant': {
      const readers = [...new Set([...(consignment.blocks[effect.digest] ?? []), effect.reader])].sort()
      return withParty({ ...consignment, blocks: { ...consignment.blocks, [effect.digest]: readers } }, effect.reader)
    }
    case 'liability': case 'outcome': case 'reservation': case 'agreed': case 'contractDelivered': case 'means': case 'carriedBy': case 'seals': case 'position':
    case 'breach': case 'declaration': case 'remark': case 'correction':
      return consignment
    default: return unreachable(effect)
  }
}

function withVersion(before: Consignment | undefined, { issuer, hash, note, territories }: Extract<ConsignmentEffect, { effect: 'version' }>): Consignment {
  const known = new Map(before?.items.map((item) => [item.id, item]))
  const lacks = lacksOf(note)
  return {
    issuer,
    version: { number: note.noteVersion, hash },
    legs: legsOf(note, territories),
    contracts: note.transportContracts.map(({ contractId, contractualCarrier: carrier }) => ({ contractId, carrier, accepted: false })),
    consigneeSide: note.consigneeSide,
    countries: [...note.countriesOnRoute].sort(),
    territories: [...new Set(Object.values(territories))].sort(),
    items: itemIdsOf(note).map((id) => ({ ...(known.get(id) ?? shapedItem({ id, holder: issuer, stage: 0, contracts: [], reported: [], lacks: [] })), lacks: lacks.get(id) ?? [] })),
    offers: before?.offers ?? {},
    decisions: before?.decisions ?? {},
    acts: before?.acts ?? {},
    blocks: withBlocks(before?.blocks ?? {}, issuer, note.particulars.blocks),
    drawnIn: before?.drawnIn ?? [],
  }
}

/** What tables 3.2 asks for before carriage is accepted: size and type of a container, packages and mass of anything not empty. */
function lacksOf(note: Extract<ConsignmentEffect, { effect: 'version' }>['note']): ReadonlyMap<string, readonly string[]> {
  return new Map(note.utilizedTransportEquipment.map((one) => [one.id, [
    ...(one.categoryCode === 'CN' && one.characteristicCode === undefined ? ['characteristicCode'] : []),
    ...(one.fullness !== '4' && one.packageQuantity === undefined ? ['packageQuantity'] : []),
    ...(one.fullness !== '4' && one.grossMassKg === undefined ? ['grossMassKg'] : []),
  ]]))
}

/** What was found out about an item stays known when the note is amended, which never says it (tables 3.4). */
function withReported(item: Item, figures: readonly Figures[]): Item {
  const reported = figures.filter((figure) => figure.item === item.id).flatMap(({ item: _item, verifiedGrossMassKg: _mass, ...figure }) => Object.keys(figure))
  return { ...item, reported: [...new Set([...item.reported, ...reported])].sort() }
}

/**
 * Blocks of older versions and of decisions stay known: their readers may still ask for them. Everybody sees a digest, so naming a known one again
 * adds readers only when somebody who has the block does it.
 */
function withBlocks(known: Consignment['blocks'], holder: string, blocks: readonly BlockReference[]): Consignment['blocks'] {
  const readersOf = new Map(Object.entries(known))
  for (const { digest, readers } of blocks) {
    const before = readersOf.get(digest) ?? [holder]
    if (before.includes(holder)) readersOf.set(digest, [...new Set([...before, ...readers])].sort())
  }
  return Object.fromEntries(readersOf)
}

function withItems(consignment: Consignment, ids: readonly string[], change: (item: Item) => Item): Consignment {
  return { ...consignment, items: withChanged(consignment.items, ids, change) }
}

function withDecision(consignment: Consignment, eventId: string, decision: Decision): Consignment {
  return { ...consignment, decisions: { ...consignment.decisions, [eventId]: decision } }
}

/** Lifting part of a hold leaves it on the rest; a decision with nothing left in its hands is closed. */
function closeDecision(consignment: Consignment, effect: Extract<ConsignmentEffect, { effect: 'decisionClosed' }>): Consignment {
  const decision = consignment.decisions[effect.decision]
  if (!decision) return consignment
  const left = (decision.hold?.items ?? []).filter((item) => !effect.items.includes(item))
  if (effect.by === 'lifted' && decision.hold && left.length > 0) return withDecision(consignment, effect.decision, { ...decision, hold: { ...decision.hold, items: left } })
  return withDecision(consignment, effect.decision, { authority: decision.authority, kind: decision.kind, open: false })
}

function withParty(consignment: Consignment, participant: string): Consignment {
  return consignment.drawnIn.includes(participant) ? consignment : { ...consignment, drawnIn: [...consignment.drawnIn, participant].sort() }
}

const parties = new WeakMap<Consignment['legs'], Pick<Consignment, 'contracts' | 'drawnIn'> & { readonly all: readonly string[] }>()

/**
 * Everybody on the route by the note itself; customs are added by the countries on the route. Asked for every statement, while most change nothing of
 * it: remembered with what it is read from; issuer, consignee's side and legs come with a version.
 */
export function partiesOf({ issuer, consigneeSide, contracts, legs, drawnIn }: Consignment): readonly string[] {
  const known = parties.get(legs)
  if (known && known.contracts === contracts && known.drawnIn === drawnIn) return known.all
  const all = [...new Set([
    issuer, consigneeSide,
    ...contracts.map((contract) => contract.carrier),
    ...legs.flatMap((leg) => [leg.carrier, ...leg.departureHandlers, ...leg.arrivalHandlers]),
    ...drawnIn,
  ])].sort()
  parties.set(legs, { contracts, drawnIn, all })
  return all
}
