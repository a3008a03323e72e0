import type { ConsignmentNote, Reservation, Seal, TransferList } from '#libs/documents'
import type { ConsignmentEffect, Effect, Figures, SealChange } from './effects.js'
import { partiesOf } from './evolve.js'
import type { Consignment, Into } from './state.js'

/** What a person wants to know of a consignment: the view, folded from the same effects as the state. Nothing here is ever judged. */
export interface Dossier {
  readonly subject: string
  readonly status: 'open' | 'delivered' | 'cancelled'
  readonly issuer: string
  readonly version: { readonly number: number; readonly hash: string }
  readonly note: ConsignmentNote
  /** Participants who may see it, customs apart, who see it by the countries of the route. */
  readonly parties: readonly string[]
  readonly items: readonly DossierItem[]
  readonly contracts: readonly DossierContract[]
  readonly means: readonly { readonly legId: string; readonly typeCode: string; readonly id: string; readonly journeyId: string; readonly items: number; readonly event: string }[]
  readonly offers: readonly DossierOffer[]
  readonly decisions: readonly DossierDecision[]
  readonly declarations: readonly { readonly event: string; readonly country: string; readonly procedureTypeCode: string; readonly references: readonly { readonly code: string; readonly id: string }[]; readonly items: number }[]
  readonly acts: readonly { readonly act: string; readonly actTypeCode: string; readonly number: string; readonly drawnBy: string; readonly items: readonly string[]; readonly answer?: string }[]
  readonly remarks: readonly { readonly event: string; readonly code: string; readonly items: readonly string[] }[]
  /** Reported facts that contradict a hold. */
  readonly breaches: readonly { readonly event: string; readonly inBreachOf: readonly string[]; readonly items: readonly string[] }[]
  readonly corrections: readonly { readonly event: string; readonly corrects: string }[]
  readonly transferLists: readonly string[]
  readonly opened: { readonly event: string; readonly offset: number; readonly occurredAt: string }
  readonly lastOffset: number
}

export interface DossierItem {
  readonly id: string
  readonly holder: string
  readonly stage: number
  readonly custodyEvent: string
  readonly heldFor?: string
  readonly liable?: string
  readonly offer?: string
  readonly lastOutcome?: string
  readonly carriedBy?: string
  /** Every unit that ever carried it, oldest first. */
  readonly carriedByHistory: readonly string[]
  readonly contracts: readonly string[]
  readonly seals: readonly Seal[]
  readonly holds: readonly { readonly decision: string; readonly authority: string; readonly kind: string }[]
  readonly reservations: readonly (Reservation & { readonly event: string })[]
  readonly figures: Omit<Figures, 'item'>
  readonly position?: Position
}

export interface Position {
  readonly event: string
  readonly statusCode: string
  readonly placeId: string
  readonly kind: 'planned' | 'estimated' | 'actual'
  readonly at: string
  readonly means?: string
  readonly journeyId?: string
  readonly reasonCode?: string
  readonly actionBy?: string
}

export interface DossierContract {
  readonly contractId: string
  readonly regime: string
  readonly carrier: string
  readonly agreedBy: readonly string[]
  readonly accepted: readonly { readonly event: string; readonly carrierAssignedId: string; readonly acceptedAt: string; readonly placeId: string; readonly items: number }[]
  readonly delivered: number
}

export interface DossierOffer {
  readonly offer: string
  readonly from: string
  /** Whose signature it waits for. */
  readonly to: string
  readonly into: Into
  readonly items: readonly string[]
  readonly placeId: string
  readonly transferList?: TransferList
}

export interface DossierDecision {
  readonly decision: string
  readonly authority: string
  readonly kind: string
  readonly items: number
  readonly open: boolean
  readonly mrn?: string
  readonly timeLimit?: string
  readonly addressee?: string
}

/** The entry an effect comes from. */
export interface Source {
  readonly event: string
  readonly subject: string
  readonly offset: number
  readonly occurredAt: string
}

/** The dossier after one accepted statement; undefined for a statement that is not about a consignment. Items and parties follow the judged state. */
export function evolveDossier(before: Dossier | undefined, effects: readonly Effect[], source: Source, state: Consignment | undefined): Dossier | undefined {
  if (!state) return before
  let dossier = before
  const corrects = effects.find((effect) => effect.effect === 'correction')?.corrects
  for (const effect of effects) dossier = applied(dossier, effect as ConsignmentEffect, source, corrects) // a statement on a consignment has effects on it only
  return dossier && { ...dossier, parties: partiesOf(state), lastOffset: source.offset, status: statusOf(dossier, state) }
}

