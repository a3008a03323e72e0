import { describe, expect, it } from '@jest/globals'
import {
  admitted, b1, consignee, decided, forwarder, geCustoms, given, gr, granted, held, issued, journey, keyAdded, kidOf, line, moved, offered, tdy, tmCustoms,
  turkmenbashi, uty, words, type Draft,
} from '#libs/testing'
import { notYetJudged } from './roles.js'

describe('a party', () => {
  const late = { occurredAt: '2026-06-05T08:00:00Z' }

  it.each<[string, Draft]>([
    ['a carrier of a leg', moved({ by: tdy })],
    ['a contractual carrier', moved({ by: line })],
    ['a terminal', moved({ by: turkmenbashi })],
    ['the consignee\'s side', moved({ by: consignee })],
    ['the issuer', moved({ by: forwarder })],
    ['customs of a country on the route', decided('registered', { by: tmCustoms })],
  ])('is %s', (_, statement) => {
    given(journey.issued).when(statement).accepts()
  })

  it.each<[string, Draft]>([
    ['a railway off the route', moved({ by: gr })],
    ['customs of another country', decided('registered', { by: geCustoms })],
    ['somebody who would open the consignment again', issued({ purposeCode: '5' }, { by: gr })],
  ])('is not %s', (_, statement) => {
    given(journey.issued).when(statement).refuses('PARTY')
  })

  it.each<[string, Draft]>([
    ['an offer', offered({ to: gr, deviationReason: words })],
    ['customs that want its documents', decided('documentsWanted', { addressee: gr })],
    ['a grant of particulars', granted({ reader: gr })],
  ])('becomes whoever is drawn in by %s, once that is accepted', (_, drawing) => {
    given(journey.issued, drawing).when(moved({ by: gr, ...late })).accepts()
    const { log } = given(journey.issued, held({ items: [b1] }))
    expect(log.state(offered({ to: gr, deviationReason: words })).code).toBe('RULE:HELD_BY_CUSTOMS')
    expect(log.state(moved({ by: gr })).code).toBe('PARTY')
  })

  it('of the register is the authority, and everybody for keys of its own', () => {
    given().when({ ...admitted(gr, { roles: ['port'], country: 'GE' }), by: gr, kid: kidOf(gr) }).refuses('PARTY')
    given().when(keyAdded(tdy, 2, { by: uty })).refuses('PARTY')
    given().when(keyAdded(uty, 2, { by: uty })).accepts()
  })
})

describe('a type', () => {
  it.each(notYetJudged)('%s has no rules yet and is refused whole', (type) => {
    given(journey.issued).when({ ...moved(), type: type as 'MovementReported' }).refuses('TYPE')
  })

  it('of the register has no place on a consignment, and the reverse', () => {
    const { type, data } = admitted(gr, { roles: ['port'], country: 'GE' })
    given(journey.issued).when({ ...moved(), type: type as 'MovementReported', data: data as never }).refuses('TYPE')
    given().when({ ...admitted(gr, { roles: ['port'], country: 'GE' }), type: 'NoteIssued' as 'ParticipantAdmitted', data: issued().data as never })
      .refuses('TYPE')
  })

  it.each(['constructor', 'toString', 'hasOwnProperty'])('that objects inherit is none: %s', (name) => {
    const type = name.charAt(0).toUpperCase() + name.slice(1)
    given(journey.issued).when({ ...moved(), type: type as 'MovementReported' }).refuses('TYPE')
  })
})
