import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './complaint.js'
import { issuerOf, type Settings } from './settings.js'

export interface DemoToken {
  readonly token: string
  readonly expiresAt: number
}

/** Gets an access token of a demo user from the corridor's own identity provider, by the password that lies in the data folder. */
export async function tokenOf(settings: Settings, user: string, scope?: string): Promise<DemoToken> {
  const password = passwords(settings)[user]
  if (password === undefined) throw new Complaint('UNKNOWN_USER', `there is no user ${user}; npm run -s token -- --list shows them.`)
  const form = { grant_type: 'urn:karvan:grant:demo-user', client_id: 'karvan-demo', user, password, ...(scope !== undefined && { scope }) }
  const issuer = issuerOf(settings)
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: new URLSearchParams(form), signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
  if (!answer) throw new Complaint('IDENTITY_UNREACHABLE', `the identity provider at ${issuer} does not answer; is the corridor running?`)
  const said = (await answer.json()) as { access_token?: string; expires_in?: number; error?: string; error_description?: string }
  if (said.access_token === undefined) {
    throw new Complaint('NO_TOKEN', `the identity provider refused: ${said.error ?? answer.status} ${said.error_description ?? ''}`.trim())
  }
  return { token: said.access_token, expiresAt: Date.now() + (said.expires_in ?? 0) * 1_000 }
}

/** Gives the same token again until it has a minute left. */
export function tokenSource(settings: Settings): (user: string) => Promise<string> {
  const kept = new Map<string, DemoToken>()
  return async (user) => {
    const known = kept.get(user)
    if (known && known.expiresAt - Date.now() > 60_000) return known.token
    const fresh = await tokenOf(settings, user)
    kept.set(user, fresh)
    return fresh.token
  }
}

function passwords({ dataDir, oidcIssuer }: Settings): Readonly<Record<string, string>> {
  if (oidcIssuer !== undefined) {
    throw new Complaint('FOREIGN_ISSUER', `demo users live in the corridor's own identity provider; ask ${oidcIssuer} for tokens of its users.`)
  }
  const file = join(dataDir, 'identity', 'passwords.json')
  if (!existsSync(file)) throw new Complaint('NOT_FOUNDED', `no corridor was started in ${dataDir}; run npm start first.`)
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>> // written by the identity provider
}
