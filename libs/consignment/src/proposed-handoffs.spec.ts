import { describe, expect, it } from '@jest/globals'
import { allBoxes, b1, b2, b3, b4, alat, consignee, handedOver, held, journey, legs, line, meansNominated, moved, offered, stop, tdy, tmCustoms, turkmenbashi, answered, uty, type Story } from '#libs/testing'
import { dossierOf } from './dossier.fixture.js'
import { carriersWith, proposedHandoffs } from './proposed-handoffs.js'

const balkan = { means: { typeCode: '1511', id: 'BALKAN' }, journeyId: 'V41' } as const
const ship = { name: 'V41' }
const port = 'tm-turkmenbashi-port'

function proposed(me: string, placeId: string, means: { readonly name: string }, ...story: readonly Story[]) {
  const dossier = dossierOf(...story)
  return proposedHandoffs(dossier, me, { placeId, means }, carriersWith(means, [dossier]))
}
const ready = (...ids: readonly string[]) => ids.map((id) => ({ id, hindrances: [] }))
const departed = (items: readonly string[] = allBoxes) => moved({ by: line, statusCode: '24', placeId: port, ...balkan, items: [...items], time: { kind: 'actual', at: '2026-06-03T09:00:00Z' } })
const arrived = moved({ by: line, statusCode: '40', placeId: 'az-alat', ...balkan, time: { kind: 'actual', at: '2026-06-04T09:00:00Z' } })

describe('what is proposed for a ship', () => {
  it('goes on it, from the terminal to the line; what was not nominated is named', () => {
    const story = [journey.atTurkmenbashi, meansNominated({ ...balkan, items: [b1, b2] }), meansNominated({ means: balkan.means, journeyId: 'V42', items: [b3] })]
    expect(proposed(turkmenbashi, port, ship, story)).toEqual([{
      to: line, into: legs.l3, delivers: [],
      items: [
        ...ready(b1, b2),
        { id: b3, hindrances: [{ code: 'notNominated', means: 'BALKAN', journeyId: 'V42' }] },
        { id: b4, hindrances: [{ code: 'notNominated' }] },
      ],
    }])
  })

  it('is only what the participant has, at that place', () => {
    const story = [journey.atTurkmenbashi, meansNominated({ ...balkan, items: 'all' })]
    expect([proposed(line, port, ship, story), proposed(turkmenbashi, 'uz-ahangaran', ship, story)]).toEqual([[], []])
    expect(proposed(turkmenbashi, 'tm-turkmenbashi-station', ship, story)).toHaveLength(1) // the same stop, seen from the rails
  })

  it('is hindered by an offer that is open and by a hold', () => {
    const offer = offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: port, items: [{ id: b1 }] })
    const hold = held({ by: tmCustoms, items: [b2] })
    const [handoff] = proposed(turkmenbashi, port, ship, journey.atTurkmenbashi, meansNominated({ ...balkan, items: 'all' }), offer, hold)
    expect(handoff?.items).toEqual([
      { id: b1, hindrances: [{ code: 'offered', offer: offer.eventId, to: line }] },
      { id: b2, hindrances: [{ code: 'held', decisions: [hold.eventId] }] },
      ...ready(b3, b4),
    ])
  })

  it('names what its receiver did not find', () => {
    const offer = offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: port })
    const answer = answered(offer, { exceptions: [{ itemId: b4, outcome: 'missing' }] })
    const [handoff] = proposed(turkmenbashi, port, ship, journey.atTurkmenbashi, meansNominated({ ...balkan, items: 'all' }), offer, answer)
    expect(handoff?.items).toEqual([{ id: b4, hindrances: [{ code: 'missing', event: answer.eventId }] }])
  })

  it('comes off it to the terminal, and ends the contract of the line', () => {
    const aboard = [journey.atSea, meansNominated({ ...balkan, items: 'all' }), departed()]
    const [coming] = proposed(line, 'az-alat', ship, aboard)
    expect(coming?.items).toEqual(allBoxes.map((id) => ({ id, hindrances: [{ code: 'notThere', placeId: port }] })))
    expect(proposed(line, 'az-alat', ship, aboard, arrived)).toEqual([{ to: alat, into: stop(3), delivers: ['c2'], items: ready(...allBoxes) }])
    expect(proposed(line, port, ship, aboard)).toEqual([]) // where it left, nothing comes off it
  })
})

describe('what is proposed for a train', () => {
  const t7 = { name: 'T7' }
  const onTrain = moved({ by: uty, statusCode: '24', means: { typeCode: '2302', id: '1501' }, journeyId: 'T7', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' } })
  const there = moved({ by: uty, statusCode: '1', placeId: 'uz-khodjadavlet', means: { typeCode: '2302', id: '1501' }, journeyId: 'T7', time: { kind: 'actual', at: '2026-06-02T19:00:00Z' } })

  it('goes from one railway to the next where there is no terminal; the contract goes on', () => {
    expect(proposed(uty, 'uz-khodjadavlet', t7, journey.onLeg1, onTrain, there)).toEqual([{ to: tdy, into: legs.l2, delivers: [], items: ready(...allBoxes) }])
  })

  it('is everything that leaves from there where nobody has nominated it', () => {
    const [handoff] = proposed(uty, 'uz-khodjadavlet', { name: 'UNKNOWN' }, journey.onLeg1, there)
    expect([handoff?.to, handoff?.items[0]]).toEqual([tdy, { id: b1, hindrances: [{ code: 'notNominated' }] }])
  })

  it('is nothing where the goods have arrived: delivery is no train', () => {
    expect(proposed(alat, 'az-alat', ship, journey.atAlat)).toEqual([])
    expect(proposed(consignee, 'az-alat', ship, journey.atAlat, handedOver(offered({ by: alat, to: consignee, into: { kind: 'delivery' }, placeId: 'az-alat' })))).toEqual([])
  })
})
