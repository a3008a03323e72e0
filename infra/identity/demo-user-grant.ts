import { errors, type default as Provider, type TokenEndpointGrantContext } from 'oidc-provider'
import { nodeResource } from './node-resource.js'
import { audienceOf, type Directory, type Person } from './users.js'

export const demoUserGrant = 'urn:karvan:grant:demo-user'

interface Parameters {
  readonly user?: string
  readonly password?: string
}

/**
 * Adds the grant type by which scripts get a token of a demo user: parameters `user`, `password`, and optionally `resource` and `scope`.
 * OAuth 2.1 dropped the password grant because it teaches people to type passwords into foreign clients; demo users have machine-made passwords
 * that lie in the data folder of the same machine, and the grant bears a name of its own so that nobody takes it for a standard one.
 */
export function addDemoUserGrant(provider: Provider, directory: Directory): void {
  provider.registerGrantType<Parameters>(demoUserGrant, (ctx) => answer(ctx, directory), ['user', 'password', 'resource', 'scope'])
}

async function answer(ctx: TokenEndpointGrantContext<Parameters>, directory: Directory): Promise<void> {
  const { provider, client, params } = ctx.oidc
  const person = directory.signIn(params.user ?? '', params.password ?? '')
  if (!person) throw new errors.InvalidGrant('user or password is wrong')
  const resource = params.resource ?? audienceOf(person.organisation)
  if (resource !== audienceOf(person.organisation)) throw new errors.InvalidTarget('not the node of your organisation')
  const scope = scopeOf(person, params.scope)

  const grant = new provider.Grant({ clientId: client.clientId, accountId: person.subject })
  grant.addResourceScope(resource, scope)
  const token = new provider.AccessToken({
    client,
    accountId: person.subject,
    grantId: await grant.save(),
    gty: demoUserGrant,
    scope,
    resourceServer: new provider.ResourceServer(resource, nodeResource(resource)),
  })
  const value = await token.save()
  ctx.body = { access_token: value, token_type: token.tokenType, expires_in: token.expiration, scope }
}

/** All of the person's scopes unless some are named; one they lack is refused by name, for a script would not look at what remained. */
function scopeOf(person: Person, wanted: string | undefined): string {
  const names = wanted === undefined ? person.scopes : [...new Set(wanted.split(' '))]
  const lacking = names.find((name) => !person.scopes.some((scope) => scope === name))
  if (lacking !== undefined) throw new errors.InvalidScope('the user does not have this scope', lacking)
  return names.join(' ')
}
