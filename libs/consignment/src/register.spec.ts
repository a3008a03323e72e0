import { describe, expect, it } from '@jest/globals'
import {
  admitted, authority, emptyLog, encryptionKeyAdded, epochClosed, founding, given, gr, issued, jwkOf, keyAdded, keyCompromised, keyRecovered, keyRetired,
  kidOf, moved,
  registered, rulesActivated, smallCorridor, suspended, uty,
} from '#libs/testing'
import { judge } from './judge.js'
import { rulesDigest, rulesVersion } from './rules-version.js'

describe('founding a corridor', () => {
  it('puts the authority, its keys and the first rules into the register', () => {
    const log = emptyLog()
    expect(log.state(founding)).toMatchObject({
      verdict: 'accepted',
      effects: [
        { effect: 'founded', corridor: founding.eventId, epoch: 1 },
        { effect: 'rules', version: rulesVersion, digest: rulesDigest() },
        { effect: 'key', kid: kidOf(authority, 1), row: { participant: authority, use: 'signature', jwk: jwkOf(authority, 1), since: 0 } },
        { effect: 'key', kid: kidOf(authority, 2), row: { participant: authority, use: 'signature', jwk: jwkOf(authority, 2), since: 0 } },
      ],
    })
    expect(Object.keys(log.register()?.participants ?? {})).toEqual([authority])
  })

  it('lets nothing be heard before, and nobody else found it', () => {
    const log = emptyLog()
    expect(log.state(admitted(uty, { roles: ['rail'], country: 'UZ' })).code).toBe('KEY')
    expect(log.state({ ...founding, eventId: kidOf('another') }).code).toBe('KEY')
    expect(log.register()).toBeUndefined()
  })
})

describe('the register', () => {
  it('keeps a participant as it was admitted last', () => {
    given(admitted(gr, { roles: ['rail', 'port'], country: 'GE', capacities: ['declarant'] }))
      .when(admitted(gr, { roles: ['port'], country: 'GE' }))
      .leavesRegister(({ participants }) => expect(participants[gr]).toMatchObject({ roles: ['port'], capacities: [] }))
  })

  it('keeps a place as it was registered last', () => {
    given().when(registered('uz-ahangaran', { customsTerritory: 'XA' }))
      .leavesRegister(({ places }) => expect(places['uz-ahangaran']?.customsTerritory).toBe('XA'))
  })

  it('ends a suspended participant\'s voice until it is admitted again', () => {
    given(suspended(uty)).when(moved()).refuses('KEY')
    given(issued(), suspended(uty), admitted(uty, { roles: ['rail'], country: 'UZ' })).when(moved()).accepts()
  })

  it('takes newer rules only', () => {
    given(rulesActivated(2)).when(rulesActivated(3)).accepts().leavesRegister(({ rules }) => expect(rules.version).toBe(3))
  })

  it('ends with its epoch', () => {
    const size = smallCorridor().end()
    given(epochClosed(1, size)).when(issued()).refuses('EPOCH_CLOSED')
  })
})

