import { createHash } from 'node:crypto'
import { flattenedDecrypt, GeneralEncrypt, type FlattenedJWE, type GeneralJWE } from 'jose'
import { canonicalJson, parseCanonical, type PublicJwk } from '#libs/documents'
import { fromBase64url } from './base64url.js'
import { privateKeyOf, publicKeyOf, type PrivateJwk } from './keys.js'

/** One encryption key of one reader. */
export interface Recipient {
  readonly kid: string
  readonly jwk: PublicJwk
}

/** A reader's own key: `kid` as in the register, the thumbprint. */
export interface ReaderKey {
  readonly kid: string
  readonly privateJwk: PrivateJwk
}

/**
 * Why a block could not be opened: FORM (no general JWE JSON with one recipient per key), RECIPIENT (not encrypted for this key), DECRYPT (damaged,
 * other algorithms, wrong key), DIGEST (a true ciphertext of something else than the statement names), CANONICAL (not canonical JSON with a salt).
 */
export type BlockFault = 'FORM' | 'RECIPIENT' | 'DECRYPT' | 'DIGEST' | 'CANONICAL'

export type OpenedBlock = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly code: BlockFault }

const saltBytes = 32
const maxBlockDepth = 16
const algorithms = { keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'] }

/** A salt for one block: 32 random bytes as base64url, so that nobody can guess a block (a price, a name) from its digest. */
export function newSalt(random: (bytes: number) => Uint8Array): string {
  return Buffer.from(random(saltBytes)).toString('base64url')
}

/**
 * The digest a statement carries: base64url SHA-256 of the plaintext, never of the ciphertext (AES-GCM does not commit to its plaintext, and a
 * grant encrypts anew for further readers).
 * @param text canonical JSON of the block with its 32-byte salt in the member `salt`
 */
export function digestOfBlock(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/**
 * Encrypts a block for its readers: general JWE JSON (RFC 7516 section 7.2.1) as text, one recipient for each key, ECDH-ES+A256KW and A256GCM.
 * The protected header names the digest, so that a block found anywhere tells what it claims to be; `openBlock` believes only its own hash.
 */
export async function encryptBlock(text: string, recipients: readonly Recipient[]): Promise<string> {
  const jwe = new GeneralEncrypt(Buffer.from(text)).setProtectedHeader({ enc: 'A256GCM', digest: digestOfBlock(text) })
  for (const { kid, jwk } of recipients) {
    const key = publicKeyOf(jwk)
    if (!key) throw new Error(`recipient ${kid} has no key on P-256`)
    jwe.addRecipient(key).setUnprotectedHeader({ alg: 'ECDH-ES+A256KW', kid })
  }
  return canonicalJson(await jwe.encrypt())
}

/** Decrypts a block with a reader's key and believes nothing about what comes out. */
export async function decryptBlock(jwe: string, reader: ReaderKey): Promise<OpenedBlock> {
  const general = generalJweOf(jwe)
  if (!general) return { ok: false, code: 'FORM' }
  const { recipients, ...shared } = general
  const mine = recipients.find(({ header }) => header?.kid === reader.kid)
  if (!mine) return { ok: false, code: 'RECIPIENT' }
  const key = privateKeyOf(reader.privateJwk)
  if (!key) return { ok: false, code: 'DECRYPT' }
  try {
    // One recipient, not all in turn: a block with a thousand foreign recipients costs one key agreement.
    const { plaintext } = await flattenedDecrypt({ ...shared, ...mine }, key, { ...algorithms, maxDecompressedLength: 0 })
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext) }
  } catch {
    return { ok: false, code: 'DECRYPT' }
  }
}

/** Decrypts a block and checks that it is what the statement names: the digest first, then canonical form and salt. */
export async function openBlock(jwe: string, digest: string, reader: ReaderKey): Promise<OpenedBlock> {
  const opened = await decryptBlock(jwe, reader)
  if (!opened.ok) return opened
  if (digestOfBlock(opened.text) !== digest) return { ok: false, code: 'DIGEST' }
  return isSaltedBlock(opened.text) ? opened : { ok: false, code: 'CANONICAL' }
}

/** Whether a plaintext is canonical JSON of one object with a salt of 32 bytes; its other members are for the schema of the block. */
export function isSaltedBlock(text: string): boolean {
  const parsed = parseCanonical(Buffer.from(text), maxBlockDepth)
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || !('salt' in parsed.value)) return false
  const { salt } = parsed.value
  return typeof salt === 'string' && fromBase64url(salt)?.length === saltBytes
}

/** The outer shape only; jose checks the members it uses. */
function generalJweOf(text: string): GeneralJWE | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isGeneralJwe(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isGeneralJwe(value: unknown): value is GeneralJWE {
  return isObject(value) && 'recipients' in value && Array.isArray(value.recipients) && value.recipients.every(isRecipient)
}

function isRecipient(value: unknown): value is Pick<FlattenedJWE, 'encrypted_key' | 'header'> {
  return isObject(value) && 'header' in value && isObject(value.header) && 'kid' in value.header
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
