import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { blockPath, requestHeader } from '#libs/exchange'
import { newNonce, openBlock, publicKeyOf, signRequest, verifyCheckpoint, type NodeRequest, type PrivateJwk } from '#libs/signature'
import { until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type HttpCorridor } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'ge-port-batumi']

describe('what anybody may ask a node', () => {
  let corridor: HttpCorridor
  const ask = (participant: string, path: string, headers: Readonly<Record<string, string>> = {}) => call(corridor, participant, path, { token: null, headers })
  const keysOf = (participant: string) => corridor.node(participant).open.runtime.parts.keys

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
  }, 60_000)
  afterAll(() => corridor.close())

  it('is live at once, and ready when the authority has admitted its key', async () => {
    expect((await ask('uz-uty', '/health/live')).json).toEqual({ live: true })
    const waiting = await until(async () => {
      const answer = await ask('uz-uty', '/health/ready')
      return answer.json['reason'] === 'KEY_NOT_ADMITTED' ? answer : undefined
    }, 5_000)
    expect([waiting.status, waiting.json]).toEqual([
      503,
      expect.objectContaining({ ready: false, isApplier: true, detail: expect.any(String), dependencies: { log: 'up', database: 'up' } }),
    ])
    await admitted(corridor, members)
    const { status, json } = await ask('uz-uty', '/health/ready')
    expect([status, json]).toEqual([
      200,
      {
        ready: true,
        isApplier: true,
        next: expect.any(Number),
        root: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
        dependencies: { log: 'up', database: 'up' },
      },
    ])
  }, 30_000)

  it('shows the key it signs with, and nothing private', async () => {
    const { keys } = (await ask('uz-uty', '/.well-known/jwks.json')).json as { keys: Record<string, string>[] }
    expect(keys).toEqual([{ ...keysOf('uz-uty').signatureJwk, kid: keysOf('uz-uty').signature().kid, alg: 'ES256', use: 'sig' }])
    expect(keys[0]).not.toHaveProperty('d')
  })

  it('signs a checkpoint at any size it has applied, equal at all nodes', async () => {
    await until(async () => new Set(await Promise.all(members.map(async (member) => (await ask(member, '/health/ready')).json['root']))).size === 1, 5_000)
    const heads = await Promise.all(
      members.map(async (member) => {
        const { checkpoint } = (await ask(member, '/v1/checkpoint?size=30')).json
        const verified = verifyCheckpoint(String(checkpoint), (kid) =>
          kid === keysOf(member).signature().kid ? publicKeyOf(keysOf(member).signatureJwk) : undefined,
        )
        return verified.ok ? verified.payload : verified.code
      }),
    )
    expect(heads).toEqual(heads.map(() => ({ corridor: corridor.id, epoch: 1, size: 30, root: (heads[0] as { root: string }).root })))
    expect((await ask('uz-uty', '/v1/checkpoint?size=999999')).status).toBe(404)
    expect((await ask('uz-uty', '/v1/checkpoint')).status).toBe(200)
  })

  it('waits with a checkpoint until it covers a record, so that what was decided elsewhere is shown by whoever is asked next', async () => {
    const sizeOf = async (member: string, answer: Awaited<ReturnType<typeof ask>>) => {
      const verified = verifyCheckpoint(String(answer.json['checkpoint']), () => publicKeyOf(keysOf(member).signatureJwk))
      return verified.ok ? verified.payload.size : verified.code
    }
    const { next } = (await ask('uz-uty', '/health/ready')).json as { next: number }
    expect(await sizeOf('uz-uty', await ask('uz-uty', `/v1/checkpoint?covers=${next - 1}`))).toBe(next)
    const tooSoon = await ask('uz-uty', `/v1/checkpoint?covers=${next}`, { prefer: 'wait=0' })
    expect([tooSoon.status, tooSoon.json['code']]).toEqual([404, 'NOT_FOUND'])
    const waiting = members.map((member) => ask(member, `/v1/checkpoint?covers=${next}`, { prefer: 'wait=20' }))
    const { json } = await post(corridor, 'uz-forwarder', '/v1/consignment-notes', corridor.bodyOf('01-note'), { prefer: 'wait=20' })
    expect(json['offset']).toBe(next)
    for (const [at, answer] of (await Promise.all(waiting)).entries()) expect(await sizeOf(members[at] ?? '', answer)).toBeGreaterThan(next)
    const read = await call(corridor, 'uz-uty', `/v1/consignments/${json['subject']}`)
    expect(read.status).toBe(200)
  }, 30_000)

  it('lets no more than some wait at a time from one address, and counts nobody who has gone away', async () => {
    const { next } = (await ask('uz-uty', '/health/ready')).json as { next: number }
    const path = `/v1/checkpoint?covers=${next + 1_000}`
    const many = (count: number, init: RequestInit) => Array.from({ length: count }, () => call(corridor, 'uz-uty', path, { token: null, ...init }))
    const leaving = new AbortController()
    const left = Promise.allSettled(many(100, { headers: { prefer: 'wait=30' }, signal: leaving.signal }))
    await until(async () => (await ask('uz-uty', path, { prefer: 'wait=0' })).status === 503, 5_000)
    leaving.abort()
    await left
    await until(async () => (await ask('uz-uty', path, { prefer: 'wait=0' })).status === 404, 5_000)
    const answers = await Promise.all(many(110, { headers: { prefer: 'wait=5' } }))
    const refused = answers.filter(({ status }) => status === 503)
    expect([refused.length, answers.filter(({ status }) => status === 404).length]).toEqual([10, 100])
    expect([refused[0]?.json['code'], refused[0]?.headers.get('retry-after')]).toEqual(['TOO_MANY_READERS', '30'])
    const again = await ask('uz-uty', path, { prefer: 'wait=0' })
    expect([again.status, again.json['code']]).toEqual([404, 'NOT_FOUND'])
  }, 30_000)

  it('shows the leaves below it', async () => {
    const [mine, theirs] = await Promise.all(
      ['uz-uty', 'ge-port-batumi'].map(async (member) => (await ask(member, '/v1/leaves?from=3&to=7')).json['leaves'] as string[]),
    )
    expect(mine).toHaveLength(4)
    expect(theirs).toEqual(mine)
    expect((await ask('uz-uty', '/v1/leaves?from=999990&to=999999')).json).toEqual({ leaves: [] })
  })

  describe('a block of particulars', () => {
    let path = ''
    let digest = ''
    const asking = (changes: Partial<NodeRequest> = {}, by = 'uz-uty') => {
      const request = {
        corridor: corridor.id,
        issuer: by,
        audience: 'uz-forwarder',
        method: 'GET',
        path,
        iat: Math.floor(Date.now() / 1_000),
        nonce: newNonce(randomBytes),
        ...changes,
      }
      return { [requestHeader]: signRequest(request, keysOf(by).signature()) }
    }

    beforeAll(async () => {
      const { json } = await post(corridor, 'uz-forwarder', '/v1/consignment-notes', corridor.bodyOf('01-note'))
      const detail = (await call(corridor, 'uz-forwarder', `/v1/consignments/${json['subject']}`)).json as {
        note: { particulars: { blocks: { name: string; digest: string; readers: string[] }[] } }
      }
      digest = detail.note.particulars.blocks.find(({ name, readers }) => name === 'commercial' && readers.includes('uz-uty'))?.digest ?? ''
      path = blockPath(String(json['subject']), digest)
    })

    it('is given to a node that asks in its own name and may read it, encrypted for it', async () => {
      const { status, text } = await ask('uz-forwarder', path, asking())
      const [key] = keysOf('uz-uty').encryption()
      const opened = await openBlock(text, digest, { kid: key?.kid ?? '', privateJwk: key?.privateJwk as unknown as PrivateJwk })
      expect([status, opened.ok]).toEqual([200, true])
    })

    it.each([
      ['who does not say who asks', () => ({})],
      ['who is no reader', () => asking({}, 'ge-port-batumi')],
      ['who speaks for another', () => asking({ issuer: 'uz-uty' }, 'ge-port-batumi')],
      ['who asked another node', () => asking({ audience: 'ge-port-batumi' })],
      ['who asked for another block', () => asking({ path: `${path}x` })],
      ['who asked yesterday', () => asking({ iat: Math.floor(Date.now() / 1_000) - 86_400 })],
      ['in another corridor', () => asking({ corridor: 'c'.repeat(43) })],
      ['with something else', () => ({ [requestHeader]: 'a.b.c' })],
    ])('is not given to one %s, with the answer of what is not there', async (_name, headers) => {
      const [answer, nowhere] = [
        await ask('uz-forwarder', path, headers()),
        await ask('uz-forwarder', blockPath('01970000-0000-7000-8000-000000000009', digest), asking()),
      ]
      expect([answer.status, answer.text]).toEqual([404, nowhere.text])
    })
  })

  it('says that its participant is suspended, rather than that its key is unknown', async () => {
    const data = { participant: 'ge-port-batumi', reason: [{ languageId: 'en', text: 'licence withdrawn' }] }
    await corridor.pen.state([{ type: 'ParticipantSuspended', about: data.participant, data }])
    const answer = await until(async () => {
      const { status, json } = await ask('ge-port-batumi', '/health/ready')
      return status === 503 ? json : undefined
    }, 5_000)
    expect(answer).toMatchObject({ ready: false, reason: 'PARTICIPANT_SUSPENDED', detail: expect.stringContaining('suspended ge-port-batumi') })
  })
})
