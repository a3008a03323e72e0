import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { boxesOf, lists, noteOf, occurredAt, openCalls } from './calls.fixture.js'
import { post } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty']

describe('a loading list', () => {
  const { corridor, subjects, partsIn, statesIn, state, consignment, eventsOn } = openCalls(members)
  const query = `?act=loaded&placeId=uz-ahangaran&occurredAt=${occurredAt}&statusCodes=94,48`
  const csv = (text: string, path = `/v1/loadings${query}`) => post(corridor(), 'uz-forwarder', path, text, { 'content-type': 'text/csv', prefer: 'wait=30' })

  it('is taken in as JSON, its rows by consignment', async () => {
    const loadings = [boxesOf(6)[0], boxesOf(7)[0], boxesOf(6)[1]].map((equipmentId, index) => ({ equipmentId, carriedBy: '61234564', grossMassKg: 24_000 + index }))
    const loaded = await state('uz-forwarder', '/v1/loadings', { act: 'loaded', placeId: 'uz-ahangaran', loadings })
    expect(partsIn(loaded).map(({ subject: of, state: became, items }) => [subjects.indexOf(of), became, items])).toEqual([[6, 'accepted', [...boxesOf(6)]], [7, 'accepted', [boxesOf(7)[0]]]])
    expect((await consignment(6)).items).toMatchObject([{ carriedBy: '61234564', figures: { grossMassKg: 24_000 } }, { figures: { grossMassKg: 24_002 } }])
  })

  it('is taken in as a spreadsheet writes it', async () => {
    const rows = ['\ufeffequipmentId;carriedBy;affixedSeal;sealingPartyRoleCode;grossMassKg;massDetermination', `${boxesOf(8)[0]};"61234564";UT1 UT2;SH;24100;weighed`, '', `${boxesOf(8)[1]};;;;;`, '']
    const loaded = await csv(rows.join('\r\n'))
    expect([loaded.status, statesIn(loaded)]).toEqual([201, [[8, 'accepted']]])
    await until(async () => (await consignment(8)).items.some((item) => 'carriedBy' in item), 5_000)
    expect((await consignment(8)).items).toMatchObject([{ carriedBy: '61234564', seals: [{ id: 'UT1', sealingPartyRoleCode: 'SH' }, { id: 'UT2' }], figures: { grossMassKg: 24_100 } }, { seals: [] }])
  })

  it.each([
    ['a cell that is no number', `equipmentId,grossMassKg\n${boxesOf(9)[0]},24000\n${boxesOf(9)[1]},24.5`, 422, 'SCHEMA', '/rows/3/grossMassKg', 'row 3, column grossMassKg'],
    ['a seal without its party', `equipmentId,affixedSeal\n${boxesOf(9)[0]},S1`, 422, 'SCHEMA', '/rows/2/sealingPartyRoleCode', 'row 2, column sealingPartyRoleCode'],
    ['a box that nobody here knows', `equipmentId\n${boxesOf(9)[0]}\nKRVU3055181`, 422, 'UNKNOWN_ITEMS', '/rows/3/equipmentId', 'row 3, column equipmentId'],
    ['a box twice', `equipmentId\n${boxesOf(9)[0]}\n${boxesOf(9)[0]}`, 422, 'UNKNOWN_ITEMS', '/rows/3/equipmentId', 'twice'],
    ['an unknown column', `equipmentId,weight\n${boxesOf(9)[0]},1`, 400, 'UNREADABLE_CSV', undefined, '"weight"'],
    ['no column of boxes', 'grossMassKg\n1', 400, 'UNREADABLE_CSV', undefined, 'equipmentId is missing'],
    ['too many cells', `equipmentId\n${boxesOf(9)[0]},1`, 400, 'UNREADABLE_CSV', undefined, 'row 2'],
    ['an open quotation mark', `equipmentId\n"${boxesOf(9)[0]}`, 400, 'UNREADABLE_CSV', undefined, 'row 2'],
    ['no rows', 'equipmentId\n', 400, 'UNREADABLE_CSV', undefined, 'no rows'],
    ['nothing', '', 400, 'UNREADABLE_CSV', undefined, 'empty'],
  ])('with %s says where, and nothing of it is taken in', async (_name, text, status, code, pointer, detail) => {
    const before = (await eventsOn(9)).length
    const answer = await csv(text)
    expect([answer.status, answer.json['code'], answer.json['pointer']]).toEqual([status, code, pointer])
    expect(answer.json['detail']).toContain(detail)
    expect((await eventsOn(9)).length).toBe(before)
  })

  it('needs what is the same for all rows in the query, and CSV is taken nowhere else', async () => {
    const without = await csv(`equipmentId\n${boxesOf(9)[0]}`, '/v1/loadings?act=loaded&placeId=uz-ahangaran')
    expect([without.status, without.json['pointer'], without.json['detail']]).toEqual([422, '/occurredAt', expect.stringContaining('parameter occurredAt')])
    expect((await csv('x', lists)).status).toBe(415)
    expect((await state('uz-forwarder', `/v1/loadings${query}`, { act: 'loaded', placeId: 'uz-ahangaran', loadings: [{ equipmentId: boxesOf(9)[0] }] })).json['code']).toBe('UNKNOWN_PARAMETER')
  })

  it('needs the consignment where two have a box of that number', async () => {
    const again = String((await state('uz-forwarder', '/v1/consignment-notes', noteOf(10))).json['subject'])
    const list = (rows: object[]) => state('uz-forwarder', '/v1/loadings', { act: 'loaded', placeId: 'uz-ahangaran', loadings: rows })
    const unclear = await list([{ equipmentId: boxesOf(10)[0] }])
    expect([unclear.status, unclear.json['code']]).toEqual([422, 'UNKNOWN_ITEMS'])
    expect(partsIn(await list([{ equipmentId: boxesOf(10)[0], subject: again }])).map((part) => [part.subject, part.state])).toEqual([[again, 'accepted']])
  })

  it('has nothing to hide in its log', () => {
    expect(members.flatMap((member) => corridor().node(member).lines.filter((line) => line.includes('INTERNAL')))).toEqual([])
  })
})
