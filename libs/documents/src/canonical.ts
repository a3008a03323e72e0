import { lookAt } from './json-look.js'

/**
 * RFC 8785 canonical JSON, both ways. What is signed is compared byte for byte with its canonical form, so the reader
 * below is the judge's gate: total over arbitrary bytes, and the same answer on every runtime (no normalisation, no locale).
 */
export type CanonicalFault = 'UTF8' | 'DEPTH' | 'CANONICAL'
export type Canonical = { ok: true; value: unknown } | { ok: false; code: CanonicalFault }

/** How deep a statement may nest: the outermost object is level 1 (architecture 3). */
export const maxDepth = 16

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads bytes that must be canonical JSON, checked in this order: valid UTF-8, depth, canonical form.
 * Beyond RFC 8785 three things are not canonical here: a number that is no integer within ±(2^53−1), a lone surrogate,
 * and a member called `__proto__` (JSON.parse keeps it as an own member, but the first careless copy would turn it into a prototype).
 */
export function parseCanonical(bytes: Uint8Array, depth = maxDepth): Canonical {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { ok: false, code: 'UTF8' }
  }
  const look = lookAt(bytes, depth)
  if (look === 'deep') return { ok: false, code: 'DEPTH' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, code: 'CANONICAL' }
  }
  return look === 'canonical' || isCanonical(value, text) ? { ok: true, value } : { ok: false, code: 'CANONICAL' }
}

/**
 * RFC 8785 form of a value made of plain objects, arrays, strings, finite numbers, booleans and null; members that are
 * undefined are left out, as JSON.stringify does. Throws a TypeError on anything else and on lone surrogates.
 * The runtime's own writer over ordered members takes a third of the time of writing text by text.
 */
export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value)
  if (ordered === undefined) return written(value)
  const text = JSON.stringify(ordered)
  if (text.includes('\\ud') && hasLoneSurrogate(value)) throw new TypeError(loneSurrogateHasNone)
  return text
}

/** The same as bytes, ready to hash. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8')
}

type Json = string | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>

/**
 * The same value with every object's members in order: by UTF-16 code units, as RFC 8785 3.2.3 wants. Copies only what is not; undefined where order
 * cannot be had, because a JavaScript object lists integer-like names first whatever was written first, or where `__proto__` would not be copied.
 */
function inOrder(value: unknown): Json | undefined {
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (Array.isArray(value)) return listInOrder(value)
  const source = plain(value)
  const names = Object.keys(source)
  let isOrdered = true
  let before: string | undefined
  for (const name of names) {
    if (before !== undefined && name <= before) isOrdered = false
    if (isUnorderable(name)) return undefined
    before = name
  }
  if (!isOrdered) names.sort()
  let copy: Record<string, unknown> | undefined = isOrdered ? undefined : {}
  for (const name of names) {
    const member = source[name]
    const ordered = member === undefined ? undefined : inOrder(member)
    if (ordered === undefined && member !== undefined) return undefined
    if (copy === undefined && ordered !== member) copy = { ...source } // same names, same order
    if (copy !== undefined) copy[name] = ordered
  }
  return copy ?? source
}

/** Integer-like, or `__proto__`. The first character settles it for nearly all names. */
function isUnorderable(name: string): boolean {
  const first = name.charCodeAt(0)
  return (first <= 0x39 && /^(?:0|[1-9][0-9]{0,9})$/.test(name)) || (first === 0x5f && name === '__proto__')
}

function listInOrder(list: readonly unknown[]): readonly unknown[] | undefined {
  let copy: unknown[] | undefined
  for (let at = 0; at < list.length; at++) {
    const ordered = inOrder(list[at])
    if (ordered === undefined) return undefined
    if (copy === undefined && ordered !== list[at]) copy = [...list]
    if (copy !== undefined) copy[at] = ordered
  }
  return copy ?? list
}

/** Member by member, for the few objects whose order the runtime does not keep. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return quote(scalar(value))
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  const source = plain(value)
  const names = Object.keys(source).sort()
  return `{${names.flatMap((name) => (source[name] === undefined ? [] : [`${quote(name)}:${written(source[name])}`])).join(',')}}`
}

function scalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null || (typeof value === 'number' && Number.isFinite(value))) return value
  throw new TypeError(typeof value === 'number' ? `${value} has no JSON form` : `a ${typeof value} has no canonical form`)
}

function plain(value: object): Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('an object with a class of its own has no canonical form')
  return value as Readonly<Record<string, unknown>>
}

/**
 * For what one look was not sure of. The fast way: keys already in order, and the runtime's own writer gives the same text (a rebuild takes four times as long).
 * Only integer-like member names, which a JavaScript object puts first in numeric order, need the rebuild.
 */
function isCanonical(value: unknown, text: string): boolean {
  const order = orderOf(value)
  if (order === 'wrong') return false
  // a raw surrogate is no UTF-8, so a lone one can only stand here as an escape, in letters of either case
  if (/\\u[dD]/.test(text) && hasLoneSurrogate(value)) return false
  return (order === 'sorted' ? JSON.stringify(value) : canonicalJson(value)) === text
}

function orderOf(value: unknown): 'sorted' | 'unsorted' | 'wrong' {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'sorted' : 'wrong'
  if (value === null || typeof value !== 'object') return 'sorted'
  let order: 'sorted' | 'unsorted' = 'sorted'
  if (Array.isArray(value)) {
    for (const item of value) {
      const inner = orderOf(item)
      if (inner === 'wrong') return inner
      if (inner === 'unsorted') order = inner
    }
    return order
  }
  let previous: string | undefined
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return 'wrong'
    if (previous !== undefined && key <= previous) order = 'unsorted'
    previous = key
    const inner = orderOf((value as Record<string, unknown>)[key]) // own keys of a parsed object
    if (inner === 'wrong') return inner
    if (inner === 'unsorted') order = inner
  }
  return order
}

const loneSurrogate = /[\ud800-\udfff]/u // with `u` a pair is one character, so only a lone half matches

function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return loneSurrogate.test(value)
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, member]) => loneSurrogate.test(key) || hasLoneSurrogate(member))
}

const loneSurrogateHasNone = 'a lone surrogate has no canonical form'

function quote(value: string | number | boolean | null): string {
  if (typeof value === 'string' && loneSurrogate.test(value)) throw new TypeError(loneSurrogateHasNone)
  return JSON.stringify(value)
}
