import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateKeyPair, isPrivateJwk, privateKeyOf, publicJwkOf, thumbprintOf, type PrivateJwk } from '#libs/signature'
import type { PublicJwk } from '#libs/documents'
import type { SigningKey } from '#libs/exchange'
import { Complaint } from '../complaint.js'

export interface AuthorityKeys {
  /** The key that signs. */
  readonly signing: SigningKey
  /** The key that consents to a recovery, which takes two. */
  readonly consenting: SigningKey
  /** All public keys, the signing one first: what the founding statement names. */
  readonly publicJwks: readonly PublicJwk[]
}

/** Recovery of a member that lost its keys needs two of the authority (architecture 5). In earnest the second lies in another safe. */
const keyCount = 2

export function authorityKeysFile(dataDir: string): string {
  return join(dataDir, 'authority', 'keys.json')
}

/** Makes the authority's keys, once: a key has one signer, and whoever has this file speaks for the corridor. */
export function makeAuthorityKeys(dataDir: string): AuthorityKeys {
  const file = authorityKeysFile(dataDir)
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const keys = Array.from({ length: keyCount }, () => generateKeyPair().privateJwk)
    writeFileSync(file, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  }
  return openAuthorityKeys(dataDir)
}

/** The keys of a corridor founded here. Throws the complaint NO_AUTHORITY_KEYS. */
export function openAuthorityKeys(dataDir: string): AuthorityKeys {
  const file = authorityKeysFile(dataDir)
  if (!existsSync(file)) throw new Complaint('NO_AUTHORITY_KEYS', `there is no ${file}: only who founded the corridor can speak for its authority.`)
  const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: readonly PrivateJwk[] } // checked just below
  const [signing, consenting] = keys.map(signingKeyOf)
  if (!signing || !consenting || !keys.every(isPrivateJwk)) throw new Complaint('NO_AUTHORITY_KEYS', `${file} does not hold ${keyCount} P-256 private keys.`)
  return { signing, consenting, publicJwks: keys.map(publicJwkOf) }
}

function signingKeyOf(jwk: PrivateJwk): SigningKey | undefined {
  const privateKey = privateKeyOf(jwk)
  return privateKey && { kid: thumbprintOf(jwk), privateKey }
}
