import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { digestOf, type Actor } from '#libs/documents'
import { KnownCallers } from './known-callers.js'
import { problem, ProblemError } from './problem.js'
import type { Scope } from './operations.js'

/** Who is calling: the person, as statements name them, and what their token lets them do. */
export interface Caller {
  readonly actor: Actor
  readonly scopes: readonly string[]
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Reads an access token for one participant's node. Throws problems: TOKEN_MISSING, TOKEN_INVALID, IDENTITY_UNAVAILABLE. */
export type ReadToken = (authorization: string | undefined, participant: string) => Promise<Caller>

const toleranceSeconds = 5

/**
 * Access tokens of RFC 9068: signed by the issuer with ES256 and nothing else, for this participant's node (a token serves its organisation's node only).
 * @param keys the issuer's public keys; see `issuerKeys`
 * @param callers whose tokens were good a moment ago
 */
export function openTokenReader(issuer: string, keys: JWTVerifyGetKey, callers = new KnownCallers()): ReadToken {
  return async (authorization, participant) => {
    const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1]
    if (token === undefined)
      throw problem('TOKEN_MISSING', `send an access token for karvan:${participant}`, {}, { 'www-authenticate': 'Bearer realm="karvan"' })
    const known = callers.get(token, participant)
    if (known) return known
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: `karvan:${participant}`,
        algorithms: ['ES256'],
        typ: 'at+jwt',
        clockTolerance: toleranceSeconds,
        requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id'],
      })
      const { sub = '', scope, acr, exp = 0 } = payload
      const caller: Caller = {
        actor: { pseudonym: pseudonymOf(issuer, sub), assurance: assuranceOf(acr) },
        scopes: typeof scope === 'string' ? scope.split(' ') : [],
        expiresAt: exp * 1_000,
      }
      callers.keep(token, participant, caller)
      return caller
    } catch (error) {
      if (error instanceof ProblemError || !(error instanceof errors.JOSEError)) throw error
      throw problem(
        'TOKEN_INVALID',
        `the access token is not valid here: ${reasonOf(error)}`,
        {},
        { 'www-authenticate': 'Bearer realm="karvan", error="invalid_token"' },
      )
    }
  }
}

export function requireScope({ scopes }: Caller, scope: Scope): void {
  if (!scopes.includes(scope))
    throw problem('SCOPE', `the scope ${scope} is wanted`, {}, { 'www-authenticate': `Bearer realm="karvan", error="insufficient_scope", scope="${scope}"` })
}

/**
 * The issuer's keys by OpenID Connect discovery, fetched when first needed and kept. An identity provider that is away is noticed only by who brings
 * a key that was not there before: IDENTITY_UNAVAILABLE.
 */
export function issuerKeys(issuer: string): JWTVerifyGetKey {
  let remote: ReturnType<typeof discovered> | undefined
  let awayUntil = 0
  return async (header, token) => {
    const discovering = (remote ??= discovered(issuer))
    const keys = await discovering.catch(() => undefined)
    if (!keys) {
      if (remote === discovering) remote = undefined
      throw problem('IDENTITY_UNAVAILABLE', 'the identity provider does not answer')
    }
    const kept = keys.jwks()
    try {
      if (kept && performance.now() < awayUntil) return await createLocalJWKSet(kept)(header, token)
      return await keys(header, token).catch((error: unknown) => {
        if (!kept || isAboutToken(error)) throw error
        awayUntil = performance.now() + awayMs
        return createLocalJWKSet(kept)(header, token)
      })
    } catch (error) {
      if (isAboutToken(error) && performance.now() >= awayUntil) throw error
      throw problem('IDENTITY_UNAVAILABLE', 'the identity provider does not answer, and this key has not been seen before')
    }
  }
}

/** Not asked again for so long once it did not answer: nobody is to wait for it with every request. */
const awayMs = 10_000

function isAboutToken(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
}

async function discovered(issuer: string) {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(5_000) })
  const { issuer: named, jwks_uri: uri } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown }
  if (!answer.ok || named !== issuer || typeof uri !== 'string') throw new Error('this is not the discovery document of the issuer')
  return createRemoteJWKSet(new URL(uri), { timeoutDuration: 5_000 })
}

/** Statements name a person by letters that are safe everywhere; a subject with others is named by its hash. */
function pseudonymOf(issuer: string, subject: string): string {
  return /^[A-Za-z0-9._~-]{1,64}$/.test(subject) ? subject : digestOf(`${issuer} ${subject}`)
}

/** Levels as in eIDAS; providers write them as names or as addresses that end in them. */
function assuranceOf(acr: unknown): Actor['assurance'] {
  const level = typeof acr === 'string' ? acr.split('/').at(-1) : undefined
  return level === 'substantial' || level === 'high' ? level : 'low'
}

function reasonOf(error: InstanceType<typeof errors.JOSEError>): string {
  if (error instanceof errors.JWTExpired) return 'it has expired'
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} is not the right one`
  return 'it is not signed by the issuer as wanted'
}
