import { aboardOn, meantFor, type Dossier, type DossierItem, type MeansAsked } from '#libs/consignment'
import type { BodyError, CallBodies } from '#libs/documents'
import type { CallFault, DraftedCall, DraftedPart, Seeing } from './call-parts.js'
import { isFault, itemsNamed, seen, stated, unknownItems } from './seeing.js'

type OfMeans = Pick<CallBodies['movement'], 'means' | 'journeyId' | 'exceptions'>

interface Affected {
  readonly dossier: Dossier
  readonly items: readonly DossierItem[]
  readonly legId?: string
}

/** A movement of a ship or train: of everything aboard; what is planned or estimated is also of what was nominated for it. */
export async function movementsOf({ exceptions, atomic: _atomic, ...movement }: CallBodies['movement'], seeing: Seeing): Promise<DraftedCall> {
  const affected = await affectedBy({ ...movement, ...(exceptions && { exceptions }) }, seeing, movement.time.kind !== 'actual')
  if ('fault' in affected) return affected
  const { means, journeyId, statusCode, placeId } = movement
  return {
    facts: stated({ means: means.id, journeyId, statusCode, placeId }),
    parts: affected.map(({ dossier, items, legId }): DraftedPart => ({
      subject: dossier.subject, body: stated({ ...movement, legId, items: itemsNamed(dossier, items.map(({ id }) => id)) }), pointers: { '/items': '', '/legId': '' },
    })),
  }
}

/** A decision of customs on a ship or train: on what is aboard and what was nominated for it. */
export async function decisionsOf({ means, journeyId, exceptions, lifts, atomic: _atomic, ...decision }: CallBodies['customsDecision'], seeing: Seeing): Promise<DraftedCall> {
  const affected = await affectedBy({ means, ...(journeyId !== undefined && { journeyId }), ...(exceptions && { exceptions }) }, seeing, true)
  if ('fault' in affected) return affected
  const parts = byConsignment(affected).flatMap(({ dossier, items }): DraftedPart[] => {
    const own = lifts === 'own' ? ownHolds(dossier, items, seeing.participant) : []
    const held = decision.kind === 'holdLifted' ? items.filter(({ id }) => own.some(({ left }) => left.includes(id))) : items
    if (held.length === 0) return []
    const body = stated({ ...decision, items: itemsNamed(dossier, held.map(({ id }) => id)), lifts: own.length > 0 ? own.map(({ id }) => id) : undefined })
    return [{ subject: dossier.subject, body, pointers: { '/items': '' } }]
  })
  if (parts.length === 0) return { fault: { code: 'NOTHING_TO_STATE', detail: 'no hold of this participant is open on anything of it' } }
  return { facts: stated({ means: means.id, journeyId, decision: decision.kind, customsOfficePlaceId: decision.customsOfficePlaceId }), parts }
}

/** By consignment and leg, those opened first in front. */
async function affectedBy({ means, journeyId, exceptions = [] }: OfMeans, seeing: Seeing, withMeant: boolean): Promise<readonly Affected[] | { readonly fault: CallFault }> {
  const asked: MeansAsked = { id: means.id, ...(journeyId !== undefined && { journeyId }) }
  const found = await seen(seeing, { means: [journeyId ?? means.id], status: ['open'] })
  if (isFault(found)) return found
  const on = found.toReversed().flatMap((dossier) => dossier.items.flatMap((item) => {
    const legId = legOn(dossier, item, asked, withMeant)
    return legId === undefined ? [] : [{ dossier, item, legId }]
  }))
  const ids = new Set(on.map(({ item }) => item.id))
  const errors = exceptions.flatMap((id, index): BodyError[] => (ids.has(id) ? [] : [{ pointer: `/exceptions/${index}`, expected: 'an item of the ship or train', found: id, message: 'it is not on it, as far as this participant sees' }]))
  if (errors.length > 0) return unknownItems(errors)
  const left = new Set(exceptions)
  const groups = new Map<string, Affected>()
  for (const { dossier, item, legId } of on.filter((one) => !left.has(one.item.id))) {
    const key = `${dossier.subject} ${legId}`
    groups.set(key, { dossier, ...(legId !== '' && { legId }), items: [...(groups.get(key)?.items ?? []), item] })
  }
  if (groups.size === 0) return { fault: { code: 'NOTHING_TO_STATE', detail: `nothing that this participant sees is on ${[means.id, journeyId].filter((one) => one !== undefined).join(' ')}` } }
  return [...groups.values()]
}

/** '' where it is on it and the leg is not known. */
function legOn(dossier: Dossier, item: DossierItem, asked: MeansAsked, withMeant: boolean): string | undefined {
  const aboard = aboardOn(dossier, item, asked)
  if (aboard) return aboard.legId ?? ''
  return withMeant ? meantFor(dossier, item, asked) : undefined
}

/** A decision knows no legs. */
function byConsignment(affected: readonly Affected[]): readonly Affected[] {
  const groups = new Map<string, Affected>()
  for (const { dossier, items } of affected) groups.set(dossier.subject, { dossier, items: [...(groups.get(dossier.subject)?.items ?? []), ...items] })
  return [...groups.values()]
}

function ownHolds({ decisions }: Dossier, items: readonly DossierItem[], authority: string): readonly { readonly id: string; readonly left: readonly string[] }[] {
  return decisions.flatMap(({ decision: id, authority: by, open, itemsLeft }) => (
    open && by === authority && itemsLeft?.some((left) => items.some((item) => item.id === left)) ? [{ id, left: itemsLeft }] : []))
}
