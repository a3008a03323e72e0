import { describe, expect, it, test } from '@jest/globals'
import { canonicalJson } from '#libs/documents'
import {
  actDrawn, admitted, alat, consignmentId, decided, draft, encryptionKeyAdded, envelopeOf, forwarder, given, gr, held, issued, journey, keyAdded,
  keyRetired, kidOf, moved, offered, recordKeyOf, smallCorridor, suspended, toldIn, uty, type Draft,
} from '#libs/testing'
import { another, codeOf, record, type Faults, type Read, type Wrong } from './judge.fixture.js'
import type { ReadPayload } from './inspection.js'
import { judgeStatement } from './judge.js'
import { judgingOrder } from './refusal.js'

describe('the judging order', () => {
  const { log } = given(journey.issued)
  /** Each fault can be put on one and the same record; the record has them all from some place on. */
  const faults: Readonly<Record<string, (record: Read, envelope: Record<string, unknown>) => void>> = {
    KEY: (read) => Object.assign(read, { kid: kidOf('nobody') }),
    SIGNATURE: (read) => Object.assign(read, { signed: false }),
    UTF8: (read) => Object.assign(read, { payload: { ok: false, code: 'UTF8' } }),
    DEPTH: (read) => Object.assign(read, { payload: { ok: false, code: 'DEPTH' } }),
    CANONICAL: (read) => Object.assign(read, { payload: { ok: false, code: 'CANONICAL' } }),
    ENVELOPE: (_, envelope) => Object.assign(envelope, { v: 2 }),
    BINDING: (_, envelope) => Object.assign(envelope, { corridor: 'B'.repeat(43) }),
    SUBJECT: (_, envelope) => Object.assign(envelope, { subject: another }),
    CHAIN: (_, envelope) => Object.assign(envelope, { sequence: 9, previous: 'C'.repeat(43) }),
    PARTY: (read, envelope) => [Object.assign(read, { kid: kidOf(gr) }), Object.assign(envelope, { issuer: gr, sequence: 1, previous: undefined })],
    TYPE: (_, envelope) => Object.assign(envelope, { type: 'GoodsLost' }),
    SCHEMA: (_, envelope) => Object.assign(envelope, { data: {} }),
    RULE: (_, envelope) => Object.assign(envelope, { data: { ...offered().data, items: [{ id: 'KRVU3054420' }] } }),
  }
  const names = Object.keys(faults)
  const codes: Readonly<Record<string, string>> = { CHAIN: 'EARLY', RULE: 'RULE:UNKNOWN_REFERENCE' }

  it('is as published', () => {
    expect([...judgingOrder]).toEqual(['SIZE', 'FORM', 'HEADER', ...names])
  })

  test.each(['SIZE', 'FORM', 'HEADER'] as const)('%s comes from the bytes alone', (code) => {
    expect(smallCorridor().append(null, { ok: false, code })).toMatchObject({ verdict: 'refused', code, effects: [] })
  })

  test.each(names)('%s is named alone, and before everything after it', (name) => {
    for (const together of [[name], names.slice(names.indexOf(name))]) {
      const { key, inspection } = record(log, offered())
      const read = { ...inspection }
      const envelope = { ...(inspection.payload as { value: Record<string, unknown> }).value }
      Object.assign(read, { payload: { ok: true, value: envelope } })
      // the latest fault first, so that an earlier one has the last word on what they share
      for (const fault of [...together].reverse()) faults[fault]?.(read, envelope)
      const named = typeof envelope['subject'] === 'string' ? recordKeyOf(envelope['subject']) : key
      expect(log.fork().append(named, read).code).toBe(codes[name] ?? name)
    }
  })
})

describe('a key', () => {
  it.each<[string, readonly Draft[], Draft]>([
    ['is not in the register', [], issued({}, { kid: kidOf(forwarder, 2) })],
    ['is retired', [keyAdded(forwarder, 2, { by: forwarder }), keyRetired(forwarder)], issued()],
    ['is for encryption', [encryptionKeyAdded(forwarder, 2)], issued({}, { kid: kidOf(forwarder, 2) })],
    ['belongs to a suspended participant', [suspended(forwarder)], issued()],
  ])('that %s is not heard', (_, before, statement) => {
    given(before).when(statement).refuses('KEY')
  })
})

describe('a payload', () => {
  const log = smallCorridor()
  it.each<[string, Faults]>([
    ['is of another version', { v: 2 }],
    ['has a member more', { extra: 1 }],
    ['lacks its corridor', { corridor: undefined }],
    ['has a subject in capitals', { subject: consignmentId.toUpperCase().replace('0', 'A') }],
    ['has a type that is no name', { type: 'note issued' }],
    ['has an issuer that is none', { issuer: 'outside:haulier' }],
    ['counts from nought', { sequence: 0 }],
    ['names a previous one at number 1', { previous: 'A'.repeat(43) }],
    ['names no previous one at number 2', { sequence: 2 }],
    ['happened on a day that does not exist', { occurredAt: '2026-02-30T08:00:00Z' }],
    ['carries a list as data', { data: [] }],
    ['carries nothing', { data: null }],
  ])('that %s is no envelope', (_, envelope) => {
    expect(codeOf(log.fork(), issued(), { envelope })).toBe('ENVELOPE')
  })

  it.each([null, [], 'text', 1, true, {}])('that is %j is no envelope', (value) => {
    expect(codeOf(log.fork(), issued(), { payload: { ok: true, value } })).toBe('ENVELOPE')
  })
})