function applied(dossier: Dossier | undefined, effect: ConsignmentEffect, source: Source, corrects: string | undefined): Dossier | undefined {
  if (effect.effect === 'version') return withVersion(dossier, effect, source)
  if (!dossier) return dossier
  const { event } = source
  switch (effect.effect) {
    case 'closed': return { ...dossier, status: 'cancelled' }
    case 'custody': return withItems(dossier, effect.items, ({ heldFor: _before, lastOutcome: _outcome, ...item }) => ({
      ...item, holder: effect.holder, stage: effect.stage, custodyEvent: event, ...(effect.heldFor !== undefined && { heldFor: effect.heldFor }),
    }))
    case 'liability': return withItems(dossier, effect.items, (item) => ({ ...item, liable: effect.liable }))
    case 'offer': return withItems({
      ...dossier,
      offers: [...dossier.offers, { offer: effect.offer, from: effect.from, to: effect.to, into: effect.into, items: effect.items, placeId: effect.placeId, ...(effect.transferList && { transferList: effect.transferList }) }],
      transferLists: effect.transferList ? unique([...dossier.transferLists, effect.transferList.number]) : dossier.transferLists,
    }, effect.items, (item) => ({ ...item, offer: effect.offer }))
    case 'offerClosed': {
      const items = dossier.offers.find(({ offer }) => offer === effect.offer)?.items ?? []
      return withItems({ ...dossier, offers: dossier.offers.filter(({ offer }) => offer !== effect.offer) }, items, ({ offer: _offer, ...item }) => item)
    }
    case 'outcome': return withItems(dossier, effect.items, (item) => ({ ...item, lastOutcome: effect.outcome }))
    case 'reservation': return withItems(dossier, effect.items, (item) => ({ ...item, reservations: [...item.reservations, ...effect.reservations.map((one) => ({ ...one, event }))] }))
    case 'agreed': return withContract(dossier, effect.contractId, (contract) => ({ ...contract, agreedBy: unique([...contract.agreedBy, effect.carrier]) }))
    case 'contract': return withItems(withContract(dossier, effect.contractId, (contract) => ({
      ...contract, accepted: [...contract.accepted, { event, carrierAssignedId: effect.carrierAssignedId, acceptedAt: effect.acceptedAt, placeId: effect.placeId, items: effect.items.length }],
    })), effect.items, (item) => ({ ...item, contracts: [...item.contracts, effect.contractId] }))
    case 'contractDelivered': return withContract(dossier, effect.contractId, (contract) => ({ ...contract, delivered: contract.delivered + effect.items.length }))
    case 'means': return { ...dossier, means: [...dossier.means, { legId: effect.legId, typeCode: effect.typeCode, id: effect.id, journeyId: effect.journeyId, items: effect.items.length, event }] }
    case 'carriedBy': return withLoads(dossier, effect.loads)
    case 'figures': {
      const figures = new Map(effect.figures.map(({ item, ...rest }) => [item, rest]))
      return withItems(dossier, [...figures.keys()], (item) => ({ ...item, figures: { ...item.figures, ...figures.get(item.id) } }))
    }
    case 'seals': return withItems(dossier, effect.changes.map(({ item }) => item), (item) => ({ ...item, seals: effect.changes.filter((change) => change.item === item.id).reduce(withSeal, item.seals) }))
    case 'position': {
      const { effect: _effect, items, ...position } = effect
      return withItems(dossier, items, (item) => ({ ...item, ...positionAfter(item.position, { event, ...position }, corrects) }))
    }
    case 'breach': return { ...dossier, breaches: [...dossier.breaches, { event, inBreachOf: effect.inBreachOf, items: effect.items }] }
    case 'declaration': return { ...dossier, declarations: [...dossier.declarations, { event, country: effect.country, procedureTypeCode: effect.procedureTypeCode, references: effect.references, items: effect.items.length }] }
    case 'decision': return withDecision(dossier, effect)
    case 'decisionClosed': return withoutHold(dossier, effect)
    case 'remark': return { ...dossier, remarks: [...dossier.remarks, { event, code: effect.code, items: effect.items }] }
    case 'act': return { ...dossier, acts: [...dossier.acts, { act: effect.act, actTypeCode: effect.actTypeCode, number: effect.number, drawnBy: effect.drawnBy, items: effect.items }] }
    case 'actAnswered': return { ...dossier, acts: dossier.acts.map((act) => (act.act === effect.act ? { ...act, answer: effect.answer } : act)) }
    case 'correction': return { ...dossier, corrections: [...dossier.corrections, { event, corrects: effect.corrects }] }
    case 'drawnIn': case 'departed': case 'blocks': case 'grant': return dossier
  }
}

