import { createServer, type Server } from 'node:http'
import { answerLogin } from './login-page.js'
import { createIdentityProvider } from './provider.js'
import { openKeys, openPasswords } from './secrets.js'
import { directoryOf, type DemoUser } from './users.js'

/** What the launcher writes for this process. */
export interface IdentityConfig {
  readonly issuer: string
  readonly host: string
  readonly port: number
  /** Folder of keys and passwords. */
  readonly secretsDir: string
  readonly users: readonly DemoUser[]
  readonly web: { readonly redirectUris: readonly string[]; readonly postLogoutRedirectUris: readonly string[] }
}

/** The identity provider and its login page behind one HTTP server, not yet listening. Its health is its discovery document. */
export function createIdentityServer({ issuer, secretsDir, users, web }: IdentityConfig): Server {
  const keys = openKeys(secretsDir)
  const passwords = openPasswords(secretsDir, users.map(({ user }) => user))
  const directory = directoryOf(users, passwords, keys.pseudonyms)
  const provider = createIdentityProvider({ issuer, directory, signingKey: keys.signing, cookieKey: keys.cookies, web })
  provider.on('server_error', (_ctx, error) => console.error(error))
  const answerProtocol = provider.callback()
  const formOrigins = [...new Set(web.redirectUris.map((uri) => new URL(uri).origin))]
  return createServer((request, response) => {
    answerLogin(provider, directory, formOrigins, request, response)
      .then((answered) => (answered ? undefined : answerProtocol(request, response)))
      .catch((error: unknown) => {
        console.error(error)
        response.destroy()
      })
  })
}
