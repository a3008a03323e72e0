export { type AttestationFault, type Attested, type Verified } from './attestation.js'
export { fromBase64url } from './base64url.js'
export { checkpointsContradict, signCheckpoint, verifyCheckpoint } from './checkpoint.js'
export { inclusionProofOf, isIncluded, type Inclusion } from './inclusion.js'
export { candidateKeysOf, beginInspection, inspectBatch, inspectRecord, maxPayloadDepth, maxRecordBytes, openRecord, readRecord, type BeginInspection, type Inspecting, type Inspections, type OpenedRecord, type PublicKeyOf } from './inspect.js'
export { eventIdOf, isSignedBy, signJws, splitJws, typs, type JwsParts, type Signer, type Typ } from './jws.js'
export { provesKey, signKeyProof, verifyKeyProof, type KeyClaim } from './key-proof.js'
export { generateKeyPair, isPrivateJwk, isPublicJwk, privateKeyOf, publicJwkOf, publicKeyOf, thumbprintOf, type KeyPair, type PrivateJwk } from './keys.js'
export { holeLeafOf, leafOf, type JudgedRecord } from './leaf.js'
export {
  decryptBlock,
  digestOfBlock,
  encryptBlock,
  isSaltedBlock,
  newSalt,
  openBlock,
  type BlockFault,
  type OpenedBlock,
  type ReaderKey,
  type Recipient,
} from './particulars.js'
export { rememberingInspection } from './remembering-inspection.js'
export { signReceipt, verifyReceipt } from './receipt.js'
export { newNonce, signRequest, verifyRequest, type ExpectedRequest, type NodeRequest } from './request.js'
export { appendLeaf, emptyFrontier, frontierFromText, frontierToText, rootOf, sizeOf, type Frontier } from './tree.js'
