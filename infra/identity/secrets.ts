import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JWK } from 'oidc-provider'

/** What the identity provider keeps: without the same signing key a restart would turn every token out. */
export interface IdentityKeys {
  readonly signing: JWK
  readonly cookies: string
  readonly pseudonyms: string
}

export const passwordsFile = 'passwords.json'

/** The keys of this installation, made at first start and readable by its owner only. */
export function openKeys(dir: string): IdentityKeys {
  const file = join(dir, 'keys.json')
  // A file of our own making, never one that came from outside: hence the casts here and below.
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as IdentityKeys
  const signing = {
    ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    alg: 'ES256',
    use: 'sig',
  } as JWK
  return keep(file, { signing, cookies: randomText(), pseudonyms: randomText() })
}

/** One random password for each user, made at first start; a user who joined the corridor later gets one at the next start. */
export function openPasswords(dir: string, users: readonly string[]): Readonly<Record<string, string>> {
  const file = join(dir, passwordsFile)
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>) : {}
  const added = users.filter((user) => kept[user] === undefined)
  return added.length === 0 ? kept : keep(file, { ...kept, ...Object.fromEntries(added.map((user) => [user, randomText()])) })
}

/** Written beside and renamed, so that a crash leaves the old file or the new one. */
function keep<T>(file: string, content: T): T {
  mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return content
}

function randomText(): string {
  return randomBytes(24).toString('base64url')
}
