import type { HandoffAnswered, PaperEvidence, TenderedItem, Text } from '#libs/documents'
import { dataOf, sinceOf, statedOf, unique, withItems, type Dossier, type DossierItem, type DossierOffer, type Source } from './dossier.js'
import { handedOverAt } from './dossier-places.js'
import type { Drafts } from './drafts.js'
import type { ConsignmentEffect } from './effects.js'

type EffectOf<E extends ConsignmentEffect['effect']> = Extract<ConsignmentEffect, { effect: E }>

/** What a handoff tells beside its effects. */
export interface Handoff {
  readonly placeId: string
  readonly at: string
  readonly evidence?: PaperEvidence
  readonly deviationReason?: Text
}

/** Read from the open offer that a statement answers, or from the vouched handoff; undefined for any other statement. */
export function handoffIn(before: Dossier | undefined, source: Source): Handoff | undefined {
  const vouched = dataOf(source, 'HandoffVouched')
  if (vouched) {
    const { placeId, transferredAt: at, evidence, deviationReason } = vouched
    return { placeId, at, evidence, ...(deviationReason && { deviationReason }) }
  }
  const answer = dataOf(source, 'HandoffAnswered')
  const offer = answer && before?.offers.find((one) => one.offer === answer.offer)
  return offer && { placeId: offer.placeId, at: answer.transferredAt, ...(offer.deviationReason && { deviationReason: offer.deviationReason }) }
}

/** The offer as its receiver has to see it before signing. */
export function withOffer(dossier: Dossier, effect: EffectOf<'offer'>, source: Source, drafts: Drafts): Dossier {
  const { effect: _effect, deviates: _deviates, transferList, ...offered } = effect
  const data = dataOf(source, 'HandoffOffered')
  const stated = new Map(data && data.items !== 'all' ? data.items.map((item) => [item.id, item]) : [])
  const named = new Set(effect.items)
  const offer: DossierOffer = {
    ...offered, ...statedOf(source),
    tendered: dossier.items.filter(({ id }) => named.has(id)).map((item) => ({ ...lastKnown(item), ...stated.get(item.id) })),
    presentedAt: data?.presentedAt ?? source.occurredAt,
    ...(data?.deviationReason && { deviationReason: data.deviationReason }),
    ...(transferList && { transferList }),
  }
  const transferLists = transferList ? unique([...dossier.transferLists, transferList.number]) : dossier.transferLists
  return withItems({ ...dossier, offers: [...dossier.offers, offer], transferLists }, effect.items, drafts, (_, draft) => {
    draft().offer = effect.offer
  })
}

export function withoutOffer(dossier: Dossier, { offer: closed }: EffectOf<'offerClosed'>, drafts: Drafts): Dossier {
  const items = dossier.offers.find(({ offer }) => offer === closed)?.items ?? []
  return withItems({ ...dossier, offers: dossier.offers.filter(({ offer }) => offer !== closed) }, items, drafts, (_, draft) => {
    draft().offer = undefined
  })
}

/** Whoever takes goods over has them where the handoff was; what was said of the handoff before is over. */
export function withCustody(dossier: Dossier, effect: EffectOf<'custody'>, source: Source, handoff: Handoff | undefined, drafts: Drafts): Dossier {
  const { event, by } = source
  const custodySince = statedOf(source)
  const placed = handoff && handedOverAt({ placeId: handoff.placeId, at: handoff.at, event, by })
  return withItems(dossier, effect.items, drafts, (_, draft) => {
    const item = draft()
    item.holder = effect.holder
    item.stage = effect.stage
    item.custodyEvent = event
    item.custodySince = custodySince
    item.heldFor = effect.heldFor
    item.lastOutcome = undefined
    item.missing = undefined
    item.vouched = handoff?.evidence && true
    item.evidence = handoff?.evidence
    item.deviated = handoff?.deviationReason && true
    item.deviationReason = handoff?.deviationReason
    placed?.(item)
  })
}

/** What did not pass, and why; what is missing stays an open difference of its giver. */
export function withOutcome(dossier: Dossier, { offer, outcome, items }: EffectOf<'outcome'>, source: Source, handoff: Handoff | undefined, drafts: Drafts): Dossier {
  const missing = outcome === 'missing' && handoff ? { ...sinceOf(source), offer, placeId: handoff.placeId } : undefined
  return withItems(dossier, items, drafts, (_, draft) => {
    const item = draft()
    item.lastOutcome = outcome
    item.missing = missing
  })
}

/** What an answer says was there and stood on no list. */
export function withSurplus(dossier: Dossier, source: Source): Dossier {
  const seen = dataOf(source, 'HandoffAnswered')?.surplus ?? []
  return seen.length === 0 ? dossier : { ...dossier, surplus: [...dossier.surplus, ...seen.map((one) => ({ ...sinceOf(source), by: source.by, ...one }))] }
}

/** A corrected answer keeps of its surplus what the right data still have. */
export function withoutSurplus(dossier: Dossier, answer: string, source: Source): Dossier {
  const right = dataOf(source, 'CorrectionFiled')?.data as Partial<HandoffAnswered> | undefined // of the type it corrects, as was judged
  const still = (seen: Dossier['surplus'][number]) => right?.surplus?.some(({ equipmentId, marks }) => equipmentId === seen.equipmentId && marks === seen.marks)
  return { ...dossier, surplus: dossier.surplus.filter((seen) => seen.event !== answer || still(seen)) }
}

function lastKnown({ id, seals, figures: { packageQuantity, grossMassKg } }: DossierItem): TenderedItem {
  return {
    id, ...(seals.length > 0 && { affixedSeal: [...seals] }),
    ...(packageQuantity !== undefined && { packageQuantity }), ...(grossMassKg !== undefined && { grossMassKg }),
  }
}
