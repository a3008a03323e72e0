import { type Dossier, type Reason } from '#libs/consignment'
import { meaningOf } from '#libs/documents'

type Told = Omit<Reason, 'since'>
type Leg = Dossier['note']['mainCarriageTransportMovement'][number]

/**
 * Why goods stand and who must act, for somebody who has never heard of the corridor: by names alone, legs by their ends, without a code, a contract or
 * the name of a statement. Nodes tell each other's people more shortly, by ids.
 * @param nameOf what a participant or place is called
 */
export function wordsFor({ note }: Pick<Dossier, 'note'>, nameOf: (id: string) => string): (reason: Told, items: readonly string[]) => string {
  const legs = new Map(note.mainCarriageTransportMovement.map((leg) => [leg.legId, leg]))
  const kinds = new Map(note.utilizedTransportEquipment.map(({ id, categoryCode }) => [id, categoryCode]))
  const named = (id: string) => nameOf(id).replace(/, (.+)$/, ' ($1)') // a sentence goes on behind a name: Turkmenbashi (seaport)
  const orOf = (ids: readonly string[] = []) => ids.map(named).join(' or ')
  return (reason, items) => {
    const { code, placeId, by, legId } = reason
    const way = wayOf(legId === undefined ? undefined : legs.get(legId), named)
    const where = placeId === undefined ? '' : code === 'onTheWay' ? `, last at ${named(placeId)},` : ` at ${named(placeId)}`
    const parties = { actors: orOf(reason.actionBy), authorities: reason.actionBy.map(named).join(' and '), receivers: orOf(reason.to), teller: by === undefined ? '' : named(by) }
    return `${goodsOf(items, kinds)}${where} ${predicate(reason, parties, way, items.length === 1 ? singular : plural)}`
  }
}

const singular = { be: 'is', have: 'has', wait: 'waits', stand: 'stands', belong: 'belongs', it: 'it', where: 'it is' } as const
const plural = { be: 'are', have: 'have', wait: 'wait', stand: 'stand', belong: 'belong', it: 'them', where: 'they are' } as const

interface Parties {
  readonly actors: string
  readonly authorities: string
  readonly receivers: string
  readonly teller: string
}

function predicate(reason: Told, { actors, authorities, receivers, teller }: Parties, way: string, { be, have, wait, stand, belong, it, where }: typeof singular | typeof plural): string {
  const { code } = reason
  switch (code) {
    case 'cancelled': return `${belong} to a consignment that was cancelled`
    case 'delivered': return `${have} been delivered`
    case 'missing': return `cannot be found: ${actors} must find ${it}, or say where ${where}`
    case 'held': return `${be} ${heldHow(reason, authorities, it)}`
    case 'offered': return `${wait} for ${actors} to take ${it} over from ${teller}`
    case 'documentsWanted': return `${wait} for documents that ${teller} ${actors ? `wants from ${actors}` : 'wants'}`
    case 'carriageNotAccepted': return `${wait} for ${actors} to confirm that it will carry ${it}`
    case 'waiting': return `${stand} still. ${teller} says why: ${why(reason)}. ${actors ? `${actors} must act` : 'Nobody has to do anything'}`
    case 'noMeans': return `${wait} for ${actors} to say which ship takes ${it}`
    case 'notLoaded': return `${wait} for ${actors} to load ${it} for ${receivers}`
    case 'notOffered': return reason.statement === 'HandoffVouched' ? `${wait} for ${actors} to confirm the handover from ${teller} to ${receivers}` : `${wait} for ${actors} to hand ${it} over to ${receivers}`
    case 'notDeparted': return `${wait} for ${actors} to set out${way}`
    case 'onTheWay': return `${be} on the way${way}`
  }
}

function heldHow({ kind, isInspected }: Told, authorities: string, it: string): string {
  if (kind === 'inspectionOrdered') return isInspected ? `inspected, and ${authorities} must still let ${it} go` : `to be inspected by ${authorities}`
  return kind === 'refused' ? `refused by ${authorities}` : `held by ${authorities}, who must let ${it} go`
}

const goodsWords: Readonly<Record<string, readonly [one: string, many: string]>> = { CN: ['Container', 'containers'], RR: ['Wagon', 'wagons'], TE: ['Trailer', 'trailers'] }

function goodsOf(items: readonly string[], kinds: ReadonlyMap<string, string>): string {
  const found = new Set(items.map((id) => kinds.get(id)))
  const [kind] = found.size === 1 ? found : []
  const [one, many] = (kind === undefined ? undefined : goodsWords[kind]) ?? ['Item', 'items']
  return items.length === 1 ? `${one} ${items[0]}` : `${items.length} ${many}`
}

/** UNTDID 8067. */
const modeWords: Readonly<Record<string, string>> = { 1: ' by ship', 2: ' by train', 3: ' by lorry', 8: ' by ship' }

function wayOf(leg: Leg | undefined, named: (id: string) => string): string {
  return leg === undefined ? '' : `${modeWords[leg.modeCode] ?? ''} from ${named(leg.departureLocation)} to ${named(leg.arrivalLocation)}`
}

/** UNTDID 9013, what is reported of goods that stand. */
const waitWords: Readonly<Record<string, string>> = {
  25: 'the departure is delayed', 57: 'the goods were not loaded', 62: 'the goods were unloaded where they were not expected', 86: 'the goods were left behind',
  90: 'the transport has been stopped', 101: 'the transport is delayed', 182: 'the weather', 184: 'the authorities have to act first', 186: 'leave to enter has not come yet',
  187: 'the authorities have stopped the goods', 189: 'there is no free place or berth yet', 193: 'equipment is awaited', 194: 'another ship or train is awaited',
  206: 'the ship or train that was to take the goods had left', 222: 'there was a derailment', 236: 'instructions are awaited', 239: 'there was a breakdown',
  250: 'the transport has not been paid yet', 255: 'the wagons were put on a siding', 302: 'the goods were carried past the place where they should have come off',
  315: 'whoever arranges the transport keeps the goods', 326: 'another party keeps the goods by order',
}

function why({ statusCode, reasonCode }: Told): string {
  return [statusCode, reasonCode].filter((code) => code !== undefined).map((code) => waitWords[code] ?? (meaningOf('9013', code) ?? code).toLowerCase()).join('; ')
}
