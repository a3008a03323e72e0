import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PublicJwk } from '#libs/documents'
import type { Clock, KeyStore } from '#libs/exchange'
import { generateKeyPair, isPrivateJwk, privateKeyOf, publicJwkOf, signKeyProof, thumbprintOf, type PrivateJwk } from '#libs/signature'

/** What the authority is shown when it admits a node (architecture 5): the signature key with the proof that this node has it. */
export interface ShownKeys {
  readonly participant: string
  readonly keys: readonly { readonly use: 'signature' | 'encryption'; /** Read out on the telephone: the authority says which it admits. */ readonly thumbprint: string; readonly jwk: PublicJwk; readonly proof?: string }[]
}

export interface NodeKeys extends KeyStore {
  readonly signatureJwk: PublicJwk
  /** The newest key for reading particulars; further ones open what was encrypted before. */
  readonly encryptionJwk: PublicJwk
}

interface KeyFile {
  readonly signature: PrivateJwk
  readonly encryption: readonly PrivateJwk[]
}

/** A node's keys in a file that only its own account may read. */
export class KeyFileError extends Error {
  readonly code = 'KEY_FILE'

  constructor(file: string, message: string) {
    super(`${file}: ${message}`)
    this.name = 'KeyFileError'
  }
}

/** Opens the node's keys; makes them at its first start. They are never replaced: a key has one signer and one database. Throws KeyFileError. */
export function openKeyStore(file: string): NodeKeys {
  if (!existsSync(file)) writeKeys(file, { signature: generateKeyPair().privateJwk, encryption: [generateKeyPair().privateJwk] })
  const { signature, encryption } = readKeys(file)
  const privateKey = privateKeyOf(signature)
  const [newest] = encryption
  if (!privateKey || !newest) throw new KeyFileError(file, 'holds no keys on P-256')
  const signatureJwk = publicJwkOf(signature)
  const signing = { kid: thumbprintOf(signatureJwk), privateKey }
  const reading = encryption.map((privateJwk) => ({ kid: thumbprintOf(publicJwkOf(privateJwk)), privateJwk: { ...privateJwk } }))
  return { signatureJwk, encryptionJwk: publicJwkOf(newest), signature: () => signing, encryption: () => reading }
}

/** @param corridor event id of the founding statement: a proof is for one corridor only */
export function shownKeys(keys: NodeKeys, participant: string, corridor: string, clock: Clock): ShownKeys {
  const signing = keys.signature()
  const proof = signKeyProof({ corridor, participant, thumbprint: signing.kid, use: 'signature' }, { ...signing, iat: Math.floor(clock.now() / 1_000) })
  return {
    participant,
    keys: [
      { use: 'signature', thumbprint: signing.kid, jwk: keys.signatureJwk, proof },
      { use: 'encryption', thumbprint: thumbprintOf(keys.encryptionJwk), jwk: keys.encryptionJwk },
    ],
  }
}

function readKeys(file: string): KeyFile {
  if ((statSync(file).mode & 0o077) !== 0) throw new KeyFileError(file, 'others may read it; chmod 600 it, and have new keys admitted if they did')
  let told: unknown
  try {
    told = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new KeyFileError(file, error instanceof SyntaxError ? 'is not JSON' : String(error)) // a parser's message would quote the key
  }
  const { signature, encryption } = (told ?? {}) as Partial<KeyFile> // checked next
  if (!isPrivateJwk(signature) || !Array.isArray(encryption) || !encryption.every(isPrivateJwk)) throw new KeyFileError(file, 'holds no keys on P-256')
  return { signature, encryption }
}

/** On the disk before it has its name: a key that was admitted and then lost would have to be recovered by two keys of the authority. */
function writeKeys(file: string, keys: KeyFile): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const descriptor = openSync(`${file}.new`, 'w', 0o600)
  writeSync(descriptor, `${JSON.stringify(keys, null, 2)}\n`)
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(`${file}.new`, file)
}
