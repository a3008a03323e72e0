import type { KeyObject } from 'node:crypto'
import type { BytesFault, Inspection } from '#libs/consignment'
import { isProtectedHeader, isStatement, parseCanonical, type PublicJwk } from '#libs/documents'
import { eventIdOf, isSignedBy, isSignedByInPool, splitJws, type JwsParts } from './jws.js'
import { publicKeyOf as keyObjectOf, thumbprintOf } from './keys.js'
import { hashOf } from './leaf.js'

/** The greatest record value in bytes; leaves room for Kafka's framing and headers below the topic's `max.message.bytes`. */
export const maxRecordBytes = 360_000

/** The deepest payload, in levels of arrays and objects. */
export const maxPayloadDepth = 16

/** The header is one flat object. */
const headerDepth = 1

/** Finds the public key whose thumbprint is `kid`. Whether that key counts at a place in the log is not asked here. */
export type PublicKeyOf = (kid: string) => KeyObject | undefined

type Read = Extract<Inspection, { ok: true }>

/** A record value opened, its signature not yet checked. */
export type OpenedRecord =
  | { readonly ok: false; readonly code: BytesFault }
  | (Omit<Read, 'signed' | 'valueHash'> & { readonly iat: number; readonly parts: JwsParts })

/** The same with everything that can be said of it without a key. */
export type ReadRecord = Extract<OpenedRecord, { ok: false }> | (Extract<OpenedRecord, { ok: true }> & Required<Pick<Read, 'valueHash'>>)

