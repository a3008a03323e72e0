import { describe, expect, it } from '@jest/globals'
import { canonicalJson, type Checkpoint, type KeyProof, type Receipt } from '#libs/documents'
import { checkpointsContradict, signCheckpoint, verifyCheckpoint } from './checkpoint.js'
import type { PublicKeyOf } from './inspect.js'
import { signJws, typs } from './jws.js'
import { provesKey, signKeyProof, verifyKeyProof } from './key-proof.js'
import { generateKeyPair, privateKeyOf, publicKeyOf, thumbprintOf } from './keys.js'
import { signReceipt, verifyReceipt } from './receipt.js'
import { newNonce, signRequest, verifyRequest, type ExpectedRequest, type NodeRequest } from './request.js'

const { publicJwk, privateJwk } = generateKeyPair()
const second = generateKeyPair()
const kid = thumbprintOf(publicJwk)
const signer = { kid, privateKey: privateKeyOf(privateJwk)!, iat: 1_700_000_000 }
const secondSigner = { kid: thumbprintOf(second.publicJwk), privateKey: privateKeyOf(second.privateJwk)!, iat: 1_700_000_000 }
const publicKeyOfKid: PublicKeyOf = (named) => (named === kid ? publicKeyOf(publicJwk) : undefined)

const corridor = 'C'.repeat(42) + 'A'
const root = 'R'.repeat(42) + 'A'
const receipt: Receipt = { corridor, eventId: 'E'.repeat(42) + 'A', offset: 41, verdict: 'refused', code: 'RULE:HELD_BY_CUSTOMS', size: 50, root }
const checkpoint: Checkpoint = { corridor, epoch: 1, size: 1_000, root }
const proof: KeyProof = { corridor, participant: 'port-of-baku', thumbprint: kid, use: 'signature' }
const request: NodeRequest = {
  corridor,
  issuer: 'ktz-express',
  audience: 'port-of-baku',
  method: 'GET',
  path: '/v1/checkpoints/1000?signed=yes',
  iat: 1_700_000_000,
  nonce: newNonce((bytes) => Buffer.alloc(bytes, 3)),
}
const expected: ExpectedRequest = {
  corridor,
  audience: 'port-of-baku',
  method: 'GET',
  path: request.path,
  nowSeconds: 1_700_000_030,
  toleranceSeconds: 30,
  ownerOf: (named) => (named === kid ? 'ktz-express' : undefined),
}

const kinds = {
  receipt: { jws: signReceipt(receipt, signer), payload: receipt, verify: (jws: string) => verifyReceipt(jws, publicKeyOfKid) },
  checkpoint: { jws: signCheckpoint(checkpoint, signer), payload: checkpoint, verify: (jws: string) => verifyCheckpoint(jws, publicKeyOfKid) },
  keyProof: { jws: signKeyProof(proof, signer), payload: proof, verify: (jws: string) => verifyKeyProof(jws, publicJwk, proof) },
  request: { jws: signRequest(request, signer), payload: request, verify: (jws: string) => verifyRequest(jws, publicKeyOfKid, expected) },
}
const names = Object.keys(kinds) as (keyof typeof kinds)[]

describe.each(names)('a signed %s', (name) => {
  const { jws, payload, verify } = kinds[name]

  it('is believed as its signer wrote it', () => {
    expect(verify(jws)).toEqual({ ok: true, kid, iat: 1_700_000_000, payload })
  })

  it.each(names.filter((other) => other !== name))('is not a %s', (other) => {
    expect(kinds[other].verify(jws)).toEqual({ ok: false, code: 'BINDING' })
  })

  it('is not a statement passed off as one', () => {
    expect(verify(signJws({ ...signer, typ: typs.event, payload: canonicalJson(payload) }))).toEqual({ ok: false, code: 'BINDING' })
  })

  it('is not believed when damaged, from an unknown key, or falsely signed', () => {
    expect(verify(`${jws}=`)).toEqual({ ok: false, code: 'FORM' })
    expect(verify('é'.repeat(200_000))).toEqual({ ok: false, code: 'SIZE' })
    expect(verify(signJws({ ...secondSigner, typ: typs[name], payload: canonicalJson(payload) }))).toEqual({ ok: false, code: 'KEY' })
    expect(verify(signJws({ ...secondSigner, kid, typ: typs[name], payload: canonicalJson(payload) }))).toEqual({ ok: false, code: 'SIGNATURE' })
  })

  it.each<[string, string, string]>([
    ['another shape', '{}', 'SCHEMA'],
    ['a further member', canonicalJson({ ...payload, note: 'x' }), 'SCHEMA'],
    ['no member corridor', canonicalJson({ ...payload, corridor: undefined }), 'SCHEMA'],
    ['a corridor that is no text', canonicalJson({ ...payload, corridor: 1 }), 'SCHEMA'],
    ['a list', '[]', 'SCHEMA'],
    ['null', 'null', 'SCHEMA'],
    ['white space', ` ${canonicalJson(payload)}`, 'CANONICAL'],
  ])('is not believed with %s for its payload', (_, text, code) => {
    expect(verify(signJws({ ...signer, typ: typs[name], payload: text }))).toEqual({ ok: false, code })
  })
})

