import { describe, expect, it, test } from '@jest/globals'
import {
  alat, answered, azCustoms, b1, b2, consignee, decided, delivery, given, gr, held, issued, journey, legs, lifted, line, movement, note, offered, stop, tdy,
  tendered,
  tmCustoms, turkmenbashi, uty, uzCustoms, words, type Draft, type Story,
} from '#libs/testing'

const onto = {
  leg1: offered(),
  leg2: offered({ by: uty, to: tdy, into: legs.l2 }),
  turkmenbashi: offered({ by: tdy, to: turkmenbashi, into: stop(2) }),
  ship: offered({ by: turkmenbashi, to: line, into: legs.l3 }),
  alat: offered({ by: line, to: alat, into: stop(3) }),
  delivery: offered({ by: alat, to: consignee, into: delivery }),
}

/** Tables 4.2, line by line, with the territories of the route: UZ to Khodjadavlet, TM to Turkmenbashi, AZ at Alat. */
const cases: readonly (readonly [string, Story, Draft<'CustomsDecisionIssued'>, Draft<'HandoffOffered'>, 'blocked' | 'free'])[] = [
  ['leaving the territory by train', journey.onLeg1, held(), onto.leg2, 'blocked'],
  ['loading onto the ship that leaves it', journey.atTurkmenbashi, held({ by: tmCustoms }), onto.ship, 'blocked'],
  ['a leg within it whose contract leads out of it', journey.issued, held(), onto.leg1, 'blocked'],
  ['delivery in it', journey.atAlat, held({ by: azCustoms }), onto.delivery, 'blocked'],
  ['delivery elsewhere', journey.atAlat, held({ by: tmCustoms }), onto.delivery, 'free'],
  ['coming off the train', journey.onLeg2, held({ by: tmCustoms }), onto.turkmenbashi, 'free'],
  ['coming off the ship', journey.atSea, held({ by: azCustoms }), onto.alat, 'free'],
  ['anything outside it, before arrival', journey.atTurkmenbashi, held({ by: azCustoms }), onto.ship, 'free'],
  ['anything outside it, after leaving', journey.atTurkmenbashi, held(), onto.ship, 'free'],
  ['loading onto the ship that brings the goods to it, with doNotLoad', journey.atTurkmenbashi, held({ by: azCustoms, doNotLoad: true }), onto.ship, 'blocked'],
  ['a train whose contract brings them to it, with doNotLoad', journey.issued, held({ by: tmCustoms, doNotLoad: true }), onto.leg1, 'blocked'],
  ['a train whose contract ends before it, with doNotLoad', journey.issued, held({ by: azCustoms, doNotLoad: true }), onto.leg1, 'free'],
  ['coming off the ship, with doNotLoad', journey.atSea, held({ by: azCustoms, doNotLoad: true }), onto.alat, 'free'],
  ['a handoff that the decision permits', journey.onLeg1, held({ permittedMoves: [{ to: tdy, into: legs.l2 }] }), onto.leg2, 'free'],
  ['a handoff that is permitted to another', journey.onLeg1, held({ permittedMoves: [{ to: gr, into: legs.l2 }] }), onto.leg2, 'blocked'],
  ['a handoff that is permitted to elsewhere', journey.onLeg1, held({ permittedMoves: [{ to: tdy, into: legs.l1 }] }), onto.leg2, 'blocked'],
  ['delivery that the decision permits', journey.atAlat, held({ by: azCustoms, permittedMoves: [{ to: consignee, into: delivery }] }), onto.delivery, 'free'],
  ['a permitted move to a stop, off the route', journey.atAlat, held({ by: azCustoms, permittedMoves: [{ to: gr, into: stop(3) }] }),
    offered({ by: alat, to: gr, into: stop(3), deviationReason: words }), 'free'],
  ['a deviation, even to a stop', journey.atAlat, held({ by: azCustoms }), offered({ by: alat, to: gr, into: stop(3), deviationReason: words }), 'blocked'],
  ['a deviation, by a hold of any territory', journey.onLeg1, held({ by: azCustoms }), offered({ by: uty, to: gr, into: legs.l2, deviationReason: words }),
    'blocked'],
  ['other boxes than those in its scope', journey.onLeg1, held({ items: [b2] }), offered({ by: uty, to: tdy, into: legs.l2, items: tendered(b1) }), 'free'],
  ['an ordered inspection', journey.onLeg1, decided('inspectionOrdered'), onto.leg2, 'blocked'],
  ['a refusal of entry', journey.atAlat, decided('refused', { by: azCustoms }), onto.delivery, 'blocked'],
  ['the return of what was refused, where it is permitted', journey.atAlat,
    decided('refused', { by: azCustoms, permittedMoves: [{ to: line, into: legs.l3 }] }),
    offered({ by: alat, to: line, into: legs.l3, deviationReason: words }), 'free'],
]

