import { describe, expect, it } from '@jest/globals'
import { compactVerify, CompactSign, importJWK } from 'jose'
import { generateKeyPair, privateKeyOf, publicKeyOf, thumbprintOf } from './keys.js'
import { eventIdOf, isSignedBy, isSignedByInPool, signJws, splitJws, typs } from './jws.js'

const { publicJwk, privateJwk } = generateKeyPair()
const publicKey = publicKeyOf(publicJwk)!
const signer = { kid: thumbprintOf(publicJwk), privateKey: privateKeyOf(privateJwk)!, iat: 1_700_000_000 }
const payload = '{"subject":"corridor","тип":"KeyAdded"}'
const jws = signJws({ typ: typs.event, payload, ...signer })
const [header = '', body = '', signature = ''] = jws.split('.')

describe('signing', () => {
  it('writes a protected header in canonical form and the payload as given', () => {
    expect(Buffer.from(header, 'base64url').toString()).toBe(`{"alg":"ES256","iat":1700000000,"kid":"${signer.kid}","typ":"karvan-event+jws"}`)
    expect(Buffer.from(body, 'base64url').toString()).toBe(payload)
  })

  it('names the certificate where the key has one', () => {
    const x5tS256 = 'B'.repeat(42) + 'A'
    const { header: bytes } = splitJws(signJws({ typ: typs.event, payload, ...signer, x5tS256 }))!
    expect(bytes.toString()).toBe(`{"alg":"ES256","iat":1700000000,"kid":"${signer.kid}","typ":"karvan-event+jws","x5t#S256":"${x5tS256}"}`)
  })

  it('makes what jose verifies', async () => {
    const { payload: verified } = await compactVerify(jws, await importJWK(publicJwk, 'ES256'), { algorithms: ['ES256'] })
    expect(Buffer.from(verified).toString()).toBe(payload)
  })

  it('verifies what jose signs', async () => {
    const made = await new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'ES256' }).sign(await importJWK(privateJwk, 'ES256'))
    expect(isSignedBy(publicKey, splitJws(made)!)).toBe(true)
    expect(await isSignedByInPool(publicKey, splitJws(made)!)).toBe(true)
  })

  it('verifies the ES256 example of RFC 7515 appendix A.3', () => {
    const example =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
      '.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
    const key = publicKeyOf({
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    })!
    expect(isSignedBy(key, splitJws(example)!)).toBe(true)
    expect(isSignedBy(publicKey, splitJws(example)!)).toBe(false)
  })
})

describe('the id of an event', () => {
  it('is the same for every signature over the same input', () => {
    const again = signJws({ typ: typs.event, payload, ...signer })
    expect(again).not.toBe(jws)
    expect(eventIdOf(splitJws(again)!.signingInput)).toBe(eventIdOf(splitJws(jws)!.signingInput))
  })

  it('is the same for the two forms of one signature, and both are good', () => {
    const parts = splitJws(jws)!
    const twin = splitJws(`${parts.signingInput}.${withOtherS(parts.signature)}`)!
    expect(twin.signature).not.toEqual(parts.signature)
    expect(isSignedBy(publicKey, twin)).toBe(true)
    expect(isSignedBy(publicKey, parts)).toBe(true)
    expect(eventIdOf(twin.signingInput)).toBe(eventIdOf(parts.signingInput))
  })
})

describe('taking a JWS apart', () => {
  it('returns the bytes of its parts and the signing input as received', () => {
    const parts = splitJws(jws)!
    expect(parts.signingInput).toBe(`${header}.${body}`)
    expect(parts.payload.toString()).toBe(payload)
    expect(parts.signature).toHaveLength(64)
  })

  it.each([
    ['nothing', ''],
    ['two dots', '..'],
    ['one part', header],
    ['two parts', `${header}.${body}`],
    ['four parts', `${jws}.${signature}`],
    ['a final dot', `${jws}.`],
    ['an empty header', `.${body}.${signature}`],
    ['an empty payload', `${header}..${signature}`],
    ['an empty signature', `${header}.${body}.`],
    ['a padded header', `${padded(header)}.${body}.${signature}`],
    ['a padded payload', `${header}.${padded(body)}.${signature}`],
    ['a padded signature', `${jws}==`],
    ['unused bits set in the signature', jws.slice(0, -1) + nextDigit(jws.at(-1)!)],
    ['unused bits set in the payload', `${header}.${body}${'A'.repeat((5 - (body.length % 4)) % 4)}B.${signature}`],
    ['a part one digit too long', `${header}.${'A'.repeat(4 * 5 + 1)}.${signature}`],
    ['a line break at the end', `${jws}\n`],
    ['a line break in the signature', `${jws.slice(0, -10)}\r\n${jws.slice(-10)}`],
    ['a space before it', ` ${jws}`],
    ['the other base64 alphabet', `${header}.${body}.${'+/'.repeat(42)}AA`],
    ['a letter outside ASCII', `${header}.${body}é.${signature}`],
    ['a signature in DER', `${header}.${body}.${toDer(splitJws(jws)!.signature)}`],
    ['a signature of 63 bytes', `${header}.${body}.${Buffer.alloc(63, 1).toString('base64url')}`],
    ['a signature of 65 bytes', `${header}.${body}.${Buffer.alloc(65, 1).toString('base64url')}`],
    ['the JSON serialization', JSON.stringify({ protected: header, payload: body, signature })],
  ])('refuses %s', (_, text) => {
    expect(splitJws(text)).toBeUndefined()
  })
})

/** (r, n − s): as valid as (r, s) by the definition of ECDSA. */
function withOtherS(rs: Buffer): string {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
  const s = order - BigInt(`0x${rs.subarray(32).toString('hex')}`)
  return Buffer.concat([rs.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString('base64url')
}

/** SEQUENCE { INTEGER r, INTEGER s }: what OpenSSL writes unless told otherwise. */
function toDer(rs: Buffer): string {
  const integers = [rs.subarray(0, 32), rs.subarray(32)].map((half) => Buffer.concat([Buffer.of(2, 33, 0), half]))
  return Buffer.concat([Buffer.of(0x30, 70), ...integers]).toString('base64url')
}

function padded(part: string): string {
  return part + '='.repeat((4 - (part.length % 4)) % 4 || 4)
}

function nextDigit(digit: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(digit) + 1]!
}
