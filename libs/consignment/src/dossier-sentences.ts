import { meaningOf } from '#libs/documents'
import type { Reason } from './dossier-reasons.js'
import { unreachable } from './refusal.js'

/** A reason in words, for people: participants and places by their ids, as everywhere in what a node answers. */
export function sentenceOf(reason: Omit<Reason, 'since'>, items: readonly string[]): string {
  const [one] = items
  const isOne = items.length === 1
  const goods = isOne ? one : `${items.length} items`
  const where = reason.placeId === undefined ? '' : reason.code === 'onTheWay' ? `, last at ${reason.placeId},` : ` at ${reason.placeId}`
  return `${goods}${where} ${predicate(reason, isOne ? singular : plural)}`
}

const singular = { be: 'is', wait: 'waits', stand: 'stands', it: 'it' } as const
const plural = { be: 'are', wait: 'wait', stand: 'stand', it: 'them' } as const

function predicate(reason: Omit<Reason, 'since'>, { be, wait, stand, it }: typeof singular | typeof plural): string {
  const actors = orOf(reason.actionBy)
  const receivers = orOf(reason.to ?? [])
  switch (reason.code) {
    case 'cancelled': return `${be} of a cancelled consignment`
    case 'delivered': return `${be} delivered`
    case 'missing': return `${be} missing: ${actors} must find ${it}, hand ${it} over or say where ${it === 'it' ? 'it is' : 'they are'}`
    case 'held': return `${be} ${heldHow(reason)} ${reason.actionBy.join(' and ')}`
    case 'offered': return `${wait} for ${actors} to answer the offer of ${reason.by}`
    case 'documentsWanted': return `${wait} for documents that ${reason.by} wants from ${actors || 'a party it does not name'}`
    case 'carriageNotAccepted': return `${wait} for ${actors} to accept carriage under contract ${reason.contractId}`
    case 'waiting': return `${stand}, as ${reason.by} reported: ${meanings(reason)}; ${actors ? `${actors} must act` : 'nobody is to act'}`
    case 'noMeans': return `${wait} for ${actors} to name the ship of leg ${reason.legId}`
    case 'notLoaded': return `${wait} for ${actors} to load ${it} for ${receivers}`
    case 'notOffered': return reason.statement === 'HandoffVouched' ? `${wait} for ${actors} to vouch for the handoff from ${reason.by} to ${receivers}` : `${wait} for ${actors} to offer ${it} to ${receivers}`
    case 'notDeparted': return `${wait} for ${actors} to depart on leg ${reason.legId}`
    case 'onTheWay': return `${be} on the way on leg ${reason.legId}`
    default: return unreachable(reason.code)
  }
}

function heldHow({ kind, isInspected }: Pick<Reason, 'kind' | 'isInspected'>): string {
  if (kind === 'inspectionOrdered') return isInspected ? 'inspected, and not let go yet by' : 'to be inspected by'
  return kind === 'refused' ? 'refused by' : 'held by'
}

function meanings({ statusCode, reasonCode }: Pick<Reason, 'statusCode' | 'reasonCode'>): string {
  const words = [statusCode, reasonCode].map((code) => (code === undefined ? undefined : meaningOf('9013', code))).filter((text) => text !== undefined)
  return words.join('; ')
}

function orOf(parties: readonly string[]): string {
  return parties.join(' or ')
}
