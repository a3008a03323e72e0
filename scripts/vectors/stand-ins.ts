import type { KeyObject } from 'node:crypto'
import type { KeyClaim } from '#libs/consignment'
import { thumbprintOf, type PublicJwk } from '#libs/documents'
import { generateKeyPair, privateKeyOf, signKeyProof } from '#libs/signature'
import { offCurve } from '../../libs/testing/src/judged-log.js'

export interface SigningPair {
  readonly kid: string
  readonly publicJwk: PublicJwk
  readonly privateKey: KeyObject
}

/**
 * Drafts name statements, keys and proofs by stand-ins, because nothing is signed where the unit tests use them. Here each is replaced by what was
 * really signed, so that tests and vectors tell their stories with the same words.
 */
export class StandIns {
  readonly #pairs = new Map<string, SigningPair>()
  readonly #events = new Map<string, string>()

  constructor(private readonly iat: number) {}

  /** The key pair behind a draft's kid; made when first asked for. */
  keyOf(standIn: string): SigningPair {
    const pair = this.#pairs.get(standIn) ?? newPair()
    this.#pairs.set(standIn, pair)
    return pair
  }

  /** From here on a draft's id means this event. */
  name(standIn: string, eventId: string): void {
    this.#events.set(standIn, eventId)
  }

  /** A draft's data with everything real in it. */
  translated(value: unknown): unknown {
    if (typeof value === 'string') return value.startsWith('proof.') ? this.proofFor(value) : this.named(value)
    if (Array.isArray(value)) return value.map((inner) => this.translated(inner))
    if (typeof value !== 'object' || value === null) return value
    if ('x' in value && value.x === offCurve) return value // a key that is meant to be none
    if ('kty' in value) return this.keyOf(thumbprintOf(value as PublicJwk)).publicJwk // drafts hold whole keys only
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, this.translated(inner)]))
  }

  private named(standIn: string): string {
    return this.#events.get(standIn) ?? this.#pairs.get(standIn)?.kid ?? standIn
  }

  /** A stand-in for a proof tells in its middle part who signs what claim. */
  private proofFor(standIn: string): string {
    const { signer, ...claim } = JSON.parse(Buffer.from(standIn.split('.')[1] ?? '', 'base64url').toString()) as KeyClaim & { readonly signer: string }
    const { kid, privateKey } = this.keyOf(signer)
    const proved = { corridor: this.named(claim.corridor), participant: claim.participant, thumbprint: this.keyOf(claim.thumbprint).kid, use: 'signature' } as const
    return signKeyProof(proved, { kid, privateKey, iat: this.iat })
  }
}

function newPair(): SigningPair {
  const { publicJwk, privateJwk } = generateKeyPair()
  const privateKey = privateKeyOf(privateJwk)
  if (!privateKey) throw new Error('a key just made is no key')
  return { kid: thumbprintOf(publicJwk), publicJwk, privateKey }
}
