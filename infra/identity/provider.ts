import Provider, { errors, interactionPolicy, type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider'
import { addDemoUserGrant, demoUserGrant } from './demo-user-grant.js'
import { memoryStore } from './memory-store.js'
import { nodeResource, tokenLifeSeconds } from './node-resource.js'
import { audienceOf, type Directory, type Person } from './users.js'

export interface IdentityProviderSettings {
  /** Public address, without a slash at the end; also where discovery is found. */
  readonly issuer: string
  readonly directory: Directory
  readonly signingKey: JWK
  readonly cookieKey: string
  /** The browser client of the pages: where it may be sent back to. Its origins are also the ones allowed by CORS. */
  readonly web: { readonly redirectUris: readonly string[]; readonly postLogoutRedirectUris: readonly string[] }
}

export const webClientId = 'karvan-web'
export const demoClientId = 'karvan-demo'
/** Where the login page is, before the interaction's id. */
export const loginPath = '/sign-in/'

/**
 * An OpenID Connect provider for a demo corridor. Access tokens are JWTs of RFC 9068 (ES256) for one node each (RFC 8707: `resource` is
 * `karvan:<participant>`), with `sub` (the person's pseudonym), `organisation` and `scope`; no name, no address. Two ways lead to one: the
 * authorization code flow with PKCE for the pages, and the demo user grant for scripts. Grants and sessions live in memory, keys are the caller's.
 */
export function createIdentityProvider(settings: IdentityProviderSettings): Provider {
  const { issuer, directory } = settings
  const provider = new Provider(issuer, configurationOf(settings))
  addDemoUserGrant(provider, directory)
  return provider
}

function configurationOf({ directory, signingKey, cookieKey, web }: IdentityProviderSettings): Configuration {
  const origins = new Set(web.redirectUris.map((uri) => new URL(uri).origin))
  return {
    adapter: memoryStore(),
    clients: [
      {
        client_id: webClientId,
        redirect_uris: [...web.redirectUris],
        post_logout_redirect_uris: [...web.postLogoutRedirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      { client_id: demoClientId, redirect_uris: [], grant_types: [demoUserGrant], response_types: [], token_endpoint_auth_method: 'none' },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientBasedCORS: (_ctx, origin) => origins.has(origin),
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    jwks: { keys: [signingKey] },
    cookies: { keys: [cookieKey] },
    scopes: ['openid'],
    claims: { openid: ['sub'] },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage, postLogoutSuccessSource: signedOutPage },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => nodeResource(resource),
      },
    },
    findAccount: (_ctx, subject) => (directory.bySubject(subject) ? { accountId: subject, claims: () => ({ sub: subject }) } : undefined),
    // Last gate before any token, whichever way it was asked for: only for the node of the person's own organisation.
    extraTokenClaims: (_ctx, token) => {
      const person = 'accountId' in token && typeof token.accountId === 'string' ? directory.bySubject(token.accountId) : undefined
      if (!person || token.aud !== audienceOf(person.organisation)) throw new errors.InvalidTarget('not the node of your organisation')
      return { organisation: person.organisation }
    },
    interactions: { url: (_ctx, interaction) => `${loginPath}${interaction.uid}`, policy: signInOnly() },
    loadExistingGrant: (ctx) => grantOf(ctx, directory),
    renderError: errorPage,
    ttl: { AccessToken: tokenLifeSeconds, AuthorizationCode: 60, IdToken: tokenLifeSeconds, Interaction: 900, Session: 28_800, Grant: 28_800 },
  }
}

/** Signing in is all there is to ask: what a person may do is settled by their organisation, so there is nothing to consent to. */
function signInOnly(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  policy.remove('consent')
  return policy
}

/** The grant of a signed-in person for the one node asked for; a scope they lack is left out, and the token answer says which remain. */
async function grantOf(ctx: KoaContextWithOIDC, directory: Directory) {
  const { provider, client, account, resourceServers = {}, requestParamScopes } = ctx.oidc
  const person = account && directory.bySubject(account.accountId)
  if (!client || !person) return undefined
  const resources = Object.keys(resourceServers)
  const audience = audienceOf(person.organisation)
  if (resources.length !== 1 || resources[0] !== audience) throw new errors.InvalidTarget(`name the node of your organisation as resource: ${audience}`)
  const grant = new provider.Grant({ clientId: client.clientId, accountId: person.subject })
  if (requestParamScopes.has('openid')) grant.addOIDCScope('openid')
  grant.addResourceScope(audience, allowed(person, requestParamScopes))
  await grant.save()
  return grant
}

function allowed(person: Person, wanted: ReadonlySet<string>): string {
  return person.scopes.filter((scope) => wanted.has(scope)).join(' ')
}

function errorPage(ctx: KoaContextWithOIDC, { error, error_description: description }: { error: string; error_description?: string | undefined }): void {
  ctx.type = 'text/plain; charset=utf-8'
  ctx.body = `${error}${description ? `: ${description}` : ''}\n`
}

function logoutPage(ctx: KoaContextWithOIDC, form: string): void {
  ctx.body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign out</title><h1>Sign out of Karvan?</h1>${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button></html>`
}

function signedOutPage(ctx: KoaContextWithOIDC): void {
  ctx.body = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed out</title><p>You are signed out.</p></html>'
}
