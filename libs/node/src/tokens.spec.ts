import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, generateKeyPair } from 'jose'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issuer, openIdentity, type Identity, type TokenChanges } from './identity.fixture.js'
import { KnownCallers, knownForMs } from './known-callers.js'
import { issuerKeys, openTokenReader, type ReadToken } from './tokens.js'

const now = Math.floor(Date.now() / 1_000)

async function codeFrom(read: ReadToken, authorization: string | undefined): Promise<string> {
  return read(authorization, 'uz-uty').then(
    () => 'let in',
    (error: { problem?: { code: string } }) => error.problem?.code ?? String(error),
  )
}

describe('an access token', () => {
  let identity: Identity
  let read: ReadToken
  beforeAll(async () => {
    identity = await openIdentity()
    read = openTokenReader(issuer, createLocalJWKSet(identity.jwks))
  })

  it('names the person and what they may do', async () => {
    const token = await identity.token('uz-uty', { claims: { sub: 'p-17', scope: 'read', acr: 'http://eidas.europa.eu/LoA/substantial' } })
    const expiresAt = Number((JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number }).exp) * 1_000
    expect(await read(`Bearer ${token}`, 'uz-uty')).toEqual({ actor: { pseudonym: 'p-17', assurance: 'substantial' }, scopes: ['read'], expiresAt })
  })

  it('names a person whose subject is no plain text by its hash', async () => {
    const { actor } = await read(`Bearer ${await identity.token('uz-uty', { claims: { sub: 'auth0|Дильноза' } })}`, 'uz-uty')
    expect(actor).toEqual({ pseudonym: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/), assurance: 'low' })
  })

  const wrong: readonly (readonly [string, TokenChanges])[] = [
    ['for another node', { claims: { aud: 'karvan:tm-tdy' } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['of another issuer', { claims: { iss: 'https://other.example' } }],
    ['that has expired', { claims: { exp: now - 6 } }],
    ['that is not valid yet', { claims: { nbf: now + 60 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['without a person', { claims: { sub: undefined } }],
    ['without a client', { claims: { client_id: undefined } }],
    ['that is an identity token', { header: { typ: 'JWT' } }],
    ['without a type', { header: { typ: undefined } }],
    ['under a key id the issuer does not have', { header: { kid: 'k2' } }],
  ]
  it.each(wrong)('%s lets nobody in', async (_name, changes) => {
    expect(await codeFrom(read, `Bearer ${await identity.token('uz-uty', changes)}`)).toBe('TOKEN_INVALID')
  })

  it('signed by somebody else or not at all lets nobody in', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const token = await identity.token('uz-uty')
    const [header = '', payload = '', signature = ''] = token.split('.')
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    const hmac = Buffer.from('{"alg":"HS256","typ":"at+jwt","kid":"k1"}').toString('base64url')
    const forged = [
      await identity.token('uz-uty', { key: privateKey }),
      `${none}.${payload}.`,
      `${hmac}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(2)}AA`,
    ]
    expect(await Promise.all(forged.map((one) => codeFrom(read, `Bearer ${one}`)))).toEqual(forged.map(() => 'TOKEN_INVALID'))
  })

  it.each([undefined, '', 'Bearer', 'Basic dXNlcjpwYXNz', 'Bearer a b'])('is wanted where %p is sent', async (authorization) => {
    expect(await codeFrom(read, authorization)).toBe('TOKEN_MISSING')
  })

  describe('that was good', () => {
    const opened = () => {
      let [checks, at] = [0, 0]
      const keys = createLocalJWKSet(identity.jwks)
      const counting: Parameters<typeof openTokenReader>[1] = (...asked) => {
        checks++
        return keys(...asked)
      }
      return { read: openTokenReader(issuer, counting, new KnownCallers(() => at)), checks: () => checks, later: (ms: number) => (at += ms) }
    }

    it('is not checked again for a minute, and names the same caller', async () => {
      const { read: asked, checks, later } = opened()
      const token = `Bearer ${await identity.token('uz-uty')}`
      const first = await asked(token, 'uz-uty')
      later(knownForMs - 1)
      expect(await asked(token, 'uz-uty')).toEqual(first)
      expect(checks()).toBe(1)
      later(1)
      expect(await asked(token, 'uz-uty')).toEqual(first)
      expect(checks()).toBe(2)
    })

    it('lets nobody in elsewhere, nor does another with a part of it', async () => {
      const { read: asked } = opened()
      const token = await identity.token('uz-uty')
      expect(await codeFrom(asked, `Bearer ${token}`)).toBe('let in')
      await expect(asked(`Bearer ${token}`, 'tm-tdy')).rejects.toMatchObject({ problem: { code: 'TOKEN_INVALID' } })
      expect(await codeFrom(asked, `Bearer ${token.slice(0, -2)}AA`)).toBe('TOKEN_INVALID')
    })

    it('is checked each time from its end on', async () => {
      const { read: asked, checks } = opened()
      const exp = Math.floor(Date.now() / 1_000) - 1
      const token = `Bearer ${await identity.token('uz-uty', { claims: { exp } })}`
      expect([await codeFrom(asked, token), await codeFrom(asked, token), checks()]).toEqual(['let in', 'let in', 2])
    })

    it('is forgotten where a thousand others came after it; one that was not good is never known', async () => {
      const { read: asked, checks } = opened()
      const known = new KnownCallers()
      const caller = { actor: { pseudonym: 'p', assurance: 'low' as const }, scopes: [], expiresAt: Date.now() + 60_000 }
      for (let at = 0; at <= 1_000; at++) known.keep(`t${at}`, 'uz-uty', caller)
      expect([known.get('t0', 'uz-uty'), known.get('t1', 'uz-uty'), known.get('t1000', 'uz-uty')]).toEqual([undefined, caller, caller])
      const wrong = `Bearer ${await identity.token('uz-uty', { claims: { aud: 'karvan:tm-tdy' } })}`
      expect([await codeFrom(asked, wrong), await codeFrom(asked, wrong), checks()]).toEqual(['TOKEN_INVALID', 'TOKEN_INVALID', 2])
    })
  })

  it('may be some seconds past its end: clocks differ', async () => {
    const exp = Math.floor(Date.now() / 1_000) - 1
    expect(await codeFrom(read, `Bearer ${await identity.token('uz-uty', { claims: { exp } })}`)).toBe('let in')
  })
})

describe("the issuer's keys", () => {
  let identity: Identity
  let server: Server
  let base = ''
  let asked: string[] = []
  let isAway = false

  beforeAll(async () => {
    identity = await openIdentity()
    server = createServer((request, response) => {
      asked.push(request.url ?? '')
      if (isAway) return void request.socket.destroy()
      const body = request.url === '/jwks' ? identity.jwks : { issuer: base, jwks_uri: `${base}/jwks` }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('are found by discovery, once, and go on while the provider is away; who brings another key is told to come again', async () => {
    const read = openTokenReader(base, issuerKeys(base))
    const token = (changes: TokenChanges = {}) => identity.token('uz-uty', { ...changes, claims: { iss: base } })
    isAway = true
    expect(await codeFrom(read, `Bearer ${await token()}`)).toBe('IDENTITY_UNAVAILABLE')
    isAway = false
    asked = []
    const [first, second] = await Promise.all([codeFrom(read, `Bearer ${await token()}`), codeFrom(read, `Bearer ${await token()}`)])
    expect([first, second, asked]).toEqual(['let in', 'let in', ['/.well-known/openid-configuration', '/jwks']])
    expect(await codeFrom(read, `Bearer ${await token({ header: { kid: 'k2' } })}`)).toBe('TOKEN_INVALID')
    isAway = true
    expect(await codeFrom(read, `Bearer ${await token()}`)).toBe('let in')
  })

  it('are not taken from a document of another issuer', async () => {
    isAway = false
    expect(await codeFrom(openTokenReader(`${base}/other`, issuerKeys(`${base}/other`)), `Bearer ${await identity.token('uz-uty')}`)).toBe(
      'IDENTITY_UNAVAILABLE',
    )
  })
})
