import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose'
import { randomBytes } from 'node:crypto'

export const issuer = 'https://identity.example'

/** An issuer of tokens with one key. */
export interface Identity {
  readonly privateKey: CryptoKey
  readonly jwks: JSONWebKeySet
  token(participant: string, changes?: TokenChanges): Promise<string>
}

export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: CryptoKey
}

export async function openIdentity(): Promise<Identity> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  return {
    privateKey,
    jwks,
    token: (participant, { claims = {}, header = {}, key = privateKey } = {}) => {
      const now = Math.floor(Date.now() / 1_000)
      const all = {
        iss: issuer,
        aud: `karvan:${participant}`,
        sub: `person-of-${participant}`,
        client_id: 'test',
        jti: randomBytes(8).toString('hex'),
        scope: 'read state',
        iat: now,
        exp: now + 600,
        ...claims,
      }
      return new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header }).sign(key)
    },
  }
}
