import type { Seal } from '#libs/documents'
import { withBlocks, withGrant } from './dossier-blocks.js'
import { withDecision, withDecisionClosed, withDeclaration } from './dossier-customs.js'
import { handoffIn, withCustody, withOffer, withOutcome, withSurplus, withoutOffer, withoutSurplus, type Handoff } from './dossier-handoffs.js'
import { withNamed } from './dossier-named.js'
import { withVersion } from './dossier-note.js'
import { reportedBy } from './dossier-places.js'
import { withDrawnIn } from './dossier-seers.js'
import { dataOf, originOf, sinceOf, statedOf, unique, withItems, type Dossier, type DossierAct, type DossierContract, type DossierItem, type DossierMeans, type Position, type Source } from './dossier.js'
import type { ConsignmentEffect, Effect, SealChange } from './effects.js'
import { Drafts } from './drafts.js'
import { partiesOf } from './evolve.js'
import { unreachable } from './refusal.js'
import type { Consignment } from './state.js'

/** An accepted statement on a consignment, with its effects. */
export interface Told extends Source {
  readonly effects: readonly Effect[]
}

/**
 * The dossier after some more accepted statements, in the order of the log; undefined where they are not about a consignment. Items and parties follow the
 * judged state, which is the one after the last of them. Of a correction only that it was made: its right data take the place of the wrong ones when the
 * dossier is folded anew (`foldDossier`).
 * @param drafts of who goes on folding what this answers, and shows it to nobody before
 */
export function evolveDossier(before: Dossier | undefined, told: readonly Told[], state: Consignment | undefined, drafts = new Drafts()): Dossier | undefined {
  const last = told.at(-1)
  if (!state || !last) return before
  let dossier = before
  let named = before?.named
  for (const one of told) {
    const own = (one.type === 'CorrectionFiled' ? one.effects.filter(({ effect }) => effect === 'correction') : one.effects) as readonly ConsignmentEffect[] // it is on a consignment
    const handoff = handoffIn(dossier, one)
    for (const effect of own) dossier = applied(dossier, effect, one, handoff, drafts)
    named = withNamed(named, own, one)
  }
  return dossier && { ...dossier, ...(named && { named }), parties: partiesOf(state), lastOffset: last.offset, status: statusOf(dossier, state) }
}

function applied(dossier: Dossier | undefined, effect: ConsignmentEffect, source: Source, handoff: Handoff | undefined, drafts: Drafts): Dossier | undefined {
  if (effect.effect === 'version') return withVersion(dossier, effect, source)
  if (!dossier) return dossier
  const { event } = source
  switch (effect.effect) {
    case 'closed': return { ...dossier, status: 'cancelled', cancelled: sinceOf(source) }
    case 'custody': return withCustody(dossier, effect, source, handoff, drafts)
    case 'liability': return withItems(dossier, effect.items, drafts, (_, draft) => {
      draft().liable = effect.liable
    })
    case 'offer': return withOffer(dossier, effect, source, drafts)
    case 'offerClosed': return withSurplus(withoutOffer(dossier, effect, drafts), source)
    case 'outcome': return withOutcome(dossier, effect, source, handoff, drafts)
    case 'reservation': {
      const reservations = effect.reservations.map((one) => ({ ...one, ...originOf(source) }))
      return withItems(dossier, effect.items, drafts, (item, draft) => {
        draft().reservations = [...item.reservations, ...reservations]
      })
    }
    case 'agreed': return withContract(dossier, effect.contractId, (contract) => ({ ...contract, agreedBy: unique([...contract.agreedBy, effect.carrier]) }))
    case 'contract': {
      const { contractId, carrierAssignedId, acceptedAt, placeId, items } = effect
      const accepted = { event, carrierAssignedId, acceptedAt, placeId, items: items.length }
      const running = withContract(dossier, contractId, (contract) => ({ ...contract, accepted: [...contract.accepted, accepted] }))
      const and = adding(contractId)
      return withItems(running, items, drafts, (item, draft) => {
        draft().contracts = and(item.contracts)
      })
    }
    case 'contractDelivered': {
      const { contractId, items } = effect
      return withContract(dossier, contractId, (contract) => ({ ...contract, delivered: contract.delivered + items.length }))
    }
    case 'means':
      return { ...dossier, means: [...dossier.means, meansOf(effect, source)] }
    case 'carriedBy': return withLoads(dossier, effect.loads, drafts)
    case 'figures': {
      const figures = new Map(effect.figures.map(({ item, ...rest }) => [item, rest]))
      return withItems(dossier, [...figures.keys()], drafts, (item, draft) => {
        draft().figures = { ...item.figures, ...figures.get(item.id) }
      })
    }
    case 'seals': {
      const { changes } = effect
      const sealsOf = ({ id, seals }: DossierItem) => changes.filter((change) => change.item === id).reduce(withSeal, seals)
      return withItems(dossier, changes.map(({ item }) => item), drafts, (item, draft) => {
        draft().seals = sealsOf(item)
      })
    }
    case 'position': return withItems(dossier, effect.items, drafts, reportedBy(positionOf(effect, source)))
    case 'breach': return { ...dossier, breaches: [...dossier.breaches, { ...originOf(source), inBreachOf: effect.inBreachOf, items: effect.items }] }
    case 'declaration': return withDeclaration(dossier, effect, source)
    case 'decision': return withDecision(dossier, effect, source, drafts)
    case 'decisionClosed': return withDecisionClosed(dossier, effect, drafts)
    case 'remark': return withRemark(dossier, effect, source)
    case 'act': return { ...dossier, acts: [...dossier.acts, actOf(effect, source)] }
    case 'actAnswered': return { ...dossier, acts: dossier.acts.map((act) => (act.act === effect.act ? { ...act, answer: effect.answer } : act)) }
    case 'correction': {
      const reason = dataOf(source, 'CorrectionFiled')?.reason
      const corrections = [...dossier.corrections, { event, corrects: effect.corrects, by: source.by, ...(reason && { reason }) }]
      return withoutSurplus({ ...dossier, corrections }, effect.corrects, source)
    }
    case 'blocks': return { ...dossier, blocks: withBlocks(dossier.blocks, effect.holder, event, effect.blocks) }
    case 'grant': return { ...dossier, blocks: withGrant(dossier.blocks, effect.digest, effect.reader) }
    case 'drawnIn': return withDrawnIn(dossier, effect.participant, source)
    case 'departed': return dossier
    default: return unreachable(effect)
  }
}

