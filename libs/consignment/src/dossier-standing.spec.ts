import { describe, expect, it } from '@jest/globals'
import {
  alat, allBoxes, answered, azCustoms, b1, b2, b3, b4, cancelled, carriageAccepted, consignee, contract, decided, declared, forwarder, handedOver, haulier, held, issued, journey, legs,
  lifted, line, loaded, meansNominated, moved, movement, offered, stop, tdy, turkmenbashi, uty, uzCustoms, vouched, type Story,
} from '#libs/testing'
import { evolveDossier } from './dossier-evolving.js'
import { accepted, dossierOf } from './dossier.fixture.js'
import { standingOf } from './dossier-standing.js'
import type { Dossier } from './dossier.js'

const standing = (...story: readonly Story[]) => standingOf(dossierOf(...story))

/** What is said of each box, with who must act. */
const said = (...story: readonly Story[]) => standing(...story).map(({ code, actionBy, items, sentence }) => ({ code, actionBy, items, sentence }))

const taken = [journey.issued, handedOver(offered())]
const onWagons = loaded({ loadings: allBoxes.map((id) => ({ equipmentId: id, carriedBy: '61234567' })) })
const departed = moved({ statusCode: '24', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' } })
const arrived = moved({ statusCode: '1', placeId: 'uz-khodjadavlet', time: { kind: 'actual', at: '2026-06-03T09:00:00Z' } })
const shipNamed = meansNominated()
const atPort = (told: Parameters<typeof moved>[0] = {}) => moved({ by: turkmenbashi, placeId: 'tm-turkmenbashi-port', time: { kind: 'actual', at: '2026-06-05T09:00:00Z' }, ...told })

describe('why goods stand and who must act', () => {
  it.each<[string, Story, string, readonly string[], string]>([
    ['whoever loads them on wagons', [journey.issued], 'notLoaded', [forwarder], '4 items at uz-ahangaran wait for uz-forwarder to load them for uz-uty'],
    ['whoever offers them', [journey.issued, onWagons], 'notOffered', [forwarder], '4 items at uz-ahangaran wait for uz-forwarder to offer them to uz-uty'],
    ['the receiver of an offer', [journey.issued, offered()], 'offered', [uty], '4 items at uz-ahangaran wait for uz-uty to answer the offer of uz-forwarder'],
    ['the acceptance of carriage', [taken], 'carriageNotAccepted', [uty], '4 items at uz-ahangaran wait for uz-uty to accept carriage under contract c1'],
    ['departure', [journey.onLeg1], 'notDeparted', [uty], '4 items at uz-ahangaran wait for uz-uty to depart on leg l1'],
    ['nobody on their way', [journey.onLeg1, departed], 'onTheWay', [], '4 items, last at uz-ahangaran, are on the way on leg l1'],
    ['the next handoff where their leg ends', [journey.onLeg1, departed, arrived], 'notOffered', [uty], '4 items at uz-khodjadavlet wait for uz-uty to offer them to tm-tdy'],
    ['the name of a ship', [journey.atTurkmenbashi], 'noMeans', [line], '4 items at tm-turkmenbashi-port wait for caspian-line to name the ship of leg l3'],
    ['the terminal once a ship is named', [journey.atTurkmenbashi, shipNamed], 'notOffered', [turkmenbashi], '4 items at tm-turkmenbashi-port wait for tm-port-turkmenbashi to offer them to caspian-line'],
    ['delivery', [journey.atAlat], 'notOffered', [alat], '4 items at az-alat wait for az-port-alat to offer them to consignee-side'],
    ['nobody when delivered', [journey.delivered], 'delivered', [], '4 items at az-alat are delivered'],
    ['nobody when cancelled', [journey.issued, cancelled()], 'cancelled', [], '4 items are of a cancelled consignment'],
    ['customs that hold them', [journey.onLeg1, held()], 'held', [uzCustoms], '4 items at uz-ahangaran are held by uz-customs'],
    ['customs that want to see them', [journey.onLeg1, decided('inspectionOrdered')], 'held', [uzCustoms], '4 items at uz-ahangaran are to be inspected by uz-customs'],
    ['customs that have seen them', [journey.onLeg1, decided('inspectionOrdered'), decided('controlResult')], 'held', [uzCustoms], '4 items at uz-ahangaran are inspected, and not let go yet by uz-customs'],
    ['documents that customs want', [journey.onLeg1, decided('documentsWanted', { addressee: forwarder })], 'documentsWanted', [forwarder], '4 items at uz-ahangaran wait for documents that uz-customs wants from uz-forwarder'],
  ])('they wait for %s', (_who, story, code, actionBy, sentence) => {
    expect(said(story)).toEqual([{ code, actionBy, items: [...allBoxes], sentence }])
  })

  it('each box has one reason, boxes with the same one together, since the first of them', () => {
    const offer = offered({ by: uty, to: tdy, into: legs.l2, items: [{ id: b2 }, { id: b4 }], placeId: 'uz-khodjadavlet' })
    const lost = answered(offer, { exceptions: [{ itemId: b4, outcome: 'missing' }] })
    const hold = held({ items: [b1] })
    expect(standing(journey.onLeg1, departed, hold, offer, lost)).toMatchObject([
      { code: 'held', items: [b1], about: [hold.eventId], since: { event: hold.eventId } },
      { code: 'notDeparted', items: [b2], actionBy: [tdy], since: { event: lost.eventId } },
      { code: 'onTheWay', items: [b3], since: { event: departed.eventId, occurredAt: '2026-06-02T09:00:00Z' } },
      { code: 'missing', items: [b4], actionBy: [uty], about: [lost.eventId], placeId: 'uz-khodjadavlet' },
    ])
  })

  it('a hold ahead is no reason while goods may still come, and is one once they are there', () => {
    const hold = held({ by: azCustoms, items: 'all' })
    const sailed = moved({ by: line, statusCode: '24', placeId: 'tm-turkmenbashi-port', time: { kind: 'actual', at: '2026-06-06T09:00:00Z' } })
    const moored = moved({ by: line, statusCode: '40', placeId: 'az-alat', time: { kind: 'actual', at: '2026-06-07T09:00:00Z' } })
    const offer = offered({ by: line, to: alat, into: stop(3), placeId: 'az-alat' })
    expect([[], [moored], [moored, offer]].map((more) => standing(journey.atSea, sailed, hold, ...more).map(({ code, actionBy }) => [code, actionBy]))).toEqual([
      [['onTheWay', []]], [['held', [azCustoms]]], [['offered', [alat]]], // goods may always come off a ship
    ])
    expect(standing(journey.onLeg1, departed, held({ by: azCustoms, doNotLoad: true })).map(({ code }) => code)).toEqual(['onTheWay'])
    expect(standing(journey.atTurkmenbashi, shipNamed, held({ by: azCustoms, doNotLoad: true })).map(({ code }) => code)).toEqual(['held'])
  })

  it('goods that moved against a hold are where they are: no hold of a country they left keeps them', () => {
    const moving = [moved({ by: tdy, statusCode: '31', placeId: 'tm-farap', time: { kind: 'actual', at: '2026-06-04T09:00:00Z' } })]
    expect(standing(journey.onLeg2, held(), moving).map(({ code }) => code)).toEqual(['onTheWay'])
  })

  it.each<[string, Parameters<typeof moved>[0], readonly string[], RegExp]>([
    ['the weather: nobody', { statusCode: '25', reasonCode: '182' }, [], /^4 items at tm-turkmenbashi-port stand, as tm-port-turkmenbashi reported: Departure, delayed; Waiting, due to meteorological circumstances; nobody is to act$/],
    ['authorities, by whom it names', { statusCode: '184', actionBy: uzCustoms }, [uzCustoms], /Waiting, for action by authorities; uz-customs must act$/],
    ['a berth, by whoever is next where it names nobody', { statusCode: '189' }, [turkmenbashi], /Waiting, for a location; tm-port-turkmenbashi must act$/],
    ['having been carried too far', { statusCode: '302', actionBy: line }, [line], /Overcarried consignment; caspian-line must act$/],
    ['what authorities have done', { statusCode: '187', actionBy: forwarder }, [forwarder], /due to an action taken by authorities; uz-forwarder must act$/],
  ])('a reported wait says why: for %s', (_what, told, actionBy, sentence) => {
    expect(said(journey.atTurkmenbashi, shipNamed, atPort(told))).toEqual([{ code: 'waiting', actionBy, items: [...allBoxes], sentence: expect.stringMatching(sentence) }])
  })

  it.each<[string, Story, string]>([
    ['is handed over', [handedOver(offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: 'tm-turkmenbashi-port' }))], 'carriageNotAccepted'],
    ['is reported in another status', [atPort({ statusCode: '132', time: { kind: 'actual', at: '2026-06-05T10:00:00Z' } })], 'notOffered'],
    ['is meant for another ship', [meansNominated({ journeyId: 'V2' })], 'notOffered'],
    ['is offered', [offered({ by: turkmenbashi, to: line, into: legs.l3, placeId: 'tm-turkmenbashi-port' })], 'offered'],
  ])('a reported wait ends when a box %s', (_when, more, code) => {
    expect(standing(journey.atTurkmenbashi, shipNamed, atPort({ statusCode: '189' }), more).map((one) => one.code)).toEqual([code])
  })

  it('a box carried past its port waits for nobody there once it is meant for the next call, and again when it has come', () => {
    const over = moved({ by: line, statusCode: '302', placeId: 'az-alat', items: [b1], actionBy: line, journeyId: 'V1', time: { kind: 'actual', at: '2026-06-08T09:00:00Z' } })
    const again = meansNominated({ journeyId: 'V2', items: [b1], occurredAt: '2026-06-08T12:00:00Z' })
    const there = moved({ by: line, statusCode: '40', placeId: 'az-alat', items: [b1], journeyId: 'V2', time: { kind: 'actual', at: '2026-06-10T09:00:00Z' } })
    expect([[over], [over, again], [over, again, there]].map((more) => standing(journey.atSea, more).find(({ items }) => items.includes(b1))?.code)).toEqual(['waiting', 'onTheWay', 'notOffered'])
  })

  it('boxes that a ship leaves after all wait for another to be named', () => {
    const fewer = meansNominated({ items: [b1], notNominated: [{ items: [b2, b3, b4], reason: 'deadweight' }] })
    expect(standing(journey.atTurkmenbashi, shipNamed, fewer).map(({ code, items }) => [code, items])).toEqual([['notOffered', [b1]], ['noMeans', [b2, b3, b4]]])
  })

  it('a wait that was announced holds until something actual is stated after it', () => {
    const announced = atPort({ statusCode: '25', reasonCode: '182', time: { kind: 'estimated', at: '2026-06-09T08:00:00Z' } })
    expect(standing(journey.atTurkmenbashi, shipNamed, announced).map(({ code, actionBy }) => [code, actionBy])).toEqual([['waiting', []]])
    expect(standing(journey.atTurkmenbashi, announced).map(({ code, actionBy, statement }) => [code, actionBy, statement])).toEqual([['waiting', [line], 'MeansNominated']])
    expect(standing(journey.atTurkmenbashi, shipNamed, announced, atPort({ statusCode: '132' })).map(({ code }) => code)).toEqual(['notOffered'])
  })

  it('a box reported short landed is missing until it is reported to be somewhere', () => {
    const short = moved({ by: line, statusCode: '85', placeId: 'az-alat', items: [b1], time: { kind: 'actual', at: '2026-06-07T09:00:00Z' } })
    const there = moved({ by: line, statusCode: '40', placeId: 'az-alat', items: [b1], time: { kind: 'actual', at: '2026-06-08T09:00:00Z' } })
    expect(standing(journey.atSea, short)).toMatchObject([{ code: 'missing', items: [b1], actionBy: [line], statusCode: '85' }, { items: [b2, b3, b4] }])
    expect(standing(journey.atSea, short, there)[0]).toMatchObject({ code: 'notOffered', items: [b1] })
  })

  it('holds of several authorities are lifted by each', () => {
    const hold = held()
    expect(standing(journey.onLeg1, hold, held({ by: azCustoms, doNotLoad: true }))[0]).toMatchObject({ actionBy: [uzCustoms] })
    expect(standing(journey.onLeg1, hold, lifted([hold], { items: [b1] })).map(({ code, items }) => [code, items])).toEqual([['notDeparted', [b1]], ['held', [b2, b3, b4]]])
  })

  it('what is remembered of items never outlives what it was read from', () => {
    const hold = held({ items: [b1, b2] })
    const wanted = decided('documentsWanted', { addressee: forwarder, items: [b3] })
    const story = [journey.onLeg1, departed, hold, wanted, lifted([hold], { items: [b1] }), declared(), arrived, handedOver(offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet', items: [{ id: b1 }, { id: b3 }] }))]
    let told = 0
    accepted(...story).reduce<Dossier | undefined>((before, { state, ...one }) => {
      const dossier = evolveDossier(before, [one], state)
      if (dossier) expect([one.type, standingOf(dossier)]).toEqual([one.type, standingOf(JSON.parse(JSON.stringify(dossier)) as Dossier)])
      told += 1
      return dossier
    }, undefined)
    expect(told).toBe(12)
  })

  it('with a party that has no node, the other side vouches', () => {
    const note = issued({
      mainCarriageTransportMovement: [
        movement(1, haulier, 'uz-ahangaran', 'uz-khodjadavlet', { modeCode: '3' }), movement(2, tdy, 'uz-khodjadavlet', 'tm-turkmenbashi-station'),
        movement(3, line, 'tm-turkmenbashi-port', 'az-alat', { modeCode: '1' }),
      ],
      transportContracts: [
        contract('c1', haulier, 'uz-ahangaran', 'uz-khodjadavlet', ['l1']), contract('c2', tdy, 'uz-khodjadavlet', 'tm-turkmenbashi-station', ['l2']),
        contract('c3', line, 'tm-turkmenbashi-port', 'az-alat', ['l3']),
      ],
    })
    const gone = [note, vouched()]
    const there = moved({ by: forwarder, statusCode: '1', placeId: 'uz-khodjadavlet', time: { kind: 'actual', at: '2026-06-03T09:00:00Z' } })
    expect([[note], gone, [gone, there]].map((story) => said(story).map(({ sentence, actionBy }) => [sentence, actionBy]))).toEqual([
      [['4 items at uz-ahangaran wait for uz-forwarder to vouch for the handoff from uz-forwarder to outside:haulier', [forwarder]]],
      [['4 items, last at uz-ahangaran, are on the way on leg l1', []]],
      [['4 items at uz-khodjadavlet wait for tm-tdy to vouch for the handoff from outside:haulier to tm-tdy', [tdy]]],
    ])
    const handled = issued({
      mainCarriageTransportMovement: [
        movement(1, haulier, 'uz-ahangaran', 'tm-turkmenbashi-port', { modeCode: '3', handledBy: [{ participant: turkmenbashi, end: 'arrival' }] }),
        movement(2, line, 'tm-turkmenbashi-port', 'az-alat', { modeCode: '1' }),
      ],
      transportContracts: [contract('c1', haulier, 'uz-ahangaran', 'tm-turkmenbashi-port', ['l1']), contract('c2', line, 'tm-turkmenbashi-port', 'az-alat', ['l2'])],
    })
    const atTerminal = moved({ by: forwarder, statusCode: '1', placeId: 'tm-turkmenbashi-port', time: { kind: 'actual', at: '2026-06-03T09:00:00Z' } })
    expect(standing(handled, vouched(), atTerminal)).toMatchObject([{ code: 'notOffered', statement: 'HandoffVouched', actionBy: [turkmenbashi, line] }])
  })

  it('a lodged declaration ends the wait for documents', () => {
    const wanted = decided('documentsWanted', { addressee: forwarder })
    expect(standing(journey.onLeg1, wanted, declared()).map(({ code }) => code)).toEqual(['notDeparted'])
    expect(standing(journey.atAlat, decided('documentsWanted', { by: azCustoms, addressee: consignee }))).toMatchObject([{ code: 'documentsWanted', actionBy: [consignee] }])
    expect(standing(taken, wanted).map(({ code }) => code)).toEqual(['carriageNotAccepted'])
    expect(standing(taken, carriageAccepted(), departed, decided('documentsWanted', { by: azCustoms, addressee: consignee })).map(({ code }) => code)).toEqual(['documentsWanted'])
  })
})
