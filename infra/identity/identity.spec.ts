import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { freePort } from '#libs/testing'
import { createIdentityServer } from './server.js'
import type { DemoUser } from './users.js'

const users: readonly DemoUser[] = [
  { user: 'aigerim', organisation: 'ktz', scopes: ['read', 'state'] },
  { user: 'inspector', organisation: 'kz-customs', scopes: ['read'] },
]
const callback = 'http://127.0.0.1:9/callback'
const verifier = 'a-code-verifier-of-the-pages-with-more-than-43-characters'

let secretsDir: string
let issuer: string
let server: Server

beforeAll(async () => {
  secretsDir = mkdtempSync(join(tmpdir(), 'karvan-identity-'))
  issuer = `http://127.0.0.1:${await freePort()}`
  server = await listen()
})

afterAll(async () => {
  await close()
  rmSync(secretsDir, { recursive: true, maxRetries: 20, retryDelay: 100 })
})

describe('a demo user asks for a token', () => {
  it('gets one for the node of their organisation, which anyone can check against the published keys', async () => {
    const { access_token: token, expires_in: life, scope } = await granted({ user: 'aigerim' })
    const { payload, protectedHeader } = await verify(token, 'karvan:ktz')
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(payload).toMatchObject({ organisation: 'ktz', scope: 'read state', client_id: 'karvan-demo', sub: expect.stringMatching(/^[\w-]{22}$/) })
    expect({ life, scope }).toEqual({ life: 3600, scope: 'read state' })
  })

  it('has nothing personal in it', async () => {
    const { access_token: token } = await granted({ user: 'aigerim' })
    expect(JSON.stringify(decodeJwt(token))).not.toContain('aigerim')
    expect(Object.keys(decodeJwt(token)).sort()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'organisation', 'scope', 'sub'])
  })

  it('can ask for less than they may do', async () => {
    const { access_token: token } = await granted({ user: 'aigerim', scope: 'read' })
    expect(decodeJwt(token)['scope']).toBe('read')
  })

  it.each([
    ['a wrong password', { user: 'aigerim', password: 'guessed' }, 'invalid_grant'],
    ['the password of somebody else', { user: 'aigerim', passwordOf: 'inspector' }, 'invalid_grant'],
    ['an unknown user', { user: 'nobody', password: 'guessed' }, 'invalid_grant'],
    ['a name every object has', { user: 'constructor', password: 'guessed' }, 'invalid_grant'],
    ['no password', { user: 'aigerim', password: '' }, 'invalid_grant'],
    ['the node of another organisation', { user: 'aigerim', resource: 'karvan:kz-customs' }, 'invalid_target'],
    ['a resource that is no node', { user: 'aigerim', resource: 'https://example.org/' }, 'invalid_target'],
    ['a scope they lack', { user: 'inspector', scope: 'read state' }, 'invalid_scope'],
    ['a scope nobody has', { user: 'aigerim', scope: 'admin' }, 'invalid_scope'],
    ['the browser client, whose grant this is not', { user: 'aigerim', client_id: 'karvan-web' }, 'invalid_request'],
  ])('is refused with %s', async (_what, request, error) => {
    const answer = await askForToken(request)
    expect({ status: answer.status, error: ((await answer.json()) as { error: string }).error }).toEqual({ status: 400, error })
  })
})

describe('a person signs in with the browser', () => {
  it('gets a token for the node of their organisation with code and PKCE', async () => {
    const { location } = await signIn({ user: 'inspector', resource: 'karvan:kz-customs', scope: 'read state' })
    const answer = await redeem(location, 'karvan:kz-customs')
    const { payload } = await verify(answer.access_token, 'karvan:kz-customs')
    expect(payload).toMatchObject({ organisation: 'kz-customs', scope: 'read' })
  })

  it('is sent back without a code when the node belongs to another organisation', async () => {
    const { location } = await signIn({ user: 'inspector', resource: 'karvan:ktz', scope: 'read' })
    expect(location.searchParams.get('error')).toBe('invalid_target')
    expect(location.searchParams.get('code')).toBeNull()
  })

  it('can use a code once only', async () => {
    const { location } = await signIn({ user: 'inspector', resource: 'karvan:kz-customs', scope: 'read' })
    await redeem(location, 'karvan:kz-customs')
    expect((await askWithCode(location, 'karvan:kz-customs')).status).toBe(400)
  })

  it('sees the form again after a wrong password', async () => {
    const { status, body } = await signIn({ user: 'inspector', password: 'guessed', resource: 'karvan:kz-customs', scope: 'read' })
    expect(status).toBe(401)
    expect(body).toContain('User or password is wrong')
  })

  it('cannot do so without PKCE', async () => {
    const query = new URLSearchParams({ client_id: 'karvan-web', response_type: 'code', redirect_uri: callback, scope: 'read', resource: 'karvan:ktz' })
    const answer = await fetch(`${issuer}/auth?${query}`, { redirect: 'manual' })
    expect(new URL(answer.headers.get('location')!).searchParams.get('error')).toBe('invalid_request')
  })

  it('is told so when the sign-in is not (or no longer) theirs', async () => {
    const answer = await fetch(`${issuer}/sign-in/unknown`)
    expect(answer.status).toBe(400)
  })
})

