import type { CustomsDecisionIssued } from '#libs/documents'
import type { ConsignmentEffect } from './effects.js'
import type { Ruling } from './judgement.js'
import { refuse, type Refusal } from './refusal.js'
import { standsByCountry } from './roles.js'
import { isOnRoute } from './route.js'
import { accepted, firstRefusal, idsOf, itemsNamed, refused, unknownParty, unknownPlace, type OnConsignment } from './rule.js'
import type { Consignment, Decision } from './state.js'

/** Customs decisions: territorial, each lifted or withdrawn only by its own authority, and never refused for where the goods are (tables 4.1, 4.2). */

/** Kinds that detain goods until they are lifted. */
const blockingKinds: readonly CustomsDecisionIssued['kind'][] = ['held', 'inspectionOrdered', 'refused']

export function judgeCustomsDecision(stated: OnConsignment<'CustomsDecisionIssued'>): Ruling {
  const { data, consignment, register, issuer, participant, eventId } = stated
  const territory = participant.territory ?? participant.country
  const found = itemsNamed(consignment, data.items, '/items')
  if ('refusal' in found) return found
  const refusal = firstRefusal(
    () => refusalOfTerritory(consignment, territory),
    () => unknownPlace(register, data.customsOfficePlaceId, '/customsOfficePlaceId'),
    () => refusalOfOffice(register, data.customsOfficePlaceId, territory),
    () => unknownPlace(register, data.destinationOfficePlaceId, '/destinationOfficePlaceId'),
    () => unknownParty(register, data.addressee, '/addressee'),
    () => refusalOfMoves(consignment, data, register),
    () => refusalOfReaders(data, register),
    () => refusalOfClosing(consignment, data, issuer, idsOf(found.items)),
  )
  if (refusal) return { refusal }
  const items = idsOf(found.items)
  return accepted(
    ...(data.lifts ?? []).map((decision): ConsignmentEffect => ({ effect: 'decisionClosed', decision, by: 'lifted', items: heldItems(consignment, decision).filter((item) => items.includes(item)) })),
    ...(data.withdraws === undefined ? [] : [{ effect: 'decisionClosed', decision: data.withdraws, by: 'withdrawn', items: heldItems(consignment, data.withdraws) } as const]),
    {
      effect: 'decision', decision: eventId, authority: issuer, territory, kind: data.kind, items, blocks: blockingKinds.includes(data.kind),
      permittedMoves: data.permittedMoves ?? [], doNotLoad: data.doNotLoad ?? false,
      ...(data.mrn !== undefined && { mrn: data.mrn }), ...(data.timeLimit !== undefined && { timeLimit: data.timeLimit }), ...(data.addressee !== undefined && { addressee: data.addressee }),
    },
    ...(data.particulars ? [{ effect: 'blocks', holder: issuer, blocks: data.particulars.blocks } as const] : []),
    ...(data.addressee !== undefined && !data.addressee.startsWith('outside:') ? [{ effect: 'drawnIn', participant: data.addressee } as const] : []),
  )
}

/** The other side of an act accepts or disputes it. */
export function judgeActAnswered({ data, consignment, issuer }: OnConsignment<'ActAnswered'>): Ruling {
  const act = Object.hasOwn(consignment.acts, data.act) ? consignment.acts[data.act] : undefined
  if (!act?.open) return refused('ACT_CLOSED', '/act', { act: data.act })
  if (!act.otherSide.includes(issuer)) return refused('NOT_OTHER_SIDE', '/act', { otherSide: act.otherSide.join(' ') })
  return accepted({ effect: 'actAnswered', act: data.act, answer: data.answer })
}

function refusalOfTerritory(consignment: Consignment, territory: string): Refusal | undefined {
  return consignment.territories.includes(territory) ? undefined : refuse('TERRITORY_NOT_ON_ROUTE', '', { territory })
}

function refusalOfOffice(register: OnConsignment<'CustomsDecisionIssued'>['register'], placeId: string, territory: string): Refusal | undefined {
  const office = register.places[placeId]?.customsTerritory
  return office === territory ? undefined : refuse('OFFICE_NOT_OWN', '/customsOfficePlaceId', { office: office ?? '', territory })
}

function refusalOfMoves(consignment: Consignment, data: CustomsDecisionIssued, register: OnConsignment<'CustomsDecisionIssued'>['register']): Refusal | undefined {
  for (const [index, move] of (data.permittedMoves ?? []).entries()) {
    const stranger = unknownParty(register, move.to, `/permittedMoves/${index}/to`)
    if (stranger) return stranger
    if (!isOnRoute(consignment, move.into)) return refuse('UNKNOWN_REFERENCE', `/permittedMoves/${index}/into`, { into: JSON.stringify(move.into) })
  }
  return undefined
}

function refusalOfReaders(data: CustomsDecisionIssued, register: OnConsignment<'CustomsDecisionIssued'>['register']): Refusal | undefined {
  for (const [index, block] of (data.particulars?.blocks ?? []).entries()) {
    const stranger = block.readers.find((reader) => unknownParty(register, reader, ''))
    if (stranger !== undefined) return refuse('UNKNOWN_REFERENCE', `/particulars/blocks/${index}/readers`, { participant: stranger })
    const layman = block.name === 'authority' ? block.readers.find((reader) => !standsByCountry(register.participants[reader] ?? { roles: [] })) : undefined
    if (layman !== undefined) return refuse('NOT_AUTHORITY', `/particulars/blocks/${index}/readers`, { participant: layman })
  }
  return undefined
}

function refusalOfClosing(consignment: Consignment, data: CustomsDecisionIssued, issuer: string, items: readonly string[]): Refusal | undefined {
  const named = [...(data.lifts ?? []).map((id, index) => ({ id, pointer: `/lifts/${index}`, needsHold: true })), ...(data.withdraws === undefined ? [] : [{ id: data.withdraws, pointer: '/withdraws', needsHold: false }])]
  for (const { id, pointer, needsHold } of named) {
    const decision = decisionOf(consignment, id)
    if (!decision?.open || (needsHold && !decision.hold)) return refuse('DECISION_CLOSED', pointer, { decision: id })
    if (decision.authority !== issuer) return refuse('DECISION_NOT_OWN', pointer, { decision: id, authority: decision.authority })
    if (needsHold && !decision.hold?.items.some((item) => items.includes(item))) return refuse('LIFTS_NOTHING', pointer, { decision: id })
  }
  return undefined
}

function decisionOf(consignment: Consignment, eventId: string): Decision | undefined {
  return Object.hasOwn(consignment.decisions, eventId) ? consignment.decisions[eventId] : undefined
}

function heldItems(consignment: Consignment, eventId: string): readonly string[] {
  return decisionOf(consignment, eventId)?.hold?.items ?? []
}
