import { describe, expect, it } from '@jest/globals'
import { b1, b2, decided, declared, forwarder, held, journey, legs, lifted, tdy, uzCustoms } from '#libs/testing'
import { dossierOf } from './dossier.fixture.js'

const wanted = decided('documentsWanted', { addressee: forwarder, respondBy: '2026-06-05T08:00:00Z', items: [b1] })

describe('decisions of customs', () => {
  it('are shown with their office, items and permitted moves', () => {
    const permittedMoves = [{ to: tdy, into: legs.l2 }]
    const control = decided('controlResult', { result: 'differs', items: [b2] })
    expect(dossierOf(journey.onLeg1, held({ permittedMoves, doNotLoad: true }), control).decisions).toMatchObject([
      { kind: 'held', authority: uzCustoms, customsOfficePlaceId: 'uz-khodjadavlet', items: 'all', permittedMoves, doNotLoad: true, open: true },
      { kind: 'controlResult', items: [b2], result: 'differs', open: false },
    ])
  })

  it.each(['registered', 'releasedForTransit', 'arrivalRecorded', 'exitConfirmed', 'discharged'] as const)('are not open where they neither hold nor wait: %s', (kind) => {
    expect(dossierOf(journey.onLeg1, decided(kind)).decisions).toMatchObject([{ kind, open: false }])
  })

  it('show what is left after a part was let go, and that nothing is', () => {
    const hold = held({ items: [b1, b2] })
    const part = lifted([hold], { items: [b1] })
    const rows = [dossierOf(journey.onLeg1, hold, part), dossierOf(journey.onLeg1, hold, part, lifted([hold], { items: [b2] }))].map(({ decisions }) => decisions[0])
    expect(rows).toMatchObject([{ open: true, items: [b1, b2], itemsLeft: [b2] }, { open: false, items: [b1, b2], closedBy: 'lifted' }])
    expect(rows[1]).not.toHaveProperty('itemsLeft')
  })

  it('tell that one is withdrawn, of those that were never open, too', () => {
    const release = decided('releasedForTransit')
    expect(dossierOf(journey.onLeg1, release, decided('withdrawn', { withdraws: release.eventId })).decisions[0]).toMatchObject({ open: false, closedBy: 'withdrawn' })
  })

  it('wait for documents until their addressee lodges a declaration', () => {
    const declaration = declared()
    const rows = [[wanted], [wanted, declaration], [wanted, decided('withdrawn', { withdraws: wanted.eventId })]].map((story) => dossierOf(journey.onLeg1, story).decisions[0])
    expect(rows).toMatchObject([
      { open: true, addressee: forwarder, respondBy: '2026-06-05T08:00:00Z' }, { open: false, answer: declaration.eventId }, { open: false, closedBy: 'withdrawn' },
    ])
  })
})
