import type { Dossier, DossierItem } from '#libs/consignment'

/** What each item has for itself. All the rest, where it is and in whose hands, it mostly has in common with the other boxes of its train. */
type Own = Pick<DossierItem, 'id' | 'carriedBy' | 'carriedByHistory' | 'seals' | 'holds' | 'reservations' | 'figures' | 'missing'>
type Common = Omit<DossierItem, keyof Own>

/** What items have in common, each once, and by which of them each item goes. */
interface Alike {
  readonly rows: readonly Common[]
  readonly of: readonly number[]
}

/** A row that some items have in common, one object for all of them. */
interface Row {
  readonly common: Common
  readonly text: string
}

interface Written {
  readonly items: readonly DossierItem[]
  readonly note: string
  readonly owns: readonly string[]
  readonly rows: readonly Row[]
}

/** What was written of a consignment last, by its note. Members of a dossier are never changed but replaced: an item that is the same reads the same. */
const lastWritten = new WeakMap<Dossier['note'], Written>()

/**
 * JSON texts of a dossier, so that only what has changed of it is written: what is neither note nor an item's own, the note, and of each item in its
 * order what it has for itself. A report on a whole train changes the first of them alone.
 */
export function partsOf({ note, items, ...rest }: Dossier): readonly string[] {
  const last = lastWritten.get(note)
  const owns = items.map((item, at) => ownText(item, last?.items[at], last?.owns[at]))
  const rows = rowsOf(items, last)
  const written = { items, note: last?.note ?? JSON.stringify(note), owns, rows }
  lastWritten.set(note, written)
  return [JSON.stringify({ ...rest, alike: alikeIn(rows) }), written.note, ...owns]
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

function alikeIn(rows: readonly Row[]): Alike {
  const places = new Map([...new Set(rows)].map((row, place) => [row, place]))
  return { rows: [...places.keys()].map(({ common }) => common), of: rows.map((row) => places.get(row) ?? 0) }
}

/** Equal rows are one object, so that a train is gone through without comparing texts. */
function rowsOf(items: readonly DossierItem[], last: Written | undefined): readonly Row[] {
  const known = new Map<string, Row>()
  for (const row of new Set(last?.rows)) known.set(row.text, row)
  return items.map((item, at) => {
    const before = last?.rows[at]
    if (before && last?.items[at] === item) return before
    const { id: _id, carriedBy: _unit, carriedByHistory: _units, seals: _seals, holds: _holds, reservations: _reservations, figures: _figures, missing: _missing, ...common } = item
    const text = JSON.stringify(common)
    const row = known.get(text) ?? { common, text }
    known.set(text, row)
    return row
  })
}

function ownText(item: DossierItem, before: DossierItem | undefined, textBefore: string | undefined): string {
  if (before && textBefore !== undefined && (before === item || isSameOwn(before, item))) return textBefore
  const { id, carriedBy, carriedByHistory, seals, holds, reservations, figures, missing } = item
  return JSON.stringify({ id, ...(carriedBy !== undefined && { carriedBy }), carriedByHistory, seals, holds, reservations, figures, ...(missing && { missing }) })
}

function isSameOwn(a: Own, b: Own): boolean {
  return a.id === b.id && a.carriedBy === b.carriedBy && a.carriedByHistory === b.carriedByHistory && a.seals === b.seals && a.holds === b.holds
    && a.reservations === b.reservations && a.figures === b.figures && a.missing === b.missing
}
