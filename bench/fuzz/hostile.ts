import { maxRecordBytes } from '#libs/signature'
import type { Choose } from '../../libs/testing/src/random-acts.js'
import { oneOf } from './chance.js'

/** What somebody writes who wants a judge to stumble. */

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'all', 'corridor', 'corridor-authority', 'outside:', 'outside:x', 'l1',
  'c1', 'g1', 'KRVU3054380']

/** Values that JSON can bring. */
export const hostileValues: readonly unknown[] = [
  null, true, false, 0, -0, 1, -1, 2 ** 53 - 1, 1 - 2 ** 53, 1e21, [], [[]], {}, [null], '\u0000', '\ud83d\ude00', 'x'.repeat(70), 'é', 'all',
  Array.from({ length: 201 }, () => 'KRVU3054380'),
  { kind: 'leg' }, { kind: 'delivery', legId: 'l1' }, { id: 'KRVU3054380' },
  Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, index])), ...names,
  JSON.parse('{"__proto__":{"polluted":true}}'), JSON.parse('{"constructor":{"prototype":1}}'),
]

/** Payloads as bytes: hostile in form, not only in content. */
export const hostilePayloads: readonly Uint8Array[] = [
  '', ' ', 'null', '[]', '""', '0', '{', '{}', '{"a":1,"a":2}', '{"b":1,"a":2}', '{"a":1.0}', '{"a":1e400}', '{"a":9007199254740993}', '{"\\u0061":1}',
  '{"a":"\\ud800"}', '{"__proto__":{}}',
  '{"v":1}', '['.repeat(17) + ']'.repeat(17), '['.repeat(100_000), `{"a":${'{"a":'.repeat(15)}1${'}'.repeat(15)}}`, `"${'a'.repeat(100_000)}"`, '\ufeff{}',
  'NaN', '{"a":undefined}',
].map((text) => Buffer.from(text)).concat([Buffer.of(0xff), Buffer.of(0xc0, 0x80), Buffer.of(0xed, 0xa0, 0x80),
  Buffer.from([0x7b, 0x22, 0xf5, 0x22, 0x3a, 0x31, 0x7d])])

/** A value with one thing in it bent: another value, a member more, less or twice. */
export function bent(choose: Choose, value: unknown, depth = 0): unknown {
  if (depth > 6 || choose(4) === 0 || typeof value !== 'object' || value === null) return oneOf(choose, hostileValues)
  if (Array.isArray(value)) {
    const at = choose(value.length + 1)
    const what = choose(4)
    if (at === value.length || what === 0) return [...value, value[choose(value.length || 1)] ?? null]
    if (what === 1) return value.filter((_, index) => index !== at)
    return value.map((member: unknown, index) => (index === at ? bent(choose, member, depth + 1) : member))
  }
  const entries = Object.entries(value)
  const at = choose(entries.length + 1)
  const what = choose(5)
  if (at === entries.length || what === 0) return own([...entries, [oneOf(choose, names), oneOf(choose, hostileValues)]])
  if (what === 1) return own(entries.filter((_, index) => index !== at))
  return own(entries.map(([name, member], index) => [name, index === at ? bent(choose, member, depth + 1) : member]))
}

/** Members as JSON.parse makes them, `__proto__` included. */
function own(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

/** Bytes with something done to them; cheap, since most of what is thrown at a log fails early. */
export function damaged(choose: Choose, value: Uint8Array, other: Uint8Array): Uint8Array | null {
  const copy = Buffer.from(value)
  const at = choose(copy.length || 1)
  switch (choose(10)) {
    case 0: return null
    case 1: return copy.subarray(0, at)
    case 2: return Buffer.concat([copy, Buffer.from(other).subarray(0, choose(other.length))])
    case 3: return Buffer.concat([copy.subarray(0, at), Buffer.from(other).subarray(choose(other.length || 1))])
    case 4: return partsOf(copy, other, choose)
    case 5: return choose(50) ? Buffer.alloc(0) : Buffer.alloc(maxRecordBytes + choose(2), 'A')
    case 6: copy[at] = 0x2e; return copy // a dot
    case 7: copy[at] = choose(256); return copy
    case 8: copy[at] = (copy[at] ?? 0) ^ (1 << choose(8)); return copy
    default: return Buffer.from(Array.from({ length: choose(120) }, () => choose(256)))
  }
}

/** Header, payload and signature of two records, mixed. */
function partsOf(a: Buffer, b: Uint8Array, choose: Choose): Uint8Array {
  const [left, right] = [a.toString('latin1').split('.'), Buffer.from(b).toString('latin1').split('.')]
  return Buffer.from(left.map((part, index) => (choose(2) ? part : (right[index] ?? ''))).join('.'), 'latin1')
}
