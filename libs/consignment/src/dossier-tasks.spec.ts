import { describe, expect, it } from '@jest/globals'
import {
  actAnswered, actDrawn, alat, answered, azCustoms, b1, b2, b3, b4, b5, carriageAccepted, corrected, decided, declared, forwarder, handedOver, held, issued, journey, legs, lifted, line,
  meansNominated, moved, note, offered, stop, tdy, turkmenbashi, uty, uzCustoms, type Story,
} from '#libs/testing'
import { dossierOf, itemOf } from './dossier.fixture.js'
import { standingOf } from './dossier-standing.js'
import { tasksOf, type Task } from './dossier-tasks.js'

const tasks = (...story: readonly Story[]) => tasksOf(dossierOf(...story))
const whose = (...story: readonly Story[]) => tasks(...story).map(({ by, task, items }) => `${by} ${task} ${items.length}`)

const taken = [journey.issued, handedOver(offered())]
const wanted = decided('documentsWanted', { addressee: forwarder, respondBy: '2026-06-05T08:00:00Z', items: [b1] })
const hold = held({ items: [b1, b2] })
const inspection = decided('inspectionOrdered', { items: [b1, b2] })
const act = actDrawn()
const offer = offered({ by: uty, to: tdy, into: legs.l2, placeId: 'uz-khodjadavlet' })
const lost = answered(offer, { exceptions: [{ itemId: b1, outcome: 'missing' }] })
const withSurplus = answered(offer, { surplus: [{ equipmentId: b5 }, { marks: 'two crates' }] })

