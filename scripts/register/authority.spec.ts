import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorityId, corridorSubject, rulesDigest, rulesVersion } from '#libs/consignment'
import type { Log } from '#libs/exchange'
import { generateKeyPair, privateKeyOf, signKeyProof, thumbprintOf, type KeyPair } from '#libs/signature'
import { memoryTopic } from '#libs/testing'
import { loadCorridor, type Corridor } from '../../corridors/load.js'
import { readSettings } from '../settings.js'
import { authorityKeysFile, makeAuthorityKeys, openAuthorityKeys, type AuthorityKeys } from './authority-keys.js'
import { found, signFounding, takeUpPen, type AuthorityPen, type AuthorityStatement, type PenOptions } from './authority-pen.js'
import { admissions, firstKey, registrations } from './corridor-register.js'
import type { ShownKeys } from './shown-keys.js'

const clock = { now: () => Date.parse('2026-01-05T08:00:00Z') }
const urlOf = (participant: string) => `http://127.0.0.1/${participant}`
const founding = { name: 'trans-caspian', epoch: 1, topic: 'trans-caspian.1.events' }

const folder = mkdtempSync(join(tmpdir(), 'karvan-authority-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

let corridor: Corridor
let log: Log
let keys: AuthorityKeys
let options: PenOptions

beforeEach(async () => {
  corridor = await loadCorridor(readSettings({}).corridorDir)
  log = memoryTopic().open()
  keys = makeAuthorityKeys(newFolder())
  options = { log, keys, clock }
})

describe('founding a corridor', () => {
  it('writes everybody and every place of its data into the register', async () => {
    const pen = await founded()
    const { participants, places, keys: known } = pen.register()
    expect(Object.keys(participants).sort()).toEqual(corridor.participants.map(({ participant }) => participant).sort())
    expect(Object.keys(places).sort()).toEqual(corridor.places.map(({ placeId }) => placeId).sort())
    expect(Object.values(known).map(({ participant }) => participant)).toEqual([authorityId, authorityId])
    expect(participants['uz-uty']).toMatchObject({ roles: ['rail'], country: 'UZ', url: 'http://127.0.0.1/uz-uty' })
  })

  it('leaves what was made up for the demo out of the log', async () => {
    await founded()
    const end = await log.end()
    for (let offset = 0; offset < end; offset++) {
      const record = await log.read(offset)
      const payload = typeof record === 'object' ? Buffer.from(record.value!.toString().split('.')[1]!, 'base64url').toString() : ''
      expect(payload).not.toMatch(/"(invented|unverified|port|opsPort)":/)
    }
  })

  it('has nothing left to state the second time', async () => {
    const { corridor: id } = await founded()
    const pen = await takeUpPen(options, id)
    expect([...admissions(corridor, pen.register(), urlOf), ...registrations(corridor, pen.register())]).toEqual([])
  })

  it('goes on where it was cut short, as the same corridor', async () => {
    const statement = signFounding(options, founding)
    const [first, second] = [await found(options, statement), await found(options, statement)]
    expect(second.corridor).toBe(first.corridor)
    expect(await log.end()).toBe(1)
  })

  it('is refused on a log that holds another corridor', async () => {
    await founded()
    const another = signFounding(options, { ...founding, epoch: 2 })
    await expect(found(options, another)).rejects.toMatchObject({ code: 'LOG_NOT_EMPTY' })
  })
})

describe('the authority', () => {
  it('keeps its keys for itself', () => {
    const dataDir = newFolder()
    expect(() => openAuthorityKeys(dataDir)).toThrow(expect.objectContaining({ code: 'NO_AUTHORITY_KEYS' }))
    const made = makeAuthorityKeys(dataDir)
    expect(statSync(authorityKeysFile(dataDir)).mode & 0o777).toBe(0o600)
    expect(makeAuthorityKeys(dataDir).signing.kid).toBe(made.signing.kid)
    expect(made.publicJwks.map(thumbprintOf)[0]).toBe(made.signing.kid)
  })

  it('goes on with its chain where the log has it, whatever else is in the log', async () => {
    const { corridor: id } = await founded()
    await log.append([{ key: corridorSubject, value: 'garbage' }, { key: '01938f0a-0000-7000-8000-000000000001', value: 'more garbage' }])
    const pen = await takeUpPen(options, id)
    await pen.state([{ type: 'ParticipantSuspended', about: 'uz-uty', data: { participant: 'uz-uty', reason: [{ languageId: 'en', text: 'Test' }] } }])
    expect(pen.register().participants['uz-uty']).toMatchObject({ suspended: true })
    expect(admissions(corridor, pen.register(), urlOf)).toEqual([])
    expect(admissions(corridor, pen.register(), urlOf, 'uz-uty')).toHaveLength(1)
  })

  it('has no say in a corridor that other keys founded', async () => {
    const { corridor: id } = await founded()
    const stranger = makeAuthorityKeys(newFolder())
    await expect(takeUpPen({ ...options, keys: stranger }, id)).rejects.toMatchObject({ code: 'NOT_THE_AUTHORITY' })
  })

  it('notices a log that is not its corridor’s', async () => {
    await expect(takeUpPen(options, 'A'.repeat(43))).rejects.toMatchObject({ code: 'ANOTHER_LOG' })
  })

  it('tells which statement was refused, and why', async () => {
    const pen = await founded()
    const data = { participant: 'nobody', reason: [{ languageId: 'en', text: 'Test' }] }
    await expect(pen.state([{ type: 'ParticipantSuspended', about: 'nobody', data }])).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(/^ParticipantSuspended of nobody would be refused: RULE:UNKNOWN_REFERENCE, .* \(participant nobody\). Nothing was written.$/),
    })
  })

  it.each<[string, AuthorityStatement, string]>([
    ['a key that nobody has', { type: 'KeyRetired', about: 'uz-uty', data: { participant: 'uz-uty', thumbprint: 'A'.repeat(43) } }, 'RULE:UNKNOWN_REFERENCE'],
    ['what is no thumbprint', { type: 'KeyRetired', about: 'uz-uty', data: { participant: 'uz-uty', thumbprint: 'mistyped' } }, 'SCHEMA, /thumbprint'],
    ['an offset that is none', { type: 'KeyCompromised', about: 'uz-uty', data: { participant: 'uz-uty', thumbprint: 'A'.repeat(43), fromOffset: -1 } }, 'SCHEMA'],
    ['rules that hold already', { type: 'RulesActivated', about: 'rules', data: { rulesVersion, digest: rulesDigest() } }, 'RULE:RULES_NOT_NEWER'],
  ])('writes nothing of a command with %s', async (_what, statement, reason) => {
    const pen = await founded()
    const end = await log.end()
    const data = { participant: 'uz-uty', reason: [{ languageId: 'en', text: 'Test' }] }
    const good: AuthorityStatement = { type: 'ParticipantSuspended', about: 'uz-uty', data }
    await expect(pen.state([good, statement])).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining(reason) })
    expect(await log.end()).toBe(end)
  })

  it('judges a statement beforehand after those that it follows', async () => {
    const pen = await found(options, signFounding(options, founding))
    await pen.state([...admissions(corridor, pen.register(), urlOf), ...registrations(corridor, pen.register())])
    expect(Object.keys(pen.register().places)).toHaveLength(corridor.places.length)
  })
})