function withVersion(before: Dossier | undefined, { issuer, hash, note }: Extract<ConsignmentEffect, { effect: 'version' }>, { event, subject, offset, occurredAt }: Source): Dossier {
  const known = new Map(before?.items.map((item) => [item.id, item]))
  const equipment = note.utilizedTransportEquipment.length > 0 ? note.utilizedTransportEquipment : (note.itemAllocations ?? []).map(({ itemId: id, ...rest }) => ({ id, ...rest }))
  const items = equipment.map((one): DossierItem => known.get(one.id) ?? {
    id: one.id, holder: issuer, stage: 0, custodyEvent: event, carriedByHistory: [], contracts: [], holds: [], reservations: [],
    seals: 'affixedSeal' in one ? (one.affixedSeal ?? []) : [],
    figures: { ...(one.packageQuantity !== undefined && { packageQuantity: one.packageQuantity }), ...(one.grossMassKg !== undefined && { grossMassKg: one.grossMassKg }) },
  })
  const kept = before ?? {
    subject, status: 'open' as const, issuer, parties: [], means: [], offers: [], decisions: [], declarations: [], acts: [], remarks: [], breaches: [], corrections: [], transferLists: [],
    opened: { event, offset, occurredAt }, lastOffset: offset,
  }
  const contracts = note.transportContracts.map(({ contractId, regime, contractualCarrier: carrier }) => (
    before?.contracts.find((contract) => contract.contractId === contractId && contract.carrier === carrier) ?? { contractId, regime, carrier, agreedBy: [], accepted: [], delivered: 0 }))
  return { ...kept, version: { number: note.noteVersion, hash }, note, items, contracts }
}

function withItems(dossier: Dossier, ids: readonly string[], change: (item: DossierItem) => DossierItem): Dossier {
  const named = new Set(ids)
  return { ...dossier, items: dossier.items.map((item) => (named.has(item.id) ? change(item) : item)) }
}

function withContract(dossier: Dossier, contractId: string, change: (contract: DossierContract) => DossierContract): Dossier {
  return { ...dossier, contracts: dossier.contracts.map((contract) => (contract.contractId === contractId ? change(contract) : contract)) }
}

function withLoads(dossier: Dossier, loads: readonly { readonly item: string; readonly unit: string | null }[]): Dossier {
  const unitOf = new Map(loads.map(({ item, unit }) => [item, unit]))
  return withItems(dossier, [...unitOf.keys()], ({ carriedBy: _before, ...item }) => {
    const unit = unitOf.get(item.id)
    return typeof unit === 'string' ? { ...item, carriedBy: unit, carriedByHistory: unique([...item.carriedByHistory, unit]) } : item
  })
}

/** A seal found again only changes its condition; one replaced or removed by an authority is gone. The history stands in the events. */
function withSeal(seals: readonly Seal[], { act, oldSealId, seal }: SealChange): readonly Seal[] {
  const left = seals.filter(({ id }) => id !== oldSealId || act === 'affixed' || act === 'addedOver')
  return seal && act !== 'removedByAuthority' ? [...left.filter(({ id }) => id !== seal.id), seal] : left
}

/** The latest stated time wins, so a report that arrives late does not move the goods back; a correction replaces the report it names. */
function positionAfter(before: Position | undefined, now: Position, corrects: string | undefined): { readonly position?: Position } {
  if (before && before.event !== corrects && (now.kind !== 'actual' || before.at > now.at)) return { position: before }
  return now.kind === 'actual' || !before ? { position: now } : { position: before }
}

function withDecision(dossier: Dossier, effect: Extract<ConsignmentEffect, { effect: 'decision' }>): Dossier {
  const { decision, authority, kind, mrn, timeLimit, addressee } = effect
  const row: DossierDecision = {
    decision, authority, kind, items: effect.items.length, open: true,
    ...(mrn !== undefined && { mrn }), ...(timeLimit !== undefined && { timeLimit }), ...(addressee !== undefined && { addressee }),
  }
  return withItems({ ...dossier, decisions: [...dossier.decisions, row] }, effect.blocks ? effect.items : [], (item) => ({ ...item, holds: [...item.holds, { decision, authority, kind }] }))
}

function withoutHold(dossier: Dossier, { decision, by, items }: Extract<ConsignmentEffect, { effect: 'decisionClosed' }>): Dossier {
  const lifted = withItems(dossier, items, (item) => ({ ...item, holds: item.holds.filter((hold) => hold.decision !== decision) }))
  const stillHolds = by === 'lifted' && lifted.items.some((item) => item.holds.some((hold) => hold.decision === decision))
  return { ...lifted, decisions: lifted.decisions.map((row) => (row.decision === decision ? { ...row, open: stillHolds } : row)) }
}

function statusOf(dossier: Dossier, state: Consignment): Dossier['status'] {
  if (state.closed) return 'cancelled'
  return dossier.items.every((item) => item.stage > 2 * dossier.note.mainCarriageTransportMovement.length) ? 'delivered' : 'open'
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
