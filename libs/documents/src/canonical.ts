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
  if (isDeeperThan(bytes, depth)) return { ok: false, code: 'DEPTH' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, code: 'CANONICAL' }
  }
  return isCanonical(value, text) ? { ok: true, value } : { ok: false, code: 'CANONICAL' }
}

/** Whether brackets nest deeper than `limit`. Counted on bytes, before any parser recurses; right for valid JSON, harmless for the rest. */
export function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === 0x5c) at++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return false
}

/**
 * RFC 8785 form of a value made of plain objects, arrays, strings, finite numbers, booleans and null; members that are
 * undefined are left out, as JSON.stringify does. Throws a TypeError on anything else and on lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`)
    return JSON.stringify(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isPlainObject(value)) throw new TypeError(`a ${typeof value} has no canonical form`)
  const members: string[] = []
  for (const key of Object.keys(value).sort()) { // default sort order is by UTF-16 code units, as RFC 8785 3.2.3 wants
    const member = value[key]
    if (member !== undefined) members.push(`${quote(key)}:${canonicalJson(member)}`)
  }
  return `{${members.join(',')}}`
}

/** The same as bytes, ready to hash. */
export function canonicalBytes(value: unknown): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8')
}

/**
 * The fast way: keys already in order, and the runtime's own writer gives the same text (a rebuild takes four times as long).
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

function quote(text: string): string {
  if (loneSurrogate.test(text)) throw new TypeError('a lone surrogate has no canonical form')
  return JSON.stringify(text)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
