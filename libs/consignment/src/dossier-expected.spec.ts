import { describe, expect, it } from '@jest/globals'
import {
  actDrawn, answered, azCustoms, b1, b2, b3, b4, cancelled, decided, forwarder, held, issued, journey, line, meansNominated, moved, note, offered, sealsChanged, stop, tdy, toldIn, uty, alat, legs,
  type Story,
} from '#libs/testing'
import { dossierOf } from './dossier.fixture.js'
import { expectedAt } from './dossier-expected.js'
import { termsOf } from './dossier-terms.js'

const coming = (place: string, ...story: readonly Story[]) =>
  expectedAt(dossierOf(...story), place).map(({ legId, means, journeyId, arrival, items }) => [legId, means?.id, journeyId, arrival && `${arrival.kind} ${arrival.at} ${arrival.by}`, items.map(({ id }) => id)])
const towards = (...story: readonly Story[]) => termsOf(dossierOf(...story)).filter(([kind]) => kind === 'towards').map(([, place]) => place)

const all = [b1, b2, b3, b4]
const eta = moved({ by: line, statusCode: '40', placeId: 'az-alat', time: { kind: 'estimated', at: '2026-06-08T12:00:00Z' } })
const moored = moved({ by: line, statusCode: '40', placeId: 'az-alat', time: { kind: 'actual', at: '2026-06-08T13:00:00Z' }, means: { typeCode: '1511', id: '9123456' }, journeyId: 'V1' })

function planned() {
  return issued({ mainCarriageTransportMovement: note().mainCarriageTransportMovement.map((leg) => (leg.legId === 'l3' ? { ...leg, scheduledArrival: '2026-06-07T00:00:00Z' } : leg)) })
}

