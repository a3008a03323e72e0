import { fromBase64url } from './base64url.js'
import { appendLeaf, emptyFrontier, leafHashOf, nodeHashOf, rootHashOf } from './tree.js'

/** That an entry stands at a place of a tree: the audit path of RFC 6962 section 2.1.1, from the leaf to the root, each hash base64url. */
export interface Inclusion {
  readonly index: number
  readonly size: number
  readonly path: readonly string[]
}

/** The proof for one entry of a tree, made from all its entries. @throws RangeError when there is no such entry */
export function inclusionProofOf(leaves: readonly Uint8Array[], index: number): Inclusion {
  if (!(Number.isInteger(index) && index >= 0 && index < leaves.length)) throw new RangeError(`no entry ${index} among ${leaves.length}`)
  return { index, size: leaves.length, path: auditPath(leaves, index).map((hash) => hash.toString('base64url')) }
}

/** Whether a proof shows the entry at its place under this root (base64url). Total over proofs from anywhere. */
export function isIncluded(leaf: Uint8Array, { index, size, path }: Inclusion, root: string): boolean {
  if (!(Number.isSafeInteger(size) && Number.isSafeInteger(index) && index >= 0 && index < size)) return false
  const hashes = path.map(fromBase64url)
  return rootBy(leafHashOf(leaf), index, size, hashes)?.toString('base64url') === root
}

function auditPath(leaves: readonly Uint8Array[], index: number): readonly Buffer[] {
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  const [own, at, sibling] = index < split ? [left, index, right] : [right, index - split, left]
  return [...auditPath(own, at), rootHashOf(sibling.reduce(appendLeaf, emptyFrontier))]
}

/** The root that a path leads to; undefined when it is too short, too long or holds something that is no hash. */
function rootBy(leafHash: Buffer, index: number, size: number, path: readonly (Buffer | undefined)[]): Buffer | undefined {
  if (size === 1) return path.length === 0 ? leafHash : undefined
  const sibling = path.at(-1)
  if (sibling?.length !== leafHash.length) return undefined
  const split = splitOf(size)
  const isLeft = index < split
  const own = rootBy(leafHash, isLeft ? index : index - split, isLeft ? split : size - split, path.slice(0, -1))
  return own && (isLeft ? nodeHashOf(own, sibling) : nodeHashOf(sibling, own))
}

/** The largest power of two below a size above 1. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}
