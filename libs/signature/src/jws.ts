import { hash, sign, verify, type KeyObject } from 'node:crypto'
import { canonicalJson } from '#libs/documents'
import { fromBase64url } from './base64url.js'

/** What a signature is for. Each kind has a `typ` of its own, checked before anything is believed, so that none can be passed off as another. */
export const typs = {
  founding: 'karvan-founding+jws',
  register: 'karvan-register+jws',
  event: 'karvan-event+jws',
  receipt: 'karvan-receipt+jws',
  checkpoint: 'karvan-checkpoint+jws',
  webhook: 'karvan-webhook+jws',
  keyProof: 'karvan-key-proof+jws',
  request: 'karvan-request+jws',
} as const

export type Typ = (typeof typs)[keyof typeof typs]

/** Who signs and when: `iat` in whole seconds since 1970, stated by the signer and never judged. */
export interface Signer {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly iat: number
  /** SHA-256 of the key's certificate where it has one; the signature is then JAdES B-B (ETSI TS 119 182-1 clause 5.1.7). */
  readonly x5tS256?: string | undefined
}

/** A compact JWS (RFC 7515 section 3.1) taken apart, its encoding exact; nothing of it is believed yet. */
export interface JwsParts {
  /** ASCII: protected header "." payload, as received. */
  readonly signingInput: string
  readonly header: Buffer
  readonly payload: Buffer
  readonly signature: Buffer
}

/** r and s of P-256, 32 bytes each (RFC 7518 section 3.4). */
const signatureBytes = 64

/**
 * Signs a payload with ES256 and returns the JWS in compact serialization.
 * @param payload its canonical text (RFC 8785); signed as given, never serialised again
 */
export function signJws({ typ, payload, kid, privateKey, iat, x5tS256 }: Signer & { readonly typ: Typ; readonly payload: string }): string {
  const header = canonicalJson({ alg: 'ES256', iat, kid, typ, ...(x5tS256 === undefined ? {} : { 'x5t#S256': x5tS256 }) })
  const signingInput = `${Buffer.from(header).toString('base64url')}.${Buffer.from(payload).toString('base64url')}`
  const signature = sign('sha256', Buffer.from(signingInput, 'latin1'), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signingInput}.${signature.toString('base64url')}`
}

/**
 * The id of what was signed: base64url(SHA-256(ASCII(protected "." payload))). Never of the whole text, because ES256 is randomised and (r, n − s)
 * is as valid as (r, s): a second signature over the same input is the same event.
 */
export function eventIdOf(signingInput: string): string {
  return hash('sha256', signingInput, 'base64url')
}

/** Takes a compact JWS apart: three non-empty parts, each in exact base64url, a signature of 64 bytes; undefined for anything else. */
export function splitJws(text: string): JwsParts | undefined {
  const [headerText, payloadText, signatureText, more] = text.split('.', 4)
  if (!headerText || !payloadText || !signatureText || more !== undefined) return undefined
  const signature = fromBase64url(signatureText)
  if (signature?.length !== signatureBytes) return undefined
  const header = fromBase64url(headerText)
  const payload = header && fromBase64url(payloadText)
  return header && payload && { signingInput: text.slice(0, headerText.length + 1 + payloadText.length), header, payload, signature }
}

/** Whether a signature is good under a P-256 public key. Throws only when the machine fails, never because of the signature's bytes. */
export function isSignedBy(publicKey: KeyObject, { signingInput, signature }: JwsParts): boolean {
  return verify('sha256', Buffer.from(signingInput, 'latin1'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

/** The same in the thread pool. A failing machine rejects: to call that "not signed" would give this node another verdict than the others. */
export function isSignedByInPool(publicKey: KeyObject, { signingInput, signature }: JwsParts): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify('sha256', Buffer.from(signingInput, 'latin1'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature, (error, signed) =>
      error ? reject(error) : resolve(signed),
    )
  })
}
