import { describe, expect, it } from '@jest/globals'
import { b1, b2, b3, b4, decided, forwarder, held, journey, line, loaded, meansNominated, moved, offered, tdy, type Story } from '#libs/testing'
import { dossierOf } from './dossier.fixture.js'
import { reasonsOn, type ReasonedItem } from './dossier-reasons.js'
import type { Dossier, DossierItem, Position } from './dossier.js'

const hold = held({ items: [b1] })
const onlyB1 = meansNominated({ items: [b1], notNominated: [{ items: [b2, b3, b4], reason: 'deadweight' }] })
const offer = offered({ items: [{ id: b1 }] })
const report = { event: 'r', by: line, offset: 90, statusCode: '24', placeId: 'az-alat', kind: 'actual', at: '2026-07-01T10:00:00Z' } satisfies Position

const onLeg1 = dossierOf(journey.onLeg1)
const atPort = dossierOf(journey.atTurkmenbashi)

/** One member of a box, changed to what makes its reason another, and where. */
const changes: Readonly<Record<Exclude<keyof ReasonedItem, 'id'>, readonly [Dossier, Partial<DossierItem>]>> = {
  holder: [onLeg1, { holder: tdy }],
  stage: [onLeg1, { stage: 3 }],
  custodyEvent: [onLeg1, { custodyEvent: 'another' }],
  custodySince: [onLeg1, { custodySince: { offset: 90, occurredAt: '2026-07-01T10:00:00Z' } }],
  offer: [dossierOf(journey.issued, offer), { offer: offer.eventId }],
  missing: [onLeg1, { missing: { event: 'm', offset: 90, occurredAt: '2026-07-01T10:00:00Z', offer: 'o', placeId: 'az-alat' } }],
  carriedBy: [dossierOf(journey.issued), { carriedBy: '61234567' }],
  contracts: [onLeg1, { contracts: [] }],
  holds: [dossierOf(journey.onLeg1, hold), { holds: [{ decision: hold.eventId, authority: 'uz-customs', kind: 'hold' }] }],
  place: [onLeg1, { place: { placeId: 'az-alat', at: report.at, event: 'p', by: line } }],
  position: [atPort, { position: { ...report, statusCode: '57' }, place: { placeId: 'az-alat', at: report.at, event: 'r', by: line } }],
  expected: [atPort, { expected: { ...report, statusCode: '25', kind: 'estimated', reasonCode: '182' } }],
}

/** As of a dossier opened on its own, so that nothing is remembered of it. */
const anew = (dossier: Dossier, items: Dossier['items']) => reasonsOn({ ...dossier, opened: { ...dossier.opened }, items }).map(({ reason }) => reason)

describe('the reasons of boxes that are read as one', () => {
  it.each(Object.entries(changes))('are told apart by %s', (_member, [dossier, change]) => {
    const like = dossier.items.at(-1)
    if (!like) throw new Error('a train has boxes')
    const other = { ...like, ...change }
    const reasons = anew(dossier, [like, other, like])
    expect(reasons).toEqual([like, other, like].flatMap((item) => anew(dossier, [item])))
    expect(reasons[1]).not.toEqual(reasons[0])
  })

  it.each<[string, readonly Story[]]>([
    ['a ship is named for one of them', [journey.atTurkmenbashi, onlyB1]],
    ['documents are wanted of one of them', [journey.onLeg1, decided('documentsWanted', { addressee: forwarder, items: [b1] })]],
    ['one of them waits, and another ship was named for it since', [journey.atTurkmenbashi, moved({ by: line, statusCode: '57', placeId: 'tm-turkmenbashi-port', time: { kind: 'estimated', at: '2026-06-05T09:00:00Z' } }), onlyB1]],
    ['one of them is on a wagon', [journey.issued, loaded({ loadings: [{ equipmentId: b1, carriedBy: '61234567' }] })]],
  ])('are told apart by their ids where %s', (_what, story) => {
    const dossier = dossierOf(...story)
    const reasons = anew(dossier, dossier.items)
    expect(reasons).toEqual(dossier.items.flatMap((item) => anew(dossier, [item])))
    expect(reasons[1]).not.toEqual(reasons[0])
  })
})
