/** What an `InspectingThread` runs: reads and checks whole batches, and knows the keys it was taught. */
import type { KeyObject } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { PublicJwk } from '#libs/documents'
import { candidateKeysOf, isSignedBy, readRecord } from '#libs/signature'
import { together, type FromProgram, type InspectedList, type Packed, type ToProgram } from './inspecting-messages.js'

const keys = new Map<string, KeyObject>()
const encoder = new TextEncoder()

parentPort?.on('message', (message: ToProgram) => {
  if ('key' in message) keys.set(message.kid, message.key)
  else {
    const found = inspected(message.packed)
    parentPort?.postMessage({ batch: message.batch, ...found } satisfies FromProgram, found.lists.map(({ text }) => text.buffer))
  }
})

/** A list at a time, so that what was read for one is gone when the next is read. */
function inspected(packed: Packed): Omit<FromProgram, 'batch'> {
  const values = valuesIn(packed)
  const lists: InspectedList[] = []
  const named: [string, PublicJwk][] = []
  for (let from = 0; from < values.length; from += together) lists.push(listOf(values.slice(from, from + together), named))
  return { lists, named }
}

function valuesIn({ bytes, lengths }: Packed): readonly (Buffer | null)[] {
  let at = 0
  return Array.from(lengths, (length) => {
    if (length < 0) return null
    at += length
    return Buffer.from(bytes, at - length, length)
  })
}

/** @param named is added to */
function listOf(values: readonly (Buffer | null)[], named: [string, PublicJwk][]): InspectedList {
  const kids = new Set<string>()
  let isOpen = false
  const texts = values.map((value) => {
    const record = readRecord(value)
    if (!record.ok) return JSON.stringify(record)
    const { kid, typ, eventId, valueHash, payload, parts } = record
    named.push(...candidateKeysOf([record]))
    const key = keys.get(kid)
    if (key) kids.add(kid)
    else isOpen = true
    const about = JSON.stringify({ ok: true, kid, typ, eventId, valueHash, ...(key && { signed: isSignedBy(key, parts) }) })
    const read = payload.ok ? `{"ok":true,"value":${parts.payload.toString()}${payload.fits ? ',"fits":true' : ''}}` : JSON.stringify(payload) // a payload that is canonical is its own text
    return `${about.slice(0, -1)},"payload":${read}}`
  })
  return { text: encoder.encode(`[${texts.join(',')}]`), kids: [...kids], isOpen }
}
