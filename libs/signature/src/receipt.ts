import { canonicalJson, faultOf, type Receipt } from '#libs/documents'
import { verifyAttestation, type Verified } from './attestation.js'
import type { PublicKeyOf } from './inspect.js'
import { signJws, typs, type Signer } from './jws.js'

/** Signs a node's answer about one record, after the commit; size and root are those of the tree at the end of the batch (architecture 8). */
export function signReceipt(receipt: Receipt, signer: Signer): string {
  return signJws({ typ: typs.receipt, payload: canonicalJson(receipt), ...signer })
}

/** Verifies a receipt. Which node owns `kid` is for the caller to look up. */
export function verifyReceipt(jws: string, publicKeyOf: PublicKeyOf): Verified<Receipt> {
  return verifyAttestation(jws, typs.receipt, publicKeyOf, isReceipt)
}

function isReceipt(value: unknown): value is Receipt {
  return faultOf('receipt', value) === undefined
}
