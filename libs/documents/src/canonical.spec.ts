import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { canonicalJson, parseCanonical } from './canonical.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const codeOf = (text: string) => {
  const result = parseCanonical(bytes(text))
  return result.ok ? 'ok' : result.code
}

describe('writing canonical JSON', () => {
  const folder = new URL('../../../../shared/reference/jcs-rfc8785/', import.meta.url)
  if (!existsSync(folder)) it.skip('agrees with the vectors of RFC 8785 (reference folder absent)', () => undefined)
  else
    test.each(readdirSync(new URL('input/', folder)))('agrees with the vector %s of RFC 8785', (file) => {
      const input: unknown = JSON.parse(readFileSync(new URL(`input/${file}`, folder), 'utf8'))
      expect(canonicalJson(input)).toBe(readFileSync(new URL(`output/${file}`, folder), 'utf8').trimEnd())
    })

  it('agrees with another implementation on any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(value) === canonicalize(value)))
  })

  it('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
  })

  test.each([
    ['not a number', NaN],
    ['infinity', -Infinity],
    ['a big integer', 1n],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a lone surrogate', 'a\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
  ])('throws on %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})

describe('reading canonical JSON', () => {
  it('reads back whatever it wrote, if numbers are safe integers and no member is called __proto__', () => {
    const wire = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.string({ unit: 'grapheme' }), fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'), tie('value'), { noNullPrototype: true })),
    })).value
    fc.assert(fc.property(wire, (value) => {
      const result = parseCanonical(bytes(canonicalJson(value)), 64)
      expect(result).toEqual({ ok: true, value: JSON.parse(JSON.stringify(value)) })
    }))
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes)), (input) => {
      const result = parseCanonical(input)
      if (result.ok) expect(canonicalJson(result.value)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(input))
    }))
  })

  test.each([
    ['members in order', '{"a":1,"b":2}', 'ok'],
    ['integer-like names in UTF-16 order', '{"10":1,"9":2}', 'ok'],
    ['integer-like names in numeric order', '{"9":2,"10":1}', 'CANONICAL'],
    ['names beyond the basic plane before U+FFFD', '{"\u{1F600}":1,"\uFFFD":2}', 'ok'],
    ['names by code point instead of code unit', '{"\uFFFD":2,"\u{1F600}":1}', 'CANONICAL'],
    ['members out of order', '{"b":2,"a":1}', 'CANONICAL'],
    ['a member twice', '{"a":1,"a":1}', 'CANONICAL'],
    ['white space', '{"a": 1}', 'CANONICAL'],
    ['a line end after it', '{"a":1}\n', 'CANONICAL'],
    ['a byte order mark', '\ufeff{}', 'CANONICAL'],
    ['an unneeded escape', '"\\u0061"', 'CANONICAL'],
    ['an escaped solidus', '"\\/"', 'CANONICAL'],
    ['a short escape written long', '"\\u000a"', 'CANONICAL'],
    ['a control character', '"\\u0001"', 'ok'],
    ['a fraction', '1.5', 'CANONICAL'],
    ['a fraction deep inside', '{"a":[{"b":0.1}]}', 'CANONICAL'],
    ['an exponent', '1e3', 'CANONICAL'],
    ['an integer beyond 2^53-1', '9007199254740992', 'CANONICAL'],
    ['the greatest integer', '9007199254740991', 'ok'],
    ['minus nought', '-0', 'CANONICAL'],
    ['an escaped lone surrogate', '"\\ud800"', 'CANONICAL'],
    ['an escaped lone surrogate in a name', '{"\\udfff":1}', 'CANONICAL'],
    ['a lone surrogate escaped in capitals beside a name that looks like a number', '{"1":"\\uD800","0":1}', 'CANONICAL'],
    ['a lone surrogate escaped in capitals in such a name', '{"b":{"\\uDFFF":1,"0":1},"a":1}', 'CANONICAL'],
    ['a backslash followed by ud800', '"\\\\ud800"', 'ok'],
    ['an escaped pair', '"\\ud83d\\ude00"', 'CANONICAL'],
    ['a member called __proto__', '{"__proto__":{"admin":true}}', 'CANONICAL'],
    ['a member called constructor', '{"constructor":{"prototype":1}}', 'ok'],
    ['a member called toJSON', '{"toJSON":1}', 'ok'],
    ['nothing', '', 'CANONICAL'],
    ['half an object', '{"a":', 'CANONICAL'],
    ['a word', 'NaN', 'CANONICAL'],
  ])('%s', (_, text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  it('refuses invalid UTF-8 before anything else', () => {
    for (const invalid of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      expect(parseCanonical(Uint8Array.from([...bytes('['.repeat(40)), ...invalid]))).toEqual({ ok: false, code: 'UTF8' })
    }
  })

  it('admits sixteen levels and refuses the seventeenth, before it parses', () => {
    expect(codeOf('['.repeat(16) + ']'.repeat(16))).toBe('ok')
    expect(codeOf('['.repeat(17) + ']'.repeat(17))).toBe('DEPTH')
    expect(codeOf('{"a":'.repeat(100_000))).toBe('DEPTH')
    expect(codeOf(JSON.stringify('[['.repeat(20) + '"{{'))).toBe('ok')
  })

  it('leaves every prototype alone', () => {
    parseCanonical(bytes('{"__proto__":{"polluted":1}}'))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
