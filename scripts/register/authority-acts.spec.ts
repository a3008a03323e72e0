import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorityId, keyCounts } from '#libs/consignment'
import type { Log } from '#libs/exchange'
import { generateKeyPair, privateKeyOf, signKeyProof, thumbprintOf, type KeyPair } from '#libs/signature'
import { memoryTopic } from '#libs/testing'
import { loadCorridor, type Corridor } from '../../corridors/load.js'
import { readSettings } from '../settings.js'
import { activateRules, needsRecovery, recover, registerPlaces, reportCompromised, retireKey, suspend } from './authority-acts.js'
import { makeAuthorityKeys, type AuthorityKeys } from './authority-keys.js'
import { found, signFounding, type AuthorityPen } from './authority-pen.js'
import { admissions, firstKey } from './corridor-register.js'
import type { ShownKeys } from './shown-keys.js'

const clock = { now: () => Date.parse('2026-01-05T08:00:00Z') }
const folder = mkdtempSync(join(tmpdir(), 'karvan-acts-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

let corridor: Corridor
let log: Log
let keys: AuthorityKeys
let pen: AuthorityPen
let first: ShownKeys

beforeEach(async () => {
  corridor = await loadCorridor(readSettings({}).corridorDir)
  log = memoryTopic().open()
  keys = makeAuthorityKeys(mkdtempSync(join(folder, 'data-')))
  const options = { log, keys, clock }
  pen = await found(options, signFounding(options, { name: 'trans-caspian', epoch: 1, topic: 'trans-caspian.1.events' }))
  first = shownBy('uz-uty', generateKeyPair())
  await pen.state([...admissions(corridor, pen.register(), (participant) => `http://127.0.0.1/${participant}`), ...firstKey(pen.register(), first)])
})

describe('an act of the authority', () => {
  it('states nothing where the register says so already', async () => {
    const allThree = async () => [await suspend(pen, ['uz-uty'], 'Test'), await retireKey(pen, 'uz-uty', kidOf(first)), await registerPlaces(pen, corridor)]
    expect(await allThree()).toEqual([1, 1, corridor.places.length])
    const end = await log.end()
    expect(await allThree()).toEqual([0, 0, 0])
    expect(await log.end()).toBe(end)
  })

  it.each([
    ['a mistyped thumbprint', 'uz-uty', () => 'mistyped'],
    ['a name every object has', 'uz-uty', () => 'constructor'],
    ['an unknown participant', 'nobody', () => kidOf(first)],
    ['the key of another', 'tm-tdy', () => kidOf(first)],
  ])('ends no key for %s, and writes nothing', async (_what, participant, thumbprint) => {
    const end = await log.end()
    await expect(retireKey(pen, participant, thumbprint())).rejects.toMatchObject({ code: 'UNKNOWN_KEY' })
    await expect(reportCompromised(pen, participant, thumbprint(), 3)).rejects.toMatchObject({ code: 'UNKNOWN_KEY' })
    expect(await log.end()).toBe(end)
  })

  it('does not activate rules that hold already', async () => {
    const end = await log.end()
    await expect(activateRules(pen)).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('must be newer') })
    expect(await log.end()).toBe(end)
  })

  it('reports a key as compromised from a place of the log on', async () => {
    expect(await reportCompromised(pen, 'uz-uty', kidOf(first), 3)).toBe(1)
    expect(pen.register().keys[kidOf(first)]).toMatchObject({ compromisedFrom: 3, retired: expect.any(Number) })
    expect(await reportCompromised(pen, 'uz-uty', kidOf(first), 3)).toBe(0)
    await expect(reportCompromised(pen, 'uz-uty', kidOf(first), 4)).rejects.toMatchObject({ code: 'COMPROMISED' })
  })
})

describe('recovering a participant without a valid key', () => {
  it('takes the new key that its node shows, with two keys of the authority', async () => {
    expect(needsRecovery(pen.register(), 'uz-uty')).toBe(false)
    await retireKey(pen, 'uz-uty', kidOf(first))
    expect(needsRecovery(pen.register(), 'uz-uty')).toBe(true)
    const second = shownBy('uz-uty', generateKeyPair())
    expect(await recover(pen, keys, clock, second)).toBe(1)
    expect([keyCounts(pen.register(), kidOf(second)), needsRecovery(pen.register(), 'uz-uty')]).toEqual([true, false])
    expect(pen.register().keys[kidOf(second)]).toMatchObject({ participant: 'uz-uty', recovered: true })
    expect(await recover(pen, keys, clock, second)).toBe(0)
  })

  it('is not for one whose key is valid', async () => {
    await expect(recover(pen, keys, clock, shownBy('uz-uty', generateKeyPair()))).rejects.toMatchObject({ code: 'KEY_OF_ITS_OWN' })
  })

  it('is not for one that has had no key', async () => {
    await expect(recover(pen, keys, clock, shownBy('tm-tdy', generateKeyPair()))).rejects.toMatchObject({ code: 'NO_KEY_YET' })
  })

  it('waits for a new key: the retired one does not come back', async () => {
    await retireKey(pen, 'uz-uty', kidOf(first))
    await expect(recover(pen, keys, clock, first)).rejects.toMatchObject({ code: 'KEY_RETIRED' })
  })

  it('is refused, and nothing written, when the second consent is the first key over again', async () => {
    await retireKey(pen, 'uz-uty', kidOf(first))
    const end = await log.end()
    const alone = { consenting: keys.signing }
    await expect(recover(pen, alone, clock, shownBy('uz-uty', generateKeyPair()))).rejects.toMatchObject({ message: expect.stringContaining('RULE:PROOF') })
    expect(await log.end()).toBe(end)
  })

  it('is nothing the authority needs itself', () => {
    expect(needsRecovery(pen.register(), authorityId)).toBe(false)
  })
})

function kidOf(shown: ShownKeys): string {
  return thumbprintOf(shown.keys[0]!.jwk)
}

function shownBy(participant: string, { publicJwk, privateJwk }: KeyPair): ShownKeys {
  const kid = thumbprintOf(publicJwk)
  const privateKey = privateKeyOf(privateJwk)!
  const proof = signKeyProof({ corridor: pen.corridor, participant, thumbprint: kid, use: 'signature' }, { kid, privateKey, iat: 1_767_600_000 })
  return { participant, keys: [{ use: 'signature', jwk: publicJwk, proof }] }
}
