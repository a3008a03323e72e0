import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApi } from './openapi.js'
import { admitted, call, openHttpCorridor, post, type HttpCorridor } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'az-port-alat']

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  readonly next?: string
}

describe('lists to work by over HTTP', () => {
  let corridor: HttpCorridor
  const subjects: string[] = []
  const page = async (participant: string, path: string) => (await call(corridor, participant, path)).json as unknown as Page
  const every = async (participant: string, path: string) => {
    const pages: Page[] = []
    do pages.push(await page(participant, `${path}${path.includes('?') ? '&' : '?'}limit=1${pages.at(-1)?.next === undefined ? '' : `&after=${pages.at(-1)?.next}`}`))
    while (pages.at(-1)?.next !== undefined)
    return pages.map(({ items }) => items)
  }
  const state = async (participant: string, path: string, body: object) => {
    const answer = await post(corridor, participant, path, body, { prefer: 'wait=30' })
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    for (const member of members) await until(async () => (await corridor.node(member).open.runtime.status()).next > Number(answer.json['offset']), 5_000)
    return { eventId: String(answer.json['eventId']), subject: String(answer.json['subject']), offset: Number(answer.json['offset']) }
  }

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
    await admitted(corridor, members)
    for (let made = 0; made < 2; made++) subjects.unshift((await state('uz-forwarder', '/v1/consignment-notes', corridor.bodyOf('01-note'))).subject)
  }, 60_000)
  afterAll(() => corridor.close())

  it('tell each participant what it is to do, since when, and the route to call', async () => {
    const [subject = ''] = subjects
    const offer = await state('uz-forwarder', `/v1/consignments/${subject}/handoff-offers`, corridor.bodyOf('10-offer'))
    const rows = (await page('uz-uty', '/v1/todo')).items
    expect(rows).toEqual([
      {
        subject,
        references: ['KDF-DEMO-0091', 'AGMK-DEMO-0117'],
        task: 'answerOffer',
        says: 'answer the offer',
        items: expect.arrayContaining(['KRVU3054380']),
        heldItems: 0,
        since: { event: offer.eventId, offset: offer.offset, occurredAt: '2026-05-31T22:00:00.000Z' },
        statement: 'HandoffAnswered',
        answers: offer.eventId,
        placeId: 'uz-ahangaran',
        route: { method: 'POST', path: `/v1/consignments/${subject}/handoff-answers` },
      },
    ])
    expect((await page('uz-forwarder', '/v1/todo')).items.map((row) => [row['subject'], row['task']])).toEqual([[subjects[1], 'load']])
    expect(await page('az-port-alat', '/v1/todo')).toEqual({ items: [] })
    const { eventId } = await state('uz-uty', `/v1/consignments/${subject}/handoff-answers`, { ...corridor.bodyOf('10-answer', new Map([['10-offer', offer.eventId]])) })
    expect((await page('uz-uty', '/v1/todo')).items).toMatchObject([{ task: 'acceptCarriage', since: { event: eventId }, contractId: 'c1' }])
  })

  it('tell customs of a country on the route what they are to decide', async () => {
    const [, subject = ''] = subjects
    const hold = { occurredAt: '2026-06-01T00:00:00Z', kind: 'held', items: ['KRVU3054380'], customsOfficePlaceId: 'uz-customs-almalyk' }
    const { eventId } = await state('uz-customs', `/v1/consignments/${subject}/customs-decisions`, hold)
    expect((await page('uz-customs', '/v1/todo')).items).toMatchObject([{ subject, task: 'decideHold', lifts: eventId, items: ['KRVU3054380'], heldItems: 1 }])
    const [row] = (await page('uz-customs', '/v1/consignments?limit=1&status=open')).items
    expect(row?.['standing']).toEqual([{ code: 'carriageNotAccepted', actionBy: ['uz-uty'], items: 91, sentence: expect.any(String) }])
  })

  it('tell what comes to a place, by means and time, from several notes at once', async () => {
    const [group, ...more] = (await page('az-port-alat', '/v1/expected?place=az-alat')).items
    expect(more).toEqual([])
    expect(group).toMatchObject({ modeCode: '1', carrier: 'caspian-line', items: 182, arrival: { kind: 'planned', at: '2026-06-07T06:00:00.000Z', by: 'uz-forwarder' } })
    const consignments = group?.['consignments'] as readonly { subject: string; items: readonly { id: string; holder: string; wrong: readonly object[] }[] }[]
    expect(consignments.map(({ subject, items }) => [subject, items[0]?.holder])).toEqual([[subjects[0], 'uz-uty'], [subjects[1], 'uz-forwarder']])
    expect(consignments.flatMap(({ items }) => items).filter(({ wrong }) => wrong.length > 0)).toMatchObject([{ id: 'KRVU3054380', wrong: [{ code: 'hold', by: 'uz-customs' }] }])
  })

  it.each([
    ['from=2026-06-07', 1],
    ['from=2026-06-07T06:00:00Z&to=2026-06-07T06:00:01Z', 1],
    ['to=2026-06-07T06:00:00Z', 0],
    ['from=2026-06-07T06:00:01Z', 0],
    ['means=BALKAN', 0],
  ])('tell of a place only what comes in the time and on the means asked for: %s', async (asked, groups) => {
    expect((await page('az-port-alat', `/v1/expected?place=az-alat&${asked}`)).items.length).toBe(groups)
  })

  it('show nobody what they may not see, and nothing that is not ahead', async () => {
    expect([await page('uz-customs', '/v1/expected?place=bg-burgas'), await page('uz-uty', '/v1/expected?place=uz-ahangaran')].map(({ items }) => items.length)).toEqual([1, 0])
    const stranger = 'az-port-alat'
    const alone = { ...(corridor.bodyOf('01-note') as { note: { mainCarriageTransportMovement: { handledBy?: unknown }[] } }) }
    const legs = alone.note.mainCarriageTransportMovement.map(({ handledBy: _terminals, ...leg }) => leg)
    const { subject } = await state('uz-forwarder', '/v1/consignment-notes', { ...alone, note: { ...alone.note, mainCarriageTransportMovement: legs } })
    expect(JSON.stringify(await page(stranger, '/v1/expected?place=az-alat'))).not.toContain(subject)
    expect(JSON.stringify(await page('uz-uty', '/v1/expected?place=az-alat'))).toContain(subject)
  })

  it('go from page to page, each consignment once, the one issued last first', async () => {
    const places = await every('az-port-alat', '/v1/expected?place=az-alat')
    expect(places.map(([group]) => (group?.['consignments'] as { subject: string }[]).map(({ subject }) => subject))).toEqual(subjects.map((subject) => [subject]))
    const tasks = await every('uz-forwarder', '/v1/todo')
    expect(tasks.length).toBeGreaterThan(1)
    expect(new Set(tasks.flat().map((row) => row['subject'])).size).toBe(tasks.length)
  })

  it.each([
    ['/v1/expected', 'BAD_PARAMETER', 'place'],
    ['/v1/expected?place=Alat', 'BAD_PARAMETER', 'place'],
    ['/v1/expected?place=az-alat&from=yesterday', 'BAD_PARAMETER', 'from'],
    ['/v1/expected?place=az-alat&from=2026-06-31', 'BAD_PARAMETER', 'from'],
    ['/v1/expected?place=az-alat&to=2026-06-01T25:00Z', 'BAD_PARAMETER', 'to'],
    ['/v1/expected?place=az-alat&to=2026-06-01T08:00', 'BAD_PARAMETER', 'to'],
    ['/v1/todo?awaiting=me', 'UNKNOWN_PARAMETER', undefined],
  ])('refuse %s', async (path, code, parameter) => {
    const { status, json } = await call(corridor, 'uz-uty', path)
    expect([status, json['code'], (json['facts'] as { parameter?: string } | undefined)?.parameter]).toEqual([400, code, parameter])
  })

  it('answer as the description says', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...openApi({ participant: 'uz-uty', url: 'http://127.0.0.1', oidcIssuer: 'http://127.0.0.1' }) })
    for (const [name, path] of [['TodoPage', '/v1/todo'], ['ExpectedPage', '/v1/expected?place=az-alat'], ['Consignment', `/v1/consignments/${subjects[1]}`], ['ConsignmentPage', '/v1/consignments']]) {
      const check = ajv.compile({ $ref: `https://karvan.example/openapi#/components/schemas/${name}` })
      const answer = await page('uz-customs', String(path))
      check(answer)
      expect([path, check.errors?.slice(0, 3) ?? []]).toEqual([path, []])
    }
  })
})
