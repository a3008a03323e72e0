import { standingOf, type Dossier, type Register } from '#libs/consignment'
import { wordsFor } from './link-words.js'

/** An id of the register with its name. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** What is shown to whoever has a link: where each box is, why it stands, who must act, and nothing else. */
export interface LinkView {
  readonly consignment: string
  readonly status: Dossier['status']
  readonly from: Named
  readonly to: Named
  readonly items: readonly LinkedItem[]
  readonly standing: readonly LinkedStanding[]
  /** Until when the link opens it. */
  readonly expiresAt: string
  readonly shownAt: string
}

export interface LinkedItem {
  readonly id: string
  readonly holder: Named
  /** Without a time where nobody has reported it yet: then it is where it is to set out from. */
  readonly place?: Named & { readonly at?: string }
  readonly heldBy: readonly Named[]
  readonly expected?: Named & { readonly at: string }
}

export interface LinkedStanding {
  readonly code: string
  /** In plain English, with names. */
  readonly sentence: string
  readonly actionBy: readonly Named[]
  readonly items: readonly string[]
  readonly since: string
  readonly respondBy?: string
}

/**
 * Chosen member by member: what comes to a dossier later is not shown here until somebody has thought of who looks on. Of no block of particulars,
 * no price and no other consignment is there a word.
 */
export function linkViewOf(dossier: Dossier, register: Register, { expiresAt, now }: { readonly expiresAt: number; readonly now: number }): LinkView {
  const named = namesIn(register)
  const reasons = standingOf(dossier, wordsFor(dossier, (id) => named(id).name))
  const stoodAt = new Map(reasons.flatMap(({ items, placeId }) => (placeId === undefined ? [] : items.map((item) => [item, placeId] as const))))
  const legs = dossier.note.mainCarriageTransportMovement
  return {
    consignment: dossier.subject,
    status: dossier.status,
    from: named(legs[0]?.departureLocation ?? ''),
    to: named(legs.at(-1)?.arrivalLocation ?? ''),
    items: dossier.items.map(({ id, holder, place, holds, expected }) => ({
      id,
      holder: named(holder),
      ...placeOf(place, stoodAt.get(id), named),
      heldBy: [...new Set(holds.map(({ authority }) => authority))].map(named),
      ...(expected && { expected: { ...named(expected.placeId), at: expected.at } }),
    })),
    standing: reasons.map(({ code, sentence, actionBy, items, since, respondBy }) => ({
      code,
      sentence,
      actionBy: actionBy.map(named),
      items,
      since: since.occurredAt,
      ...(respondBy !== undefined && { respondBy }),
    })),
    expiresAt: new Date(expiresAt).toISOString(),
    shownAt: new Date(now).toISOString(),
  }
}

function placeOf(reported: { readonly placeId: string; readonly at: string } | undefined, stoodAt: string | undefined, named: (id: string) => Named): Pick<LinkedItem, 'place'> {
  if (reported) return { place: { ...named(reported.placeId), at: reported.at } }
  return stoodAt === undefined ? {} : { place: named(stoodAt) }
}

/** English names where there are; parties without a node are called what statements call them, written as a name: `outside:china-railway` is China Railway. */
function namesIn({ participants, places }: Register): (id: string) => Named {
  return (id) => {
    const names: readonly { readonly languageId: string; readonly text: string }[] =
      (Object.hasOwn(participants, id) ? participants[id]?.names : undefined) ?? (Object.hasOwn(places, id) ? places[id]?.names : undefined) ?? []
    return { id, name: (names.find(({ languageId }) => languageId === 'en') ?? names[0])?.text ?? nameFrom(id) }
  }
}

function nameFrom(id: string): string {
  return id.startsWith('outside:') ? id.slice('outside:'.length).split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ') : id
}
