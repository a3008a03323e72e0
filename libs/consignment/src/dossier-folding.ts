import { isStatementType, type StatementType } from '#libs/documents'
import { evolveDossier, type Told } from './dossier-evolving.js'
import { withNamed, type Named } from './dossier-named.js'
import { dataOf, type Dossier } from './dossier.js'
import type { ConsignmentEffect } from './effects.js'
import { kinds } from './roles.js'
import type { Consignment } from './state.js'

/**
 * The dossier from all accepted statements on a consignment in the order of the log: each corrected fact is told at its own place as its latest
 * correction has it, so that views show the corrected truth (events: CorrectionFiled).
 * @param state of the consignment after the last of them
 */
export function foldDossier(told: readonly Told[], state: Consignment): Dossier | undefined {
  const corrections = new Map(told.flatMap((one) => {
    const corrects = dataOf(one, 'CorrectionFiled')?.corrects
    return corrects === undefined ? [] : [[corrects, one] as const]
  }))
  const folded = evolveDossier(undefined, told.map((one) => corrected(one, corrections.get(one.event))), state)
  const named = told.reduce<Named | undefined>((before, one) => withNamed(before, one.effects as readonly ConsignmentEffect[], one), undefined) // on a consignment
  return folded && named && { ...folded, named }
}

/** Facts whose right data have effects of their own. */
const retold: readonly StatementType[] = ['LoadingReported', 'MovementReported', 'SealsChanged', 'DeclarationLodged']

/** Acts are changed by acts alone, so their correction stands beside them. That a fact was in breach of a hold is no part of its data and stays. */
function corrected(one: Told, correction: Told | undefined): Told {
  const right = correction && dataOf(correction, 'CorrectionFiled')?.data
  if (!right || !isStatementType(one.type) || kinds[one.type] !== 'fact') return one
  const retoldEffects = [...correction.effects.filter(({ effect }) => effect !== 'correction'), ...one.effects.filter(({ effect }) => effect === 'breach')]
  return { ...one, data: right, correctedBy: correction.event, effects: retold.includes(one.type) ? retoldEffects : one.effects }
}