describe('admitting the key of a node', () => {
  it('takes its first signature key with its proof, once', async () => {
    const pen = await founded()
    const shown = shownBy('uz-uty', generateKeyPair(), pen.corridor)
    await pen.state(firstKey(pen.register(), shown))
    expect(pen.register().keys[thumbprintOf(shown.keys[0]!.jwk)]).toMatchObject({ participant: 'uz-uty', use: 'signature' })
    expect(firstKey(pen.register(), shown)).toEqual([])
  })

  it('is refused with a proof made for another corridor', async () => {
    const pen = await founded()
    const shown = shownBy('uz-uty', generateKeyPair(), 'B'.repeat(43))
    await expect(pen.state(firstKey(pen.register(), shown))).rejects.toMatchObject({ message: expect.stringContaining('RULE:PROOF') })
  })

  it('is not the authority’s business when the member has a key already', async () => {
    const pen = await founded()
    await pen.state(firstKey(pen.register(), shownBy('uz-uty', generateKeyPair(), pen.corridor)))
    const another = shownBy('uz-uty', generateKeyPair(), pen.corridor)
    expect(() => firstKey(pen.register(), another)).toThrow(expect.objectContaining({ code: 'KEY_OF_ITS_OWN' }))
  })
})

async function founded(): Promise<AuthorityPen> {
  const pen = await found(options, signFounding(options, founding))
  await pen.state(admissions(corridor, pen.register(), urlOf))
  await pen.state(registrations(corridor, pen.register()))
  return pen
}

function shownBy(participant: string, { publicJwk, privateJwk }: KeyPair, corridorId: string): ShownKeys {
  const kid = thumbprintOf(publicJwk)
  const privateKey = privateKeyOf(privateJwk)!
  const proof = signKeyProof({ corridor: corridorId, participant, thumbprint: kid, use: 'signature' }, { kid, privateKey, iat: 1_767_600_000 })
  return { participant, keys: [{ use: 'signature', jwk: publicJwk, proof }] }
}

function newFolder(): string {
  return mkdtempSync(join(folder, 'data-'))
}
