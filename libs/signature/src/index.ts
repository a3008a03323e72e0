export { fromBase64url } from './base64url.js'
export { candidateKeysOf, inspectBatch, inspectRecord, maxPayloadDepth, maxRecordBytes, openRecord, type OpenedRecord, type PublicKeyOf } from './inspect.js'
export { eventIdOf, signJws, splitJws, typs, type JwsParts, type Signer, type Typ } from './jws.js'
export {
  generateKeyPair,
  isPrivateJwk,
  isPublicJwk,
  privateKeyOf,
  publicJwkOf,
  publicKeyOf,
  thumbprintOf,
  type KeyPair,
  type PrivateJwk,
  type PublicJwk,
} from './keys.js'
export { holeLeafOf, leafOf, type JudgedRecord } from './leaf.js'
export { appendLeaf, emptyFrontier, frontierFromText, frontierToText, rootOf, sizeOf, type Frontier } from './tree.js'
