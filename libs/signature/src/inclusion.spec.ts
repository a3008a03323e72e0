import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { inclusionProofOf, isIncluded } from './inclusion.js'
import { appendLeaf, emptyFrontier, rootOf } from './tree.js'

/** The reference entries of the certificate-transparency project and its audit paths into trees of them. */
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'))
const published: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

describe('the proof that a record stands in the log', () => {
  it.each(published)('for entry %i of a tree of %i is the published one', (index, size, path) => {
    const leaves = entries.slice(0, size)
    const proof = inclusionProofOf(leaves, index)
    expect(proof.path.map((hash) => Buffer.from(hash, 'base64url').toString('hex'))).toEqual(path)
    expect(isIncluded(leaves[index]!, proof, rootFor(leaves))).toBe(true)
  })

  it('holds for its entry, place, size and root alone', () => {
    const leafLists = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 40 })
    const trees = leafLists.chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat(leaves.length - 1)))
    fc.assert(
      fc.property(trees, fc.nat(41), fc.nat(41), ([leaves, index], otherIndex, otherSize) => {
        const [leaf, proof, root] = [leaves[index]!, inclusionProofOf(leaves, index), rootFor(leaves)]
        expect(isIncluded(leaf, proof, root)).toBe(true)
        expect(isIncluded(Buffer.concat([leaf, Buffer.of(0)]), proof, root)).toBe(false)
        expect(isIncluded(leaf, proof, rootFor([...leaves, leaf]))).toBe(false)
        expect(isIncluded(leaf, { ...proof, path: [...proof.path, root] }, root)).toBe(false)
        expect(isIncluded(leaf, { ...proof, path: proof.path.slice(1) }, root)).toBe(proof.path.length === 0)
        const elsewhere = isIncluded(leaf, { ...proof, index: otherIndex, size: otherSize }, root)
        // a path alone does not fix the size, but never shows an entry at a place where another one stands
        if (elsewhere && otherSize === leaves.length) expect(leaves[otherIndex]).toEqual(leaf)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['a negative place', { index: -1, size: 2, path: [] }],
    ['a place beyond the tree', { index: 2, size: 2, path: [] }],
    ['a broken place', { index: 0.5, size: 2, path: [] }],
    ['an empty tree', { index: 0, size: 0, path: [] }],
    ['an endless tree', { index: 0, size: Infinity, path: [] }],
    ['hashes that are none', { index: 0, size: 2, path: ['AAAA'] }],
    ['hashes written inexactly', { index: 0, size: 2, path: [`${'A'.repeat(42)}B`] }],
  ])('does not hold with %s', (_, proof) => {
    expect(isIncluded(entries[0]!, proof, rootFor(entries.slice(0, 1)))).toBe(false)
  })

  it('is not made for an entry that does not exist', () => {
    expect(() => inclusionProofOf(entries, 8)).toThrow(RangeError)
    expect(() => inclusionProofOf([], 0)).toThrow(RangeError)
  })
})

function rootFor(leaves: readonly Uint8Array[]): string {
  return rootOf(leaves.reduce(appendLeaf, emptyFrontier))
}
