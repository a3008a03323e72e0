import type { BytesFault, PayloadFault } from '#libs/consignment'
import { openRecord, type PublicKeyOf } from './inspect.js'
import { isSignedBy, type Typ } from './jws.js'

/**
 * Why a signed text outside the log is not believed, cheapest check first, named as the judge names them: BINDING (made for another purpose: `typ`,
 * or another corridor, reader, key or call than expected), KEY (no key known for `kid`), SCHEMA (another payload than its kind has).
 */
export type AttestationFault = BytesFault | PayloadFault | 'BINDING' | 'KEY' | 'SIGNATURE' | 'SCHEMA'

/** A payload that is its signer's own word. Whether that signer may say so is for the caller, who knows the register. */
export interface Attested<Payload> {
  readonly ok: true
  readonly kid: string
  readonly iat: number
  readonly payload: Payload
}

export type Verified<Payload, Fault = AttestationFault> = Attested<Payload> | { readonly ok: false; readonly code: Fault }

/** Verifies a signed text that is no statement (receipt, checkpoint, key proof, request): its purpose, signature, canonical form and schema. */
export function verifyAttestation<Payload>(
  jws: string,
  typ: Typ,
  publicKeyOf: PublicKeyOf,
  isPayload: (value: unknown) => value is Payload,
): Verified<Payload> {
  const opened = openRecord(Buffer.from(jws))
  if (!opened.ok) return opened
  const { kid, iat, parts, payload } = opened
  if (opened.typ !== typ) return { ok: false, code: 'BINDING' }
  const key = publicKeyOf(kid)
  if (!key) return { ok: false, code: 'KEY' }
  if (!isSignedBy(key, parts)) return { ok: false, code: 'SIGNATURE' }
  if (!payload.ok) return payload
  return isPayload(payload.value) ? { ok: true, kid, iat, payload: payload.value } : { ok: false, code: 'SCHEMA' }
}