/** Of one shape, like the items that have it: most statements are reports. Members in the order of the effect's canonical text. */
function positionOf({ actionBy, at, journeyId, kind, means, placeId, reasonCode, statusCode }: Extract<ConsignmentEffect, { effect: 'position' }>, { event, by, correctedBy, offset }: Source): Position {
  return { event, by, correctedBy, offset, actionBy, at, journeyId, kind, means, placeId, reasonCode, statusCode }
}

/** A list with one more; items that had the very same list before have the very same one after. */
function adding(one: string): (list: readonly string[]) => readonly string[] {
  let last: readonly string[] | undefined
  let longer: readonly string[] = []
  return (list) => {
    if (list !== last) longer = [...list, one]
    last = list
    return longer
  }
}

function withContract(dossier: Dossier, contractId: string, change: (contract: DossierContract) => DossierContract): Dossier {
  return { ...dossier, contracts: dossier.contracts.map((contract) => (contract.contractId === contractId ? change(contract) : contract)) }
}

function withLoads(dossier: Dossier, loads: readonly { readonly item: string; readonly unit: string | null }[], drafts: Drafts): Dossier {
  const unitOf = new Map(loads.map(({ item, unit }) => [item, unit]))
  return withItems(dossier, [...unitOf.keys()], drafts, ({ id, carriedByHistory }, draft) => {
    const [item, unit] = [draft(), unitOf.get(id) ?? undefined]
    item.carriedBy = unit
    if (unit !== undefined) item.carriedByHistory = unique([...carriedByHistory, unit])
  })
}

/** A seal found again only changes its condition; one replaced or removed by an authority is gone. The history stands in the events. */
function withSeal(seals: readonly Seal[], { act, oldSealId, seal }: SealChange): readonly Seal[] {
  const left = seals.filter(({ id }) => id !== oldSealId || act === 'affixed' || act === 'addedOver')
  return seal && act !== 'removedByAuthority' ? [...left.filter(({ id }) => id !== seal.id), seal] : left
}

/** Times and name stand in the data only. */
function meansOf({ legId, typeCode, id, journeyId, items }: Extract<ConsignmentEffect, { effect: 'means' }>, source: Source): DossierMeans {
  const { means, scheduledDeparture, scheduledArrival, notNominated = [] } = dataOf(source, 'MeansNominated') ?? {}
  return {
    ...sinceOf(source), by: source.by, legId, typeCode, id, ...(means?.name !== undefined && { name: means.name }), journeyId, items: items.length, itemIds: items,
    leftIds: notNominated.flatMap((left) => left.items),
    ...(scheduledDeparture !== undefined && { scheduledDeparture }), ...(scheduledArrival !== undefined && { scheduledArrival }),
  }
}

/** Read from the data, which are the right ones where the remark was corrected. */
function withRemark(dossier: Dossier, effect: Extract<ConsignmentEffect, { effect: 'remark' }>, source: Source): Dossier {
  const data = dataOf(source, 'RemarkAdded')
  const items = data && data.items !== 'all' ? data.items : data ? dossier.items.map(({ id }) => id) : effect.items
  return { ...dossier, remarks: [...dossier.remarks, { ...originOf(source), code: data?.code ?? effect.code, ...(data && { text: data.text }), items }] }
}

function actOf({ act, actTypeCode, number, drawnBy, otherSide, items }: Extract<ConsignmentEffect, { effect: 'act' }>, source: Source): DossierAct {
  const data = dataOf(source, 'ActDrawn')
  return {
    ...originOf(source), ...statedOf(source), act, actTypeCode: data?.actTypeCode ?? actTypeCode, number: data?.number ?? number, drawnBy, otherSide,
    items: data ? data.findings.map(({ itemId }) => itemId) : items,
  }
}

function statusOf(dossier: Dossier, state: Consignment): Dossier['status'] {
  if (state.closed) return 'cancelled'
  return dossier.items.every((item) => item.stage > 2 * dossier.note.mainCarriageTransportMovement.length) ? 'delivered' : 'open'
}
