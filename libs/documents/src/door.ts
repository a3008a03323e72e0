import { maxDepth } from './canonical.js'
import { isDeeperThan } from './json-look.js'
import { escapeToken } from './faults.js'

export type DoorCode =
  | 'BAD_UTF8'
  | 'TOO_DEEP'
  | 'UNREADABLE_JSON'
  | 'DUPLICATE_KEY'
  | 'FORBIDDEN_KEY'
  | 'LONE_SURROGATE'
  | 'NUL_CHARACTER'
  | 'NOT_NFC'
  | 'INVISIBLE_CHARACTER'
  | 'MIXED_SCRIPT'
  | 'UNSAFE_NUMBER'

export type DoorJson = { ok: true; value: unknown } | { ok: false; code: DoorCode; pointer?: string; message: string }

/** Plaintext particulars lie four levels deeper in a body than in the block that is made of them; the schema does the rest. */
const doorDepth = maxDepth + 4

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a request body and refuses what JSON.parse would let through or silently change: a member twice, rounded numbers,
 * halves of characters, names that touch prototypes, text that two people would read differently (two spellings of one name
 * would sign differently).
 * Unicode is looked at here only, never by the judge: its tables differ between runtimes. Total: never throws.
 */
export function parseDoorJson(bytes: Uint8Array): DoorJson {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { ok: false, code: 'BAD_UTF8', message: 'the body is not valid UTF-8' }
  }
  if (isDeeperThan(bytes, doorDepth)) return { ok: false, code: 'TOO_DEEP', message: `the body nests deeper than ${doorDepth} levels` }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { ok: false, code: 'UNREADABLE_JSON', message: error instanceof Error ? error.message : 'the body is not JSON' }
  }
  const fault = faultIn(text)
  return fault ? { ok: false, ...fault } : { ok: true, value }
}

type TokenFault = { readonly code: DoorCode; readonly message: string }
type DoorFault = TokenFault & { readonly pointer: string }

/** An open object or list on the way down; `at` is the member or index being read. */
type Level = { readonly seen: Set<string> | undefined; at: string | number }

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|-?[0-9][-+.0-9eE]*/g

/** The first fault in document order. Only for text that has been parsed, so that every token is where JSON allows it. */
function faultIn(text: string): DoorFault | undefined {
  const levels: Level[] = []
  const pointer = () => levels.map(({ at }) => `/${escapeToken(String(at))}`).join('')
  let expectsName = false
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1)
    const first = token.charAt(0)
    if (first === '{') {
      levels.push({ seen: new Set(), at: '' })
      expectsName = true
    } else if (first === '[') levels.push({ seen: undefined, at: 0 })
    else if (first === '}' || first === ']') {
      levels.pop()
      expectsName = false
    } else if (first === ',') {
      expectsName = level?.seen !== undefined
      if (typeof level?.at === 'number') level.at++
    } else if (first === '"') {
      const string = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1)
      if (expectsName && level) level.at = string
      const fault = textFaultOf(string) ?? (expectsName && level?.seen ? nameFault(string, level.seen) : undefined)
      if (fault) return { ...fault, pointer: pointer() }
      expectsName = false
    } else if (!/^(?:0|-?[1-9][0-9]*)$/.test(token) || !Number.isSafeInteger(Number(token))) {
      return { code: 'UNSAFE_NUMBER', pointer: pointer(), message: `${token.slice(0, 40)} is no integer within ±(2^53−1)` }
    }
  }
  return undefined
}

function nameFault(name: string, seen: Set<string>): TokenFault | undefined {
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') return { code: 'FORBIDDEN_KEY', message: `no member may be called ${name}` }
  if (seen.has(name)) return { code: 'DUPLICATE_KEY', message: 'a member occurs twice' }
  seen.add(name)
  return undefined
}

/**
 * What a text may not be if two people are to read the same in it: half of a character, not NFC, with characters nobody sees, or with a word whose
 * letters only look alike ("Соpper"). Words of different scripts may stand beside each other: "AO Казмортрансфлот" (architecture 3). Total: never throws.
 */
function textFaultOf(text: string): TokenFault | undefined {
  if (/^[ -~\n\t]*$/.test(text)) return undefined
  if (/[\ud800-\udfff]/u.test(text)) return { code: 'LONE_SURROGATE', message: 'half of a surrogate pair' }
  if (text.includes('\0')) return { code: 'NUL_CHARACTER', message: 'U+0000 is not allowed' }
  if (text.normalize('NFC') !== text) return { code: 'NOT_NFC', message: 'the text is not in Unicode normal form C' }
  return invisibleFault(text) ?? mixedFault(text)
}

/** Controls, format and ignorable characters: they reorder or hide what is read. The number signs of Arabic are of their class, but seen. */
const invisible = /(?![\n\t\u0600-\u0605\u06dd])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Scripts that are spelt with joiners: Persian writes plurals, Indic scripts write conjuncts with them. */
const joined = ['Arabic', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala']
  .map((script) => `\\p{Script=${script}}`)
  .join('')
const joiner = new RegExp(`(?<=[${joined}])[\\u200c\\u200d](?=[${joined}])`, 'gu')

function invisibleFault(text: string): TokenFault | undefined {
  const [character] = text.replaceAll(joiner, '').match(invisible) ?? []
  return character === undefined ? undefined : { code: 'INVISIBLE_CHARACTER', message: `${codePointOf(character)} cannot be seen in a text` }
}

/** Scripts with letters that look like each other's. */
const lookalikes = [
  { name: 'Latin', letter: /\p{Script=Latin}/u },
  { name: 'Cyrillic', letter: /\p{Script=Cyrillic}/u },
  { name: 'Greek', letter: /\p{Script=Greek}/u },
] as const

/** A hyphen ends a word ("ISO-контейнер"), a digit does not ("C0рper"). Word by word, so that a long text takes no longer than its length. */
function mixedFault(text: string): TokenFault | undefined {
  for (const [word] of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const found = lookalikes
      .flatMap(({ name, letter }) => {
        const first = letter.exec(word)
        return first ? [{ name, first }] : []
      })
      .sort((a, b) => a.first.index - b.first.index)
    const [one, other] = found
    if (one && other) {
      const letter = other.first[0]
      return { code: 'MIXED_SCRIPT', message: `the word ${[...word].slice(0, 40).join('')} mixes ${one.name} with ${other.name} letters: ${letter} is ${codePointOf(letter)}` }
    }
  }
  return undefined
}

function codePointOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
