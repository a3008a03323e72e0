import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type Answer, type HttpCorridor } from './http-corridor.fixture.js'
import { openApi } from './openapi.js'
import type { ViewName } from './openapi-views.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs', 'ge-customs']
const twoBoxes = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'two-boxes.json'), 'utf8')) as object
const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString()

describe('links to a consignment', () => {
  let corridor: HttpCorridor
  let subject = ''
  const path = (rest = '') => `/v1/consignments/${subject}/links${rest}`
  const made = async (participant = 'uz-forwarder', body: object = { expiresAt: inDays(7), label: 'Burgas smelter' }) => post(corridor, participant, path(), body)
  const opened = async (url: unknown, accept = 'application/json', participant = 'uz-forwarder'): Promise<Answer> =>
    call(corridor, participant, new URL(String(url)).pathname, { token: null, headers: { accept } })
  const listed = async () => (await call(corridor, 'uz-forwarder', path())).json as unknown as { readonly items: readonly Readonly<Record<string, unknown>>[] }
  const fits = (name: ViewName, value: unknown) => {
    const ajv = new Ajv2020({ strict: false })
    ajv.addSchema({ $id: 'https://karvan.example/openapi', ...openApi({ participant: 'x', url: 'http://node', oidcIssuer: 'http://issuer' }) })
    const check = ajv.compile({ $ref: `https://karvan.example/openapi#/components/schemas/${name}`, unevaluatedProperties: false })
    check(value)
    expect(check.errors).toBeNull()
  }

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
    await admitted(corridor, members)
    const issued = await post(corridor, 'uz-forwarder', '/v1/consignment-notes', twoBoxes, { prefer: 'wait=30' })
    subject = String(issued.json['subject'])
    const offer = {
      occurredAt: '2026-11-24T09:00:00Z', to: 'uz-uty', into: { kind: 'leg', legId: 'l1' }, items: 'all', placeId: 'uz-ahangaran', presentedAt: '2026-11-24T09:00:00Z', liabilityPasses: true,
    }
    const offered = await post(corridor, 'uz-forwarder', `/v1/consignments/${subject}/handoff-offers`, offer, { prefer: 'wait=30' })
    expect(offered.status).toBe(201)
    for (const member of members) await until(async () => (await corridor.node(member).open.runtime.exchange.asking.next()) > Number(offered.json['offset']), 5_000)
  }, 60_000)
  afterAll(() => corridor.close())

  it('open without an account: where each box is, why it stands, who must act, and nothing else', async () => {
    const link = await made()
    expect(link.status).toBe(201)
    fits('LinkMade', link.json)
    expect(link.headers.get('location')).toBe(path(`/${link.json['linkId']}`))
    const { status, json, headers } = await opened(link.json['url'])
    expect(status).toBe(200)
    expect([headers.get('cache-control'), headers.get('referrer-policy'), headers.get('x-robots-tag')]).toEqual(['no-store', 'no-referrer', 'noindex, nofollow'])
    fits('LinkedConsignment', json)
    const railway = { id: 'uz-uty', name: expect.stringContaining('Uzbek') }
    expect(json).toMatchObject({
      consignment: subject,
      status: 'open',
      from: { id: 'uz-ahangaran' },
      items: [{ id: 'KRVU3054204', place: { id: 'uz-ahangaran', name: 'Ahangaran' }, holder: { id: 'uz-forwarder', name: 'Karvon Demo Forwarding, Tashkent' }, heldBy: [] }, { id: 'KRVU3054225' }],
      standing: [{ code: 'offered', sentence: '2 containers at Ahangaran wait for Uzbekistan Railways (UTY) to take them over from Karvon Demo Forwarding (Tashkent)', actionBy: [railway], items: ['KRVU3054204', 'KRVU3054225'], since: '2026-11-24T09:00:00Z' }],
      expiresAt: link.json['expiresAt'],
    })
  })

  it('show a page by itself, that loads, runs and frames nothing', async () => {
    const { json } = await made('uz-uty', { expiresAt: inDays(1) })
    const { text, headers, status } = await opened(json['url'], 'text/html,application/xhtml+xml,*/*;q=0.8', 'uz-uty')
    expect([status, headers.get('content-type'), headers.get('referrer-policy'), headers.get('x-robots-tag'), headers.get('cache-control')])
      .toEqual([200, 'text/html; charset=utf-8', 'no-referrer', 'noindex, nofollow', 'no-store'])
    const style = /<style>([^]*?)<\/style>/.exec(text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`)
    expect(text).not.toMatch(/<script|<link|<img|<form|<a |src=|href=|style=|https?:|@import|url\(/i)
    expect(text).toContain('<td>KRVU3054204<td>Ahangaran')
    expect(text.replace(/<style>[^]*<\/style>/, '')).not.toMatch(/\b(uz-|leg l?\d|contract|node|offer)/i)
    expect(text).toMatch(/To act: [^<]*Uzbek/)
    expect(text).toContain('noindex')
  })

  it('tell nothing of particulars, seals, references or other consignments, whoever made them', async () => {
    const [json, page] = await Promise.all([opened((await made()).json['url']), opened((await made()).json['url'], 'text/html')])
    const id = String(json.json['consignment']) // by chance, so it may end like the name of a contract
    for (const { text } of [json, page]) {
      expect(text).toContain(id)
      expect(text.replaceAll(id, '')).not.toMatch(/copper|26030000|24000|digest|c1\b|SMGS|carrierAssigned/i)
    }
    expect(Object.keys(json.json).sort()).toEqual(['consignment', 'expiresAt', 'from', 'items', 'shownAt', 'standing', 'status', 'to'])
  })

  it('are listed with who made them and how often they were used, without what opens them', async () => {
    const link = await made('uz-forwarder', { expiresAt: inDays(2), label: 'counted' })
    for (let use = 0; use < 3; use++) await opened(link.json['url'])
    const list = await listed()
    fits('LinkList', list)
    const row = list.items.find(({ linkId }) => linkId === link.json['linkId'])
    expect(row).toMatchObject({ label: 'counted', state: 'open', madeBy: 'person-of-uz-forwarder', uses: 3, lastUsedAt: expect.any(String) })
    const secret = String(link.json['url']).split('/').at(-1) ?? ''
    expect(Buffer.from(secret, 'base64url').length).toBe(32)
    expect(JSON.stringify(list)).not.toContain(secret)
    const kept = JSON.stringify([...corridor.node('uz-forwarder').database.links])
    expect(kept).not.toContain(secret)
    expect(kept).toContain(createHash('sha256').update(secret).digest('base64url'))
  })

  it('are the same 404 whether wrong, expired, revoked or of another node', async () => {
    const [short, revoked, other] = await Promise.all([made('uz-forwarder', { expiresAt: new Date(Date.now() + 3_000).toISOString() }), made(), made('uz-uty')])
    expect((await opened(revoked.json['url'])).status).toBe(200)
    expect((await call(corridor, 'uz-forwarder', path(`/${revoked.json['linkId']}`), { method: 'DELETE' })).status).toBe(204)
    await until(() => Date.parse(String(short.json['expiresAt'])) < Date.now(), 10_000)
    const urls = [`http://x/links/${'A'.repeat(43)}`, 'http://x/links/x', short.json['url'], revoked.json['url'], other.json['url'], `${String(revoked.json['url'])}A`]
    for (const accept of ['application/json', 'text/html']) {
      const answers = await Promise.all(urls.map((url) => opened(url, accept)))
      expect(answers.map(({ status }) => status)).toEqual(urls.map(() => 404))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(new Set(answers.map(({ headers }) => JSON.stringify([...headers].filter(([name]) => !['date', 'keep-alive'].includes(name))))).size).toBe(1)
    }
    const states = (await listed()).items
    expect(states.find(({ linkId }) => linkId === short.json['linkId'])).toMatchObject({ state: 'expired', uses: 0 })
    expect(states.find(({ linkId }) => linkId === revoked.json['linkId'])).toMatchObject({ state: 'revoked', revokedBy: 'person-of-uz-forwarder', uses: 1 })
    expect((await call(corridor, 'uz-forwarder', path('/nothing'), { method: 'DELETE' })).status).toBe(404)
  })

  it('are made and taken back only by parties who may state, and seen by nobody else', async () => {
    const reader = await corridor.identity.token('uz-forwarder', { claims: { scope: 'read' } })
    const body = JSON.stringify({ expiresAt: inDays(1) })
    const asked = (participant: string, token?: string | null) =>
      call(corridor, participant, path(), { method: 'POST', body, headers: { 'content-type': 'application/json' }, ...(token !== undefined && { token }) })
    const answers = await Promise.all([asked('uz-forwarder', null), asked('uz-forwarder', reader), asked('uz-customs'), asked('ge-customs')])
    expect(answers.map(({ status, json }) => [status, json['code']])).toEqual([[401, 'TOKEN_MISSING'], [403, 'SCOPE'], [403, 'NOT_A_PARTY'], [404, 'NOT_FOUND']])
    const [link] = (await listed()).items
    expect((await call(corridor, 'uz-forwarder', path(`/${link?.['linkId']}`), { method: 'DELETE', token: reader })).status).toBe(403)
    expect((await call(corridor, 'ge-customs', path())).status).toBe(404)
    expect((await call(corridor, 'uz-forwarder', path(), { token: reader })).status).toBe(200)
  })

  it.each<[string, unknown, readonly string[]]>([
    ['no end', {}, ['/expiresAt']],
    ['an end that is past', { expiresAt: '2026-01-01T00:00:00Z' }, ['/expiresAt']],
    ['an end too far away', { expiresAt: inDays(367) }, ['/expiresAt']],
    ['an end in no known time', { expiresAt: inDays(1).replace('Z', '+04:00') }, ['/expiresAt']],
    ['a label of two lines, and what there is not', { expiresAt: inDays(1), label: 'a\nb', for: 'x' }, ['/label', '/for']],
    ['a list', [], ['']],
  ])('are not made with %s', async (_, body, pointers) => {
    const answer = await post(corridor, 'uz-forwarder', path(), body)
    expect([answer.status, answer.json['code'], (answer.json['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)]).toEqual([422, 'SCHEMA', pointers])
  })

  it('are opened sixty times a minute from one address, not more', async () => {
    const { json } = await made('uz-uty', { expiresAt: inDays(1) })
    const answers: number[] = []
    for (let use = 0; use < 61; use++) answers.push((await opened(json['url'], 'application/json', 'uz-uty')).status)
    expect(answers.at(-1)).toBe(429)
    expect(answers.slice(0, 50).every((status) => status === 200)).toBe(true)
    expect((await call(corridor, 'uz-uty', path())).status).toBe(200)
  })
})
