import { describe, expect, it } from '@jest/globals'
import { consignmentId, emptyLog, forwarder, founding, given, gr, issued, journey, keyAdded, kidOf, moved, offered, type Draft } from '#libs/testing'
import { another, codeOf, record, type Faults } from './judge.fixture.js'

describe('a chain', () => {
  it('takes the next number with the right previous', () => {
    const { log } = given(journey.issued)
    const first = log.stateOf(consignmentId).heads[kidOf(forwarder)]
    expect(first).toEqual({ sequence: 1, eventId: journey.issued.eventId })
    const judgement = log.state(offered())
    expect(judgement).toMatchObject({ verdict: 'accepted', consumedSequence: 2 })
    expect(log.stateOf(consignmentId).heads[kidOf(forwarder)]).toEqual({ sequence: 2, eventId: offered().eventId })
  })

  it('calls the same statement again a duplicate, however late, and changes nothing', () => {
    const { log } = given()
    const { key, inspection } = record(log, issued())
    expect(log.append(key, inspection).verdict).toBe('accepted')
    expect(log.state(offered()).verdict).toBe('accepted')
    const before = log.stateOf(consignmentId)
    expect(log.append(key, inspection)).toMatchObject({ verdict: 'duplicate', code: null, effects: [] })
    expect(log.stateOf(consignmentId)).toBe(before)
  })

  it('convicts a fork: another statement at a number that was consumed', () => {
    const { log } = given(journey.issued, offered())
    expect(codeOf(log, moved({ by: forwarder }), { envelope: { sequence: 2, previous: journey.issued.eventId } })).toBe('FORK')
    expect(codeOf(log, issued({ purposeCode: '5' }), { envelope: { sequence: 1, previous: undefined } })).toBe('FORK')
  })

  it.each<[string, Faults]>([
    ['a number too high', { sequence: 3, previous: journey.issued.eventId }],
    ['another previous', { sequence: 2, previous: 'C'.repeat(43) }],
    ['the greatest number', { sequence: Number.MAX_SAFE_INTEGER, previous: journey.issued.eventId }],
  ])('takes %s for too early and forgets it', (_, envelope) => {
    const { log } = given(journey.issued)
    const before = log.stateOf(consignmentId)
    expect(codeOf(log, offered(), { envelope })).toBe('EARLY')
    expect(log.stateOf(consignmentId)).toBe(before)
    expect(log.state(offered()).code).toBe(null)
  })

  it('goes on behind a statement that a rule refused: its number is consumed', () => {
    const { log } = given(journey.issued)
    const refused = offered({ to: gr })
    expect(log.state(refused)).toMatchObject({ code: 'RULE:NOT_NEXT', consumedSequence: 2 })
    expect(log.stateOf(consignmentId).heads[kidOf(forwarder)]).toEqual({ sequence: 2, eventId: refused.eventId })
    expect(log.state(offered())).toMatchObject({ verdict: 'accepted', consumedSequence: 3 })
  })

  it.each<[string, Draft]>([
    ['PARTY', moved({ by: gr })],
    ['TYPE', { ...moved(), type: 'GoodsLost' as 'MovementReported' }],
    ['SCHEMA', moved({ items: [] })],
  ])('consumes its number also when %s refuses', (code, statement) => {
    const { log } = given(journey.issued)
    expect(log.state(statement)).toMatchObject({ code, consumedSequence: 1 })
    expect(log.stateOf(consignmentId).heads[statement.kid]).toEqual({ sequence: 1, eventId: statement.eventId })
  })

  it('is one for each key and subject', () => {
    const { log } = given(journey.issued, keyAdded(forwarder, 2, { by: forwarder }))
    expect(log.state(offered({ kid: kidOf(forwarder, 2) }))).toMatchObject({ verdict: 'accepted', consumedSequence: 1 })
    expect(log.state(issued({}, { subject: another }))).toMatchObject({ verdict: 'accepted', consumedSequence: 1 })
  })

  it('keeps nothing of what was refused before it', () => {
    const { log } = given(journey.issued)
    const before = log.subjects()
    for (const fault of [{ key: null }, { inspection: { signed: false } }, { envelope: { v: 2 } }]) codeOf(log, offered(), fault)
    codeOf(log, moved({ subject: another }))
    expect(log.subjects()).toEqual(before)
  })
})

describe('a second founding', () => {
  it('is a duplicate when it is the first one read again', () => {
    const log = emptyLog()
    const first = record(log, founding, { envelope: { corridor: 'A'.repeat(43) } })
    expect(log.append(first.key, first.inspection).verdict).toBe('accepted')
    expect(log.append(first.key, first.inspection).verdict).toBe('duplicate')
  })
})