describe('binding', () => {
  const log = smallCorridor()
  it.each<[string, Wrong]>([
    ['has no key', { key: null }],
    ['has an empty key', { key: Buffer.alloc(0) }],
    ['has another subject as its key', { key: recordKeyOf(another) }],
    ['has a longer key', { key: recordKeyOf(`${consignmentId}0`) }],
    ['was made for the register', { inspection: { typ: 'karvan-register+jws' } }],
    ['was made as a founding', { inspection: { typ: 'karvan-founding+jws' } }],
    ['was made as a receipt', { inspection: { typ: 'karvan-receipt+jws' } }],
    ['has a type that objects inherit', { inspection: { typ: 'constructor' } }],
    ['is for another corridor', { envelope: { corridor: 'B'.repeat(43) } }],
    ['names an issuer that does not own the key', { envelope: { issuer: uty } }],
  ])('refuses a record that %s', (_, fault) => {
    expect(codeOf(log.fork(), issued(), fault)).toBe('BINDING')
  })

  it('refuses an event on a consignment signed as one on the register, and the reverse', () => {
    const admission = admitted('uz-new', { roles: ['rail'], country: 'UZ' })
    expect(codeOf(log.fork(), admission, { inspection: { typ: 'karvan-event+jws' } })).toBe('BINDING')
  })
})

describe('an unknown subject', () => {
  it('admits only what opens it', () => {
    for (const statement of [moved(), offered(), decided('registered'), draft('NoteAmended', forwarder, issued().data)]) given().when(statement)
      .refuses('SUBJECT')
    given().when(issued()).accepts()
  })

  it('stays unknown when what should open it is refused', () => {
    const { log, when } = given()
    when(issued({ packageQuantity: 1 })).refuses('SUMS_CONTRADICT')
    expect(log.state(moved()).code).toBe('SUBJECT')
    expect(log.state(issued()).code).toBe(null)
  })
})

describe('preflight', () => {
  it('judges from PARTY on and leaves the chain to its owner', () => {
    const { log } = given(journey.issued)
    const subject = log.stateOf(consignmentId)
    const context = { corridor: log.corridor, register: log.register(), subject, consumedBy: () => undefined, accepted: () => undefined,
      provesKey: () => false, isOnCurve: () => true }
    const statement = offered()
    const envelope = { ...envelopeOf(statement, log.corridor, subject), sequence: 7, previous: 'C'.repeat(43) }
    const judgement = judgeStatement(envelope, { eventId: statement.eventId, kid: statement.kid, offset: 0 }, context)
    expect(judgement).toMatchObject({ verdict: 'accepted', code: null })
    expect(judgement.subject.heads).toBe(subject.heads)
    expect(judgement.effects).toEqual(log.state(statement).effects)
  })
})

describe('a batch', () => {
  const records = [...toldIn(journey.delivered), held(), actDrawn({ by: alat })]

  it('may be cut anywhere: state that was written and read again judges the same', () => {
    const whole = smallCorridor()
    const atOnce = records.map((statement) => whole.state(statement))
    for (let cut = 0; cut <= records.length; cut += 3) {
      const first = smallCorridor()
      const before = records.slice(0, cut).map((statement) => first.state(statement))
      const second = first.fork((state) => JSON.parse(canonicalJson(state)))
      const after = records.slice(cut).map((statement) => second.state(statement))
      expect([...before, ...after].map(({ verdict, code, effects }) => ({ verdict, code, effects })))
        .toEqual(atOnce.map(({ verdict, code, effects }) => ({ verdict, code, effects })))
      expect(canonicalJson(second.stateOf(consignmentId))).toBe(canonicalJson(whole.stateOf(consignmentId)))
    }
  })

  it('is asked of the shape of a statement only where it is not known', () => {
    const { log } = given(journey.issued)
    const codesOf = (statement: Draft) => [false, true].map((isKnown) => {
      const { key, inspection } = record(log, statement)
      return log.fork().append(key, isKnown ? { ...inspection, payload: { ...inspection.payload, fits: true } as ReadPayload } : inspection).code
    })
    expect(codesOf(offered())).toEqual([null, null])
    expect(codesOf(moved({ statusCode: 'no such code' } as never))).toEqual(['SCHEMA', null]) // whoever says that it fits has asked
  })

  it('leaves the state untouched by records that change nothing', () => {
    const { log } = given(journey.issued)
    const before = log.stateOf(consignmentId)
    log.append(null, { ok: false, code: 'FORM' })
    codeOf(log, offered(), { inspection: { signed: false } })
    expect(log.stateOf(consignmentId)).toBe(before)
  })

  it('tells whose statement it was as soon as its signature holds', () => {
    const { log } = given(journey.issued)
    const { key, inspection } = record(log, offered())
    expect(log.append(key, { ...inspection, signed: false }).event).toBeUndefined()
    expect(log.append(key, { ...inspection, payload: { ok: false, code: 'UTF8' } }).event).toEqual({ eventId: offered().eventId, kid: kidOf(forwarder) })
    expect(log.append(null, inspection).event?.envelope?.issuer).toBe(forwarder)
  })
})
