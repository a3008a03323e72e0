import { hash } from 'node:crypto'
import { sha256 } from './sha256.js'

/** One judged record of the log, with everything its leaf commits to. */
export interface JudgedRecord {
  readonly offset: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** SHA-256 of the value, base64url, where it is known. */
  readonly valueHash?: string | undefined
  /** The broker's append time in milliseconds since 1970: recorded, never judged. */
  readonly appendTime: number
  readonly verdict: 'accepted' | 'refused' | 'duplicate'
  /** `SIGNATURE`, `RULE:HELD_BY_CUSTOMS` …; null unless refused. */
  readonly code: string | null
  /** Canonical text of the effects, as it is kept and shown; `[]` unless accepted. */
  readonly effects: string
}

/**
 * The leaf of one offset (architecture 8): SHA-256 over the canonical JSON of
 * `[offset, SHA-256(key), SHA-256(value), append time, verdict, code, SHA-256(JCS of effects)]`, hashes in base64url, the hash of null being null.
 * It is the entry d(offset) of the RFC 6962 tree. Equal leaves mean equal bytes, verdict and effects, hence equal state.
 */
export function leafOf({ offset, key, value, valueHash, appendTime, verdict, code, effects }: JudgedRecord): Buffer {
  return leafOver([offset, hashOfKey(key), valueHash ?? hashOf(value), appendTime, verdict, code, hashOf(effects)])
}

/** The leaf of an offset without a record (a control record, a hole): every offset has one, so the tree's size is the next offset. */
export function holeLeafOf(offset: number): Buffer {
  return leafOver([offset, null, null, null, 'hole', null, null])
}

/** Of a list of integers, ASCII texts and nulls, JSON.stringify gives the canonical form. */
function leafOver(members: readonly (number | string | null)[]): Buffer {
  return sha256(JSON.stringify(members))
}

/** Of keys met lately: a record's key is its subject, and most records are about few of them. */
const keyHashes = new Map<string, string>()
const mostKeyHashes = 1_000
const longestKey = 64

function hashOfKey(key: Uint8Array | null): string | null {
  if (key === null || key.length > longestKey) return hashOf(key)
  const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1')
  const known = keyHashes.get(text)
  if (known !== undefined) return known
  if (keyHashes.size === mostKeyHashes) keyHashes.clear()
  const found = hash('sha256', key, 'base64url')
  keyHashes.set(text, found)
  return found
}

/** SHA-256 in base64url; of nothing nothing. */
export function hashOf<Bytes extends Uint8Array | string | null>(bytes: Bytes): Bytes extends null ? null : string
export function hashOf(bytes: Uint8Array | string | null): string | null {
  return bytes === null ? null : hash('sha256', bytes, 'base64url')
}
