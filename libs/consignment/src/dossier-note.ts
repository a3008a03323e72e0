import type { ConsignmentNote } from '#libs/documents'
import { sinceOf, statedOf, type Dossier, type DossierItem, type Source } from './dossier.js'
import { withVersionBlocks } from './dossier-blocks.js'
import { seenSinceVersion } from './dossier-seers.js'
import type { ConsignmentEffect } from './effects.js'
import { shapedDossierItem } from './shapes.js'

/** A version of the note opens the dossier or amends it. */
export function withVersion(before: Dossier | undefined, { issuer, hash, note, territories }: Extract<ConsignmentEffect, { effect: 'version' }>, source: Source): Dossier {
  const { event, subject, offset } = source
  const known = new Map(before?.items.map((item) => [item.id, item]))
  const stated = new Map(before ? statedItems(before.note).map((one) => [one.id, one]) : [])
  const custodySince = statedOf(source)
  const none: readonly never[] = []
  const items = statedItems(note).map((one): DossierItem => {
    const item = known.get(one.id)
    return item ? { ...item, figures: amendedFigures(item.figures, stated.get(one.id), one) } : shapedDossierItem({
      id: one.id, holder: issuer, stage: 0, custodyEvent: event, custodySince, carriedByHistory: none, contracts: none, holds: none, reservations: none,
      seals: one.affixedSeal ?? none, figures: amendedFigures({}, undefined, one),
    })
  })
  const kept = before ?? {
    subject, status: 'open' as const, issuer, named: { places: {}, means: {} }, parties: [], means: [], offers: [], decisions: [], declarations: [], acts: [], remarks: [], breaches: [],
    corrections: [], blocks: [], transferLists: [], surplus: [], opened: sinceOf(source), lastOffset: offset,
  }
  const contracts = note.transportContracts.map(({ contractId, regime, contractualCarrier: carrier }) => (
    before?.contracts.find((contract) => contract.contractId === contractId && contract.carrier === carrier)
    ?? { contractId, regime, carrier, agreedBy: [], accepted: [], delivered: 0 }))
  const blocks = withVersionBlocks(kept.blocks, issuer, event, note.particulars.blocks)
  const seenSince = seenSinceVersion(before, issuer, note, offset)
  return { ...kept, version: { number: note.noteVersion, hash }, note, territories, items, contracts, blocks, ...(seenSince && { seenSince }) }
}

type Stated = Pick<ConsignmentNote['utilizedTransportEquipment'][number], 'id' | 'packageQuantity' | 'grossMassKg' | 'affixedSeal'>

function statedItems({ utilizedTransportEquipment, itemAllocations }: ConsignmentNote): readonly Stated[] {
  return utilizedTransportEquipment.length > 0 ? utilizedTransportEquipment : (itemAllocations ?? []).map(({ itemId: id, ...rest }) => ({ id, ...rest }))
}

/** An amendment states a figure only where it changes it: what was weighed or counted since is not undone by a version that repeats the old one. */
function amendedFigures(figures: DossierItem['figures'], old: Stated | undefined, amended: Stated): DossierItem['figures'] {
  const changed = (['packageQuantity', 'grossMassKg'] as const).filter((name) => old?.[name] !== amended[name])
  const kept = Object.entries(figures).filter(([name]) => !changed.some((one) => one === name))
  return Object.fromEntries([...kept, ...changed.flatMap((name) => (amended[name] === undefined ? [] : [[name, amended[name]] as const]))])
}
