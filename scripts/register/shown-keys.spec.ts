import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKeyPair, thumbprintOf } from '#libs/signature'
import { agreedOn, keysShownIn } from './shown-keys.js'

const { publicJwk, privateJwk } = generateKeyPair()
const thumbprint = thumbprintOf(publicJwk)
const signature = { use: 'signature', thumbprint, jwk: publicJwk, proof: 'a.b.c' }
const encryption = { use: 'encryption', jwk: generateKeyPair().publicJwk }

let file: string
beforeAll(() => void (file = join(mkdtempSync(join(tmpdir(), 'karvan-proof-')), 'uz-rail.json')))
afterAll(() => rmSync(join(file, '..'), { recursive: true, maxRetries: 20, retryDelay: 100 }))

const read = (content: unknown) => {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return keysShownIn(file, 'uz-rail')
}

describe('the keys of a node in a file', () => {
  it('are what its operations port answered', () => {
    const shown = read({ participant: 'uz-rail', keys: [signature, encryption] })
    expect(shown).toEqual({ participant: 'uz-rail', keys: [{ use: 'signature', jwk: publicJwk, proof: 'a.b.c' }, encryption] })
  })

  it.each<[string, unknown]>([
    ['of another participant', { participant: 'kg-customs', keys: [signature] }],
    ['no JSON', '{"participant": "uz-rail"'],
    ['null', 'null'],
    ['without keys', { participant: 'uz-rail' }],
    ['with a key that is none', { participant: 'uz-rail', keys: [null] }],
    ['with a key for something else', { participant: 'uz-rail', keys: [{ ...signature, use: 'tls' }] }],
    ['with a private key, which nobody should send', { participant: 'uz-rail', keys: [{ ...signature, jwk: privateJwk }] }],
  ])('are not taken from a file %s', (_what, content) => {
    expect(() => read(content)).toThrow(expect.objectContaining({ code: 'PROOF_FILE' }))
  })

  it('are not taken from where there is no file', () => {
    expect(() => keysShownIn('/nowhere.json', 'uz-rail')).toThrow(expect.objectContaining({ code: 'PROOF_FILE', message: '/nowhere.json cannot be read.' }))
  })

  it('are taken only when the one that signs is the one agreed on, if one was', () => {
    const shown = read({ participant: 'uz-rail', keys: [signature, encryption] })
    expect([agreedOn(shown, thumbprint), agreedOn(shown, undefined)]).toEqual([shown, shown])
    expect(() => agreedOn(shown, thumbprintOf(encryption.jwk))).toThrow(expect.objectContaining({ code: 'ANOTHER_KEY' }))
    expect(() => agreedOn(read({ participant: 'uz-rail', keys: [encryption] }), undefined)).toThrow(expect.objectContaining({ code: 'NO_KEY_SHOWN' }))
  })
})
