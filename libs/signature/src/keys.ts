import { createECDH, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { thumbprintOf, type PublicJwk } from '#libs/documents'
import { fromBase64url } from './base64url.js'

export { thumbprintOf } // a key and its name belong together for whoever imports this library

/** A private key for ES256 (or for ECDH-ES) as RFC 7518 section 6.2 writes it; exactly these members. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string
}

export interface KeyPair {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

/** A fresh P-256 key pair from the system's random source. */
export function generateKeyPair(): KeyPair {
  const { x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const privateJwk: unknown = { kty: 'EC', crv: 'P-256', x, y, d }
  if (!isPrivateJwk(privateJwk)) throw new Error('the system made a key that is not on P-256')
  return { publicJwk: publicJwkOf(privateJwk), privateJwk }
}

/** The public half of a private key. */
export function publicJwkOf({ kty, crv, x, y }: PrivateJwk): PublicJwk {
  return { kty, crv, x, y }
}

/** Whether a value is a public JWK with nothing but `kty`, `crv`, `x` and `y`, on the curve. */
export function isPublicJwk(value: unknown): value is PublicJwk {
  return publicKeyOf(value) !== undefined
}

/** Whether a value is a private JWK with nothing beside the public members but `d`, and `d` belongs to `x` and `y`. */
export function isPrivateJwk(value: unknown): value is PrivateJwk {
  return privateKeyOf(value) !== undefined
}

/** The key object of a public JWK, or undefined when it is not exactly that: other members, other curve, inexact base64url, not on the curve. */
export function publicKeyOf(jwk: unknown): KeyObject | undefined {
  if (!hasShape(jwk, ['crv', 'kty', 'x', 'y'])) return undefined
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch {
    return undefined // OpenSSL refuses a point off the curve and a coordinate not below the field's prime
  }
}

/** The key object of a private JWK, or undefined. A `d` that does not belong to `x` and `y` is refused: it would sign under a foreign `kid`. */
export function privateKeyOf(jwk: unknown): KeyObject | undefined {
  if (!hasShape(jwk, ['crv', 'd', 'kty', 'x', 'y'])) return undefined
  try {
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(jwk.d, 'base64url')
    const belongs = ecdh.getPublicKey().equals(Buffer.concat([Buffer.of(4), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]))
    return belongs ? createPrivateKey({ key: { ...jwk }, format: 'jwk' }) : undefined
  } catch {
    return undefined
  }
}

/** Exactly these members, and every coordinate 32 bytes: a shorter or padded form would give one key two thumbprints. */
function hasShape(jwk: unknown, members: readonly string[]): jwk is PrivateJwk {
  if (typeof jwk !== 'object' || jwk === null) return false
  const entries = Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1))
  return (
    entries.length === members.length &&
    entries.every(([name, value], index) => {
      if (name !== members[index]) return false
      if (name === 'kty') return value === 'EC'
      if (name === 'crv') return value === 'P-256'
      return typeof value === 'string' && fromBase64url(value)?.length === 32
    })
  )
}