describe('keys', () => {
  it('come first by the authority, then by the participant itself', () => {
    given(keyAdded(uty, 2, { by: uty })).when(issued({}, { by: uty, kid: kidOf(uty, 2) })).accepts()
  })

  it('sign nothing before they are added and nothing after they are retired', () => {
    given().when(issued({}, { by: uty, kid: kidOf(uty, 2) })).refuses('KEY')
    given(keyAdded(uty, 2, { by: uty }), keyRetired(uty, 1)).when(issued({}, { by: uty })).refuses('KEY')
    given(keyAdded(uty, 2, { by: uty }), keyRetired(uty, 1)).when(issued({}, { by: uty, kid: kidOf(uty, 2) })).accepts()
  })

  it('for encryption are added by their owner and sign nothing', () => {
    given(encryptionKeyAdded(uty, 2)).when(issued({}, { by: uty, kid: kidOf(uty, 2) })).refuses('KEY')
  })

  it('may be retired by the authority, for a participant that lost its last', () => {
    given().when(keyRetired(uty, 1, { by: authority })).accepts()
  })

  it('are recovered by two keys of the authority, and marked', () => {
    given(keyRetired(uty))
      .when(keyRecovered(uty, 2))
      .accepts()
      .leavesRegister(({ keys }) => expect(keys[kidOf(uty, 2)]).toMatchObject({ participant: uty, recovered: true }))
  })

  it('are not marked as recovered when their owner adds them', () => {
    const { data } = keyRecovered(uty, 2)
    const own = { ...keyAdded(uty, 2, { by: uty }), data }
    given().when(own).leavesRegister(({ keys }) => expect(keys[kidOf(uty, 2)]).not.toHaveProperty('recovered'))
  })

  it('of the authority go on while one is left', () => {
    given(keyAdded(authority, 3, { by: authority }), keyRetired(authority, 1, { kid: kidOf(authority, 2) }))
      .when(keyRetired(authority, 2, { kid: kidOf(authority, 3) }))
      .accepts()
  })
})

describe('a compromised key', () => {
  it('fails from now on and makes what it signed before doubtful', () => {
    given(keyAdded(uty, 2, { by: uty }))
      .when(keyCompromised(uty, 2, 10))
      .hasEffects({ effect: 'keyCompromised', kid: kidOf(uty, 2), from: smallCorridor().end() + 1, since: 10 })
      .leavesRegister(({ keys }) => expect(keys[kidOf(uty, 2)]?.compromisedFrom).toBe(10))
    given(keyAdded(uty, 2, { by: uty }), keyCompromised(uty, 2, 10)).when(issued({}, { by: uty, kid: kidOf(uty, 2) })).refuses('KEY')
  })

  it('may have been retired before, and stays retired from then on', () => {
    const { log, when } = given(keyAdded(uty, 2, { by: uty }), keyRetired(uty, 2))
    const retired = log.end() - 1
    when(keyCompromised(uty, 2, 10)).accepts().leavesRegister(({ keys }) => expect(keys[kidOf(uty, 2)]).toMatchObject({ retired, compromisedFrom: 10 }))
  })
})

describe('a founding statement that does not say what it should', () => {
  const log = emptyLog()
  const envelope = { v: 1, corridor: 'A'.repeat(43), subject: 'corridor', type: 'CorridorFounded', issuer: authority, sequence: 1,
    occurredAt: '2026-06-01T08:00:00Z' }
  const judged = (changes: object, data: object) =>
    judge(Buffer.from('corridor'), {
      ok: true, kid: kidOf(authority), typ: 'karvan-founding+jws', eventId: founding.eventId, signed: true,
      payload: { ok: true, value: { ...envelope, ...changes, data } },
    }, 0, {
      corridor: founding.eventId, register: undefined, subject: log.stateOf('corridor'), consumedBy: () => undefined, accepted: () => undefined,
      provesKey: () => false, isOnCurve: () => true,
    }).code

  it.each<[string, object, object, string]>([
    ['names no keys', {}, {}, 'BINDING'],
    ['names keys that are none', {}, { authorityKeys: [null, 1, 'key', {}, { kty: 'EC' }] }, 'BINDING'],
    ['does not name the key that signed it', {}, { ...founding.data, authorityKeys: [jwkOf(authority, 2)] }, 'BINDING'],
    ['names a corridor', { corridor: founding.eventId }, founding.data, 'BINDING'],
    ['is not the authority\'s', { issuer: uty }, founding.data, 'BINDING'],
    ['stands on a consignment', { subject: '01970000-0000-7000-8000-000000000001' }, founding.data, 'BINDING'],
    ['has no topic', {}, { ...founding.data, topic: undefined }, 'SCHEMA'],
  ])('is refused when it %s', (_, changes, data, code) => {
    expect(judged(changes, data)).toBe(code)
  })
})
