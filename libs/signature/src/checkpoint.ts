import { canonicalJson, faultOf, type Checkpoint } from '#libs/documents'
import { verifyAttestation, type Verified } from './attestation.js'
import type { PublicKeyOf } from './inspect.js'
import { signJws, typs, type Signer } from './jws.js'

/** Signs the head of the log's tree as this node has judged it (architecture 8). */
export function signCheckpoint(checkpoint: Checkpoint, signer: Signer): string {
  return signJws({ typ: typs.checkpoint, payload: canonicalJson(checkpoint), ...signer })
}

/** Verifies a checkpoint. Which node owns `kid` is for the caller to look up. */
export function verifyCheckpoint(jws: string, publicKeyOf: PublicKeyOf): Verified<Checkpoint> {
  return verifyAttestation(jws, typs.checkpoint, publicKeyOf, isCheckpoint)
}

/** Whether two checkpoints cannot both be true: one size, two roots. Of one node that is proof of fraud, of two nodes an alarm. */
export function checkpointsContradict(a: Checkpoint, b: Checkpoint): boolean {
  return a.corridor === b.corridor && a.epoch === b.epoch && a.size === b.size && a.root !== b.root
}

function isCheckpoint(value: unknown): value is Checkpoint {
  return faultOf('checkpoint', value) === undefined
}
