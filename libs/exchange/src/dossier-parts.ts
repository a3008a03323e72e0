import { eachAsAnother, isSameList, type Dossier, type DossierItem } from '#libs/consignment'

/** What each item has for itself. All the rest, where it is and in whose hands, it mostly has in common with the other boxes of its train. */
type Own = Pick<DossierItem, 'id' | 'carriedBy' | 'carriedByHistory' | 'seals' | 'holds' | 'reservations' | 'figures' | 'missing'>
type Common = Omit<DossierItem, keyof Own>

const nothingOwn = {
  id: undefined, carriedBy: undefined, carriedByHistory: undefined, seals: undefined, holds: undefined, reservations: undefined, figures: undefined, missing: undefined,
} satisfies Record<keyof Own, undefined>

/** What several items have in common, each once, and by which of them each item goes: −1 for one that has nothing in common and stands whole in its part. */
interface Alike {
  readonly rows: readonly Common[]
  readonly of: readonly number[]
}

/** JSON text of what some items have in common, one object for all of them. */
interface Row {
  readonly text: string
}

/** What every statement changes; where the items are, it has in common with them. */
type Moving = Pick<Dossier, 'lastOffset' | 'status'>

/** What few statements change: parties, contracts, means, offers, decisions and all that stays known. */
type Standing = Omit<Dossier, keyof Moving | 'note' | 'items'>

interface Written extends Pick<Dossier, 'items'> {
  readonly note: Dossier['note']
  readonly noteText: string
  readonly standing: Standing
  readonly standingText: string
  readonly owns: readonly string[]
  readonly rows: readonly Row[]
  /** Of the items. */
  readonly parts: readonly string[]
}

/** What was written of a dossier last, by its opening. Members of a dossier are never changed but replaced: an item that is the same reads the same. */
const lastWritten = new WeakMap<Dossier['opened'], Written>()

/**
 * JSON texts of a dossier, so that only what has changed of it is written: what moves, with what items have in common, the note, each item in its order
 * without that, and what stands. A report on a whole train changes the first part alone, one on a single box that one and the box's.
 */
export function partsOf({ note, items, lastOffset, status, ...standing }: Dossier): readonly string[] {
  const last = lastWritten.get(standing.opened)
  const owns = items.map((item, at) => ownText(item, last?.items[at], last?.owns[at]))
  const rows = rowsOf(items, last)
  const shared = sharedAmong(rows)
  const parts = owns.map((own, at) => {
    const row = rows[at]
    if (!row || shared.has(row)) return own
    const before = last?.parts[at]
    return before !== undefined && before !== own && last?.owns[at] === own && last.rows[at] === row ? before : `${own.slice(0, -1)},${row.text.slice(1)}`
  })
  const noteText = last?.note === note ? last.noteText : JSON.stringify(note)
  const standingText = last && isSameStanding(last.standing, standing) ? last.standingText : JSON.stringify(standing)
  lastWritten.set(standing.opened, { items, note, noteText, standing, standingText, owns, rows, parts })
  return [`{"alike":${alikeText(rows, shared)},${JSON.stringify({ lastOffset, status } satisfies Moving).slice(1)}`, noteText, ...parts, standingText]
}

/** JSON text of the dossier that was taken apart. */
export function bodyOfParts([first = '{}', note = 'null', ...others]: readonly string[]): string {
  const { alike, ...moving } = JSON.parse(first) as { readonly alike?: Alike } & Partial<Dossier> // written above
  if (!alike) return withItems(first, note, others) // as a build before wrote it
  const isWhole = moving.opened !== undefined // what stands was in the first part, too
  const common = alike.rows.map((row) => JSON.stringify(row).slice(1))
  const standing = isWhole ? undefined : others.at(-1) // damaged where it is missing, too: whoever folds on finds no dossier and tells, and who reads others beside it goes on
  const rest = standing === undefined ? JSON.stringify(moving) : `${JSON.stringify(moving).slice(0, -1)},${standing.slice(1)}`
  return withItems(rest, note, (isWhole ? others : others.slice(0, -1)).map((part, at) => {
    const shared = common[alike.of[at] ?? -1]
    return shared === undefined ? part : `${part.slice(0, -1)},${shared}`
  }))
}

function withItems(rest: string, note: string, items: readonly string[]): string {
  return `${rest.slice(0, -1)},"note":${note},"items":[${items.join(',')}]}`
}

/** An `Alike`, of texts that are there already. */
function alikeText(rows: readonly Row[], shared: ReadonlyMap<Row, number>): string {
  const texts = [...shared.keys()].map(({ text }) => text)
  return `{"rows":[${texts.join(',')}],"of":[${rows.map((row) => shared.get(row) ?? -1).join(',')}]}`
}

/** Rows that two items have at least, with their place among them. */
function sharedAmong(rows: readonly Row[]): ReadonlyMap<Row, number> {
  const seen = new Set<Row>()
  const shared = new Map<Row, number>()
  for (const row of rows) {
    if (seen.has(row) && !shared.has(row)) shared.set(row, shared.size)
    seen.add(row)
  }
  return shared
}

/** Equal rows are one object, so that a train is gone through without comparing texts. */
function rowsOf(items: readonly DossierItem[], last: Written | undefined): readonly Row[] {
  let byText: Map<string, Row> | undefined
  const read = (item: DossierItem): Row => {
    byText ??= new Map(last?.rows.map((row) => [row.text, row]))
    const text = JSON.stringify({ ...item, ...nothingOwn } satisfies Common) // what is undefined is left out; to copy all but some members takes several times as long
    const row = byText.get(text) ?? { text }
    byText.set(text, row)
    return row
  }
  return eachAsAnother(items, (item, at) => (last?.items[at] === item ? last.rows[at] : undefined), isSameCommon, read)
}

/** The very same members, but for the list of contracts, which every box has as its own once it was read from a database. Members that are equal and not the same are compared as text afterwards. */
function isSameCommon(a: Common, b: Common): boolean {
  return a.position === b.position && a.place === b.place && a.expected === b.expected && a.holder === b.holder && a.stage === b.stage && a.offer === b.offer
    && a.custodyEvent === b.custodyEvent && a.custodySince === b.custodySince && a.heldFor === b.heldFor && a.liable === b.liable && a.vouched === b.vouched
    && a.evidence === b.evidence && a.deviated === b.deviated && a.deviationReason === b.deviationReason && a.lastOutcome === b.lastOutcome
    && isSameList(a.contracts, b.contracts)
}

function isSameStanding(a: Standing, b: Standing): boolean {
  const names = Object.keys(b) as (keyof Standing)[]
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name])
}

function ownText(item: DossierItem, before: DossierItem | undefined, textBefore: string | undefined): string {
  if (before && textBefore !== undefined && (before === item || isSameOwn(before, item))) return textBefore
  const { id, carriedBy, carriedByHistory, seals, holds, reservations, figures, missing } = item
  return JSON.stringify({ id, carriedBy, carriedByHistory, seals, holds, reservations, figures, missing } satisfies Own)
}

function isSameOwn(a: Own, b: Own): boolean {
  return a.id === b.id && a.carriedBy === b.carriedBy && a.carriedByHistory === b.carriedByHistory && a.seals === b.seals && a.holds === b.holds
    && a.reservations === b.reservations && a.figures === b.figures && a.missing === b.missing
}
