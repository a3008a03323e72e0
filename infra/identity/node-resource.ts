import { errors, type ResourceServer } from 'oidc-provider'
import { scopes } from './users.js'

export const tokenLifeSeconds = 3600

/** A node as a resource (RFC 8707) `karvan:<participant>`: its tokens are signed JWTs for this one audience. Throws InvalidTarget for anything else. */
export function nodeResource(resource: string): ResourceServer {
  if (!/^karvan:[a-z][a-z0-9-]{1,62}$/.test(resource)) throw new errors.InvalidTarget('the resource is karvan:<participant>')
  return { audience: resource, scope: scopes.join(' '), accessTokenTTL: tokenLifeSeconds, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }
}
