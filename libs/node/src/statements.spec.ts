import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { verifyReceipt } from '#libs/signature'
import { publicKeyOf } from '#libs/signature'
import { until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type Answer, type HttpCorridor } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'bg-customs', 'ge-port-batumi']
const notes = '/v1/consignment-notes'

describe('stating over HTTP', () => {
  let corridor: HttpCorridor
  let issued: Answer
  let subject = ''
  const on = (collection: string) => `/v1/consignments/${subject}/${collection}`
  const stated = (participant: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    post(corridor, participant, path, body, headers)

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
    await admitted(corridor, members)
    issued = await stated('uz-forwarder', notes, corridor.bodyOf('01-note'))
    subject = String(issued.json['subject'])
    for (const node of members) await until(async () => (await corridor.node(node).open.runtime.status()).next > Number(issued.json['offset']), 5_000)
  }, 60_000)
  afterAll(() => corridor.close())

  it('answers 201 with what the log decided, where it stands, and a receipt', async () => {
    expect(issued.status).toBe(201)
    expect(issued.json).toEqual({
      eventId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      subject: expect.stringMatching(/^[0-9a-f-]{36}$/),
      offset: expect.any(Number),
      receipt: expect.any(String),
    })
    expect(issued.headers.get('location')).toBe(`/v1/consignments/${subject}`)
    const { signatureJwk } = corridor.node('uz-forwarder').open.runtime.parts.keys
    const receipt = verifyReceipt(String(issued.json['receipt']), () => publicKeyOf(signatureJwk))
    expect(receipt).toMatchObject({
      ok: true,
      payload: { eventId: issued.json['eventId'], offset: issued.json['offset'], verdict: 'accepted', corridor: corridor.id },
    })
  })

  it('signs for the person whose token it was', async () => {
    const { text } = await call(corridor, 'uz-forwarder', `/v1/consignments/${subject}/events/${issued.json['eventId']}`)
    const payload = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as object
    expect(payload).toMatchObject({ issuer: 'uz-forwarder', actor: { pseudonym: 'person-of-uz-forwarder', assurance: 'low' }, type: 'NoteIssued' })
  })

  it('is done by every participant at its own node and in its own name', async () => {
    const agreed = await stated('uz-uty', on('carriage-agreements'), corridor.bodyOf('02-agreed-uty'))
    expect([agreed.status, agreed.headers.get('location')]).toEqual([201, on(`events/${agreed.json['eventId']}`)])
  })

  describe('what the log or a rule refuses', () => {
    it('is a conflict that names the rule, its sentence, the place in the body and the facts', async () => {
      const { status, json, headers } = await stated('uz-uty', on('handoff-offers'), { ...corridor.bodyOf('10-offer'), to: 'tm-tdy' })
      expect(headers.get('content-type')).toMatch('application/problem+json')
      expect([status, json]).toEqual([
        409,
        {
          type: 'https://karvan.example/problems/NOT_HOLDER',
          title: 'Refused by a rule',
          status: 409,
          code: 'NOT_HOLDER',
          detail: expect.stringContaining('uz-forwarder'),
          pointer: expect.stringMatching(/^\/items/),
          facts: expect.objectContaining({ holder: 'uz-forwarder' }),
          says: 'an item named is not in the hands of this participant',
          retryable: false,
        },
      ])
    })

    it('points into the body that was sent where the note keeps only digests', async () => {
      type Body = { readonly particulars: { readonly blocks: readonly { readonly readers: readonly string[] }[] } }
      const body = corridor.bodyOf('01-note') as Body
      const blocks = body.particulars.blocks.map((block, index) => (index === 1 ? { ...block, readers: [...block.readers, 'xx-nobody'] } : block))
      const { status, json } = await stated('uz-forwarder', notes, { ...body, particulars: { blocks } })
      expect([status, json['code'], json['pointer'], json['facts']]).toEqual([
        409,
        'UNKNOWN_REFERENCE',
        expect.stringMatching(/^\/particulars\/blocks\/1/),
        { participant: 'xx-nobody' },
      ])
    })

    it('is forbidden where a role may not state it', async () => {
      const { status, json } = await stated('uz-customs', on('handoff-offers'), corridor.bodyOf('10-offer'))
      expect([status, json['code']]).toEqual([403, 'ROLE'])
    })

    it('is not there where the participant is no party to the consignment, just like one that is unknown', async () => {
      const [stranger, unknown, noId] = await Promise.all([
        stated('ge-port-batumi', '/v1/consignments/01970000-0000-7000-8000-00000000ffff/movements', corridor.bodyOf('11-departed')),
        stated('uz-uty', '/v1/consignments/01970000-0000-7000-8000-00000000ffff/movements', corridor.bodyOf('11-departed')),
        stated('uz-uty', `/v1/consignments/${subject.toUpperCase()}/movements`, corridor.bodyOf('11-departed')),
      ])
      expect([stranger.status, unknown.status, noId.status]).toEqual([404, 404, 404])
      expect([unknown.text, noId.text]).toEqual([stranger.text, stranger.text])
    })
  })

  describe('the door', () => {
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`
    const unreadable: readonly (readonly [string, string | Buffer, string, string | undefined])[] = [
      ['nothing', '', 'UNREADABLE_JSON', undefined],
      ['half of a body', '{"note":', 'UNREADABLE_JSON', undefined],
      ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'BAD_UTF8', undefined],
      ['a byte order mark', '\ufeff{}', 'UNREADABLE_JSON', undefined],
      ['a member twice', '{"occurredAt":"a","occurredAt":"b"}', 'DUPLICATE_KEY', '/occurredAt'],
      ['a member twice, written in two ways', '{"note":{"x":1,"\\u0078":2}}', 'DUPLICATE_KEY', '/note/x'],
      ['too many levels', deep, 'TOO_DEEP', undefined],
      ['half of a surrogate pair', '{"note":"\\ud800"}', 'LONE_SURROGATE', '/note'],
      ['a name that touches prototypes', '{"note":{"__proto__":{}}}', 'FORBIDDEN_KEY', '/note/__proto__'],
      ['text in another normal form', '{"note":"e\\u0301"}', 'NOT_NFC', '/note'],
      ['a word in two scripts', '{"note":"Соpper"}', 'MIXED_SCRIPT', '/note'],
      ['a character nobody sees', '{"note":"KRVU\u202e"}', 'INVISIBLE_CHARACTER', '/note'],
      ['a NUL', '{"note":"\\u0000"}', 'NUL_CHARACTER', '/note'],
      ['a number that would be rounded', '{"note":9007199254740993}', 'UNSAFE_NUMBER', '/note'],
    ]
    it.each(unreadable)('does not read %s', async (_name, body, code, pointer) => {
      const { status, json } = await stated('uz-forwarder', notes, body)
      expect([status, json['code'], json['pointer'], json['retryable']]).toEqual([400, code, pointer, false])
    })

    it('tells everything that is wrong with a body at once, at most fifty, each with its place', async () => {
      const body = corridor.bodyOf('01-note') as {
        note: { grossMassKg: unknown; utilizedTransportEquipment: { grossMassKg: unknown }[] }
        occurredAt?: unknown
      }
      const wrong = {
        ...body,
        occurredAt: 'yesterday',
        surplus: 1,
        note: { ...body.note, grossMassKg: '1', utilizedTransportEquipment: body.note.utilizedTransportEquipment.map((box) => ({ ...box, grossMassKg: -1 })) },
      }
      const { status, json } = await stated('uz-forwarder', notes, wrong)
      const errors = json['errors'] as { pointer: string }[]
      expect([status, json['code'], errors.length]).toEqual([422, 'SCHEMA', 50])
      expect(json['detail']).toMatch(/^at least 50 things are wrong with it, first \/\S+: expected .+, found .+$/)
      expect(errors.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/surplus', '/note/utilizedTransportEquipment/0/grossMassKg']))
      expect(errors[0]).toEqual({ pointer: expect.any(String), expected: expect.any(String), found: expect.any(String), message: expect.any(String) })
    })

    it('says in words what a time looks like', async () => {
      const { json } = await stated('uz-forwarder', notes, { ...corridor.bodyOf('01-note'), occurredAt: 'yesterday' })
      expect(json['detail']).toBe(
        'one thing is wrong with it, first /occurredAt: expected an RFC 3339 time in UTC ending in Z, such as 2026-11-24T08:00:00Z, found "yesterday"',
      )
    })

    it.each([
      ['another media type', { 'content-type': 'text/plain' }, 415],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['JSON in another alphabet', { 'content-type': 'application/json; charset=utf-16' }, 415],
      ['a compressed body', { 'content-encoding': 'gzip' }, 415],
      ['a body said to be as it is', { 'content-encoding': 'identity' }, 415],
    ])('does not take %s', async (_name, headers, status) => {
      const answer = await stated('uz-forwarder', notes, '{}', headers)
      expect([answer.status, answer.json['code'], answer.headers.get('content-type')]).toEqual([
        status,
        'MEDIA_TYPE',
        'application/problem+json; charset=utf-8',
      ])
    })

    it('does not take more than 512 KiB', async () => {
      const answer = await stated('uz-forwarder', notes, `{"note":"${'x'.repeat(512 * 1024)}"}`)
      expect([answer.status, answer.json['code']]).toEqual([413, 'TOO_LARGE'])
    })

    it.each([
      ['empty', ''],
      ['too long', 'k'.repeat(129)],
      ['with a space', 'a b'],
      ['not ASCII', 'ключ'.replace(/./gu, 'é')],
    ])('does not take an idempotency key that is %s', async (_name, key) => {
      const answer = await stated('uz-forwarder', notes, corridor.bodyOf('01-note'), { 'idempotency-key': key })
      expect([answer.status, answer.json['code']]).toEqual([400, 'BAD_HEADER'])
    })

    it('asks for a token, for this node, with the scope to state', async () => {
      const tokens = [null, 'nonsense', await corridor.identity.token('uz-uty'), await corridor.identity.token('uz-forwarder', { claims: { scope: 'read' } })]
      const answers = await Promise.all(
        tokens.map((token) => call(corridor, 'uz-forwarder', notes, { method: 'POST', token, body: '{}', headers: { 'content-type': 'application/json' } })),
      )
      expect(answers.map(({ status, json }) => [status, json['code']])).toEqual([
        [401, 'TOKEN_MISSING'],
        [401, 'TOKEN_INVALID'],
        [401, 'TOKEN_INVALID'],
        [403, 'SCOPE'],
      ])
      expect(answers.map(({ headers }) => headers.get('www-authenticate'))).toEqual([
        'Bearer realm="karvan"',
        'Bearer realm="karvan", error="invalid_token"',
        'Bearer realm="karvan", error="invalid_token"',
        'Bearer realm="karvan", error="insufficient_scope", scope="state"',
      ])
    })

    it('gives every one of many bodies at once its own right answer', async () => {
      const good = corridor.bodyOf('11-departed')
      const bodies = [...Array(200).keys()].map((number) => (number % 2 === 0 ? { ...good, [`surplus${number}`]: 1 } : { ...good, items: [] }))
      const answers = await Promise.all(bodies.map((body) => stated('uz-uty', on('movements'), body)))
      const told = answers.map(({ status, json }, number) => [
        number,
        status,
        (json['errors'] as { pointer: string }[] | undefined)?.some(({ pointer }) => pointer === (number % 2 === 0 ? `/surplus${number}` : '/items')),
      ])
      expect(told).toEqual(bodies.map((_body, number) => [number, 422, true]))
    })
  })

  describe('an idempotency key', () => {
    it('makes one statement, however often it comes, and answers with what became of it', async () => {
      const send = () => stated('uz-forwarder', notes, corridor.bodyOf('01-note'), { 'idempotency-key': 'one-note' })
      const [first, ...more] = await Promise.all([send(), send(), send()])
      expect(first?.status).toBe(201)
      expect(more.map(({ status, json }) => [status, json])).toEqual(
        more
          .map(() => [201, first?.json])
          .map(([status, json]) => [
            status,
            expect.objectContaining({ eventId: (json as Answer['json'])['eventId'], subject: (json as Answer['json'])['subject'] }),
          ]),
      )
    })

    it('covers the very bytes and the address', async () => {
      const text = JSON.stringify(corridor.bodyOf('01-note'))
      expect((await stated('uz-forwarder', notes, text, { 'idempotency-key': 'bytes' })).status).toBe(201)
      const [spaced, elsewhere] = [
        await stated('uz-forwarder', notes, `${text} `, { 'idempotency-key': 'bytes' }),
        await stated('uz-forwarder', on('handoff-offers'), corridor.bodyOf('10-offer'), { 'idempotency-key': 'bytes' }),
      ]
      expect([spaced.status, spaced.json['code'], elsewhere.status, elsewhere.json['code']]).toEqual([409, 'IDEMPOTENCY_CONFLICT', 409, 'IDEMPOTENCY_CONFLICT'])
    })

    it('remembers nothing of what was refused before it was signed', async () => {
      const refused = await stated('uz-uty', on('handoff-offers'), { ...corridor.bodyOf('10-offer'), to: 'tm-tdy' }, { 'idempotency-key': 'refused' })
      const other = await stated('uz-uty', on('movements'), { ...corridor.bodyOf('11-departed'), items: 'all' }, { 'idempotency-key': 'refused' })
      expect([refused.status, other.status]).toEqual([409, 201])
    })
  })

  it('waits no longer than is preferred, and tells what becomes of the statement', async () => {
    corridor.events.cut()
    const answer = await stated('uz-forwarder', notes, corridor.bodyOf('01-note'), { prefer: 'respond-async, wait=0' })
    expect([answer.status, Object.keys(answer.json), answer.headers.get('location')]).toEqual([
      202,
      ['eventId', 'subject'],
      `/v1/submissions/${answer.json['eventId']}`,
    ])
    const waiting = await call(corridor, 'uz-forwarder', String(answer.headers.get('location')))
    expect(waiting.json).toMatchObject({ eventId: answer.json['eventId'], subject: answer.json['subject'], type: 'NoteIssued' })
    const refusedMeanwhile = await stated('uz-uty', on('handoff-offers'), { ...corridor.bodyOf('10-offer'), to: 'tm-tdy' }, { prefer: 'wait=0' })
    expect([refusedMeanwhile.status, refusedMeanwhile.json['code'], refusedMeanwhile.headers.get('retry-after')]).toEqual([503, 'CATCHING_UP', '2'])
    corridor.events.restore()
    const decided = await until(async () => {
      const { json } = await call(corridor, 'uz-forwarder', `/v1/submissions/${answer.json['eventId']}`)
      return json['state'] === 'decided' ? json : undefined
    }, 10_000)
    expect(decided).toMatchObject({ verdict: 'accepted', offset: expect.any(Number) })
  }, 20_000)

  it('has nothing to hide in its log: no stack was written for any of this', () => {
    expect(members.flatMap((member) => corridor.node(member).lines.filter((line) => line.includes('INTERNAL')))).toEqual([])
  })
})
