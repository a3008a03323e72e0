import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApi } from './openapi.js'
import { operations } from './operations.js'
import type { ViewName } from './openapi-views.js'
import { admitted, call, openHttpCorridor, post, type Answer, type HttpCorridor } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'ge-port-batumi']

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  readonly next?: string
}

describe('reading over HTTP', () => {
  let corridor: HttpCorridor
  let subject = ''
  const events = new Map<string, string>()
  const read = async (participant: string, path: string) => (await call(corridor, participant, path)).json
  const page = async (participant: string, path: string) => (await read(participant, path)) as unknown as Page

  /** Plays steps of the copper train at the nodes that are here. */
  const play = async (...steps: readonly string[]) => {
    for (const name of steps) {
      const { by, statement } = corridor.story.steps.find((step) => step.name === name) ?? { by: '', statement: '' }
      const collections: Readonly<Record<string, string>> = {
        NoteIssued: '/v1/consignment-notes',
        LoadingReported: `/v1/consignments/${subject}/loadings`,
        HandoffOffered: `/v1/consignments/${subject}/handoff-offers`,
        HandoffAnswered: `/v1/consignments/${subject}/handoff-answers`,
        CustomsDecisionIssued: `/v1/consignments/${subject}/customs-decisions`,
      }
      const answer = await post(corridor, by, collections[statement] ?? '', corridor.bodyOf(name, events), { 'idempotency-key': name, prefer: 'wait=30' })
      if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${answer.text}`)
      events.set(name, String(answer.json['eventId']))
      if (subject === '') subject = String(answer.json['subject'])
      for (const member of members) await until(async () => (await corridor.node(member).open.runtime.status()).next > Number(answer.json['offset']), 5_000)
    }
  }

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
    await admitted(corridor, members)
    await play('01-note', '09-loaded', '10-offer')
  }, 60_000)
  afterAll(() => corridor.close())

  it('shows where the goods are, who has them, and what waits for whom', async () => {
    const detail = await read('uz-uty', `/v1/consignments/${subject}`)
    expect(detail).toMatchObject({
      subject,
      status: 'open',
      issuer: 'uz-forwarder',
      waiting: [{ statement: 'HandoffAnswered', by: 'uz-uty', answers: events.get('10-offer'), items: 91 }],
    })
    expect((detail['items'] as unknown[]).length).toBe(91)
    expect((detail['items'] as object[])[0]).toMatchObject({
      holder: 'uz-forwarder',
      stage: 0,
      seals: [expect.objectContaining({ id: expect.any(String) })],
      offer: events.get('10-offer'),
    })
    expect((detail['legs'] as object[])[0]).toMatchObject({ legId: 'l1', carrier: 'uz-uty', contractId: 'c1', itemsBefore: 91, itemsOn: 0 })
  })

  it('is the same answer for what is unknown and what is not for this participant', async () => {
    const paths = (id: string) => ['', '/events', `/events/${events.get('01-note')}`, '/particulars'].map((rest) => `/v1/consignments/${id}${rest}`)
    const stranger = await post(corridor, 'uz-uty', '/v1/consignment-notes', corridor.bodyOf('01-note'))
    expect(stranger.status).toBe(201)
    const [unknown, noId] = await Promise.all(
      ['01970000-0000-7000-8000-000000000009', 'not-an-id'].map((id) => Promise.all(paths(id).map((path) => call(corridor, 'uz-uty', path)))),
    )
    const foreignEvent = await call(corridor, 'uz-uty', `/v1/consignments/${stranger.json['subject']}/events/${events.get('01-note')}`)
    const answers: readonly Answer[] = [...(unknown ?? []), ...(noId ?? []), foreignEvent]
    expect(answers.map(({ status, json }) => [status, json['code']])).toEqual(answers.map(() => [404, 'NOT_FOUND']))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  it('shows what was stated, in the order of the log and by pages', async () => {
    const first = await page('uz-uty', `/v1/consignments/${subject}/events?limit=2`)
    expect(first.items.map(({ type, verdict, issuer }) => [type, verdict, issuer])).toEqual([
      ['NoteIssued', 'accepted', 'uz-forwarder'],
      ['LoadingReported', 'accepted', 'uz-forwarder'],
    ])
    const second = await page('uz-uty', `/v1/consignments/${subject}/events?limit=2&after=${first.next}`)
    expect(second).toEqual({
      items: [expect.objectContaining({ type: 'HandoffOffered', eventId: events.get('10-offer'), appendTime: expect.stringMatching(/Z$/) })],
    })
    expect(second.items[0]?.['data']).toMatchObject({ to: 'uz-uty', into: { kind: 'leg', legId: 'l1' }, presentedAt: expect.any(String) })
    expect(second.items[0]?.['effects']).toEqual(expect.arrayContaining([expect.objectContaining({ effect: 'offer', to: 'uz-uty' })]))
  })

  it('gives a statement byte for byte as every node has it', async () => {
    const [here, there] = await Promise.all(
      ['uz-forwarder', 'uz-customs'].map((member) => call(corridor, member, `/v1/consignments/${subject}/events/${events.get('01-note')}`)),
    )
    expect(here?.headers.get('content-type')).toBe('application/jose')
    expect(here?.text).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
    expect(there?.text).toBe(here?.text)
  })

  it('gives particulars to their readers only', async () => {
    const blocks = async (member: string) => (await read(member, `/v1/consignments/${subject}/particulars`))['blocks'] as { name: string; content?: object }[]
    const own = await blocks('uz-forwarder')
    await until(async () => (await blocks('uz-uty')).some(({ content }) => content !== undefined), 5_000)
    const railway = await blocks('uz-uty')
    expect(own.every(({ content }) => content !== undefined && !('salt' in content))).toBe(true)
    expect(railway.length).toBeLessThan(own.length)
    expect(railway.map(({ name }) => name)).toContain('goods')
  })

  it('shows open offers to whom they wait for', async () => {
    const offers = (await page('uz-uty', '/v1/handoffs?awaiting=me')).items
    expect(offers).toEqual([expect.objectContaining({ subject, offer: events.get('10-offer'), from: 'uz-forwarder', to: 'uz-uty', heldItems: 0 })])
    expect(await page('uz-forwarder', '/v1/handoffs')).toEqual({ items: [] })
  })

  it.each([
    ['equipment', 'KRVU1000177'],
    ['holder', 'uz-forwarder'],
    ['country', 'GE'],
    ['mode', '1'],
    ['status', 'open'],
    ['dangerous', 'false'],
    ['reference', 'KDF-DEMO-0091'],
  ])('finds consignments by %s', async (name, value) => {
    const known =
      name === 'equipment' ? String(await read('uz-uty', `/v1/consignments/${subject}`).then((detail) => (detail['items'] as { id: string }[])[16]?.id)) : value
    const found = await page('uz-customs', `/v1/consignments?${name}=${known}`)
    expect(found.items.map((one) => one['subject'])).toContain(subject)
  })

  it('finds nothing by what is not so, and only what has all terms', async () => {
    expect(await page('uz-uty', '/v1/consignments?seal=NO-SUCH-SEAL')).toEqual({ items: [] })
    expect(await page('uz-uty', '/v1/consignments?country=GE&status=delivered')).toEqual({ items: [] })
  })

  it('goes from page to page, each consignment once, the one issued last first', async () => {
    const all: unknown[] = []
    let next: string | undefined
    do {
      const one = await page('uz-customs', `/v1/consignments?limit=1${next === undefined ? '' : `&after=${next}`}`)
      all.push(...one.items.map(({ subject: id }) => id))
      next = one.next
    } while (next !== undefined)
    expect(all.length).toBeGreaterThanOrEqual(2)
    expect(new Set(all).size).toBe(all.length)
    const issued = await Promise.all(all.map((id) => read('uz-customs', `/v1/consignments/${String(id)}`).then(({ opened }) => Number((opened as { offset: number }).offset))))
    expect(issued).toEqual([...issued].sort((a, b) => b - a))
  })

  it.each([
    ['/v1/consignments?colour=red', 'UNKNOWN_PARAMETER'],
    ['/v1/consignments?__proto__=1', 'UNKNOWN_PARAMETER'],
    ['/v1/consignments?holder=', 'BAD_PARAMETER'],
    ['/v1/consignments?country=ge', 'BAD_PARAMETER'],
    ['/v1/consignments?holder=uz-uty&holder=uz-uty', 'BAD_PARAMETER'],
    ['/v1/consignments?limit=0', 'BAD_PARAMETER'],
    ['/v1/consignments?limit=101', 'BAD_PARAMETER'],
    ['/v1/consignments?limit=1e1', 'BAD_PARAMETER'],
    ['/v1/consignments?after=abc', 'BAD_PARAMETER'],
    ['/v1/consignments?after=YmVmb3JlIDAx', 'BAD_PARAMETER'],
    ['/v1/consignments?awaiting=me', 'UNKNOWN_PARAMETER'],
    ['/v1/handoffs?awaiting=uz-uty', 'BAD_PARAMETER'],
    ['/v1/consignments/01970000-0000-7000-8000-000000000009/events?after=-1', 'BAD_PARAMETER'],
    ['/v1/participants?limit=1', 'UNKNOWN_PARAMETER'],
    ['/v1/leaves?from=0&to=2000', 'BAD_PARAMETER'],
    ['/v1/leaves?from=0', 'BAD_PARAMETER'],
    ['/v1/leaves?from=2&to=2', 'BAD_PARAMETER'],
    ['/v1/checkpoint?size=01', 'BAD_PARAMETER'],
    ['/v1/checkpoint?covers=-1', 'BAD_PARAMETER'],
    ['/v1/checkpoint?size=1&covers=0', 'BAD_PARAMETER'],
  ])('refuses %s', async (path, code) => {
    const answer = await call(corridor, 'uz-uty', path)
    expect([answer.status, answer.json['code'], answer.headers.get('content-type')]).toEqual([400, code, 'application/problem+json; charset=utf-8'])
  })

  it('shows the register: participants with their keys, and places', async () => {
    const participants = (await page('uz-uty', '/v1/participants')).items
    const railway = participants.find(({ participant }) => participant === 'uz-uty')
    expect(railway).toMatchObject({ roles: ['rail'], country: 'UZ', url: corridor.node('uz-uty').url })
    expect((railway?.['keys'] as { use: string }[]).map(({ use }) => use).sort()).toEqual(['encryption', 'signature'])
    expect((await page('uz-uty', '/v1/places')).items.find(({ placeId }) => placeId === 'bg-burgas')).toMatchObject({ customsTerritory: 'BG' })
  })

  it('answers as the description says', async () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...openApi({ participant: 'uz-uty', url: 'http://127.0.0.1', oidcIssuer: 'http://127.0.0.1' }) })
    const answers: readonly (readonly [ViewName, string])[] = [
      ['ConsignmentPage', '/v1/consignments'],
      ['Consignment', `/v1/consignments/${subject}`],
      ['EntryPage', `/v1/consignments/${subject}/events`],
      ['ParticularsView', `/v1/consignments/${subject}/particulars`],
      ['HandoffPage', '/v1/handoffs'],
      ['ParticipantList', '/v1/participants'],
      ['PlaceList', '/v1/places'],
      ['Live', '/health/live'],
      ['Health', '/health/ready'],
      ['SignedCheckpoint', '/v1/checkpoint'],
      ['Leaves', '/v1/leaves?from=0&to=9'],
      ['KeySet', '/.well-known/jwks.json'],
      ['Problem', '/v1/consignments/x'],
      ['Problem', '/v1/consignments?x=1'],
    ]
    for (const [name, path] of answers) {
      const check = ajv.compile({ $ref: `https://karvan.example/openapi#/components/schemas/${name}` })
      check(await read('uz-uty', path))
      expect([path, check.errors?.slice(0, 3) ?? []]).toEqual([path, []])
    }
  })

  it("shows what became of own statements, and of nobody else's", async () => {
    expect(await read('uz-forwarder', `/v1/submissions/${events.get('10-offer')}`)).toMatchObject({
      state: 'decided',
      verdict: 'accepted',
      type: 'HandoffOffered',
      subject,
      receipt: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
    expect((await call(corridor, 'uz-uty', `/v1/submissions/${events.get('10-offer')}`)).status).toBe(404)
  })

  it('tells which addresses and methods there are', async () => {
    const [nowhere, wrongMethod, malformed] = [
      await call(corridor, 'uz-uty', '/v1/nowhere'),
      await call(corridor, 'uz-uty', '/v1/consignments', { method: 'DELETE' }),
      await call(corridor, 'uz-uty', '/%zz'),
    ]
    expect([
      nowhere.status,
      nowhere.json['code'],
      wrongMethod.status,
      wrongMethod.json['code'],
      wrongMethod.headers.get('allow'),
      malformed.status,
      malformed.json['code'],
    ]).toEqual([404, 'NOT_FOUND', 405, 'METHOD_NOT_ALLOWED', 'GET, HEAD', 400, 'BAD_REQUEST'])
  })

  it.each(operations.filter(({ path }) => path.includes('{')).map(({ method, path }) => [method, path] as const))('says that nothing is there by a name however long: %s %s', async (method, path) => {
    const body = method === 'POST' ? JSON.stringify({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() }) : undefined
    const asked = (length: number) => {
      const init = { method, ...(body !== undefined && { body }), headers: { 'content-type': 'application/json', 'idempotency-key': `long-${length}` } }
      return call(corridor, 'uz-uty', path.replaceAll(/\{\w+\}/g, 'x'.repeat(length)), init)
    }
    const [short, long, longest] = [await asked(60), await asked(101), await asked(6_000)]
    expect([short.status, short.json['code']]).toEqual([404, 'NOT_FOUND'])
    expect([long, longest].map(({ status, text }) => [status, text])).toEqual([[short.status, short.text], [short.status, short.text]])
  })

  it('asks for a token with the scope to read', async () => {
    const token = await corridor.identity.token('uz-uty', { claims: { scope: 'state' } })
    const answers = [await call(corridor, 'uz-uty', '/v1/consignments', { token: null }), await call(corridor, 'uz-uty', '/v1/consignments', { token })]
    expect(answers.map(({ status, json }) => [status, json['code']])).toEqual([
      [401, 'TOKEN_MISSING'],
      [403, 'SCOPE'],
    ])
  })

  it('does not say that something is not there while it has not applied all of the log', async () => {
    corridor.events.cut()
    const answer = await call(corridor, 'uz-uty', '/v1/consignments/01970000-0000-7000-8000-000000000009')
    const known = await call(corridor, 'uz-uty', `/v1/consignments/${subject}`)
    corridor.events.restore()
    expect([answer.status, answer.json['code'], answer.json['retryable'], answer.headers.get('retry-after'), known.status]).toEqual([
      503,
      'CATCHING_UP',
      true,
      '2',
      200,
    ])
  })
})
