import type { Dossier, TermKind } from '#libs/consignment'
import type { BodyError } from '#libs/documents'
import type { CallFault, Seeing } from './call-parts.js'

/** Consignments one call or proposal looks through: with more, the caller is asked to say more closely what is meant. */
export const maxLookedThrough = 1_000
const pageSize = 100

/** Every consignment this participant sees that has all terms. */
export async function seen({ asking }: Pick<Seeing, 'asking'>, asked: Readonly<Partial<Record<TermKind, readonly string[]>>>): Promise<readonly Dossier[] | { readonly fault: CallFault }> {
  const dossiers: Dossier[] = []
  for (let before: number | undefined; ; ) {
    const page = await asking.search(asked, before, pageSize)
    dossiers.push(...page.map(({ dossier }) => dossier))
    if (page.length < pageSize) return dossiers
    if (dossiers.length >= maxLookedThrough) return { fault: { code: 'TOO_BROAD', detail: `more than ${maxLookedThrough} open consignments have to do with it; a voyage or train index says more than a name` } }
    before = page.at(-1)?.opened
  }
}

export function isFault(found: readonly Dossier[] | { readonly fault: CallFault }): found is { readonly fault: CallFault } {
  return 'fault' in found
}

/** `all` where a statement names every item of its consignment: the same said shorter. */
export function itemsNamed({ items }: Dossier, ids: readonly string[]): 'all' | readonly string[] {
  return ids.length === items.length ? 'all' : ids
}

export function unknownItems(errors: readonly BodyError[]): { readonly fault: CallFault } {
  const [first] = errors
  const more = errors.length > 1 ? `${errors.length} items are not clear, first ` : ''
  return { fault: { code: 'UNKNOWN_ITEMS', detail: `${more}${first?.found}: ${first?.message}`, errors: errors.slice(0, 50) } }
}

/** Members without those that are undefined. */
export function stated(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
