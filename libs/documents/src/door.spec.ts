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
    ['words of different scripts', '{"a":"AO Казмортрансфлот, ISO-контейнер № 2, 20-фут, Αθήνα"}', ['ok']],
    ['the lines of a text', '{"a":"one\\n\\ttwo"}', ['ok']],
    ['a letter that looks Latin', '{"a":["Соpper"]}', ['MIXED_SCRIPT', '/a/0']],
    ['a letter that looks Latin, behind a digit', '{"a":"x KRV\\u04211"}', ['MIXED_SCRIPT', '/a']],
    ['a Greek letter among Latin ones', '{"a":"Gr\u03bfup"}', ['MIXED_SCRIPT', '/a']],
    ['a Greek letter among Cyrillic ones', '{"a":"К\u03bfд"}', ['MIXED_SCRIPT', '/a']],
    ['a name of a member in two scripts', '{"nоte":1}', ['MIXED_SCRIPT', '/nоte']],
    ['Persian with the joiner it is spelt with', '{"a":"کانتینر\u200cها"}', ['ok']],
    ['Hindi with the joiner it is spelt with', '{"a":"क्\u200dष"}', ['ok']],
    ['the same joiner between Latin letters', '{"a":"KRVU\u200c1"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a joiner at the end', '{"a":"کانتینر\u200c"}', ['INVISIBLE_CHARACTER', '/a']],
    ['an override of direction', '{"a":{"b":"x\\u202etxt"}}', ['INVISIBLE_CHARACTER', '/a/b']],
    ['an isolate of direction', '{"a":"\u2066x"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a space without width', '{"a":"a\u200bb"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a word joiner', '{"a":"a\u2060b"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a byte order mark within', '{"a":"\ufeffb"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a soft hyphen', '{"a":"a\u00adb"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a filler that is counted among letters', '{"a":"a\u3164b"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a separator of lines', '{"a":"a\u2028b"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a control character', '{"a":"\\u001b[2J"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a carriage return', '{"a":"one\\r\\ntwo"}', ['INVISIBLE_CHARACTER', '/a']],
    ['a name of a member with a character nobody sees', '{"a\u200b":1}', ['INVISIBLE_CHARACTER', '/a\u200b']],
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

  it('says which letter of which word is not what it looks like', () => {
    expect(parseDoorJson(bytes('{"a":"pure Copреr"}'))).toMatchObject({ message: 'the word Copреr mixes Latin with Cyrillic letters: р is U+0440' })
  })

  it('reads a long word of one script in one go', () => {
    expect(atDoor(JSON.stringify({ text: 'é'.repeat(500_000) }))).toEqual(['ok'])
  })

  it('reads a long string and a long list in one go', () => {
    expect(atDoor(JSON.stringify({ text: 'x\\'.repeat(200_000), list: Array.from({ length: 50_000 }, () => 'KRVU') }))).toEqual(['ok'])
  })
})
