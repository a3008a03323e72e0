import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import { parseDoorJson } from './door.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const atDoor = (text: string) => {
  const result = parseDoorJson(bytes(text))
  return result.ok ? ['ok'] : [result.code, result.pointer]
}

describe('reading a body at the door', () => {
  test.each([
    ['what is fine', '{"a":[1,-2,0,{"b":"Türkmenbaşy"}],"c":null,"d":true}', ['ok']],
    ['white space anywhere', ' {\r\n\t"a" : [ 1 , 2 ] }\n', ['ok']],
    ['a string full of brackets', '{"a":"[{\\"}]","b":1}', ['ok']],
    ['one name in two objects', '{"a":{"x":1},"b":{"x":1},"x":1}', ['ok']],
    ['a name that equals a value', '{"a":"b","b":"a"}', ['ok']],
    ['a byte order mark', '\ufeff{}', ['UNREADABLE_JSON', undefined]],
    ['a comma too many', '{"a":1,}', ['UNREADABLE_JSON', undefined]],
    ['nothing', '', ['UNREADABLE_JSON', undefined]],
    ['a member twice', '{"note":{"a":1,"b":[{}],"a":2}}', ['DUPLICATE_KEY', '/note/a']],
    ['a member twice, once escaped', '{"items":[{},{"a":1,"\\u0061":2}]}', ['DUPLICATE_KEY', '/items/1/a']],
    ['a member that leads to a prototype', '{"a":{"__proto__":{}}}', ['FORBIDDEN_KEY', '/a/__proto__']],
    ['the same, escaped', '{"\\u005f_proto__":{}}', ['FORBIDDEN_KEY', '/__proto__']],
    ['a member called constructor', '[{"constructor":1}]', ['FORBIDDEN_KEY', '/0/constructor']],
    ['half a surrogate pair', '{"a":"\\ud800x"}', ['LONE_SURROGATE', '/a']],
    ['half a surrogate pair in a name', '{"\\udc00":1}', ['LONE_SURROGATE', '/\udc00']],
    ['a whole pair', '{"a":"\\ud83d\\ude00"}', ['ok']],
    ['U+0000', '{"a":["x","\\u0000"]}', ['NUL_CHARACTER', '/a/1']],
    ['text in another normal form', '{"name":"Tu\u0308rkmenbas\u0327y"}', ['NOT_NFC', '/name']],
    ['a fraction', '{"a":[[],{"kg":1.5}]}', ['UNSAFE_NUMBER', '/a/1/kg']],
    ['a whole number written as fraction', '{"kg":1.0}', ['UNSAFE_NUMBER', '/kg']],
    ['an exponent', '1e3', ['UNSAFE_NUMBER', '']],
    ['minus nought', '{"a":-0}', ['UNSAFE_NUMBER', '/a']],
    ['a number JSON.parse would round', '{"a":9007199254740993}', ['UNSAFE_NUMBER', '/a']],
    ['the greatest safe number', '{"a":9007199254740991,"b":-9007199254740991}', ['ok']],
    ['a pointer that needs escaping', '{"a/b":{"c~d":0.5}}', ['UNSAFE_NUMBER', '/a~1b/c~0d']],
    ['twenty levels', '['.repeat(20) + ']'.repeat(20), ['ok']],
    ['twenty-one levels', '['.repeat(21) + ']'.repeat(21), ['TOO_DEEP', undefined]],
  ])('%s', (_, text, expected) => {
    expect(atDoor(text)).toEqual(expected)
  })

  it('refuses bytes that are not UTF-8', () => {
    expect(parseDoorJson(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ code: 'BAD_UTF8' })
  })

  it('never throws, and what it lets through is what JSON.parse reads', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json({ noUnicodeString: false }).map(bytes)), (input) => {
      const result = parseDoorJson(input)
      if (result.ok) expect(result.value).toEqual(JSON.parse(new TextDecoder().decode(input)))
    }))
  })

  it('reads a long string and a long list in one go', () => {
    expect(atDoor(JSON.stringify({ text: 'x\\'.repeat(200_000), list: Array.from({ length: 50_000 }, () => 'KRVU') }))).toEqual(['ok'])
  })
})
