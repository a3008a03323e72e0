import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { until } from '#libs/testing'
import { boxesOf, lists, occurredAt, openCalls, train } from './calls.fixture.js'
import { call, post } from './http-corridor.fixture.js'
import { openApi } from './openapi.js'
import type { ViewName } from './openapi-views.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'tm-tdy']
const answers = `${lists}/answers`

describe('work by ship and train over HTTP', () => {
  const { corridor, subjects, subject, shown, partsIn, statesIn, state, one, read, consignment, eventsOn, offerOf } = openCalls(members)

  describe('a transfer list', () => {
    it('is proposed for a train: by consignment, into which leg, to whom, and what hinders which box', async () => {
      await one('uz-uty', 'means-nominations', 0, { ...train, legId: 'l1', items: 'all' })
      const [taken, left] = boxesOf(1)
      await one('uz-uty', 'means-nominations', 1, { ...train, legId: 'l1', items: [taken], notNominated: [{ items: [left], reason: 'technical' }] })
      await one('uz-uty', 'means-nominations', 2, { means: { typeCode: '2302', id: '1777' }, journeyId: 'ANOTHER', legId: 'l1', items: 'all' })
      await one('uz-forwarder', 'loadings', 2, { act: 'loaded', placeId: 'uz-ahangaran', loadings: boxesOf(2).map((equipmentId) => ({ equipmentId, carriedBy: '61234564' })) })
      await one('uz-forwarder', 'movements', 2, { statusCode: '31', placeId: 'uz-ahangaran', time: { kind: 'actual', at: occurredAt }, items: 'all' })
      const hold = await one('uz-customs', 'customs-decisions', 0, { kind: 'held', items: [boxesOf(0)[1]], customsOfficePlaceId: 'uz-customs-khodjadavlet' })
      for (const means of ['1501', '7230-016-7308']) {
        const { json } = await read('uz-forwarder', `${lists}/proposal?means=${means}&place=uz-ahangaran`)
        const into = { kind: 'leg', legId: 'l1' }
        expect(json).toEqual({
          means, placeId: 'uz-ahangaran',
          lists: [{ to: 'uz-uty', placeId: 'uz-ahangaran', parts: [{ subject: subject(0), into, items: [{ id: boxesOf(0)[0] }] }, { subject: subject(1), into, items: [{ id: taken }] }] }],
          consignments: [
            { subject: subject(0), references: [], to: 'uz-uty', into, ready: [boxesOf(0)[0]], hindered: [{ itemId: boxesOf(0)[1], hindrances: [{ code: 'held', decisions: [hold] }] }], isWhole: true },
            { subject: subject(1), references: [], to: 'uz-uty', into, ready: [taken], hindered: [{ itemId: left, hindrances: [{ code: 'notNominated' }] }], isWhole: true },
            {
              subject: subject(2), references: [], to: 'uz-uty', into, ready: [], isWhole: true,
              hindered: boxesOf(2).map((itemId) => ({ itemId, hindrances: [{ code: 'notNominated', means: '1777', journeyId: 'ANOTHER' }] })),
            },
          ],
        })
      }
      await one('uz-customs', 'customs-decisions', 0, { kind: 'holdLifted', items: 'all', customsOfficePlaceId: 'uz-customs-khodjadavlet', lifts: [hold] })
      expect((await read('uz-uty', `${lists}/proposal?means=1501&place=uz-ahangaran`)).json).toMatchObject({ lists: [], consignments: [] })
    })

    it('is posted as it was proposed, becomes one offer for each consignment, and is there to be read again', async () => {
      const { json } = await read('uz-forwarder', `${lists}/proposal?means=1501&place=uz-ahangaran`)
      const [list] = json['lists'] as object[]
      const posted = await state('uz-forwarder', lists, { ...list, number: 'TL-1', presentedAt: occurredAt, liabilityPasses: true })
      expect([posted.status, posted.headers.get('location')]).toEqual([201, `${lists}/${posted.json['callId']}`])
      expect(posted.json).toMatchObject({ kind: 'transferList', statement: 'HandoffOffered', number: 'TL-1', to: 'uz-uty', counts: { accepted: 2, refused: 0, pending: 0, open: 0 } })
      expect(partsIn(posted)).toEqual([0, 1].map((index) => ({
        part: index + 1, subject: subject(index), state: 'accepted', items: index === 0 ? 'all' : [boxesOf(1)[0]],
        eventId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), offset: expect.any(Number), receipt: expect.any(String),
      })))
      expect([(await consignment(0)).offers[0]?.transferList, (await consignment(1)).offers[0]?.transferList]).toEqual([1, 2].map((part) => ({ number: 'TL-1', part, parts: 2 })))
      const again = await read('uz-forwarder', String(posted.headers.get('location')))
      expect([again.status, statesIn(again)]).toEqual([200, [[0, 'accepted'], [1, 'accepted']]])
      expect([(await read('uz-forwarder', `/v1/calls/${posted.json['callId']}`)).status, (await read('uz-uty', `/v1/calls/${posted.json['callId']}`)).status]).toEqual([200, 404])
    })

    it('has a verdict for each part: one that a rule refuses, or that nobody here knows, does not stop the others', async () => {
      const body = { ...offerOf(0, 2, 3), number: 'TL-2' }
      const posted = await state('uz-forwarder', lists, { ...body, parts: [...body.parts, { ...body.parts[1], subject: '01970000-0000-7000-8000-00000000ffff' }] })
      expect(posted.status).toBe(201)
      expect(partsIn(posted).map(({ state: became, code, pointer }) => [became, code, pointer])).toEqual([
        ['refused', 'ITEM_ALREADY_OFFERED', '/parts/0/items'], ['accepted', undefined, undefined], ['accepted', undefined, undefined], ['refused', 'NOT_FOUND', undefined],
      ])
      expect(partsIn(posted)[0]).toMatchObject({ says: expect.any(String), detail: expect.any(String), facts: { item: boxesOf(0)[0] } })
    })

    it('is not made at all where a part would be refused and the caller asks to look first', async () => {
      const before = (await eventsOn(4)).length
      const { status, json } = await state('uz-forwarder', lists, { ...offerOf(4, 0), number: 'TL-3', atomic: 'preflight' })
      expect([status, json['code'], json['errors']]).toEqual([409, 'PARTS_REFUSED', [expect.objectContaining({ pointer: '/parts/1/items', found: 'ITEM_ALREADY_OFFERED' })]])
      expect((await eventsOn(4)).length).toBe(before)
      expect((await state('uz-forwarder', lists, { ...offerOf(4), number: 'TL-3', atomic: 'preflight' })).status).toBe(201)
    })

    it('leaves who may do what to the judge', async () => {
      const byCustoms = await state('uz-customs', lists, { ...offerOf(5), number: 'TL-X' })
      expect(statesIn(byCustoms)).toEqual([[5, 'refused', 'ROLE']])
      const byStranger = await state('tm-tdy', lists, { ...offerOf(5), number: 'TL-X' })
      expect(partsIn(byStranger).map(({ code, pointer }) => [code, pointer])).toEqual([['NOT_HOLDER', '/parts/0/items']])
    })

    it.each([
      ['no parts', { parts: [] }, '/parts'],
      ['a consignment twice', { parts: [{ subject: '01970000-0000-7000-8000-000000000001', into: { kind: 'delivery' }, items: 'all' }, { subject: '01970000-0000-7000-8000-000000000001', into: { kind: 'delivery' }, items: 'all' }] }, '/parts/1/subject'],
      ['too many parts', { parts: Array(201).fill({ subject: '01970000-0000-7000-8000-000000000001', into: { kind: 'delivery' }, items: 'all' }) }, '/parts'],
      ['no number', { number: undefined }, '/number'],
      ['what the list itself says', { transferList: { number: 'x', part: 1, parts: 1 } }, '/transferList'],
    ])('is not read with %s', async (_name, wrong, pointer) => {
      const { status, json } = await state('uz-forwarder', lists, { ...offerOf(0), number: 'TL-9', ...wrong })
      expect([status, json['code'], json['pointer']]).toEqual([422, 'SCHEMA', pointer])
    })
  })

  describe('its answer', () => {
    const all = { number: 'TL-2', transferredAt: occurredAt, otherwise: 'accepted' }

    it('names items that are on the list, and one of its offers each', async () => {
      const unknown = await state('uz-uty', answers, { ...all, exceptions: [{ itemId: boxesOf(2)[0], outcome: 'leftBehind' }, { itemId: boxesOf(7)[0], outcome: 'leftBehind' }] })
      expect([unknown.status, unknown.json['code'], unknown.json['pointer']]).toEqual([422, 'UNKNOWN_ITEMS', '/exceptions/1/itemId'])
      expect((await consignment(2)).items.map(({ holder }) => holder)).toEqual(['uz-forwarder', 'uz-forwarder'])
      const nothing = await state('uz-uty', answers, { ...all, number: 'TL-UNKNOWN' })
      expect([nothing.status, nothing.json['code']]).toEqual([409, 'NOTHING_TO_STATE'])
      expect((await state('tm-tdy', answers, all)).json['code']).toBe('NOTHING_TO_STATE')
    })

    it('takes over everything as offered but for the exceptions, in one call by the other organisation', async () => {
      const reservations = [{ code: 'R02', text: [{ languageId: 'en', text: 'seal broken' }] }]
      const answered = await state('uz-uty', answers, {
        ...all, exceptions: [{ itemId: boxesOf(2)[1], outcome: 'leftBehind' }, { itemId: boxesOf(3)[0], outcome: 'acceptedWithReservation', reservations }],
      }, { 'idempotency-key': 'answer-tl-2' })
      expect([answered.status, statesIn(answered)]).toEqual([201, [[2, 'accepted'], [3, 'accepted']]])
      expect((await consignment(2)).items.map(({ holder }) => holder)).toEqual(['uz-uty', 'uz-forwarder'])
      expect((await consignment(3)).items).toMatchObject([{ holder: 'uz-uty', reservations: [{ code: 'R02' }] }, { holder: 'uz-uty', reservations: [] }])
    })

    it('is the same answer when it comes again under its key, though nothing waits any more', async () => {
      const counts = async () => Promise.all([2, 3].map(async (of) => (await eventsOn(of)).length))
      const before = await counts()
      const body = { ...all, exceptions: [{ itemId: boxesOf(2)[1], outcome: 'leftBehind' }, { itemId: boxesOf(3)[0], outcome: 'acceptedWithReservation', reservations: [{ code: 'R02', text: [{ languageId: 'en', text: 'seal broken' }] }] }] }
      const again = await state('uz-uty', answers, body, { 'idempotency-key': 'answer-tl-2' })
      expect([again.status, statesIn(again), await counts()]).toEqual([201, [[2, 'accepted'], [3, 'accepted']], before])
      const other = await state('uz-uty', answers, { ...body, otherwise: 'leftBehind' }, { 'idempotency-key': 'answer-tl-2' })
      expect([other.status, other.json['code']]).toEqual([409, 'IDEMPOTENCY_CONFLICT'])
    })

    it('may be another outcome for all, with its reason', async () => {
      await state('uz-uty', answers, { ...all, number: 'TL-1' })
      const without = await state('uz-uty', answers, { ...all, number: 'TL-3', otherwise: 'refused' })
      expect([without.status, without.json['pointer']]).toEqual([422, '/reasonCode'])
      expect(statesIn(await state('uz-uty', answers, { ...all, number: 'TL-3', otherwise: 'refused', reasonCode: '86' }))).toEqual([[4, 'accepted']])
      expect((await consignment(4)).items.map(({ holder }) => holder)).toEqual(['uz-forwarder', 'uz-forwarder'])
    })

    it('says whose list it means where two givers use the same number', async () => {
      const offer = { ...offerOf(0), to: 'tm-tdy', number: 'TL-SAME', placeId: 'uz-khodjadavlet' }
      const byRailway = await state('uz-uty', lists, { ...offer, parts: [{ ...offer.parts[0], into: { kind: 'leg', legId: 'l2' } }] })
      const deviationReason = [{ languageId: 'en', text: 'by lorry' }]
      const byForwarder = await state('uz-forwarder', lists, { ...offerOf(4), to: 'tm-tdy', number: 'TL-SAME', parts: [{ ...offerOf(4).parts[0], into: { kind: 'leg', legId: 'l2' }, deviationReason }] })
      expect([statesIn(byRailway), statesIn(byForwarder)]).toEqual([[[0, 'accepted']], [[4, 'accepted']]])
      const which = await state('tm-tdy', answers, { ...all, number: 'TL-SAME' })
      expect([which.status, which.json['code'], which.json['detail']]).toEqual([409, 'AMBIGUOUS_LIST', expect.stringContaining('uz-forwarder, uz-uty')])
      expect(statesIn(await state('tm-tdy', answers, { ...all, number: 'TL-SAME', from: 'uz-forwarder', otherwise: 'notTendered' }))).toEqual([[4, 'accepted']])
      expect(statesIn(await state('tm-tdy', answers, { ...all, number: 'TL-SAME', otherwise: 'notTendered' }))).toEqual([[0, 'accepted']])
    })
  })

  describe('a movement of a train', () => {
    const departed = { ...train, statusCode: '24', placeId: 'uz-ahangaran', time: { kind: 'actual', at: occurredAt } }

    it('is of everything aboard: what was nominated and is in its carrier\'s hands, but for the exceptions', async () => {
      const moved = await state('uz-uty', '/v1/movements', { ...departed, exceptions: [boxesOf(0)[1]] })
      expect([moved.status, moved.headers.get('location'), moved.json['means']]).toEqual([201, `/v1/calls/${moved.json['callId']}`, '1501'])
      expect(partsIn(moved).map(({ subject: of, items }) => [subjects.indexOf(of), items])).toEqual([[0, [boxesOf(0)[0]]], [1, [boxesOf(1)[0]]]])
      expect((await consignment(0)).items.map(({ position }) => position?.statusCode)).toEqual(['24', undefined])
      expect((await eventsOn(1)).at(-1)).toMatchObject({ type: 'MovementReported', verdict: 'accepted', data: { legId: 'l1', means: train.means, journeyId: train.journeyId } })
    })

    it('says what is not on it', async () => {
      const wrong = await state('uz-uty', '/v1/movements', { ...departed, exceptions: [boxesOf(0)[1], boxesOf(2)[0]] })
      expect([wrong.status, wrong.json['code'], wrong.json['pointer']]).toEqual([422, 'UNKNOWN_ITEMS', '/exceptions/1'])
      const nothing = await state('uz-uty', '/v1/movements', { ...departed, means: { typeCode: '2302', id: '9999' }, journeyId: 'NONE' })
      expect([nothing.status, nothing.json['code']]).toEqual([409, 'NOTHING_TO_STATE'])
    })

    it('follows what was reported where nobody nominated', async () => {
      const other = { means: { typeCode: '2302', id: '1600' }, journeyId: 'J-1600' }
      await one('uz-uty', 'movements', 3, { ...departed, ...other, items: [boxesOf(3)[0]] })
      const arrived = await state('uz-uty', '/v1/movements', { ...departed, ...other, statusCode: '1', placeId: 'uz-khodjadavlet', time: { kind: 'actual', at: '2026-06-02T08:00:00Z' } })
      expect(partsIn(arrived).map(({ subject: of, items }) => [subjects.indexOf(of), items])).toEqual([[3, [boxesOf(3)[0]]]])
    })
  })

  describe('a decision of customs on a train', () => {
    const hold = { ...train, kind: 'held', customsOfficePlaceId: 'uz-customs-khodjadavlet' }
    const held = async (of: number) => (await consignment(of)).items.map(({ holds }) => holds.length)

    it('is on everything aboard and everything nominated for it, but for the exceptions, and is lifted by another', async () => {
      await one('uz-uty', 'means-nominations', 5, { ...train, legId: 'l1', items: 'all' })
      const decided = await state('uz-customs', '/v1/customs-decisions', { ...hold, exceptions: [boxesOf(1)[0], boxesOf(5)[1]] })
      expect([decided.status, statesIn(decided)]).toEqual([201, [[0, 'accepted'], [5, 'accepted']]])
      expect([await held(0), await held(1), await held(5)]).toEqual([[1, 1], [0, 0], [1, 0]])
      const lifted = await state('uz-customs', '/v1/customs-decisions', { ...hold, kind: 'holdLifted', lifts: 'own' })
      expect(partsIn(lifted).map(({ subject: of, state: became, items }) => [subjects.indexOf(of), became, items])).toEqual([[0, 'accepted', 'all'], [5, 'accepted', [boxesOf(5)[0]]]])
      expect([await held(0), await held(5)]).toEqual([[0, 0], [0, 0]])
      const nothing = await state('uz-customs', '/v1/customs-decisions', { ...hold, kind: 'holdLifted', lifts: 'own' })
      expect([nothing.status, nothing.json['code']]).toEqual([409, 'NOTHING_TO_STATE'])
    })

    it('is not for others to make', async () => {
      expect(statesIn(await state('uz-uty', '/v1/customs-decisions', { ...hold, exceptions: [boxesOf(5)[0]] })).map(([, became, code]) => [became, code])).toEqual([['refused', 'ROLE'], ['refused', 'ROLE'], ['refused', 'ROLE']])
    })

    it('is not read with what only single decisions have', async () => {
      for (const wrong of [{ kind: 'withdrawn' }, { lifts: ['A'.repeat(43)] }, { items: 'all' }, { means: undefined }]) {
        expect((await state('uz-customs', '/v1/customs-decisions', { ...hold, ...wrong })).status).toBe(422)
      }
    })
  })

  it('waits no longer than is preferred, and is finished behind the caller\'s back', async () => {
    corridor().events.cut()
    const kept = await post(corridor(), 'uz-forwarder', lists, { ...offerOf(11), occurredAt, number: 'TL-LATE' }, { prefer: 'wait=0' })
    expect([kept.status, statesIn(kept)]).toEqual([202, [[11, 'pending']]])
    const behind = await post(corridor(), 'uz-uty', '/v1/movements', { ...train, occurredAt, statusCode: '24', placeId: 'uz-ahangaran', time: { kind: 'actual', at: occurredAt } }, { prefer: 'wait=0' })
    expect([behind.status, behind.json['code']]).toEqual([503, 'CATCHING_UP'])
    corridor().events.restore()
    await until(async () => statesIn(await read('uz-forwarder', String(kept.headers.get('location'))))[0]?.[1] === 'accepted', 10_000)
  }, 20_000)

  it('asks for the scope to state, and a known address', async () => {
    const token = await corridor().identity.token('uz-forwarder', { claims: { scope: 'read' } })
    const refused = await call(corridor(), 'uz-forwarder', lists, { method: 'POST', token, body: '{}', headers: { 'content-type': 'application/json' } })
    expect([refused.status, refused.json['code']]).toEqual([403, 'SCOPE'])
    expect((await read('uz-forwarder', `${lists}/nonsense`)).status).toBe(404)
    expect((await read('uz-forwarder', `${lists}/proposal?means=1501`)).json['code']).toBe('BAD_PARAMETER')
  })

  it('answers as it is described', async () => {
    const description = openApi({ participant: 'uz-uty', url: 'http://127.0.0.1:1', oidcIssuer: 'http://127.0.0.1:2' })
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...description })
    const faults = (view: ViewName, value: unknown) => {
      const check = ajv.compile({ $ref: `https://karvan.example/openapi#/components/schemas/${view}` })
      return check(value) ? [] : check.errors
    }
    const again = await state('uz-forwarder', lists, { ...offerOf(0, 6), number: 'TL-4' })
    expect(statesIn(again)).toEqual([[0, 'refused', 'NOT_HOLDER'], [6, 'accepted']])
    expect(statesIn(await state('uz-forwarder', '/v1/loadings', { act: 'loaded', placeId: 'uz-ahangaran', loadings: [{ equipmentId: boxesOf(7)[0] }] }))).toEqual([[7, 'accepted']])
    expect(new Set(shown.map(({ kind }) => kind)).size).toBe(5)
    expect(shown.flatMap((json) => faults('CallView', json))).toEqual([])
    const proposal = () => read('uz-uty', `${lists}/proposal?means=1501&place=uz-khodjadavlet`)
    const coming = await proposal()
    expect([coming.json['lists'], coming.json['consignments']]).toMatchObject([[], [{ subject: subject(0), to: 'tm-tdy', hindered: [{ hindrances: [{ code: 'notThere', placeId: 'uz-ahangaran' }] }, {}] }, { subject: subject(1) }]])
    const arrived = { ...train, statusCode: '1', placeId: 'uz-khodjadavlet', time: { kind: 'actual', at: '2026-06-02T20:00:00Z' } }
    expect(statesIn(await state('uz-uty', '/v1/movements', arrived))).toEqual([[0, 'accepted'], [1, 'accepted']])
    const there = await proposal()
    expect(there.json['lists']).toEqual([{ to: 'tm-tdy', placeId: 'uz-khodjadavlet', parts: [{ subject: subject(0), into: { kind: 'leg', legId: 'l2' }, items: 'all' }, { subject: subject(1), into: { kind: 'leg', legId: 'l2' }, items: [{ id: boxesOf(1)[0] }] }] }])
    expect([coming, there].flatMap(({ json }) => faults('TransferListProposal', json))).toEqual([])
  })

  it('has nothing to hide in its log', () => {
    expect(members.flatMap((member) => corridor().node(member).lines.filter((line) => line.includes('INTERNAL')))).toEqual([])
  })
})