describe('checkpoints', () => {
  it.each<[string, Partial<Checkpoint>, boolean]>([
    ['another root at the same size', { root: corridor }, true],
    ['the same root', {}, false],
    ['another size', { root: corridor, size: 2_000 }, false],
    ['another epoch', { root: corridor, epoch: 2 }, false],
    ['another corridor', { root: corridor, corridor: root }, false],
  ])('with %s contradict each other or not', (_, change, contradicts) => {
    expect(checkpointsContradict(checkpoint, { ...checkpoint, ...change })).toBe(contradicts)
  })
})

describe('the proof of a key', () => {
  const jws = signKeyProof(proof, signer)

  it('holds for its claim, and with a second key of the authority for a recovery', () => {
    expect(provesKey(jws, publicJwk, proof)).toBe(true)
    expect(provesKey(signKeyProof(proof, secondSigner), second.publicJwk, proof)).toBe(true)
  })

  it.each<[string, Partial<KeyProof> | { use: string }]>([
    ['another corridor', { corridor: root }],
    ['another participant', { participant: 'ktz-express' }],
    ['another key', { thumbprint: secondSigner.kid }],
    ['another use', { use: 'encryption' }],
  ])('does not hold for %s', (_, change) => {
    expect(verifyKeyProof(jws, publicJwk, { ...proof, ...change })).toEqual({ ok: false, code: 'BINDING' })
  })

  it('does not hold when another key signed it', () => {
    expect(verifyKeyProof(jws, second.publicJwk, proof)).toEqual({ ok: false, code: 'KEY' })
    expect(provesKey(signKeyProof(proof, { ...secondSigner, kid }), publicJwk, proof)).toBe(false)
    expect(provesKey('no proof', publicJwk, proof)).toBe(false)
  })
})

describe('a request of one node to another', () => {
  const jws = signRequest(request, signer)

  it.each<[string, Partial<ExpectedRequest>, string]>([
    ['another corridor', { corridor: root }, 'BINDING'],
    ['another receiver', { audience: 'aktau-port' }, 'BINDING'],
    ['another method', { method: 'POST' }, 'BINDING'],
    ['another path', { path: '/v1/checkpoints/1000' }, 'BINDING'],
    ['another owner of the key', { ownerOf: () => 'aktau-port' }, 'BINDING'],
    ['nobody owning the key', { ownerOf: () => undefined }, 'BINDING'],
    ['a receiver much later', { nowSeconds: 1_700_000_031 }, 'TIME'],
    ['a receiver much earlier', { nowSeconds: 1_699_999_969 }, 'TIME'],
  ])('is not answered for %s', (_, change, code) => {
    expect(verifyRequest(jws, publicKeyOfKid, { ...expected, ...change })).toEqual({ ok: false, code })
  })

  it.each<[string, unknown]>([
    ['a nonce too short', { ...request, nonce: 'AAAA' }],
    ['an inexact nonce', { ...request, nonce: 'B'.repeat(22) }],
    ['an empty path', { ...request, path: '' }],
    ['a path too long', { ...request, path: `/${'p'.repeat(2_000)}` }],
    ['a time as text', { ...request, iat: '1700000000' }],
  ])('is not answered with %s', (_, payload) => {
    expect(verifyRequest(signJws({ ...signer, typ: typs.request, payload: canonicalJson(payload) }), publicKeyOfKid, expected)).toEqual({
      ok: false,
      code: 'SCHEMA',
    })
  })
})