describe('what comes to a place', () => {
  it('is everything whose leg there is not run and handed over, by the places of its legs ahead', () => {
    expect([towards(journey.issued), towards(journey.onLeg2), towards(journey.atTurkmenbashi), towards(journey.atAlat), towards(journey.delivered), towards(journey.issued, cancelled())]).toEqual([
      ['uz-khodjadavlet', 'tm-farap', 'tm-turkmenbashi-station', 'tm-turkmenbashi-port', 'az-alat'],
      ['tm-farap', 'tm-turkmenbashi-station', 'tm-turkmenbashi-port', 'az-alat'],
      ['az-alat'], [], [], [],
    ])
  })

  it('is past a border once it is reported beyond it', () => {
    const at = (placeId: string) => moved({ by: tdy, placeId, time: { kind: 'actual', at: '2026-06-05T09:00:00Z' } })
    expect([towards(journey.onLeg2, at('tm-farap')), towards(journey.onLeg2, at('tm-turkmenbashi-station'))]).toEqual([
      ['tm-farap', 'tm-turkmenbashi-station', 'tm-turkmenbashi-port', 'az-alat'], ['tm-turkmenbashi-station', 'tm-turkmenbashi-port', 'az-alat'],
    ])
  })

  it('is also told where an arrival was announced off the route, and no announced departure is an arrival', () => {
    const diverted = moved({ by: line, statusCode: '1', placeId: 'ge-batumi', time: { kind: 'estimated', at: '2026-06-08T12:00:00Z' } })
    const delayed = moved({ by: line, statusCode: '25', placeId: 'tm-turkmenbashi-port', time: { kind: 'estimated', at: '2026-06-07T12:00:00Z' } })
    expect([towards(journey.atSea, diverted), towards(journey.atSea, delayed)]).toEqual([['az-alat', 'ge-batumi'], ['az-alat']])
  })

  it.each<[string, Story, unknown]>([
    ['nobody has said', [journey.issued], undefined],
    ['the note planned', [planned()], 'planned 2026-06-07T00:00:00Z uz-forwarder'],
    ['the carrier scheduled with its ship', [planned(), meansNominated({ scheduledArrival: '2026-06-07T08:00:00Z' })], 'planned 2026-06-07T08:00:00Z caspian-line'],
    ['somebody estimates since', [journey.atSea, meansNominated({ scheduledArrival: '2026-06-07T08:00:00Z' }), eta], 'estimated 2026-06-08T12:00:00Z caspian-line'],
    ['the carrier scheduled anew', [journey.atSea, eta, meansNominated({ scheduledArrival: '2026-06-09T08:00:00Z' })], 'planned 2026-06-09T08:00:00Z caspian-line'],
    ['it happened', [journey.atSea, eta, moored], 'actual 2026-06-08T13:00:00Z caspian-line'],
  ])('says when as %s', (_who, story, when) => {
    expect(coming('az-alat', story).map((row) => row[3])).toEqual([when])
  })

  const { journeyId: _none, ...withoutJourney } = moored.data
  const unnamed = { ...moored, data: withoutJourney }
  const named = (told: Parameters<typeof meansNominated>[0]) => meansNominated({ journeyId: 'V2', occurredAt: '2026-06-08T15:00:00Z', ...told })
  const again = moved({ by: line, statusCode: '40', placeId: 'az-alat', time: { kind: 'actual', at: '2026-06-10T07:00:00Z' }, journeyId: 'V2' })
  it.each<[string, Story, string | undefined]>([
    ['when its carrier scheduled that', [moored, named({ scheduledArrival: '2026-06-10T08:00:00Z' })], 'planned 2026-06-10T08:00:00Z caspian-line'],
    ['when nobody has said, whatever the note planned', [moored, named({})], undefined],
    ['though the ship tells of the first call late', [named({ scheduledArrival: '2026-06-10T08:00:00Z' }), moored], 'planned 2026-06-10T08:00:00Z caspian-line'],
    ['and what was estimated of the journey before is over', [{ ...eta, data: { ...eta.data, journeyId: 'V1' } }, named({})], 'planned 2026-06-07T00:00:00Z uz-forwarder'],
    ['until it is there', [moored, named({}), again], 'actual 2026-06-10T07:00:00Z caspian-line'],
    ['but not where the report names the same ship and no journey', [unnamed, named({ scheduledArrival: '2026-06-10T08:00:00Z' })], 'actual 2026-06-08T13:00:00Z caspian-line'],
    ['but not by a nomination of the same journey', [moored, named({ journeyId: 'V1', scheduledArrival: '2026-06-10T08:00:00Z' })], 'actual 2026-06-08T13:00:00Z caspian-line'],
    ['nor by one made before it was there', [moored, named({ occurredAt: '2026-06-08T12:00:00Z', scheduledArrival: '2026-06-10T08:00:00Z' })], 'actual 2026-06-08T13:00:00Z caspian-line'],
  ])('comes again with another journey after it was carried past, %s', (_when, story, when) => {
    const atSea = [planned(), ...toldIn(journey.atSea).filter(({ type }) => type !== 'NoteIssued')]
    expect(coming('az-alat', atSea, story).map((row) => row[3])).toEqual([when])
  })

  it('says on which means: the one named for it, else the one it is reported on, else none yet', () => {
    expect(coming('az-alat', journey.atTurkmenbashi, meansNominated({ items: [b1, b2] }))).toEqual([['l3', '9123456', 'V1', undefined, [b1, b2]], ['l3', undefined, undefined, undefined, [b3, b4]]])
    expect(coming('az-alat', journey.atSea, moored)).toEqual([['l3', '9123456', 'V1', 'actual 2026-06-08T13:00:00Z caspian-line', all]])
    expect(coming('az-alat', journey.onLeg1, moved({ means: { typeCode: '2302', id: '1501' } }))).toEqual([['l3', undefined, undefined, undefined, all]])
  })

  it('is over where it was taken over', () => {
    const offer = offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat' })
    expect(coming('az-alat', journey.atSea, moored, offer, answered(offer, { exceptions: [{ itemId: b4, outcome: 'missing' }] }))).toEqual([
      ['l3', '9123456', 'V1', 'actual 2026-06-08T13:00:00Z caspian-line', [b4]],
    ])
    expect(coming('uz-ahangaran', journey.issued)).toEqual([])
  })

  it('says in whose hands it is, where it was last and what is wrong with it', () => {
    const hold = held({ by: azCustoms, items: [b1] })
    const act = actDrawn()
    const wanted = decided('documentsWanted', { addressee: forwarder, items: [b3] })
    const broken = sealsChanged({ changes: [{ equipmentId: b2, act: 'found', seal: { id: 'S1', sealingPartyRoleCode: 'CA', conditionCode: '4' } }] })
    const [group] = expectedAt(dossierOf(journey.onLeg1, hold, act, wanted, broken), 'az-alat')
    expect(group?.items).toEqual([
      {
        id: b1, holder: uty, placeId: 'uz-ahangaran', wrong: [
          { code: 'hold', says: 'goods detained', by: azCustoms, event: hold.eventId }, { code: 'reservation', says: 'seal missing', by: uty, event: act.eventId },
          { code: 'act', says: 'act A1 is not answered', by: uty, event: act.eventId },
        ],
      },
      { id: b2, holder: uty, placeId: 'uz-ahangaran', wrong: [{ code: 'seal', says: 'seal S1: Broken' }] },
      { id: b3, holder: uty, placeId: 'uz-ahangaran', wrong: [{ code: 'documentsWanted', says: 'documents wanted from uz-forwarder', by: 'uz-customs', event: wanted.eventId }] },
      { id: b4, holder: uty, placeId: 'uz-ahangaran', wrong: [] },
    ])
  })

  it('tells breaches of a hold, and what was not found', () => {
    const hold = held({ items: [b1] })
    const crossed = moved({ statusCode: '16', placeId: 'uz-khodjadavlet', items: [b1], time: { kind: 'actual', at: '2026-06-04T09:00:00Z' } })
    const offer = offered({ by: uty, to: tdy, into: legs.l2, items: [{ id: b2 }], placeId: 'uz-khodjadavlet' })
    const lost = answered(offer, { otherwise: 'missing' })
    const rows = expectedAt(dossierOf(journey.onLeg1, hold, crossed, offer, lost), 'az-alat').flatMap(({ items }) => items)
    expect(rows.map(({ wrong }) => wrong.map(({ code, event }) => [code, event]))).toEqual([[['hold', hold.eventId], ['breach', crossed.eventId]], [['missing', lost.eventId]], [], []])
  })
})