describe('a hold', () => {
  test.each(cases)('and %s', (_, before, hold, offer, what) => {
    const { when } = given(before, hold)
    if (what === 'blocked') when(offer).refuses('HELD_BY_CUSTOMS', '/items')
    else when(offer).accepts()
  })

  test.each(cases.filter(([, , , , what]) => what === 'blocked'))('that comes after the offer blocks the answer to it: %s', (_, before, hold, offer) => {
    given(before, offer, hold).when(answered(offer)).refuses('HELD_BY_CUSTOMS')
  })

  it('knows the note\'s places only, not where somebody says the goods are', () => {
    given(journey.onLeg1, held()).when(offered({ by: uty, to: tdy, into: legs.l2, placeId: 'az-alat' })).refuses('HELD_BY_CUSTOMS')
  })

  it('is of the territory the places had when the note was judged', () => {
    given(journey.onLeg1).when(held()).leaves(({ legs: route }) => expect(route.map(({ from, to }) => [from.territory, to.territory]))
      .toEqual([['UZ', 'UZ'], ['UZ', 'TM'], ['TM', 'AZ']]))
  })
})

describe('no decision but a hold blocks', () => {
  it.each(['registered', 'releasedForTransit', 'releasedForExport', 'releasedForImport', 'arrivalRecorded', 'exitConfirmed', 'discharged',
    'controlResult'] as const)('not %s', (kind) => {
    given(journey.onLeg1, decided(kind)).when(onto.leg2).accepts()
  })

  it('and none but its own lifts it', () => {
    const hold = held()
    given(journey.onLeg1, hold, decided('releasedForTransit'), decided('releasedForExport')).when(onto.leg2).refuses('HELD_BY_CUSTOMS')
    given(journey.onLeg1, hold, decided('releasedForTransit', { lifts: [hold.eventId] })).when(onto.leg2).accepts()
  })
})

describe('several holds', () => {
  const first = held({ items: [b1] })
  const second = held({ items: [b1, b2], occurredAt: '2026-06-02T08:00:00Z' })

  it('are lifted one by one or together', () => {
    given(journey.onLeg1, first, second, lifted([first])).when(onto.leg2).refuses('HELD_BY_CUSTOMS')
    given(journey.onLeg1, first, second, lifted([first, second])).when(onto.leg2).accepts()
  })

  it('are lifted for the boxes named only', () => {
    const half = [journey.onLeg1, second, lifted([second], { items: [b1] })]
    given(half).when(offered({ by: uty, to: tdy, into: legs.l2, items: tendered(b1) })).accepts()
    given(half).when(offered({ by: uty, to: tdy, into: legs.l2, items: tendered(b2) })).refuses('HELD_BY_CUSTOMS')
    given(half).when(lifted([second], { items: [b2] })).leaves(({ decisions }) => expect(decisions[second.eventId])
      .toEqual({ authority: uzCustoms, kind: 'held', open: false }))
  })
})

describe('a route of one carrier', () => {
  const [first, second, third] = note().mainCarriageTransportMovement
  const alone = issued({ mainCarriageTransportMovement: [first!, { ...second!, carrier: uty }, { ...third!, carrier: uty }] })

  it('leads from any of its legs to delivery', () => {
    given(alone, offered(), answered(offered())).when(offered({ by: uty, to: consignee, into: delivery })).accepts()
  })

  it('is one leg at least', () => {
    const short = issued({
      transportContracts: [{ ...note().transportContracts[0]!, legIds: ['l1'], consigneeReceiptLocation: 'uz-khodjadavlet' }],
      mainCarriageTransportMovement: [movement(1, uty, 'uz-ahangaran', 'uz-khodjadavlet')], countriesOnRoute: ['UZ'],
    })
    given(short, offered(), answered(offered())).when(offered({ by: uty, to: consignee, into: delivery })).accepts()
  })
})
