import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provesKey } from '#libs/signature'
import { openKeyStore, shownKeys } from './key-store.js'

describe("a node's keys", () => {
  let folder = ''
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'karvan-keys-'))))
  afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

  it('are made at the first start, for nobody else to read, and are the same ever after', () => {
    const file = join(folder, 'deep', 'uz-uty.json')
    const made = openKeyStore(file)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = openKeyStore(file)
    expect(again.signature().kid).toBe(made.signature().kid)
    expect(again.encryption()).toEqual(made.encryption())
    expect(made.signature().kid).not.toBe(made.encryption()[0]?.kid)
  })

  it('are shown to the authority with a proof for this corridor and participant only', () => {
    const keys = openKeyStore(join(folder, 'shown.json'))
    const { participant, keys: shown } = shownKeys(keys, 'uz-uty', 'c'.repeat(43), { now: () => 0 })
    const [signature, encryption] = shown
    const claim = { corridor: 'c'.repeat(43), participant, thumbprint: keys.signature().kid, use: 'signature' }
    expect(provesKey(signature?.proof ?? '', keys.signatureJwk, claim)).toBe(true)
    expect(provesKey(signature?.proof ?? '', keys.signatureJwk, { ...claim, participant: 'tm-tdy' })).toBe(false)
    expect(encryption).toEqual({ use: 'encryption', thumbprint: keys.encryption()[0]?.kid, jwk: keys.encryptionJwk })
    expect(signature?.thumbprint).toBe(claim.thumbprint)
    expect(JSON.stringify(shown)).not.toContain('"d"')
  })

  it('are not used once others could have read them', () => {
    const file = join(folder, 'open.json')
    openKeyStore(file)
    chmodSync(file, 0o640)
    expect(() => openKeyStore(file)).toThrow(expect.objectContaining({ code: 'KEY_FILE' }))
  })

  it.each(['', '{"d":"secret"', '{}', '{"signature":{"kty":"EC"},"encryption":[]}', 'null'])(
    'are refused from a broken file, without showing it: %s',
    (text) => {
      const file = join(folder, 'broken.json')
      writeFileSync(file, text, { mode: 0o600 })
      let message = ''
      try {
        openKeyStore(file)
      } catch (error) {
        message = String(error)
      }
      expect(message).toMatch(/KeyFileError.*(is not JSON|holds no keys)/)
      expect(message).not.toContain('secret')
      expect(readFileSync(file, 'utf8')).toBe(text)
    },
  )
})
