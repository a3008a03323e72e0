import { fromBase64url } from './base64url.js'
import { sha256 } from './sha256.js'

/**
 * An RFC 6962 Merkle tree (section 2.1) that only grows, kept as the roots of its perfect subtrees, largest first: one for every 1 in the binary
 * form of its size. So a leaf costs two hashes on average, and fifty million leaves fit in one short text of the cursor row.
 */
export interface Frontier {
  readonly size: number
  readonly subtrees: readonly Buffer[]
}

export const emptyFrontier: Frontier = { size: 0, subtrees: [] }

/** The tree with one more entry d(size). @param leaf the entry itself; the tree hashes it with the prefix 0x00 */
export function appendLeaf({ size, subtrees }: Frontier, leaf: Uint8Array): Frontier {
  const grown = [...subtrees]
  let node = leafHashOf(leaf)
  // Adding one carries through the trailing ones of the size; division, because sizes may pass 2^31.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHashOf(grown.pop() as Buffer, node) // one subtree for each 1
  grown.push(node)
  return { size: size + 1, subtrees: grown }
}

/** The Merkle tree hash, base64url; of the empty tree SHA-256(""). */
export function rootOf(frontier: Frontier): string {
  return rootHashOf(frontier).toString('base64url')
}

/** The same as 32 bytes. */
export function rootHashOf({ subtrees }: Frontier): Buffer {
  const last = subtrees.at(-1) ?? sha256('')
  return subtrees.slice(0, -1).reduceRight((right, left) => nodeHashOf(left, right), last)
}

/** How many leaves the tree has: the offset of the next one. */
export function sizeOf(frontier: Frontier): number {
  return frontier.size
}

/** `size:` and the subtrees' hashes in one base64url text. One frontier has one text. */
export function frontierToText({ size, subtrees }: Frontier): string {
  return `${size}:${Buffer.concat(subtrees).toString('base64url')}`
}

/** The frontier of a text made by `frontierToText`, or undefined for any other text. */
export function frontierFromText(text: string): Frontier | undefined {
  const [, sizeText, hashesText] = /^(0|[1-9][0-9]{0,15}):([A-Za-z0-9_-]*)$/.exec(text) ?? []
  if (sizeText === undefined || hashesText === undefined) return undefined
  const size = Number(sizeText)
  const hashes = fromBase64url(hashesText)
  if (!Number.isSafeInteger(size) || hashes?.length !== hashBytes * onesIn(size)) return undefined
  return { size, subtrees: Array.from({ length: onesIn(size) }, (_, at) => hashes.subarray(at * hashBytes, (at + 1) * hashBytes)) }
}

/** RFC 6962: MTH({d(0)}) = SHA-256(0x00 || d(0)). */
export function leafHashOf(leaf: Uint8Array): Buffer {
  if (leaf.length !== hashBytes) return sha256(Buffer.concat([leafPrefix, leaf]))
  forLeaf.set(leaf, 1)
  return sha256(forLeaf)
}

/** RFC 6962: SHA-256(0x01 || left || right). Another prefix than a leaf's, so that no inner node can pass for a leaf. */
export function nodeHashOf(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== hashBytes || right.length !== hashBytes) return sha256(Buffer.concat([nodePrefix, left, right])) // as who brings evidence may
  forNode.set(left, 1)
  forNode.set(right, 1 + hashBytes)
  return sha256(forNode)
}

const hashBytes = 32
const leafPrefix = Buffer.of(0)
const nodePrefix = Buffer.of(1)
// A log is hashed leaf by leaf, three hashes each: what is hashed is laid here behind its prefix.
const forLeaf = Buffer.concat([leafPrefix, Buffer.alloc(hashBytes)])
const forNode = Buffer.concat([nodePrefix, Buffer.alloc(2 * hashBytes)])

function onesIn(size: number): number {
  return size.toString(2).replaceAll('0', '').length
}
