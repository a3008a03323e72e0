import { placesAhead } from './dossier-expected.js'
import { tasksOf } from './dossier-tasks.js'
import type { Dossier, DossierItem } from './dossier.js'

/**
 * What a consignment can be asked for by. `route` and `party` decide who may see it: everybody by name, customs also by country; `since` says from which
 * record on. `placeSince` and `meansSince` say from which record on it has to do with a place, ship or train. `awaiting` is to whom an offer is open,
 * `mustAct` who has anything to do, `towards` where goods are still to come.
 */
export const termKinds = [
  'equipment', 'seal', 'means', 'reference', 'mrn', 'transferList', 'holder', 'place', 'country', 'mode', 'dangerous', 'status', 'party', 'route', 'awaiting',
  'since', 'placeSince', 'meansSince', 'towards', 'mustAct',
] as const

export type TermKind = (typeof termKinds)[number]

type Term = readonly [TermKind, string]

/** Terms of one kind. They stay as they are while what they are read from stays: the note, these members of the dossier and these of its items. */
interface Column {
  readonly kind: TermKind
  /** Absent: read from everything. */
  readonly from?: readonly (keyof Dossier)[]
  readonly ofItems?: readonly (keyof DossierItem)[]
  values(dossier: Dossier): Iterable<string | undefined>
}

/** Equipment, seals, means and numbers stay findable after they have changed; holder, place and status are present ones. */
const columns: readonly Column[] = [
  { kind: 'equipment', from: [], ofItems: ['id', 'carriedByHistory'], values: ({ items }) => items.flatMap(({ id, carriedByHistory }) => [id, ...carriedByHistory]) },
  { kind: 'seal', from: [], ofItems: ['seals'], values: ({ items }) => items.flatMap(({ seals }) => seals.map(({ id }) => id)) },
  { kind: 'means', from: ['means'], ofItems: ['position', 'expected'], values: meansNamed },
  { kind: 'reference', from: ['contracts', 'declarations', 'acts'], values: references },
  { kind: 'mrn', from: ['decisions', 'declarations'], values: movementNumbers },
  { kind: 'transferList', from: ['transferLists'], values: ({ transferLists }) => transferLists },
  { kind: 'holder', from: [], ofItems: ['holder'], values: ({ items }) => distinct(items, ({ holder }) => holder) },
  { kind: 'place', from: [], ofItems: ['place'], values: ({ items }) => distinct(items, ({ place }) => place).map((place) => place?.placeId) },
  { kind: 'country', from: [], values: ({ note }) => note.countriesOnRoute },
  { kind: 'route', from: [], values: ({ note }) => note.countriesOnRoute },
  { kind: 'mode', from: [], values: ({ note }) => note.mainCarriageTransportMovement.map(({ modeCode }) => modeCode) },
  { kind: 'dangerous', from: [], values: ({ note }) => [String(note.mainCarriageTransportMovement.some(({ dangerousGoodsIndicator }) => dangerousGoodsIndicator))] },
  { kind: 'status', from: ['status'], values: ({ status }) => [status] },
  { kind: 'party', from: ['parties'], values: ({ parties }) => parties },
  { kind: 'awaiting', from: ['offers'], values: ({ offers }) => offers.map(({ to }) => to) },
  { kind: 'since', from: ['seenSince'], values: ({ seenSince = {} }) => Object.entries(seenSince).map(([who, offset]) => `${who} ${offset}`) },
  { kind: 'placeSince', from: ['named'], values: ({ named }) => namedSince(named?.places) },
  { kind: 'meansSince', from: ['named'], values: ({ named }) => namedSince(named?.means) },
  { kind: 'towards', from: ['status', 'territories', 'decisions'], ofItems: ['stage', 'place', 'expected'], values: placesAhead },
  { kind: 'mustAct', values: (dossier) => tasksOf(dossier).map(({ by }) => by) },
]

interface Known {
  readonly dossier: Dossier
  readonly columns: readonly (readonly Term[])[]
  readonly terms: readonly Term[]
}

