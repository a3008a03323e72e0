import { canonicalJson } from '#libs/documents'
import { verifyAttestation, type AttestationFault, type Verified } from './attestation.js'
import { fromBase64url } from './base64url.js'
import type { PublicKeyOf } from './inspect.js'
import { signJws, typs, type Signer } from './jws.js'

/** One HTTP call of one node to another: who asks whom for what, when. */
export interface NodeRequest {
  /** Event id of the founding statement. */
  readonly corridor: string
  /** Participants: who asks, and who is asked. */
  readonly issuer: string
  readonly audience: string
  readonly method: string
  /** Path and query as sent: what was signed is what is answered. */
  readonly path: string
  /** Whole seconds since 1970. */
  readonly iat: number
  /** 16 random bytes as base64url; the receiver remembers it for as long as it accepts `iat`. */
  readonly nonce: string
}

export interface ExpectedRequest extends Pick<NodeRequest, 'corridor' | 'audience' | 'method' | 'path'> {
  /** The receiver's clock in whole seconds since 1970, and how far the sender's may be off either way. */
  readonly nowSeconds: number
  readonly toleranceSeconds: number
  /** The participant a valid signature key belongs to. */
  readonly ownerOf: (kid: string) => string | undefined
}

/** A nonce of 16 random bytes. */
export function newNonce(random: (bytes: number) => Uint8Array): string {
  return Buffer.from(random(nonceBytes)).toString('base64url')
}

/** Signs a request; sent in a header beside the call. */
export function signRequest(request: NodeRequest, signer: Omit<Signer, 'iat'>): string {
  return signJws({ ...signer, iat: request.iat, typ: typs.request, payload: canonicalJson(request) })
}

/**
 * Verifies that a call was signed by a participant's own key for this receiver, this method and path, and just now: BINDING or TIME otherwise.
 * A nonce seen before is for the caller, who keeps them.
 */
export function verifyRequest(jws: string, publicKeyOf: PublicKeyOf, expected: ExpectedRequest): Verified<NodeRequest, AttestationFault | 'TIME'> {
  const verified = verifyAttestation(jws, typs.request, publicKeyOf, isNodeRequest)
  if (!verified.ok) return verified
  const { corridor, issuer, audience, method, path, iat } = verified.payload
  const isForUs = corridor === expected.corridor && audience === expected.audience && method === expected.method && path === expected.path
  if (!isForUs || issuer !== expected.ownerOf(verified.kid)) return { ok: false, code: 'BINDING' }
  return Math.abs(expected.nowSeconds - iat) <= expected.toleranceSeconds ? verified : { ok: false, code: 'TIME' }
}

const nonceBytes = 16

const texts = { corridor: 43, issuer: 63, audience: 63, method: 10, path: 2_000, nonce: 22 } as const

/** Closed shape; what a text means is settled by comparing it with what is expected. */
function isNodeRequest(value: unknown): value is NodeRequest {
  if (typeof value !== 'object' || value === null) return false
  const members = new Map<string, unknown>(Object.entries(value))
  const textsFit = Object.entries(texts).every(([name, maxLength]) => {
    const text = members.get(name)
    return typeof text === 'string' && text.length > 0 && text.length <= maxLength
  })
  return textsFit && Number.isSafeInteger(members.get('iat')) && members.size === 7 && fromBase64url(String(members.get('nonce')))?.length === nonceBytes
}
