import { describe, expect, it } from '@jest/globals'
import { amended, corrected, issued, line, meansNominated, moved, note, offered } from '#libs/testing'
import { dossierOf, evolved } from './dossier.fixture.js'
import { withNamed } from './dossier-named.js'
import type { Dossier } from './dossier.js'
import { termsOf } from './dossier-terms.js'
import { hashOfNote } from './note.js'

const opened = issued()
/** How many statements after the note each was first named. */
const sinceOf = (dossier: Dossier | undefined) => {
  const first = dossier?.opened.offset ?? 0
  const relative = (of: Readonly<Record<string, number>> = {}) => Object.fromEntries(Object.entries(of).map(([name, offset]) => [name, offset - first]))
  return { places: relative(dossier?.named?.places), means: relative(dossier?.named?.means) }
}
const route = Object.fromEntries(Object.keys(dossierOf(opened).territories).map((place) => [place, 0]))

describe('a consignment has to do', () => {
  it('with every place of its route from its note on', () => {
    expect(route).toMatchObject({ 'uz-ahangaran': 0, 'tm-farap': 0, 'az-alat': 0 })
    expect(sinceOf(dossierOf(opened))).toEqual({ places: { ...route }, means: {} })
  })

  it('with another place, a ship and its voyage from the statement on that first names them', () => {
    const train = moved({ means: { typeCode: '2302', id: '1501' }, journeyId: 'T1' })
    const elsewhere = moved({ by: line, placeId: 'ge-batumi', time: { kind: 'estimated', at: '2026-06-08T12:00:00Z' }, means: { typeCode: '1511', id: '9123456' } })
    const dossier = dossierOf(opened, train, meansNominated(), elsewhere, train, offered({ placeId: 'ge-batumi' }))
    expect(sinceOf(dossier)).toEqual({ places: { ...route, 'ge-batumi': 3 }, means: { 1501: 1, T1: 1, 9123456: 2, V1: 2 } })
    const terms = termsOf(dossier).filter(([kind]) => kind === 'meansSince' || kind === 'placeSince')
    expect(terms).toEqual(expect.arrayContaining([['placeSince', `${dossier.opened.offset + 3} ge-batumi`], ['meansSince', `${dossier.opened.offset + 2} V1`]]))
    expect(terms).toHaveLength(Object.keys(route).length + 5)
  })

  it('with a customs office that decided on it, and where carriage of it was accepted', () => {
    const named = withNamed({ places: { a: 1 }, means: {} }, [], { type: 'CustomsDecisionIssued', data: { customsOfficePlaceId: 'uz-customs-almalyk' }, offset: 5 })
    expect(withNamed(named, [], { type: 'CarriageAccepted', data: { carrierAcceptanceLocation: 'uz-ahangaran' }, offset: 6 }).places).toEqual({ a: 1, 'uz-customs-almalyk': 5, 'uz-ahangaran': 6 })
    expect(withNamed(named, [], { type: 'RemarkAdded', data: {}, offset: 7 })).toEqual(named)
  })

  it('with the same at every node, in whatever order an effect has its members', () => {
    const named = (...places: readonly string[]) => {
      const territories = Object.fromEntries(places.map((place) => [place, 'UZ']))
      return JSON.stringify(withNamed(undefined, [{ effect: 'version', issuer: 'uz-forwarder', hash: 'h', note: note(), territories }], { type: 'NoteIssued', data: {}, offset: 3 }))
    }
    expect(named('uz-b', 'uz-a', 'uz-c')).toBe(named('uz-c', 'uz-b', 'uz-a'))
  })

  it('for ever: neither an amendment nor a correction takes anything away that was told', () => {
    const wrong = moved({ placeId: 'ge-batumi', means: { typeCode: '2302', id: '1501' } })
    const right = corrected(wrong, { ...wrong.data, placeId: 'uz-ahangaran', means: { typeCode: '2302', id: '1510' } })
    const shorter = amended(hashOfNote(note()), { mainCarriageTransportMovement: note().mainCarriageTransportMovement.map(({ borderCrossing: _none, ...leg }) => leg) })
    const story = [opened, shorter, wrong, right]
    const expected = { places: { ...route, 'ge-batumi': 2 }, means: { 1501: 2, 1510: 3 } }
    expect([sinceOf(dossierOf(...story)), sinceOf(evolved(...story))]).toEqual([expected, expected])
  })
})