/** Reads a record value without any key. Total: arbitrary bytes give a coded answer. A null or empty value has no three parts, so it is FORM. */
export function openRecord(value: Uint8Array | null): OpenedRecord {
  if (value === null) return { ok: false, code: 'FORM' }
  if (value.length > maxRecordBytes) return { ok: false, code: 'SIZE' }
  // latin1 gives every byte a character of its own, so a byte outside ASCII survives until the alphabet refuses it
  const parts = splitJws(Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1'))
  if (!parts) return { ok: false, code: 'FORM' }
  const header = parseCanonical(parts.header, headerDepth)
  if (!header.ok || !isProtectedHeader(header.value)) return { ok: false, code: 'HEADER' }
  const { kid, typ, iat } = header.value
  return { ok: true, kid, typ, iat, eventId: eventIdOf(parts.signingInput), payload: parseCanonical(parts.payload, maxPayloadDepth), parts }
}

/**
 * Opens a record of the log and finds what leaf and judge ask for besides and what takes neither key nor state: the hash of the value, and whether its
 * payload fits its schemas.
 */
export function readRecord(value: Uint8Array | null): ReadRecord {
  const record = openRecord(value)
  if (!record.ok) return record
  const { payload } = record
  const fitting = payload.ok && isStatement(payload.value) ? ({ ok: true, value: payload.value, fits: true } as const) : payload
  return { valueHash: hashOf(value ?? ''), ...record, payload: fitting } // null is not opened
}

/**
 * The public keys that founding and KeyAdded statements among these records name, by thumbprint, so that a key and its first use may lie in one
 * batch. Nothing is believed by that: a key that hashes to `kid` decides only whether a signature is true; the register decides whether it counts.
 */
export function candidateKeysOf(records: readonly (OpenedRecord | Inspection)[]): ReadonlyMap<string, PublicJwk> {
  const candidates = new Map<string, PublicJwk>()
  for (const record of records) {
    if (!record.ok || !record.payload.ok) continue
    for (const jwk of jwksNamedIn(record.payload.value)) candidates.set(thumbprintOf(jwk), jwk)
  }
  return candidates
}

/** What can be said of one record value without the state of the corridor (architecture 3). Total: never throws, whatever the bytes. */
export function inspectRecord(value: Uint8Array | null, publicKeyOf: PublicKeyOf): Inspection {
  const record = readRecord(value)
  if (!record.ok) return record
  const key = lookupWith(publicKeyOf, [record])(record.kid)
  return inspectionOf(record, key !== undefined && isSignedBy(key, record.parts))
}

/** Of a batch, in order: a list, or what makes parts of one when they are asked for. */
export interface Inspections {
  /** @param from 0 or more */
  slice(from: number, to: number): readonly Inspection[]
}

/** Ends an inspection that has begun, with the keys known by then. */
export type Inspecting = (publicKeyOf: PublicKeyOf) => Promise<Inspections>

/** Where and how a batch is inspected is its own affair, what is found is not. */
export type BeginInspection = (values: readonly (Uint8Array | null)[], publicKeyOf: PublicKeyOf) => Inspecting

/** A record value as it was read, and whether it is signed, once that is being checked. */
export interface Opened {
  readonly record: ReadRecord
  signed?: Promise<boolean> | undefined
}

/**
 * So few signatures are sooner checked than handed to the thread pool and awaited: one takes some 80 µs, as long as two switches of threads, and where many
 * processes share the processors a thread that is woken mostly takes its waker's place. What comes at a tick under load is no more than these.
 */
const few = 16

/**
 * Begins to inspect a batch before its turn: signatures by keys known already are checked, those of more than a few in the thread pool while others are
 * judged. A key that is not known yet may be added until then, by a statement before the batch or in it, so those wait for the end.
 * @param open reads one value, or has it from before
 */
export function beginInspection(
  values: readonly (Uint8Array | null)[], publicKeyOf: PublicKeyOf, open: (value: Uint8Array | null) => Opened = (value) => ({ record: readRecord(value) }),
): (publicKeyOf: PublicKeyOf) => Promise<Inspection[]> {
  const isSigned = values.length > few ? isSignedByInPool : async (...signed: Parameters<typeof isSignedBy>) => isSignedBy(...signed)
  const check = (opened: Opened, { parts }: Extract<OpenedRecord, { ok: true }>, key: KeyObject) => {
    if (opened.signed) return opened.signed
    opened.signed = isSigned(key, parts)
    opened.signed.catch(() => (opened.signed = undefined)) // the machine failed, not the signature; whoever ends the inspection is told
    return opened.signed
  }
  const begun = values.map((value) => {
    const opened = open(value)
    const key = opened.record.ok ? publicKeyOf(opened.record.kid) : undefined
    return { opened, signed: opened.record.ok && key ? check(opened, opened.record, key) : undefined }
  })
  return (knownByThen) => {
    const keyOf = lookupWith(knownByThen, begun.map(({ opened: { record } }) => record))
    return Promise.all(begun.map(async ({ opened, signed }) => {
      const { record } = opened
      if (!record.ok) return record
      const key = signed ? undefined : keyOf(record.kid)
      return inspectionOf(record, signed ? await signed : key !== undefined && (await check(opened, record, key)))
    }))
  }
}

/** The same for a batch, signatures checked in parallel in the thread pool, keys taken also from the batch's own founding and KeyAdded statements. */
export function inspectBatch(values: readonly (Uint8Array | null)[], publicKeyOf: PublicKeyOf): Promise<Inspection[]> {
  return beginInspection(values, publicKeyOf)(publicKeyOf)
}

function inspectionOf({ kid, typ, eventId, valueHash, payload }: Extract<ReadRecord, { ok: true }>, signed: boolean): Inspection {
  return { ok: true, kid, typ, eventId, signed, valueHash, payload }
}

/** Known keys first, then the batch's candidates; a key object is made only for a candidate that is used, and once. */
function lookupWith(publicKeyOf: PublicKeyOf, records: readonly OpenedRecord[]): PublicKeyOf {
  const candidates = candidateKeysOf(records)
  const made = new Map<string, KeyObject | undefined>()
  return (kid) => {
    const known = publicKeyOf(kid)
    if (known || !candidates.has(kid)) return known
    if (!made.has(kid)) made.set(kid, keyObjectOf(candidates.get(kid)))
    return made.get(kid)
  }
}

/** The JWKs a founding or KeyAdded payload names, read without believing it; nothing from any other payload. */
function jwksNamedIn(payload: unknown): readonly PublicJwk[] {
  if (!isObject(payload) || !isObject(payload['data'])) return []
  const { authorityKeys, jwk } = payload['data']
  if (payload['type'] === 'KeyAdded') return bareJwksOf([jwk])
  return payload['type'] === 'CorridorFounded' && Array.isArray(authorityKeys) ? bareJwksOf(authorityKeys) : []
}

/**
 * Only the members that the thumbprint covers: were others kept, a hostile twin of somebody's key (`"use": "enc"` added, same thumbprint) would
 * take its place among the candidates and make that key's first statements untrue. The curve is checked when a signature wants the key.
 */
function bareJwksOf(values: readonly unknown[]): readonly PublicJwk[] {
  return values.flatMap((value): PublicJwk[] => {
    if (!isObject(value)) return []
    const { kty, crv, x, y } = value
    return kty === 'EC' && crv === 'P-256' && typeof x === 'string' && typeof y === 'string' ? [{ kty, crv, x, y }] : []
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
