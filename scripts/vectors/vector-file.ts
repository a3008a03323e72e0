import type { Effect } from '#libs/consignment'
import type { LogBatch, LogRecord } from '#libs/exchange'

/** A file of test vectors as test/vectors/check.py describes it: a whole log from its first offset, each record with what every judge must make of it. */
export interface VectorFile {
  /** Of the file, without its ending. */
  readonly name: string
  /** Event id of the founding statement. */
  readonly corridor: string
  readonly records: readonly Vector[]
}

/** Bytes as base64, or the same bytes so many times over where writing them out would only make the file long. */
export type Written = string | { readonly repeat: string; readonly times: number }

export type Vector = JudgedVector | HoleVector

interface Placed {
  readonly offset: number
  /** What the record is there to show. */
  readonly says: string
  readonly leaf: string
  /** Of the tree of size offset + 1. */
  readonly root: string
}

export interface JudgedVector extends Placed {
  readonly key: Written | null
  readonly value: Written | null
  readonly appendTime: number
  readonly verdict: 'accepted' | 'refused' | 'duplicate'
  readonly code: string | null
  readonly effects: readonly Effect[]
  /** Null where the signature was not found true, so that there is no id to speak of. */
  readonly eventId: string | null
}

/** An offset without a record. */
export interface HoleVector extends Placed {
  readonly hole: true
}

export function isHole(vector: Vector): vector is HoleVector {
  return 'hole' in vector
}

/** From here on a record of one byte over and over is written short. */
const longBytes = 100_000

export function writtenOf(bytes: Buffer | null): Written | null {
  if (bytes === null) return null
  const [first] = bytes
  return bytes.length < longBytes || !bytes.every((byte) => byte === first)
    ? bytes.toString('base64')
    : { repeat: bytes.subarray(0, 1).toString('base64'), times: bytes.length }
}

export function bytesOf(written: Written | null): Buffer | null {
  if (written === null) return null
  if (typeof written === 'string') return Buffer.from(written, 'base64')
  return Buffer.concat(Array.from({ length: written.times }, () => Buffer.from(written.repeat, 'base64')))
}

/** Some of a file's records as the log delivers them: holes are gaps. */
export function batchOf(vectors: readonly Vector[]): LogBatch {
  const next = (vectors.at(-1)?.offset ?? -1) + 1
  const records = vectors.flatMap((vector): LogRecord[] =>
    isHole(vector) ? [] : [{ offset: vector.offset, key: bytesOf(vector.key), value: bytesOf(vector.value), appendTime: vector.appendTime }])
  return { records, next, end: next }
}
