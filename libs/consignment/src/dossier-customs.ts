import { dataOf, originOf, statedOf, withItems, type Dossier, type DossierDecision, type Source } from './dossier.js'
import type { Drafts } from './drafts.js'
import type { ConsignmentEffect } from './effects.js'

type EffectOf<E extends ConsignmentEffect['effect']> = Extract<ConsignmentEffect, { effect: E }>

/** A decision is open while it holds goods or waits for documents; a release or a record says what it says and is never open. */
export function withDecision(dossier: Dossier, effect: EffectOf<'decision'>, source: Source, drafts: Drafts): Dossier {
  const { decision, authority, territory, kind, mrn, timeLimit, addressee, permittedMoves, doNotLoad } = effect
  const data = dataOf(source, 'CustomsDecisionIssued')
  const row: DossierDecision = {
    decision, authority, territory, kind, ...statedOf(source), customsOfficePlaceId: data?.customsOfficePlaceId ?? '', items: data?.items ?? [...effect.items],
    open: effect.blocks || kind === 'documentsWanted',
    ...(effect.blocks && { itemsLeft: effect.items }), ...(permittedMoves.length > 0 && { permittedMoves }), ...(doNotLoad && { doNotLoad }),
    ...(data?.result !== undefined && { result: data.result }), ...(mrn !== undefined && { mrn }), ...(timeLimit !== undefined && { timeLimit }),
    ...(addressee !== undefined && { addressee }), ...(data?.respondBy !== undefined && { respondBy: data.respondBy }),
  }
  const holding = effect.blocks ? effect.items : []
  return withItems({ ...dossier, decisions: [...dossier.decisions, row] }, holding, drafts, ({ holds }, draft) => {
    draft().holds = [...holds, { decision, authority, kind }]
  })
}

/** Lifting part of a hold leaves it on the rest. */
export function withDecisionClosed(dossier: Dossier, { decision, by, items }: EffectOf<'decisionClosed'>, drafts: Drafts): Dossier {
  const letGo = new Set(items)
  const closed = ({ itemsLeft, ...row }: DossierDecision): DossierDecision => {
    const left = itemsLeft?.filter((item) => !letGo.has(item)) ?? []
    return by === 'lifted' && left.length > 0 ? { ...row, itemsLeft: left } : { ...row, open: false, closedBy: by }
  }
  const lifted = withItems(dossier, items, drafts, ({ holds }, draft) => {
    draft().holds = holds.filter((hold) => hold.decision !== decision)
  })
  return { ...lifted, decisions: lifted.decisions.map((row) => (row.decision === decision ? closed(row) : row)) }
}

/** Whether the authority of an inspection has told its result for an item since it ordered it. */
export function isInspected({ decisions }: Dossier, { authority, offset }: DossierDecision, item: string): boolean {
  return decisions.some((one) => one.kind === 'controlResult' && one.authority === authority && one.offset > offset && (one.items === 'all' || one.items.includes(item)))
}

/** A declaration by whom documents were wanted from is the answer. */
export function withDeclaration(dossier: Dossier, { country, procedureTypeCode, references, items }: EffectOf<'declaration'>, source: Source): Dossier {
  const answers = ({ kind, open, addressee }: DossierDecision) => kind === 'documentsWanted' && open && addressee === source.by
  return {
    ...dossier,
    declarations: [...dossier.declarations, { ...originOf(source), country, procedureTypeCode, references, items: items.length }],
    decisions: dossier.decisions.map((row) => (answers(row) ? { ...row, open: false, answer: source.event } : row)),
  }
}
