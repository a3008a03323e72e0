import type { Dossier, DossierItem } from '#libs/consignment'

/** What each item has for itself. All the rest, where it is and in whose hands, it mostly has in common with the other boxes of its train. */
type Own = Pick<DossierItem, 'id' | 'carriedBy' | 'carriedByHistory' | 'seals' | 'holds' | 'reservations' | 'figures' | 'missing'>
type Common = Omit<DossierItem, keyof Own>

/** What items have in common, each once, and by which of them each item goes. */
interface Alike {
  readonly rows: readonly Common[]
  readonly of: readonly number[]
}

/** Members of a dossier are never changed but replaced. */
const texts = new WeakMap<object, string>()
const owns = new WeakMap<DossierItem['figures'], { readonly own: Own; readonly text: string }>()
const commons = new WeakMap<DossierItem, { readonly common: Common; readonly text: string }>()

/**
 * JSON texts of a dossier, so that only what has changed of it is written: what is neither note nor an item's own, the note, and of each item in its
 * order what it has for itself. A report on a whole train changes the first of them alone.
 */
export function partsOf({ note, items, ...rest }: Dossier): readonly string[] {
  return [JSON.stringify({ ...rest, alike: alikeOf(items) }), noteText(note), ...items.map(ownText)]
}

/** JSON text of the dossier that was taken apart. */
export function bodyOfParts([first = '{}', note = 'null', ...items]: readonly string[]): string {
  const { alike, ...rest } = JSON.parse(first) as { readonly alike?: Alike } // written above
  if (!alike) return withItems(first, note, items) // as a build before wrote it
  const common = alike.rows.map((row) => JSON.stringify(row).slice(1))
  return withItems(JSON.stringify(rest), note, items.map((own, at) => `${own.slice(0, -1)},${common[alike.of[at] ?? 0]}`))
}

function withItems(rest: string, note: string, items: readonly string[]): string {
  return `${rest.slice(0, -1)},"note":${note},"items":[${items.join(',')}]}`
}

function alikeOf(items: readonly DossierItem[]): Alike {
  const places = new Map<string, number>()
  const rows: Common[] = []
  const of = items.map((item) => {
    const { common, text } = commonOf(item)
    const known = places.get(text)
    if (known !== undefined) return known
    places.set(text, rows.length)
    return rows.push(common) - 1
  })
  return { rows, of }
}

function commonOf(item: DossierItem): { readonly common: Common; readonly text: string } {
  const known = commons.get(item)
  if (known) return known
  const { id: _id, carriedBy: _unit, carriedByHistory: _units, seals: _seals, holds: _holds, reservations: _reservations, figures: _figures, missing: _missing, ...common } = item
  const made = { common, text: JSON.stringify(common) }
  commons.set(item, made)
  return made
}

function ownText({ id, carriedBy, carriedByHistory, seals, holds, reservations, figures, missing }: DossierItem): string {
  const known = owns.get(figures)
  const own = { id, ...(carriedBy !== undefined && { carriedBy }), carriedByHistory, seals, holds, reservations, figures, ...(missing && { missing }) }
  if (known && isSame(known.own, own)) return known.text
  const text = JSON.stringify(own)
  owns.set(figures, { own, text })
  return text
}

function isSame(a: Own, b: Own): boolean {
  return a.id === b.id && a.carriedBy === b.carriedBy && a.carriedByHistory === b.carriedByHistory && a.seals === b.seals && a.holds === b.holds && a.reservations === b.reservations && a.missing === b.missing
}

function noteText(note: Dossier['note']): string {
  const known = texts.get(note)
  if (known !== undefined) return known
  const text = JSON.stringify(note)
  texts.set(note, text)
  return text
}
