import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createLocalJWKSet, generateKeyPair } from 'jose'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issuer, openIdentity, type Identity, type TokenChanges } from './identity.fixture.js'
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
