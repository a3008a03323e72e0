import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type HttpCorridor } from './http-corridor.fixture.js'
import { openApi } from './openapi.js'
import { openStream, type StreamClient } from './stream-client.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'ge-customs']
const twoBoxes = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'two-boxes.json'), 'utf8')) as object
const occurredAt = '2026-11-24T09:00:00Z'
const remark = { code: 'SMGS-30', text: [{ languageId: 'en', text: 'seen by nobody' }], items: 'all', occurredAt }

describe('a stream over HTTP', () => {
  let corridor: HttpCorridor
  const subjects: string[] = []

  const stated = async (participant: string, path: string, body: object): Promise<number> => {
    const answer = await post(corridor, participant, path, body, { prefer: 'wait=30' })
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    if (path === '/v1/consignment-notes') subjects.push(String(answer.json['subject']))
    const offset = Number(answer.json['offset'])
    for (const member of members) await until(async () => (await corridor.node(member).open.runtime.exchange.asking.next()) > offset, 5_000)
    return offset
  }
  const open = async (participant: string, query = '', told: { readonly token?: string; readonly lastEventId?: string; readonly cutAfterBytes?: number } = {}) =>
    openStream(
      `${corridor.node(participant).url}/v1/stream${query}`,
      { authorization: `Bearer ${told.token ?? (await corridor.identity.token(participant))}`, ...(told.lastEventId !== undefined && { 'last-event-id': told.lastEventId }) },
      told.cutAfterBytes,
    )
  const dataOf = (client: StreamClient) => client.events.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>)
  const offsetsOf = (client: StreamClient) => dataOf(client).map(({ offset }) => Number(offset))

  /** Offsets of everything stated on the consignments a participant sees, by the other way there is to them. */
  const visible = async (participant: string): Promise<readonly number[]> => {
    const { items } = (await call(corridor, participant, '/v1/consignments?limit=100')).json as unknown as { items: { subject: string }[] }
    const pages = await Promise.all(items.map(async ({ subject }) => (await call(corridor, participant, `/v1/consignments/${subject}/events?limit=100`)).json))
    return pages.flatMap((page) => (page as unknown as { items: { offset: number }[] }).items.map(({ offset }) => offset)).sort((a, b) => a - b)
  }

  beforeAll(async () => {
    corridor = await openHttpCorridor(members, { feedLimits: { readers: 30 } })
    await admitted(corridor, members)
    await stated('uz-forwarder', '/v1/consignment-notes', twoBoxes)
  }, 60_000)
  afterAll(() => corridor.close())

  it('tells everybody on the route what is stated, and nobody else', async () => {
    const [subject = ''] = subjects
    const [railway, customs, stranger] = await Promise.all([open('uz-uty'), open('uz-customs'), open('ge-customs')])
    expect([railway.status, railway.headers['content-type'], railway.headers['cache-control']]).toEqual([200, 'text/event-stream', 'no-store'])
    const offset = await stated('uz-uty', `/v1/consignments/${subject}/remarks`, remark)
    await until(() => railway.events.length === 1 && customs.events.length === 1, 5_000)
    const [told] = dataOf(railway)
    expect(told).toMatchObject({ offset, consignment: subject, type: 'RemarkAdded', issuer: 'uz-uty', occurredAt, verdict: 'accepted', effects: [{ effect: 'remark' }] })
    expect(railway.events[0]?.id).toBe(String(offset))
    expect(dataOf(customs)).toEqual([told])
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...openApi({ participant: 'uz-uty', url: 'http://node', oidcIssuer: 'http://issuer' }) })
    const check = ajv.compile({ $ref: 'https://karvan.example/openapi#/components/schemas/FeedEvent', unevaluatedProperties: false })
    check(told)
    expect(check.errors).toBeNull()
    expect(stranger.events).toEqual([])
    for (const client of [railway, customs, stranger]) client.cut()
  })

  it('tells refused records too, and nothing of particulars or of what a statement says beside its effects', async () => {
    const [subject = ''] = subjects
    const whole = await open('uz-uty', '?after=-1')
    await until(async () => offsetsOf(whole).at(-1) === (await visible('uz-uty')).at(-1), 5_000)
    expect(whole.text).not.toContain('Copper')
    expect(whole.text).not.toContain('seen by nobody')
    expect(dataOf(whole)[0]).toMatchObject({ type: 'NoteIssued', consignment: subject })
    whole.cut()
  })

  it('begins for who is drawn in with the record that did it, whenever they read', async () => {
    const [subject = ''] = subjects
    const live = await open('ge-customs')
    const wanted = { kind: 'documentsWanted', items: 'all', customsOfficePlaceId: 'uz-customs-khodjadavlet', addressee: 'ge-customs', occurredAt }
    const drawing = await stated('uz-customs', `/v1/consignments/${subject}/customs-decisions`, wanted)
    const after = await stated('uz-uty', `/v1/consignments/${subject}/remarks`, remark)
    const late = await open('ge-customs', '?after=-1')
    await until(() => live.events.length === 2 && late.events.length === 2, 5_000)
    expect([offsetsOf(live), offsetsOf(late)]).toEqual([[drawing, after], [drawing, after]])
    for (const client of [live, late]) client.cut()
  })

  it('tells one consignment alone where it is asked for', async () => {
    await stated('uz-forwarder', '/v1/consignment-notes', twoBoxes)
    const [first = '', second = ''] = subjects
    const one = await open('uz-uty', `?after=-1&consignment=${second}`)
    await stated('uz-uty', `/v1/consignments/${first}/remarks`, remark)
    await stated('uz-uty', `/v1/consignments/${second}/remarks`, remark)
    await until(() => one.events.length === 2, 5_000)
    expect(dataOf(one).map(({ consignment, type }) => [consignment, type])).toEqual([[second, 'NoteIssued'], [second, 'RemarkAdded']])
    one.cut()
  })

  it('tells what has to do with a train from the statement on that first names it, and with a place, to those who see it', async () => {
    const [, second = ''] = subjects
    const live = await open('uz-uty', '?means=TRAIN-5')
    await stated('uz-uty', `/v1/consignments/${second}/remarks`, remark)
    const nominated = await stated('uz-uty', `/v1/consignments/${second}/means-nominations`, { occurredAt, legId: 'l1', means: { typeCode: '2302', id: '1777' }, journeyId: 'TRAIN-5', items: 'all' })
    const after = await stated('uz-uty', `/v1/consignments/${second}/remarks`, remark)
    await stated('uz-uty', `/v1/consignments/${subjects[0]}/remarks`, remark)
    const late = await Promise.all(['?after=-1&means=TRAIN-5', '?after=-1&means=1777&place=uz-khodjadavlet', `?after=-1&means=1777&consignment=${second}`].map((query) => open('uz-uty', query)))
    const resumed = await open('uz-uty', '?means=TRAIN-5', { lastEventId: String(nominated) })
    const here = await open('uz-uty', '?after=-1&place=uz-ahangaran')
    const [nowhere, stranger] = await Promise.all([open('uz-uty', '?after=-1&place=ge-poti'), open('uz-forwarder', '?after=-1&means=1777&place=ge-poti')])
    await until(async () => here.events.length === (await visible('uz-uty')).length && [live, ...late].every(({ events }) => events.length === 2) && resumed.events.length === 1, 5_000)
    expect([live, ...late].map(offsetsOf)).toEqual(Array(4).fill([nominated, after]))
    expect([offsetsOf(resumed), offsetsOf(here)]).toEqual([[after], await visible('uz-uty')])
    const unseen = await open('ge-customs', '?after=-1&means=TRAIN-5')
    const decided = await stated('uz-customs', `/v1/consignments/${second}/customs-decisions`, { kind: 'documentsWanted', items: 'all', customsOfficePlaceId: 'uz-customs-khodjadavlet', addressee: 'ge-customs', occurredAt })
    await until(() => unseen.events.length === 1 && live.events.length === 3, 5_000)
    expect([offsetsOf(unseen), offsetsOf(live).at(-1)]).toEqual([[decided], decided]) // what was told on the train before is not theirs
    expect([nowhere, stranger].map(({ events }) => events)).toEqual([[], []])
    for (const client of [live, ...late, resumed, here, nowhere, stranger, unseen]) client.cut()
  })

  it('is resumed wherever it was cut, without loss or repeat', async () => {
    const [subject = ''] = subjects
    const got: number[] = []
    let lastEventId = '-1'
    for (const bytes of [10, 900, 25_000, 300, 40_000, 1_200, Infinity]) {
      const client = await open('uz-uty', '', { lastEventId, cutAfterBytes: bytes })
      await stated('uz-uty', `/v1/consignments/${subject}/remarks`, remark)
      const last = (await visible('uz-uty')).at(-1)
      await until(() => client.isOver || Number(client.lastEventId) === last, 5_000)
      client.cut()
      got.push(...offsetsOf(client))
      lastEventId = client.lastEventId ?? lastEventId
    }
    expect(got).toEqual(await visible('uz-uty'))
  })

  it('ends when the token does, and says so', async () => {
    const now = Math.floor(Date.now() / 1_000)
    const client = await open('uz-uty', '', { token: await corridor.identity.token('uz-uty', { claims: { exp: now + 1 } }) })
    await until(() => client.isOver, 5_000)
    expect(client.events).toEqual([{ event: 'end', data: '{"code":"TOKEN_EXPIRED"}' }])
  })

  it('is refused to who may not read, asks for what there is not, or comes when there are too many', async () => {
    const unreadable = await corridor.identity.token('uz-uty', { claims: { scope: 'state' } })
    const head = await corridor.node('uz-uty').open.runtime.exchange.asking.next()
    const attempts: readonly (readonly [string, Parameters<typeof open>[2]])[] = [
      ['', { token: 'none' }], ['', { token: unreadable }], ['?after=-2', {}], ['?offset=1', {}], ['', { lastEventId: 'x' }], [`?after=${head}`, {}],
      ['?consignment=01970000-0000-7000-8000-000000000009', {}], ['?place=Alat', {}], ['?means=', {}],
    ]
    const refused = await Promise.all(attempts.map(async ([query, told]) => (await open('uz-uty', query, told)).status))
    expect(refused).toEqual([401, 403, 400, 400, 400, 503, 404, 400, 400])
    expect((await call(corridor, 'uz-uty', '/v1/stream', { method: 'HEAD' })).status).toBe(200)
    const crowd = await Promise.all(Array.from({ length: 31 }, () => open('uz-customs')))
    expect(crowd.map(({ status }) => status).sort().slice(-2)).toEqual([200, 503])
    for (const client of crowd) client.cut()
    await until(() => corridor.node('uz-customs').open.runtime.feed.readers === 0, 5_000)
  })

  it('is counted, and does not keep a node that stops', async () => {
    const client = await open('ge-customs')
    const metrics = async () => (await fetch(`${corridor.node('ge-customs').opsUrl}/metrics`)).text()
    await until(async () => (await metrics()).includes('karvan_stream_readers{node="ge-customs"} 1'), 5_000)
    expect(await metrics()).toContain('karvan_stream_ended_total{how="gone",node="ge-customs"}')
    const before = performance.now()
    await corridor.node('ge-customs').open.close()
    expect(performance.now() - before).toBeLessThan(3_000)
    await until(() => client.isOver, 5_000)
    expect(client.events.at(-1)).toEqual({ event: 'end', data: '{"code":"STOPPED"}' })
  })
})
