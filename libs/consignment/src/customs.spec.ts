import { describe, expect, it } from '@jest/globals'
import {
  alat, allBoxes, azCustoms, b1, b2, decided, forwarder, given, gr, held, journey, legs, lifted, line, moved, tdy, tmCustoms, uzCustoms,
} from '#libs/testing'

describe('a customs decision', () => {
  it('holds what it names, in its own territory', () => {
    const hold = held({ items: [b2, b1], permittedMoves: [{ to: tdy, into: legs.l2 }], doNotLoad: true })
    given(journey.onLeg1)
      .when(hold)
      .hasEffects({
        effect: 'decision', decision: hold.eventId, authority: uzCustoms, territory: 'UZ', kind: 'held', items: [b2, b1], blocks: true,
        permittedMoves: [{ to: tdy, into: legs.l2 }], doNotLoad: true,
      })
      .leaves(({ decisions }) => {
        expect(decisions[hold.eventId]).toEqual({
          authority: uzCustoms, kind: 'held', open: true, hold: { territory: 'UZ', items: [b2, b1], permittedMoves: [{ to: tdy, into: legs.l2 }],
            doNotLoad: true },
        })
      })
  })

  it('sets the transit clock', () => {
    const release = decided('releasedForTransit', { by: tmCustoms, mrn: 'TM1', timeLimit: '2026-06-12T00:00:00Z',
      destinationOfficePlaceId: 'tm-turkmenbashi-port' })
    given(journey.onLeg2)
      .when(release)
      .hasEffects({
        effect: 'decision', decision: release.eventId, authority: tmCustoms, territory: 'TM', kind: 'releasedForTransit', items: allBoxes, blocks: false,
        permittedMoves: [],
        doNotLoad: false, mrn: 'TM1', timeLimit: '2026-06-12T00:00:00Z',
      })
  })

  it('draws in whom it asks for documents, unless that has no node', () => {
    given(journey.issued).when(decided('documentsWanted', { addressee: gr })).hasEffect({ effect: 'drawnIn', participant: gr })
    given(journey.issued, decided('documentsWanted', { addressee: gr })).when(moved({ by: gr })).accepts()
    expect(given(journey.issued).when(decided('documentsWanted', { addressee: 'outside:broker' })).accepts().judgement.effects).toHaveLength(1)
  })

  it('is never refused for where the goods are: late discharge and early holds', () => {
    given(journey.delivered).when(decided('discharged', { by: tmCustoms })).accepts()
    given(journey.delivered).when(held()).accepts()
    given(journey.issued).when(decided('exitConfirmed', { by: azCustoms })).accepts()
  })

  it('is for every authority with a place on the route, border crossings included', () => {
    for (const by of [uzCustoms, tmCustoms, azCustoms]) given(journey.issued).when(decided('registered', { by })).accepts()
  })

  it('moves nothing itself', () => {
    given(journey.atAlat, held({ by: azCustoms })).when(decided('registered'))
      .leaves(({ items }) => expect(items.every(({ holder }) => holder === alat)).toBe(true))
  })
})

describe('lifting and withdrawing', () => {
  const hold = held({ items: [b1, b2] })
  const closed = { authority: uzCustoms, kind: 'held', open: false }

  it('closes a hold when nothing is left of it', () => {
    const lift = lifted([hold], { items: [b1, b2] })
    given(journey.onLeg1, hold)
      .when(lift)
      .hasEffects(
        { effect: 'decisionClosed', decision: hold.eventId, by: 'lifted', items: [b1, b2] },
        { effect: 'decision', decision: lift.eventId, authority: uzCustoms, territory: 'UZ', kind: 'holdLifted', items: [b1, b2], blocks: false,
          permittedMoves: [], doNotLoad: false },
      )
      .leaves(({ decisions }) => expect(decisions[hold.eventId]).toEqual(closed))
  })

  it('leaves the hold on what is not named', () => {
    given(journey.onLeg1, hold).when(lifted([hold], { items: [b2] })).leaves(({ decisions }) => expect(decisions[hold.eventId]?.hold?.items).toEqual([b1]))
  })

  it('speaks only of what the hold had', () => {
    given(journey.onLeg1, hold).when(lifted([hold])).hasEffect({ effect: 'decisionClosed', decision: hold.eventId, by: 'lifted', items: [b1, b2] })
  })

  it('by a control result says so', () => {
    given(journey.onLeg1, hold).when(decided('controlResult', { lifts: [hold.eventId] }))
      .leaves(({ decisions }) => expect(decisions[hold.eventId]).toEqual(closed))
  })

  it('takes a whole decision back, hold or not, whatever the scope', () => {
    const withdrawal = decided('withdrawn', { withdraws: hold.eventId, items: [b1] })
    given(journey.onLeg1, hold)
      .when(withdrawal)
      .hasEffect({ effect: 'decisionClosed', decision: hold.eventId, by: 'withdrawn', items: [b1, b2] })
      .leaves(({ decisions }) => expect(decisions[hold.eventId]).toEqual(closed))
    const release = decided('releasedForExport')
    given(journey.issued, release).when(decided('withdrawn', { withdraws: release.eventId }))
      .hasEffect({ effect: 'decisionClosed', decision: release.eventId, by: 'withdrawn', items: [] })
  })

  it('leaves another authority\'s hold alone', () => {
    const other = held({ by: tmCustoms, items: [b1] })
    given(journey.onLeg1, hold, other).when(lifted([hold])).leaves(({ decisions }) => expect(decisions[other.eventId]?.open).toBe(true))
  })
})

describe('who may decide', () => {
  it('is customs of the countries on the route', () => {
    for (const by of [forwarder, line]) given(journey.issued).when(held({ by })).refuses('ROLE')
    given(journey.issued).when(held({ by: 'ge-customs', customsOfficePlaceId: 'ge-batumi' })).refuses('PARTY')
  })
})
