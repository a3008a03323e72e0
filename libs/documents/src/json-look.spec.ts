import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isDeeperThan, lookAt } from './json-look.js'

const bytes = (text: string) => Buffer.from(text)

/** Pieces of JSON in any order, and canonical texts with a piece put in, left out or put in another place. */
const piece = fc.constantFrom(
  '{', '}', '[', ']', ',', ':', '{"a":1,"a":1}', '{"\uFFFD":1,"\u{1F600}":1}', '"', '\\', '\\"', ' ', '\n', '"a":', '"b":', '"":', '"aa":', '"_":', '"__proto__":', '"é":', '"1":', '"10":', '"9":', '{}', '[]',
  '0', '-', '-0', '-7', '1', '12345678901234567890', '123456789012345', '9007199254740993', '1.0', '1e3', '1E3', '"x"', '"é"', '"\\u0061"', '"\\ud800"', 'true', 'false', 'null', 'é', '\u2028', '_',
)
const soup = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
const name = fc.oneof(fc.constantFrom('a', 'b', 'aa', 'ab', '', '_', '__proto__', 'é', '\uFFFD', '\u{1F600}', '1', '10', '9', '~'), fc.string({ maxLength: 3 }))
const scalar = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 4 }))
const json = fc.letrec<{ value: unknown }>((tie) => ({ value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(name, tie('value'), { maxKeys: 4 })) })).value
const written = fc.tuple(json, fc.boolean()).map(([value, isOrdered]) => (isOrdered ? canonicalize(value) : JSON.stringify(value)) ?? 'null')
const changed = fc.tuple(written, fc.nat(), fc.nat(4), piece).map(([text, at, left, put]) => `${text.slice(0, at % text.length)}${put}${text.slice((at % text.length) + left)}`)
const texts = fc.oneof(soup, written, changed).map((text) => bytes(text).toString()) // half of a pair is no UTF-8

describe('one look at the bytes of JSON', () => {
  it('calls nothing canonical that is JSON in another form', () => {
    let canonical = 0
    fc.assert(fc.property(texts, (text) => {
      if (lookAt(bytes(text), 64) !== 'canonical') return
      const value = parsed(text)
      if (value === undefined) return
      canonical += 1
      expect(canonicalize(value)).toBe(text)
      expect(text).not.toMatch(/"__proto__":|"(?:[^"]*)\\u[dD]/)
      expect(numbersIn(value).filter((number) => !Number.isSafeInteger(number) || Object.is(number, -0))).toEqual([])
    }), { numRuns: 20_000 })
    expect(canonical).toBeGreaterThan(1_000)
  })

  it('calls canonical what has integers of up to 15 digits, no escapes and plain names', () => {
    const plain = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.constantFrom(999_999_999_999_999, -99_999_999_999_999, 0, true, false, null, 'é \u2028'), fc.array(tie('value')), fc.dictionary(fc.stringMatching(/^[A-Za-z0-9$~-]+$/), tie('value'))),
    })).value
    fc.assert(fc.property(plain, (value) => expect(lookAt(bytes(canonicalize(value) ?? ''), 64)).toBe('canonical')))
  })

  it('calls canonical nearly everything that the vectors state', () => {
    const folder = join(import.meta.dirname, '../../../test/vectors')
    const payloads = readdirSync(folder).filter((file) => file.endsWith('.json')).flatMap((file) => {
      const { records } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { records: { value?: string; verdict?: string }[] }
      return records.filter(({ verdict }) => verdict === 'accepted').map(({ value = '' }) => Buffer.from(Buffer.from(value, 'base64').toString('latin1').split('.')[1] ?? '', 'base64url'))
    })
    const looks = payloads.map((payload) => lookAt(payload, 16))
    expect(looks.filter((look) => look === 'canonical').length / looks.length).toBeGreaterThan(0.95)
  })

  it('counts the brackets that are open outside of strings, in JSON or not', () => {
    fc.assert(fc.property(fc.oneof(texts, fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', ',', 'a', '1') })), fc.nat(4), (text, limit) => {
      expect(isDeeperThan(bytes(text), limit)).toBe(deepest(text) > limit)
    }), { numRuns: 5_000 })
    expect(isDeeperThan(bytes(`${']'.repeat(3)}${'['.repeat(19)}`), 16)).toBe(false)
    expect(isDeeperThan(bytes(`${']'.repeat(3)}${'['.repeat(20)}`), 16)).toBe(true)
  })

  it('counts no bracket inside a string, however its quotes are escaped', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', 'a') }), (text) => !isDeeperThan(bytes(JSON.stringify([text])), 1)))
  })
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

/** Strings left out by a pattern, an open one at the end, too; then each bracket is a step. */
function deepest(text: string): number {
  const brackets = text.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gsu, '').replace(/[^[\]{}]/g, '')
  let depth = 0
  return Math.max(0, ...[...brackets].map((bracket) => (depth += bracket === '[' || bracket === '{' ? 1 : -1)))
}
