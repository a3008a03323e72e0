import { meaningOf } from '#libs/documents'
import { lossReported } from './dossier-waits.js'
import type { Dossier, DossierItem } from './dossier.js'

export const wrongCodes = ['hold', 'breach', 'missing', 'documentsWanted', 'act', 'seal', 'reservation'] as const

/** Something that is wrong with an item, and the statement that says so. */
export interface Wrong {
  readonly code: (typeof wrongCodes)[number]
  /** In English, for people. */
  readonly says: string
  /** Who found or decided it. */
  readonly by?: string
  readonly event?: string
}

/** What is wrong with each item that something is wrong with. */
export function wrongWith(dossier: Dossier): ReadonlyMap<string, readonly Wrong[]> {
  const found = new Map<string, Wrong[]>()
  const add = (id: string, wrong: Wrong) => {
    const known = found.get(id)
    if (known) known.push(wrong)
    else found.set(id, [wrong])
  }
  for (const item of dossier.items) for (const wrong of ofItem(item)) add(item.id, wrong)
  for (const { event, by, items } of dossier.breaches) for (const id of items) add(id, { code: 'breach', says: 'moved against a hold of customs', by, event })
  for (const { open, kind, items, decision, authority, addressee } of dossier.decisions) {
    if (!open || kind !== 'documentsWanted') continue
    for (const id of items === 'all' ? dossier.items.map((item) => item.id) : items) {
      add(id, { code: 'documentsWanted', says: `documents wanted from ${addressee ?? 'a party not named'}`, by: authority, event: decision })
    }
  }
  for (const { answer, act, drawnBy, number, items } of dossier.acts) {
    if (answer === undefined) for (const id of items) add(id, { code: 'act', says: `act ${number} is not answered`, by: drawnBy, event: act })
  }
  return found
}

function ofItem(item: DossierItem): readonly Wrong[] {
  const lost = lossReported(item)
  return [
    ...item.holds.map(({ decision, authority, kind }): Wrong => ({ code: 'hold', says: meaningOf('customs-decision', kind) ?? kind, by: authority, event: decision })),
    ...(item.missing ? [{ code: 'missing', says: 'not found at a handoff', event: item.missing.event } as const] : []),
    ...(lost ? [{ code: 'missing', says: meaningOf('9013', lost.statusCode) ?? lost.statusCode, by: lost.by, event: lost.event } as const] : []),
    ...item.seals.filter(({ conditionCode = '1' }) => conditionCode !== '1').map(({ id, conditionCode = '' }): Wrong => (
      { code: 'seal', says: `seal ${id}: ${meaningOf('4517', conditionCode) ?? conditionCode}` })),
    ...item.reservations.map(({ code, by, event }): Wrong => ({ code: 'reservation', says: meaningOf('reservation', code) ?? code, by, event })),
  ]
}
