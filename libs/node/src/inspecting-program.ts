/** What an `InspectingThread` runs: reads and checks whole batches, and knows the keys it was taught. */
import type { KeyObject } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { isSignedBy, readRecord } from '#libs/signature'

/** Record values one behind the other; the length of one that is null is −1. */
export interface Packed {
  readonly bytes: ArrayBuffer
  readonly lengths: Int32Array
}

export type ToProgram = { readonly batch: number; readonly packed: Packed } | { readonly kid: string; readonly key: KeyObject }

/** JSON texts (UTF-8) of lists of `Inspection`s, in order, without `signed` where the key is not known here. */
export interface FromProgram {
  readonly batch: number
  readonly inspections: readonly Uint8Array<ArrayBuffer>[]
}

/** One letter beyond Latin-1 doubles the text that it is in, and what reading it takes: so few inspections have a text together. */
const together = 32

const keys = new Map<string, KeyObject>()

parentPort?.on('message', (message: ToProgram) => {
  if ('key' in message) keys.set(message.kid, message.key)
  else {
    const inspections = inspected(message.packed)
    parentPort?.postMessage({ batch: message.batch, inspections } satisfies FromProgram, inspections.map(({ buffer }) => buffer))
  }
})

const encoder = new TextEncoder()

function inspected({ bytes, lengths }: Packed): FromProgram['inspections'] {
  let at = 0
  const texts = [...lengths].map((length) => {
    if (length < 0) return textOf(null)
    at += length
    return textOf(Buffer.from(bytes, at - length, length))
  })
  return Array.from({ length: Math.ceil(texts.length / together) }, (_, list) => encoder.encode(`[${texts.slice(list * together, (list + 1) * together).join(',')}]`))
}

/** A payload that is canonical is its own text. */
function textOf(value: Buffer | null): string {
  const record = readRecord(value)
  if (!record.ok) return JSON.stringify(record)
  const { kid, typ, eventId, valueHash, payload, parts } = record
  const key = keys.get(kid)
  const about = JSON.stringify({ ok: true, kid, typ, eventId, valueHash, ...(key && { signed: isSignedBy(key, parts) }) })
  const read = payload.ok ? `{"ok":true,"value":${parts.payload.toString()}${payload.fits ? ',"fits":true' : ''}}` : JSON.stringify(payload)
  return `${about.slice(0, -1)},"payload":${read}}`
}