/** The terms of a dossier as they were last, by what all that follow from it have: its opening. Members of a dossier are never changed but replaced. */
const lastTerms = new WeakMap<Dossier['opened'], Known>()

/** All terms of a dossier, each once. What a statement leaves as it is gives the very same terms again, and the very same list where it is all of them. */
export function termsOf(dossier: Dossier): readonly Term[] {
  const last = lastTerms.get(dossier.opened)
  const isSameOfItems = last && comparingItems(last.dossier.items, dossier.items)
  const found = columns.map((column, at) => {
    const before = last?.columns[at]
    if (last && isSameOfItems && before && isLike(column, last.dossier, dossier, isSameOfItems)) return before
    const now = termsIn(column, dossier)
    return before && isSame(before, now) ? before : now
  })
  const isAsBefore = last !== undefined && found.every((column, at) => column === last.columns[at])
  const terms = isAsBefore ? last.terms : ([] as Term[]).concat(...found) // flat() takes ten times as long
  lastTerms.set(dossier.opened, { dossier, columns: found, terms })
  return terms
}

function isSame(before: readonly Term[], now: readonly Term[]): boolean {
  return before.length === now.length && before.every(([, value], at) => value === now[at]?.[1])
}

function termsIn({ kind, values }: Column, dossier: Dossier): readonly Term[] {
  return [...new Set(values(dossier))].flatMap((value): readonly Term[] => (value === undefined ? [] : [[kind, value]]))
}

/** Whether a member of all items is what it was; looked at once for each member, and nowhere where an item is the very same. */
function comparingItems(before: Dossier['items'], now: Dossier['items']): (member: keyof DossierItem) => boolean {
  const changed: number[] = []
  for (let at = 0; at < now.length; at++) if (now[at] !== before[at]) changed.push(at)
  const found = new Map<keyof DossierItem, boolean>()
  return (member) => {
    const known = found.get(member)
    if (known !== undefined) return known
    const isSame = changed.every((at) => before[at]?.[member] === now[at]?.[member])
    found.set(member, isSame)
    return isSame
  }
}

function isLike({ from, ofItems = [] }: Column, before: Dossier, now: Dossier, isSameOfItems: (member: keyof DossierItem) => boolean): boolean {
  return from !== undefined && before.note === now.note && from.every((member) => before[member] === now[member]) && ofItems.every(isSameOfItems)
}

function meansNamed({ means, items }: Dossier): readonly (string | undefined)[] {
  const reports = [...distinct(items, ({ position }) => position), ...distinct(items, ({ expected }) => expected)]
  return [...means.flatMap(({ id, journeyId }) => [id, journeyId]), ...reports.flatMap((report) => [report?.means, report?.journeyId])]
}

/** Of items each once; of those that stand beside another with the very same it is not asked. */
function distinct<T>(items: Dossier['items'], read: (item: DossierItem) => T): readonly T[] {
  const found = new Set<T>()
  let last: T | undefined
  for (const item of items) {
    const value = read(item)
    if (value === last && found.size > 0) continue
    found.add(value)
    last = value
  }
  return [...found]
}

function references({ note, contracts, declarations, acts }: Dossier): readonly (string | undefined)[] {
  return [
    ...(note.references ?? []).map(({ id }) => id), note.paperNumber, ...contracts.flatMap(({ accepted }) => accepted.map(({ carrierAssignedId }) => carrierAssignedId)),
    ...declarations.flatMap((declaration) => declaration.references.map(({ id }) => id)), ...acts.map(({ number }) => number),
  ]
}

function movementNumbers({ decisions, declarations }: Dossier): readonly (string | undefined)[] {
  return [...decisions.map(({ mrn }) => mrn), ...declarations.flatMap(({ references: named }) => named.filter(({ code }) => code === 'AVX').map(({ id }) => id))]
}

function namedSince(offsets: Readonly<Record<string, number>> = {}): readonly string[] {
  return Object.entries(offsets).map(([name, offset]) => `${offset} ${name}`)
}