describe('what is to be done by whom', () => {
  it.each<[string, Story, Partial<Task>]>([
    ['the answer to an offer', [journey.onLeg1, offer], { task: 'answerOffer', by: tdy, statement: 'HandoffAnswered', answers: offer.eventId, placeId: 'uz-khodjadavlet' }],
    ['a contract to be accepted', [taken], { task: 'acceptCarriage', by: uty, statement: 'CarriageAccepted', contractId: 'c1' }],
    ['a hold to be lifted from what is left', [journey.onLeg1, hold, lifted([hold], { items: [b1] })], { task: 'decideHold', by: uzCustoms, lifts: hold.eventId, items: [b2] }],
    ['documents that customs want', [journey.onLeg1, wanted], { task: 'lodgeDocuments', by: forwarder, answers: wanted.eventId, respondBy: '2026-06-05T08:00:00Z', items: [b1] }],
    ['an inspection to be made', [journey.onLeg1, inspection], { task: 'makeInspection', by: uzCustoms, items: [b1, b2], lifts: inspection.eventId }],
    ['an inspection to be supported', [journey.onLeg1, inspection], { task: 'supportInspection', by: uty, items: [b1, b2], answers: inspection.eventId, statement: 'MovementReported' }],
    ['the other side of an act', [journey.onLeg1, act], { task: 'answerAct', by: forwarder, answers: act.eventId, items: [b1] }],
    ['what the giver has not delivered', [journey.onLeg1, offer, lost], { task: 'findMissing', by: uty, missingSince: lost.eventId, items: [b1] }],
    ['what the receiver saw and no list had', [journey.onLeg1, offer, withSurplus], { task: 'settleSurplus', by: tdy, answers: withSurplus.eventId, items: [b5] }],
    ['a ship to be named', [journey.atTurkmenbashi], { task: 'nominateMeans', by: line, legId: 'l3', statement: 'MeansNominated' }],
    ['goods to be offered', [journey.atAlat], { task: 'offer', by: alat, statement: 'HandoffOffered', to: ['consignee-side'] }],
  ])('is %s', (_what, story, row) => {
    expect(tasks(story)).toContainEqual(expect.objectContaining(row))
  })

  it.each<[string, Story, readonly string[]]>([
    ['an accepted contract', [taken, carriageAccepted()], ['uz-uty depart 4']],
    ['a lifted hold', [journey.onLeg1, hold, lifted([hold])], ['uz-uty depart 4']],
    ['documents that were lodged', [journey.onLeg1, wanted, declared()], ['uz-uty depart 4']],
    ['an answered act', [journey.onLeg1, act, actAnswered(act, forwarder)], ['uz-uty depart 4']],
    ['the rest of an inspection whose result is told', [journey.onLeg1, inspection, decided('controlResult', { items: [b1, b2] })], ['uz-customs decideHold 2', 'uz-uty depart 2']],
    ['surplus that was put right', [journey.onLeg1, offer, withSurplus, corrected(withSurplus, { offer: offer.eventId, transferredAt: '2026-06-02T08:00:00Z', otherwise: 'accepted' })], ['tm-tdy depart 4']],
    ['anything of what is delivered', [journey.delivered], []],
    ['anything on the way', [journey.onLeg1, moved({ statusCode: '24' })], []],
  ])('is not %s', (_what, story, left) => {
    expect(whose(story)).toEqual(left)
  })

  it('of surplus, what a correction still has is still to be settled', () => {
    const right = { offer: offer.eventId, transferredAt: '2026-06-02T08:00:00Z', otherwise: 'accepted', surplus: [{ marks: 'two crates' }] }
    expect(dossierOf(journey.onLeg1, offer, withSurplus, corrected(withSurplus, right)).surplus).toMatchObject([{ by: tdy, marks: 'two crates', event: withSurplus.eventId }])
  })

  it('tells since when: the statement, its place in the log and the time it gives', () => {
    const dossier = dossierOf(taken)
    const { custodyEvent: event, custodySince } = itemOf(dossier, b1)
    expect(tasksOf(dossier)[0]).toMatchObject({ task: 'acceptCarriage', since: { event, ...custodySince } })
    expect(dossierOf(journey.onLeg1, hold).decisions[0]).toMatchObject({ offset: expect.any(Number), occurredAt: hold.occurredAt })
  })

  it('an inspection at the place of another is supported by the handoff that it permits', () => {
    const elsewhere = decided('inspectionOrdered', { by: azCustoms, items: [b1], permittedMoves: [{ to: alat, into: stop(3) }] })
    const moored = moved({ by: line, statusCode: '40', placeId: 'az-alat', time: { kind: 'actual', at: '2026-06-07T09:00:00Z' } })
    const supports = (story: Story) => tasks(story).filter(({ task }) => task === 'supportInspection').map(({ by, statement, to }) => [by, statement, to])
    expect([supports([journey.atSea, elsewhere]), supports([journey.atSea, elsewhere, moored]), supports([journey.atAlat, elsewhere])]).toEqual([
      [], [[line, 'HandoffOffered', [alat]]], [[alat, 'MovementReported', undefined]],
    ])
  })

  it('a carrier of several contracts accepts the one that runs', () => {
    const [l1, l2, l3] = note().mainCarriageTransportMovement
    const [c1, c2] = note().transportContracts
    if (!l1 || !l2 || !l3 || !c1 || !c2) throw new Error('the note has three legs')
    const both = issued({ mainCarriageTransportMovement: [l1, l2, { ...l3, carrier: uty }], transportContracts: [c1, { ...c2, contractualCarrier: uty }] })
    expect(tasks(both, handedOver(offered())).map(({ task, contractId }) => [task, contractId])).toEqual([['acceptCarriage', 'c1']])
  })

  it('a wait is ended by whom the report names, else by whoever is next', () => {
    const waits = (actionBy?: string) => moved({ by: turkmenbashi, statusCode: '57', reasonCode: '86', placeId: 'tm-turkmenbashi-port', ...(actionBy !== undefined && { actionBy }),
      time: { kind: 'actual', at: '2026-06-05T09:00:00Z' } })
    const at = [journey.atTurkmenbashi]
    expect([whose(at, waits(line)), whose(at, waits()), whose(at, meansNominated({ items: [b1] }), waits(tdy))]).toEqual([
      ['caspian-line nominateMeans 4'], ['caspian-line nominateMeans 4'], ['tm-tdy endWait 4'],
    ])
  })

  it.each(Object.entries(journey))('whoever must act has a task, and nobody else where nothing was asked: %s', (_where, story) => {
    const dossier = dossierOf(story)
    const actors = new Set(standingOf(dossier).flatMap(({ actionBy }) => actionBy))
    expect(new Set(tasksOf(dossier).map(({ by }) => by))).toEqual(actors)
  })

  it('with nothing asked, each box is waited for once', () => {
    const story = [journey.onLeg1, offered({ by: uty, to: tdy, into: legs.l2, items: [{ id: b2 }], placeId: 'uz-khodjadavlet' }), held({ items: [b3] })]
    expect(whose(story)).toEqual(['tm-tdy answerOffer 1', 'uz-customs decideHold 1', 'uz-uty depart 2'])
    expect(tasks(story).flatMap(({ items }) => items).sort()).toEqual([b1, b2, b3, b4].sort())
  })
})