describe('the identity provider', () => {
  it('keeps keys and passwords for its owner only', () => {
    for (const file of ['keys.json', 'passwords.json']) expect(statSync(join(secretsDir, file)).mode & 0o777).toBe(0o600)
  })

  it('honours its tokens after a restart and keeps every pseudonym', async () => {
    const { access_token: token } = await granted({ user: 'aigerim' })
    await close()
    server = await listen()
    await verify(token, 'karvan:ktz')
    const { access_token: later } = await granted({ user: 'aigerim' })
    expect(decodeJwt(later).sub).toBe(decodeJwt(token).sub)
  })

  it('says where everything is in its discovery document', async () => {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ issuer, jwks_uri: `${issuer}/jwks`, code_challenge_methods_supported: ['S256'] })
  })

  it('shows no private key', async () => {
    const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: object[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
  })
})

interface TokenRequest {
  readonly user: string
  readonly password?: string
  readonly passwordOf?: string
  readonly resource?: string
  readonly scope?: string
  readonly client_id?: string
}

interface TokenAnswer {
  readonly access_token: string
  readonly expires_in: number
  readonly scope: string
}

function passwordOf(user: string): string {
  return (JSON.parse(readFileSync(join(secretsDir, 'passwords.json'), 'utf8')) as Record<string, string>)[user] ?? ''
}

function askForToken({ user, password, passwordOf: other, ...rest }: TokenRequest): Promise<Response> {
  const form = { grant_type: 'urn:karvan:grant:demo-user', client_id: 'karvan-demo', user, password: password ?? passwordOf(other ?? user), ...rest }
  return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form) })
}

async function granted(request: TokenRequest): Promise<TokenAnswer> {
  const answer = await askForToken(request)
  expect(answer.status).toBe(200)
  return (await answer.json()) as TokenAnswer
}

function verify(token: string, audience: string) {
  return jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] })
}

/** What a browser does: follows the redirects, keeps the cookies, fills the form in; stops at the callback or at an answer that is no redirect. */
async function signIn({ user, password, resource, scope }: { user: string; password?: string; resource: string; scope: string }) {
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const query = new URLSearchParams({ client_id: 'karvan-web', response_type: 'code', redirect_uri: callback, scope, resource })
  query.set('code_challenge', challenge)
  query.set('code_challenge_method', 'S256')
  const cookies = new Map<string, string>()
  const go = async (url: URL, body?: URLSearchParams): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie }, ...(body && { method: 'POST', body }) })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    return answer
  }
  const form = new URL((await go(new URL(`${issuer}/auth?${query}`))).headers.get('location')!, issuer)
  expect(await (await go(form)).text()).toContain('<form method="post">')
  let answer = await go(form, new URLSearchParams({ user, password: password ?? passwordOf(user) }))
  let location = new URL(answer.headers.get('location') ?? issuer, issuer)
  while (answer.status === 303 && location.origin === issuer) {
    answer = await go(location)
    location = new URL(answer.headers.get('location') ?? issuer, issuer)
  }
  return { status: answer.status, body: await answer.text(), location }
}

function askWithCode(location: URL, resource: string): Promise<Response> {
  const form = { grant_type: 'authorization_code', client_id: 'karvan-web', code: location.searchParams.get('code')!, redirect_uri: callback, resource }
  return fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams({ ...form, code_verifier: verifier }) })
}

async function redeem(location: URL, resource: string): Promise<TokenAnswer> {
  const answer = await askWithCode(location, resource)
  expect(answer.status).toBe(200)
  return (await answer.json()) as TokenAnswer
}

async function listen(): Promise<Server> {
  const { hostname, port } = new URL(issuer)
  const web = { redirectUris: [callback], postLogoutRedirectUris: [] }
  const opened = createIdentityServer({ issuer, host: hostname, port: Number(port), secretsDir, users, web })
  await new Promise<void>((resolve) => opened.listen(Number(port), hostname, resolve))
  return opened
}

/** Ends once the client side has seen its connections go, too: fetch would else use one of them again. */
async function close(): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
  await fetch(`${issuer}/jwks`).catch(() => undefined)
}
