import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { calculateJwkThumbprint } from 'jose'
import { generateKeyPair, isPrivateJwk, isPublicJwk, privateKeyOf, publicJwkOf, publicKeyOf, thumbprintOf } from './keys.js'

const { publicJwk, privateJwk } = generateKeyPair()
const other = generateKeyPair()

describe('keys', () => {
  it('are named by their RFC 7638 thumbprint, as jose names them', async () => {
    expect(thumbprintOf(publicJwk)).toBe(await calculateJwkThumbprint(publicJwk))
  })

  it('come as pairs whose halves belong together', () => {
    expect(publicJwkOf(privateJwk)).toEqual(publicJwk)
    expect(isPublicJwk(publicJwk)).toBe(true)
    expect(isPrivateJwk(privateJwk)).toBe(true)
    expect(createPublicKey(privateKeyOf(privateJwk)!).equals(publicKeyOf(publicJwk)!)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'P-256'],
    ['a list', []],
    ['a private key', privateJwk],
    ['a further member', { ...publicJwk, use: 'sig' }],
    ['a missing member', { kty: 'EC', crv: 'P-256', x: publicJwk.x }],
    ['another key type', { ...publicJwk, kty: 'OKP' }],
    ['another curve', { ...publicJwk, crv: 'secp256k1' }],
    ['a coordinate that is no text', { ...publicJwk, x: 1 }],
    ['a padded coordinate', { ...publicJwk, x: `${publicJwk.x}=` }],
    ['a coordinate with unused bits set', { ...publicJwk, x: `${publicJwk.x.slice(0, -1)}${twinOf(publicJwk.x.at(-1)!)}` }],
    ['a coordinate of 33 bytes', { ...publicJwk, x: Buffer.concat([Buffer.of(0), Buffer.from(publicJwk.x, 'base64url')]).toString('base64url') }],
    ['a point off the curve', { ...publicJwk, x: other.publicJwk.x }],
    ['the point at infinity', { ...publicJwk, x: 'A'.repeat(43), y: 'A'.repeat(43) }],
    ['a coordinate not below the prime of the field', pointWithSecondWriting()],
  ])('are refused when the JWK is %s', (_, value) => {
    expect(publicKeyOf(value)).toBeUndefined()
    expect(isPublicJwk(value)).toBe(false)
  })

  it.each<[string, unknown]>([
    ['the public half only', publicJwk],
    ['the private number of another key', { ...privateJwk, d: other.privateJwk.d }],
    ['zero', { ...privateJwk, d: 'A'.repeat(43) }],
    ['a number above the order of the curve', { ...privateJwk, d: `${'_'.repeat(42)}8` }],
    ['a short number', { ...privateJwk, d: 'AQ' }],
    ['a further member', { ...privateJwk, kid: 'k' }],
  ])('are refused as private keys when the JWK is %s', (_, value) => {
    expect(privateKeyOf(value)).toBeUndefined()
  })
})

/** The base64url digit that differs in an unused trailing bit only. */
function twinOf(digit: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(digit) + 1]!
}

/** A point of the curve with a small x, written as x + p: the same point for a careless reader, but with another thumbprint. */
function pointWithSecondWriting(): unknown {
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn
  for (let x = 1n; ; x++) {
    const square = (x ** 3n - 3n * x + b) % p
    const y = power(square, (p + 1n) / 4n, p)
    if ((y * y - square) % p !== 0n) continue
    expect(publicKeyOf({ kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) })).toBeDefined()
    return { kty: 'EC', crv: 'P-256', x: coordinate(x + p), y: coordinate(y) }
  }
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let bits = exponent, factor = base % modulus; bits > 0n; bits >>= 1n, factor = (factor * factor) % modulus) {
    if (bits & 1n) result = (result * factor) % modulus
  }
  return result
}

function coordinate(value: bigint): string {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
}
