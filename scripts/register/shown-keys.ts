import { readFileSync } from 'node:fs'
import type { PublicJwk } from '#libs/documents'
import { isPublicJwk, thumbprintOf } from '#libs/signature'
import { Complaint } from '../complaint.js'

/** What a node shows at its ops port: its keys, with the proof that it has the one it signs with. */
export interface ShownKeys {
  readonly participant: string
  readonly keys: readonly { readonly use: 'signature' | 'encryption'; readonly jwk: PublicJwk; readonly proof?: string }[]
}

/** Asks a node's ops port for its keys. Throws the complaint NODE_UNREACHABLE. */
export async function keysShownAt(opsUrl: string, participant: string): Promise<ShownKeys> {
  const answer = await fetch(`${opsUrl}/key-proofs`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  const shown = answer?.ok ? parseShownKeys(await answer.text().catch(() => '')) : undefined
  if (shown?.participant !== participant) throw new Complaint('NODE_UNREACHABLE', `the node of ${participant} shows no keys at ${opsUrl}/key-proofs.`)
  return shown
}

/** The same from a file in which a member has sent what its node answers: its ops port is for nobody else. Throws the complaint PROOF_FILE. */
export function keysShownIn(file: string, participant: string): ShownKeys {
  const shown = parseShownKeys(textOf(file))
  if (!shown) throw new Complaint('PROOF_FILE', `${file} is not what a node answers to GET /key-proofs.`)
  if (shown.participant !== participant) throw new Complaint('PROOF_FILE', `${file} shows the keys of ${shown.participant}, not of ${participant}.`)
  return shown
}

/** Throws the complaint NO_KEY_SHOWN. */
export function signatureKeyIn({ participant, keys }: ShownKeys): ShownKeys['keys'][number] {
  const key = keys.find(({ use }) => use === 'signature')
  if (!key) throw new Complaint('NO_KEY_SHOWN', `the node of ${participant} shows no signature key.`)
  return key
}

/** The keys when the one that signs is the one that was agreed on by another way. Throws the complaint ANOTHER_KEY. */
export function agreedOn(shown: ShownKeys, thumbprint: string | undefined): ShownKeys {
  const found = thumbprintOf(signatureKeyIn(shown).jwk)
  if (thumbprint !== undefined && thumbprint !== found) throw new Complaint('ANOTHER_KEY', `${shown.participant} shows the key ${found}, not ${thumbprint}. Nothing was written.`)
  return shown
}

/** Whether the proof proves anything, the judge says. */
function parseShownKeys(text: string): ShownKeys | undefined {
  const value = parsed(text) as { readonly participant?: unknown; readonly keys?: unknown } | null | undefined // each member is looked at
  if (typeof value?.participant !== 'string' || !Array.isArray(value.keys)) return undefined
  const keys = value.keys.map(parseKey)
  return keys.every((key) => key !== undefined) ? { participant: value.participant, keys } : undefined
}

function parseKey(value: unknown): ShownKeys['keys'][number] | undefined {
  const { use, jwk, proof } = (value ?? {}) as Readonly<Record<string, unknown>> // each member is looked at
  if ((use !== 'signature' && use !== 'encryption') || !isPublicJwk(jwk)) return undefined
  return { use, jwk, ...(typeof proof === 'string' && { proof }) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Complaint('PROOF_FILE', `${file} cannot be read.`)
  }
}
