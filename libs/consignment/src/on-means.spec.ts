import { describe, expect, it } from '@jest/globals'
import { alat, allBoxes, answered, b1, b2, b3, b4, corrected, handedOver, journey, legs, line, meansNominated, moved, offered, stop, tdy, turkmenbashi, uty, type Story } from '#libs/testing'
import { dossierOf, itemOf } from './dossier.fixture.js'
import { aboardOn, isMeans, meantFor, type MeansAsked } from './on-means.js'

const balkan = { means: { typeCode: '1511', id: 'BALKAN' }, journeyId: 'V41' } as const
const next = { ...balkan, journeyId: 'V42' }
const ship: MeansAsked = { id: 'BALKAN', journeyId: 'V41' }
const train = { means: { typeCode: '2302', id: '1501' }, journeyId: 'T7' } as const
const actual = (at: string) => ({ time: { kind: 'actual' as const, at } })

const aboard = (asked: MeansAsked, ...story: readonly Story[]) => {
  const dossier = dossierOf(...story)
  return allBoxes.filter((id) => aboardOn(dossier, itemOf(dossier, id), asked))
}
const meant = (asked: MeansAsked, ...story: readonly Story[]) => {
  const dossier = dossierOf(...story)
  return allBoxes.filter((id) => meantFor(dossier, itemOf(dossier, id), asked) === 'l3')
}

describe('the means that is meant', () => {
  it.each([
    [{ id: 'BALKAN' }, { id: 'BALKAN', journeyId: 'V41' }, true],
    [{ id: 'BALKAN', journeyId: 'V41' }, { id: 'BALKAN' }, true],
    [{ id: 'BALKAN', journeyId: 'V42' }, { id: 'BALKAN', journeyId: 'V41' }, false],
    [{ id: 'BALKAN' }, { journeyId: 'V41' }, false],
    [{ name: 'V41' }, { id: 'BALKAN', journeyId: 'V41' }, true],
    [{ name: 'BALKAN' }, { id: 'BALKAN', journeyId: 'V41' }, true],
    [{ name: 'V42' }, { id: 'BALKAN', journeyId: 'V41' }, false],
    [{}, { id: 'BALKAN' }, false],
  ])('%j is %j: %s', (asked, stated, is) => expect(isMeans(asked, stated)).toBe(is))
})

describe('what is aboard', () => {
  const loadedShip = [journey.atTurkmenbashi, meansNominated({ ...balkan, items: [b1, b2] }), handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: 'tm-turkmenbashi-port' }))]

  it('was nominated and is in the hands of the carrier', () => {
    expect(aboard(ship, journey.atTurkmenbashi, meansNominated({ ...balkan, items: 'all' }))).toEqual([])
    expect(aboard(ship, loadedShip)).toEqual([b1, b2])
    expect(aboard({ name: 'V41' }, loadedShip)).toEqual([b1, b2])
    expect(aboard({ id: 'BALKAN', journeyId: 'V42' }, loadedShip)).toEqual([])
  })

  it('is on the leg it was nominated for', () => {
    const dossier = dossierOf(loadedShip)
    expect(aboardOn(dossier, itemOf(dossier, b1), ship)).toEqual({ legId: 'l3' })
  })

  it('is what was reported to be on it, whatever was nominated', () => {
    const departed = moved({ by: line, statusCode: '24', placeId: 'tm-turkmenbashi-port', ...next, items: [b2, b3], ...actual('2026-06-03T09:00:00Z') })
    expect([aboard(ship, loadedShip, departed), aboard({ id: 'BALKAN', journeyId: 'V42' }, loadedShip, departed)]).toEqual([[b1], [b2, b3]])
  })

  it('is not what a terminal reported to have missed it', () => {
    const missed = moved({ by: turkmenbashi, statusCode: '57', placeId: 'tm-turkmenbashi-port', journeyId: 'V41', items: [b3, b4], ...actual('2026-06-03T09:00:00Z') })
    expect(aboard({ name: 'V41' }, journey.atTurkmenbashi, missed)).toEqual([])
  })

  it('has gone when it was handed over, though nothing was reported since', () => {
    const arrived = moved({ by: line, statusCode: '40', placeId: 'az-alat', ...balkan, items: [b1, b2], ...actual('2026-06-02T07:30:00Z') })
    const ashore = offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat', delivers: ['c2'], items: [{ id: b1 }] })
    expect(aboard(ship, loadedShip, arrived)).toEqual([b1, b2])
    expect(aboard(ship, loadedShip, arrived, ashore, answered(ashore))).toEqual([b2])
  })

  it('follows a correction of what was reported', () => {
    const wrong = moved({ by: uty, statusCode: '24', ...train, ...actual('2026-06-02T09:00:00Z') })
    const right = { statusCode: '24', placeId: 'uz-ahangaran', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' }, ...train, journeyId: 'T8', items: 'all' }
    expect(aboard({ name: 'T7' }, journey.onLeg1, wrong)).toEqual([...allBoxes])
    const story = [journey.onLeg1, wrong, corrected(wrong, right)]
    expect([aboard({ name: 'T7' }, story), aboard({ name: 'T8' }, story)]).toEqual([[], [...allBoxes]])
  })
})

describe('what is meant for a ship', () => {
  it('is what was nominated and is not there yet', () => {
    expect(meant(ship, journey.onLeg2, meansNominated({ ...balkan, items: [b1, b2] }))).toEqual([b1, b2])
    expect(meant(ship, journey.atSea, meansNominated({ ...balkan, items: [b1, b2] }))).toEqual([])
  })

  it('is for the voyage of the latest nomination', () => {
    const moves = [meansNominated({ ...balkan, items: 'all' }), meansNominated({ ...next, items: [b3] })]
    expect([meant(ship, journey.onLeg2, moves), meant({ name: 'V42' }, journey.onLeg2, moves)]).toEqual([[b1, b2, b4], [b3]])
  })

  it('is not what a later nomination of the voyage leaves behind; another one that adds to it takes nothing back', () => {
    const [first, left] = [meansNominated({ ...balkan, items: [b1, b2, b3] }), meansNominated({ ...balkan, items: [b1], notNominated: [{ items: [b3], reason: 'deadweight' }] })]
    expect(meant(ship, journey.onLeg2, first, left)).toEqual([b1, b2])
    expect(meant(ship, journey.onLeg2, first, meansNominated({ ...balkan, items: [b4] }))).toEqual([...allBoxes])
    expect(meant({ name: 'V42' }, journey.onLeg2, meansNominated({ ...next, items: [b3] }), left)).toEqual([b3])
  })

  it('is nothing of another carrier', () => expect(meant({ name: 'T7' }, journey.onLeg2, meansNominated({ by: tdy, legId: 'l2', ...train }))).toEqual([]))
})
