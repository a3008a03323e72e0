import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { GeneralEncrypt, generalDecrypt, type GeneralJWE } from 'jose'
import { canonicalJson } from '#libs/documents'
import { generateKeyPair, publicKeyOf, thumbprintOf, type KeyPair } from './keys.js'
import { decryptBlock, digestOfBlock, encryptBlock, newSalt, openBlock, type ReaderKey, type Recipient } from './particulars.js'

const port = readerWith(generateKeyPair())
const rail = readerWith(generateKeyPair())
const stranger = readerWith(generateKeyPair())
const salt = newSalt((bytes) => Buffer.alloc(bytes, 9))
const block = canonicalJson({ descriptions: [{ languageId: 'az', text: 'Pambıq lifi' }], salt })
const digest = digestOfBlock(block)
const jwe = await encryptBlock(block, [port.recipient, rail.recipient])

describe('a block of particulars', () => {
  it('is opened by each of its readers', async () => {
    expect(await openBlock(jwe, digest, port.key)).toEqual({ ok: true, text: block })
    expect(await openBlock(jwe, digest, rail.key)).toEqual({ ok: true, text: block })
  })

  it('is not opened by anybody else', async () => {
    expect(await openBlock(jwe, digest, stranger.key)).toEqual({ ok: false, code: 'RECIPIENT' })
    expect(await openBlock(jwe, digest, { ...stranger.key, kid: port.key.kid })).toEqual({ ok: false, code: 'DECRYPT' })
  })

  it('is encrypted anew for a further reader under the digest the statement carries', async () => {
    const granted = await encryptBlock(block, [stranger.recipient])
    expect(granted).not.toBe(jwe)
    expect(await openBlock(granted, digest, stranger.key)).toEqual({ ok: true, text: block })
  })

  it('says its algorithms and digest where every reader checks them, and nothing of its content', () => {
    const { protected: header, recipients } = JSON.parse(jwe) as GeneralJWE
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).toEqual({ enc: 'A256GCM', digest })
    expect(recipients.map(({ header: own }) => [own?.alg, own?.kid])).toEqual([port, rail].map(({ key }) => ['ECDH-ES+A256KW', key.kid]))
    expect(jwe).not.toContain(salt)
  })

  it('is what jose decrypts', async () => {
    const { plaintext } = await generalDecrypt(JSON.parse(jwe) as GeneralJWE, { ...rail.key.privateJwk })
    expect(Buffer.from(plaintext).toString()).toBe(block)
  })

  it('has another digest with another salt', () => {
    const other = canonicalJson({ ...JSON.parse(block), salt: newSalt((bytes) => Buffer.alloc(bytes, 8)) })
    expect(digestOfBlock(other)).not.toBe(digest)
    expect(Buffer.from(salt, 'base64url')).toHaveLength(32)
  })

  it('is refused when it is another block than the statement names, though truly encrypted', async () => {
    const exchanged = canonicalJson({ descriptions: [], salt })
    expect(await openBlock(await encryptBlock(exchanged, [port.recipient]), digest, port.key)).toEqual({ ok: false, code: 'DIGEST' })
  })

  it.each([
    ['not JSON', 'cotton'],
    ['not in canonical form', `{"salt":"${salt}", "a":1}`],
    ['a list', `["${salt}"]`],
    ['without a salt', '{"a":1}'],
    ['with a short salt', '{"salt":"AAAA"}'],
    ['with a salt that is no text', '{"salt":1}'],
  ])('is refused when its plaintext is %s, though the digest is right', async (_, text) => {
    const made = await encryptBlock(text, [port.recipient])
    expect(await openBlock(made, digestOfBlock(text), port.key)).toEqual({ ok: false, code: 'CANONICAL' })
    expect(await decryptBlock(made, port.key)).toEqual({ ok: true, text })
  })

  it.each<[string, string]>([
    ['empty', ''],
    ['no JSON', 'x.y.z'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without recipients', canonicalJson({ ...JSON.parse(jwe), recipients: undefined })],
    ['with a recipient that is none', canonicalJson({ ...JSON.parse(jwe), recipients: [null] })],
    ['with a recipient without a key', canonicalJson({ ...JSON.parse(jwe), recipients: [{ header: {} }] })],
  ])('is FORM when the text is %s', async (_, text) => {
    expect(await decryptBlock(text, port.key)).toEqual({ ok: false, code: 'FORM' })
  })

  it('is refused under other algorithms, a compressed one included', async () => {
    const build = (protectedHeader: { enc: string; zip?: string }, alg: string) =>
      new GeneralEncrypt(Buffer.from(block))
        .setProtectedHeader(protectedHeader)
        .addRecipient(publicKeyOf(port.recipient.jwk)!)
        .setUnprotectedHeader({ alg, kid: port.key.kid })
        .encrypt()
    for (const [header, alg] of [
      [{ enc: 'A128GCM' }, 'ECDH-ES+A256KW'],
      [{ enc: 'A256GCM' }, 'ECDH-ES+A128KW'],
      [{ enc: 'A256CBC-HS512' }, 'ECDH-ES+A256KW'],
      [{ enc: 'A256GCM', zip: 'DEF' }, 'ECDH-ES+A256KW'],
    ] as const) {
      expect(await openBlock(canonicalJson(await build(header, alg)), digest, port.key)).toEqual({ ok: false, code: 'DECRYPT' })
    }
    expect(await openBlock(canonicalJson(await build({ enc: 'A256GCM' }, 'ECDH-ES+A256KW')), digest, port.key)).toMatchObject({ ok: true })
  })

  it('never throws and never yields another text, however damaged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(jwe.length - 1), fc.string({ maxLength: 3 }), async (at, put) => {
        const opened = await openBlock(jwe.slice(0, at) + put + jwe.slice(at + 1), digest, port.key)
        expect(opened.ok ? opened.text : opened.code).toEqual(opened.ok ? block : expect.any(String))
      }),
      { numRuns: 150 },
    )
  })

  it('is not encrypted for a key that is none', async () => {
    await expect(encryptBlock(block, [{ kid: 'x', jwk: { ...port.recipient.jwk, x: rail.recipient.jwk.x } }])).rejects.toThrow('P-256')
  })
})

function readerWith({ publicJwk, privateJwk }: KeyPair): { key: ReaderKey; recipient: Recipient } {
  const kid = thumbprintOf(publicJwk)
  return { key: { kid, privateJwk }, recipient: { kid, jwk: publicJwk } }
}
