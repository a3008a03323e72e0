import type { Into } from '#libs/consignment'
import type { ConsignmentNote, TenderedItems } from '#libs/documents'

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

export interface ModelItem {
  holder: string
  where: Whereabouts
  for: string | undefined
  offered: string | undefined
  readonly carriedUnder: Set<string>
}

export interface ModelOffer {
  readonly giver: string
  readonly receiver: string
  readonly items: readonly string[]
  readonly into: Into
  readonly for: string | undefined
  departed: boolean
}

export interface ModelHold {
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
    items: new Map(note.utilizedTransportEquipment.map(({ id }) =>
      [id, { holder: issuer, where: { at: 0 }, for: undefined, offered: undefined, carriedUnder: new Set() }])),
    offers: new Map(), holds: new Map(), otherDecisions: new Map(), runningContracts: new Set(), cancelled: false,
  }
}

/** All moves the route offers from where an item is: to whom, into what, and where it is then. */
export function movesFrom(model: Model, where: Whereabouts): readonly { readonly to: string; readonly into: Into; readonly then: Whereabouts }[] {
  return stopsWithin(model, where).flatMap((stop) => {
    const next = model.route[stop]
    return [
      ...(next ? [{ to: next.carrier, into: { kind: 'leg', legId: next.legId } as const, then: { on: stop + 1 } }] : []),
      ...[...(model.route[stop - 1]?.terminalsAfter ?? []), ...(next?.terminalsBefore ?? [])]
        .map((to) => ({ to, into: { kind: 'stop', stop } as const, then: { at: stop } })),
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

/** Whether the route touches a country, which is its customs' territory. */
export function touches({ route }: Model, country: string): boolean {
  return route.some((leg) => leg.from === country || leg.to === country)
}

/** Stops at which an item can be handed on: where it lies, or every end of its carrier's legs from here on. */
function stopsWithin(model: Model, where: Whereabouts): readonly number[] {
  if (where === 'delivered') return []
  if ('at' in where) return [where.at]
  const ahead = model.route.slice(where.on - 1)
  const foreign = ahead.findIndex((leg) => leg.carrier !== ahead[0]?.carrier)
  return ahead.slice(0, foreign < 0 ? undefined : foreign).map((_, index) => where.on + index)
}

export function endsWith(model: Model, contract: string, carrier: string): boolean {
  return model.route.filter((leg) => leg.contract === contract).at(-1)?.carrier === carrier
}

export function isSame(a: Into, b: Into): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())
}

export function named(model: Model, items: 'all' | readonly string[]): readonly string[] {
  return items === 'all' ? [...model.items.keys()] : items
}

export function tenderedIn(model: Model, items: TenderedItems): readonly string[] {
  return named(model, items === 'all' ? 'all' : items.map(({ id }) => id))
}

export function itemOf(model: Model, id: string): ModelItem {
  const item = model.items.get(id)
  if (!item) throw new Error(`the model has no ${id}`)
  return item
}
