import { canonicalJson, faultOf, type KeyProof, type PublicJwk } from '#libs/documents'
import { verifyAttestation, type Verified } from './attestation.js'
import { signJws, typs, type Signer } from './jws.js'
import { publicKeyOf, thumbprintOf } from './keys.js'

/** What a proof must say to count. Only signature keys have proofs, so a claim for another use never holds. */
export interface KeyClaim extends Omit<KeyProof, 'use'> {
  use: string
}

/**
 * Signs, with the new key itself, that its owner has it and means this corridor and this participant (architecture 5); with a second key of the
 * authority the same text consents to a recovery.
 */
export function signKeyProof(proof: KeyProof, signer: Signer): string {
  return signJws({ ...signer, typ: typs.keyProof, payload: canonicalJson(proof) })
}

/** Verifies a proof by the key that must have signed it; BINDING when it was made for another claim, so no proof serves twice. */
export function verifyKeyProof(jws: string, signer: PublicJwk, claim: Readonly<KeyClaim>): Verified<KeyProof> {
  const kid = thumbprintOf(signer)
  const verified = verifyAttestation(jws, typs.keyProof, (named) => (named === kid ? publicKeyOf(signer) : undefined), isKeyProof)
  if (!verified.ok) return verified
  const { corridor, participant, thumbprint, use } = verified.payload
  const fits = corridor === claim.corridor && participant === claim.participant && thumbprint === claim.thumbprint && use === claim.use
  return fits ? verified : { ok: false, code: 'BINDING' }
}

/** The same as one bit, in the shape the judge asks for it. Pure: same answer everywhere, for ever. */
export function provesKey(proof: string, signer: PublicJwk, claim: Readonly<KeyClaim>): boolean {
  return verifyKeyProof(proof, signer, claim).ok
}

function isKeyProof(value: unknown): value is KeyProof {
  return faultOf('key-proof', value) === undefined
}
