import { createHash, sign } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonicalJson } from '#libs/documents'
import { candidateKeysOf, inspectBatch, inspectRecord, maxRecordBytes, openRecord, type PublicKeyOf } from './inspect.js'
import { eventIdOf, signJws, splitJws, typs } from './jws.js'
import { generateKeyPair, privateKeyOf, publicKeyOf, thumbprintOf, type KeyPair } from './keys.js'

const ktz = partyWith(generateKeyPair())
const port = partyWith(generateKeyPair())
const knowsKtz: PublicKeyOf = (kid) => (kid === ktz.kid ? ktz.publicKey : undefined)
const statement = { corridor: 'A'.repeat(43), data: {}, issuer: 'ktz-express', subject: 'corridor', type: 'ParticipantAdmitted', v: 1 }
const valid = ktz.signs(statement)
const header = { alg: 'ES256', iat: 1_700_000_000, kid: ktz.kid, typ: 'karvan-event+jws' }

describe('inspecting a record', () => {
  it('tells the key, the kind, the event id, the truth of the signature, the payload and the hash of it all', () => {
    expect(inspectRecord(valid, knowsKtz)).toEqual({
      ok: true,
      kid: ktz.kid,
      typ: 'karvan-event+jws',
      eventId: eventIdOf(splitJws(valid.toString())!.signingInput),
      signed: true,
      valueHash: createHash('sha256').update(valid).digest('base64url'),
      payload: { ok: true, value: statement },
    })
  })

  it.each<[string, Uint8Array | null]>([
    ['null', null],
    ['empty', Buffer.alloc(0)],
    ['one byte outside ASCII', Buffer.concat([valid, Buffer.of(0xe9)])],
    ['two parts', Buffer.from('e30.e30')],
    ['dots only', Buffer.alloc(maxRecordBytes, '.')],
    ['JSON', Buffer.from(canonicalJson(statement))],
    ['followed by a line break', Buffer.concat([valid, Buffer.from('\n')])],
    ['the ES512 example of RFC 7520 section 4.3', Buffer.from(`eyJhbGciOiJFUzUxMiJ9.SXTigJlz.${Buffer.alloc(132, 1).toString('base64url')}`)],
  ])('answers FORM when the value is %s', (_, value) => {
    expect(inspectRecord(value, knowsKtz)).toEqual({ ok: false, code: 'FORM' })
  })

  it('answers SIZE above the limit and reads on at the limit', () => {
    expect(inspectRecord(Buffer.alloc(maxRecordBytes + 1, 'A'), knowsKtz)).toEqual({ ok: false, code: 'SIZE' })
    expect(inspectRecord(Buffer.alloc(maxRecordBytes, 'A'), knowsKtz)).toEqual({ ok: false, code: 'FORM' })
  })

  it.each<[string, string | Uint8Array]>([
    ['no algorithm', canonicalJson({ ...header, alg: 'none' })],
    ['another algorithm', canonicalJson({ ...header, alg: 'RS256' })],
    ['an algorithm in small letters', canonicalJson({ ...header, alg: 'es256' })],
    ['a list of algorithms', canonicalJson({ ...header, alg: ['ES256'] })],
    ['a key of its own', canonicalJson({ ...header, jwk: ktz.publicJwk })],
    ['an address of keys', canonicalJson({ ...header, jku: 'https://example.org/keys' })],
    ['an address of certificates', canonicalJson({ ...header, x5u: 'https://example.org/certificate' })],
    ['critical extensions', canonicalJson({ ...header, crit: ['b64'] })],
    ['an unencoded payload', canonicalJson({ ...header, b64: false })],
    ['a member twice', `{"alg":"ES256","iat":1700000000,"kid":"${ktz.kid}","kid":"${ktz.kid}","typ":"karvan-event+jws"}`],
    ['its members in another order', `{"kid":"${ktz.kid}","alg":"ES256","iat":1700000000,"typ":"karvan-event+jws"}`],
    ['white space', canonicalJson(header).replace(':', ': ')],
    ['an escaped letter', canonicalJson(header).replace('karvan-event', 'karvan-\\u0065vent')],
    ['a number written otherwise', canonicalJson(header).replace('1700000000', '1.7e9')],
    ['a byte order mark', `\uFEFF${canonicalJson(header)}`],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['no key', canonicalJson({ alg: 'ES256', iat: 1, typ: 'karvan-event+jws' })],
    ['a key name that is no thumbprint', canonicalJson({ ...header, kid: 'ktz' })],
    ['a type of somebody else', canonicalJson({ ...header, typ: 'JWT' })],
    ['no time', canonicalJson({ alg: 'ES256', kid: ktz.kid, typ: 'karvan-event+jws' })],
    ['a time in fractions', canonicalJson({ ...header, iat: 1.5 })],
    ['a deep object', `{"alg":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['a prototype', `{"__proto__":${canonicalJson(header)}}`],
  ])('answers HEADER when the protected header has or is %s, however well signed', (_, text) => {
    expect(inspectRecord(ktz.signsUnder(text, canonicalJson(statement)), knowsKtz)).toEqual({ ok: false, code: 'HEADER' })
  })

  it.each<[string, string | Uint8Array, string]>([
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'UTF8'],
    ['deeper than 16 levels', `${'['.repeat(17)}${']'.repeat(17)}`, 'DEPTH'],
    ['not JSON', 'null and void', 'CANONICAL'],
    ['not in canonical form', '{"b":1,"a":2}', 'CANONICAL'],
    ['an object with a member twice', '{"a":1,"a":1}', 'CANONICAL'],
  ])('keeps the truth of the signature and says so when the payload is %s', (_, text, code) => {
    expect(inspectRecord(ktz.signsUnder(canonicalJson(header), text), knowsKtz)).toMatchObject({ ok: true, signed: true, payload: { ok: false, code } })
  })

  it('reads a payload of 16 levels', () => {
    const value = ktz.signsUnder(canonicalJson(header), `${'['.repeat(16)}${']'.repeat(16)}`)
    expect(inspectRecord(value, knowsKtz)).toMatchObject({ payload: { ok: true } })
  })

  it.each<[string, Buffer, PublicKeyOf]>([
    ['no key is known', valid, () => undefined],
    ['the key is another one', valid, () => port.publicKey],
    ['the payload was changed', swapPart(valid, 1, ktz.signs({ ...statement, issuer: 'port-of-baku' })), knowsKtz],
    ['the header was changed', swapPart(valid, 0, ktz.signsUnder(canonicalJson({ ...header, iat: 5 }), '{}')), knowsKtz],
    ['r and s are zero', swapSignature(valid, Buffer.alloc(64)), knowsKtz],
    ['r and s are as great as can be', swapSignature(valid, Buffer.alloc(64, 255)), knowsKtz],
  ])('calls a record unsigned when %s', (_, value, publicKeyOfKid) => {
    expect(inspectRecord(value, publicKeyOfKid)).toMatchObject({ ok: true, signed: false })
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), looksLikeJws), (bytes) => {
        expect(inspectRecord(bytes, knowsKtz)).toHaveProperty('ok')
      }),
      { numRuns: 500 },
    )
  })

  it('never takes a changed record for a signed one', () => {
    fc.assert(
      fc.property(mutationOf(valid), (bytes) => {
        fc.pre(!valid.equals(bytes))
        const inspection = inspectRecord(bytes, knowsKtz)
        expect(inspection.ok && inspection.signed).toBe(false)
      }),
      { numRuns: 400 },
    )
  })
})

describe('keys named in the batch itself', () => {
  const keyAdded = ktz.signs({ ...statement, data: { jwk: port.publicJwk, participant: 'port-of-baku', use: 'signature' }, type: 'KeyAdded' })
  const founding = ktz.signs({ ...statement, data: { authorityKeys: [ktz.publicJwk, port.publicJwk] }, type: 'CorridorFounded' })
  const firstUse = port.signs(statement)
  const knowsNobody: PublicKeyOf = () => undefined

  it.each([
    ['a KeyAdded statement', keyAdded],
    ['a founding statement', founding],
  ])('verify first uses beside %s', async (_, naming) => {
    expect(await inspectBatch([naming, firstUse], knowsKtz)).toMatchObject([{ signed: true }, { signed: true }])
    expect(await inspectBatch([firstUse, naming], knowsKtz)).toMatchObject([{ signed: true }, { signed: true }])
  })

  it('let a founding statement be verified by itself', () => {
    expect(inspectRecord(founding, knowsNobody)).toMatchObject({ signed: true })
  })

  it('are not taken from other statements', async () => {
    const other = ktz.signs({ ...statement, data: { jwk: port.publicJwk }, type: 'ProblemRaised' })
    expect(await inspectBatch([other, firstUse], knowsKtz)).toMatchObject([{ signed: true }, { signed: false }])
  })

  it('cannot be displaced by a hostile twin with the same thumbprint', async () => {
    const twin = port.signs({ ...statement, data: { jwk: { ...port.publicJwk, use: 'enc' } }, type: 'KeyAdded' })
    expect(await inspectBatch([keyAdded, firstUse, twin], knowsKtz)).toMatchObject([{ signed: true }, { signed: true }, { signed: true }])
  })

  it('are ignored where they are no keys', () => {
    const data = { authorityKeys: [null, 7, 'jwk', {}, { ...port.publicJwk, crv: 'P-384' }, { ...port.publicJwk, x: [] }], jwk: null }
    const records = ['CorridorFounded', 'KeyAdded'].map((type) => openRecord(ktz.signs({ ...statement, data, type })))
    expect(candidateKeysOf(records).size).toBe(0)
  })

  it('never make a record signed that names a point off the curve', () => {
    const jwk = { ...port.publicJwk, x: ktz.publicJwk.x }
    const kid = thumbprintOf(jwk)
    const value = ktz.signsUnder(canonicalJson({ ...header, kid }), canonicalJson({ ...statement, data: { jwk }, type: 'KeyAdded' }))
    expect(inspectRecord(value, knowsNobody)).toMatchObject({ kid, signed: false })
  })

  it.each([['a few', { maxLength: 12 }], ['so many that the thread pool checks them', { minLength: 17, maxLength: 32 }]])('give the same answer when they are %s as one by one', async (_, many) => {
    const value = fc.oneof(fc.constantFrom(valid, keyAdded, founding, firstUse), fc.constant(null), fc.uint8Array(), looksLikeJws, mutationOf(firstUse))
    await fc.assert(
      fc.asyncProperty(fc.array(value, many), async (values) => {
        const candidates = candidateKeysOf(values.map(openRecord))
        const oneByOne = values.map((bytes) => inspectRecord(bytes, (kid) => knowsKtz(kid) ?? publicKeyOf(candidates.get(kid))))
        expect(await inspectBatch(values, knowsKtz)).toEqual(oneByOne)
        expect([...candidateKeysOf(oneByOne)]).toEqual([...candidates])
      }),
      { numRuns: 60 },
    )
  })
})

/** Three parts of the right shape around hostile contents. */
const looksLikeJws = fc
  .tuple(fc.oneof(fc.constant(canonicalJson(header)), fc.json()), fc.oneof(fc.json(), fc.string()), fc.uint8Array({ minLength: 64, maxLength: 64 }))
  .map(([head, payload, signature]) =>
    Buffer.from([Buffer.from(head), Buffer.from(payload), Buffer.from(signature)].map((part) => part.toString('base64url')).join('.')),
  )

/** The record with some bytes replaced, inserted or left out. */
function mutationOf(record: Buffer): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(record.length - 1), fc.nat(3), fc.oneof(fc.uint8Array({ maxLength: 3 }), fc.constantFrom(Buffer.from('.'), Buffer.from('='))))
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((bytes, [at, removed, put]) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]), record))
}

function partyWith({ publicJwk, privateJwk }: KeyPair) {
  const [kid, privateKey, publicKey] = [thumbprintOf(publicJwk), privateKeyOf(privateJwk)!, publicKeyOf(publicJwk)!]
  return {
    publicJwk,
    publicKey,
    kid,
    signs: (payload: unknown) =>
      Buffer.from(signJws({ typ: typs.event, kid, privateKey, iat: 1_700_000_000, payload: canonicalJson(payload) })),
    /** A good signature over any header and payload. */
    signsUnder: (headerBytes: string | Uint8Array, payload: string | Uint8Array) => {
      const input = [headerBytes, payload].map((part) => Buffer.from(part as Uint8Array).toString('base64url')).join('.')
      return Buffer.from(`${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`)
    },
  }
}

function swapPart(record: Buffer, index: number, from: Buffer): Buffer {
  const parts = record.toString().split('.')
  parts[index] = from.toString().split('.')[index]!
  return Buffer.from(parts.join('.'))
}

function swapSignature(record: Buffer, signature: Buffer): Buffer {
  return Buffer.from([...record.toString().split('.').slice(0, 2), signature.toString('base64url')].join('.'))
}
