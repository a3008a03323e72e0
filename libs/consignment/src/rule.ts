import type { StatementData, StatementType } from '#libs/documents'
import type { Context, Ruling } from './judgement.js'
import { refuse, type Refusal, type RuleCode } from './refusal.js'
import type { Consignment, Item, Participant, Register } from './state.js'

/** A statement whose shape, chain and party have been judged, with all that its rule may read. */
export interface Stated<T extends StatementType> {
  readonly type: T
  readonly eventId: string
  readonly kid: string
  readonly issuer: string
  readonly participant: Participant
  readonly subject: string
  readonly offset: number
  readonly occurredAt: string
  readonly data: StatementData[T]
  readonly context: Context
  readonly register: Register
}

export type OnConsignment<T extends StatementType> = Stated<T> & { readonly consignment: Consignment }

export function refused(code: RuleCode, pointer: string, facts: Readonly<Record<string, string>> = {}): { readonly refusal: Refusal } {
  return { refusal: refuse(code, pointer, facts) }
}

export function accepted(...effects: Extract<Ruling, { effects: unknown }>['effects']): Ruling {
  return { effects }
}

/** The first refusal among lazily tried checks, cheapest first. */
export function firstRefusal(...checks: readonly (() => Refusal | undefined)[]): Refusal | undefined {
  for (const check of checks) {
    const refusal = check()
    if (refusal) return refusal
  }
  return undefined
}

export type FoundItems = { readonly items: readonly Item[] } | { readonly refusal: Refusal }

/** The items a list names, in its order (`all`: the note's order); refuses unknown ones and those named twice. */
export function itemsNamed(consignment: Consignment, named: 'all' | readonly string[], pointer: string): FoundItems {
  if (named === 'all') return { items: consignment.items }
  const byId = itemsById(consignment)
  const items: Item[] = []
  const seen = new Set<string>()
  for (const [index, id] of named.entries()) {
    const item = byId.get(id)
    if (!item) return refused('UNKNOWN_REFERENCE', `${pointer}/${index}`, { item: id })
    if (seen.has(id)) return refused('ITEM_TWICE', `${pointer}/${index}`, { item: id })
    seen.add(id)
    items.push(item)
  }
  return { items }
}

interface Index {
  readonly byId: ReadonlyMap<string, Item>
  readonly ids: readonly string[]
}

const indexes = new WeakMap<readonly Item[], Index>()

/** Items by their ids. */
export function itemsById(consignment: Consignment): ReadonlyMap<string, Item> {
  return indexOf(consignment).byId
}

/** The ids of all items, in the note's order: one list as long as no item changes. */
export function allIds(consignment: Consignment): readonly string[] {
  return indexOf(consignment).ids
}

/** Facts name one box of ninety, or all of them, and change none: remembered with the list that it is an index of. */
function indexOf({ items }: Consignment): Index {
  const known = indexes.get(items)
  if (known) return known
  const byId = new Map(items.map((item) => [item.id, item]))
  const index = { byId, ids: [...byId.keys()] }
  indexes.set(items, index)
  return index
}

export function isOutside(party: string): boolean {
  return party.startsWith('outside:')
}

/** Whether a party may be named: an outside party, or a participant of the register that is not suspended. */
export function isKnownParty(register: Register, party: string): boolean {
  if (isOutside(party)) return true
  const participant = Object.hasOwn(register.participants, party) ? register.participants[party] : undefined
  return participant !== undefined && !participant.suspended
}

export function isKnownPlace(register: Register, placeId: string): boolean {
  return Object.hasOwn(register.places, placeId)
}

export function unknownPlace(register: Register, placeId: string | undefined, pointer: string): Refusal | undefined {
  return placeId === undefined || isKnownPlace(register, placeId) ? undefined : refuse('UNKNOWN_REFERENCE', pointer, { place: placeId })
}

export function unknownParty(register: Register, party: string | undefined, pointer: string): Refusal | undefined {
  return party === undefined || isKnownParty(register, party) ? undefined : refuse('UNKNOWN_REFERENCE', pointer, { participant: party })
}

export function idsOf(items: readonly Item[]): readonly string[] {
  return items.map((item) => item.id)
}
