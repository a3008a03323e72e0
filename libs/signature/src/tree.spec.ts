import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { appendLeaf, emptyFrontier, frontierFromText, frontierToText, leafHashOf, nodeHashOf, rootOf, sizeOf, type Frontier } from './tree.js'

/** The reference entries and roots of the certificate-transparency project, for RFC 6962 trees of 1 to 8 leaves. */
const publishedEntries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const publishedRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const entries = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 })

describe('the tree of the log', () => {
  it('has the hash of nothing as its root while it is empty', () => {
    expect(Buffer.from(rootOf(emptyFrontier), 'base64url').toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('has the published roots for the published entries', () => {
    let frontier = emptyFrontier
    const roots = publishedEntries.map((entry) => {
      frontier = appendLeaf(frontier, Buffer.from(entry, 'hex'))
      return Buffer.from(rootOf(frontier), 'base64url').toString('hex')
    })
    expect(roots).toEqual(publishedRoots)
  })

  it('equals the recursive definition of RFC 6962 section 2.1 at every size', () => {
    fc.assert(
      fc.property(entries, (leaves) => {
        const frontier = frontierOf(leaves)
        expect(rootOf(frontier)).toBe(merkleTreeHash(leaves).toString('base64url'))
        expect(sizeOf(frontier)).toBe(leaves.length)
      }),
      { numRuns: 60 },
    )
  })

  it('comes back from its text and goes on growing as if never written down', () => {
    fc.assert(
      fc.property(entries, fc.uint8Array(), (leaves, next) => {
        const frontier = frontierOf(leaves)
        const read = frontierFromText(frontierToText(frontier))
        expect(read).toEqual(frontier)
        expect(rootOf(appendLeaf(read!, next))).toBe(rootOf(appendLeaf(frontier, next)))
      }),
      { numRuns: 60 },
    )
  })

  it('never changes a frontier it has grown from', () => {
    const before = frontierOf(['a', 'b', 'c'].map((text) => Buffer.from(text)))
    const text = frontierToText(before)
    appendLeaf(before, Buffer.from('d'))
    expect(frontierToText(before)).toBe(text)
  })

  it('carries beyond 32 bits', () => {
    const size = 2 ** 40 - 1
    const hash = Buffer.alloc(32, 7)
    const grown = appendLeaf({ size, subtrees: Array.from({ length: 40 }, () => hash) }, Buffer.from('leaf'))
    expect(grown.size).toBe(2 ** 40)
    expect(grown.subtrees).toHaveLength(1)
    expect(frontierFromText(frontierToText(grown))).toEqual(grown)
  })

  it.each([[31, 33], [32, 33], [0, 64], [32, 32]])('hashes an inner node of %d and %d bytes as RFC 6962 says, whatever was hashed before', (left, right) => {
    const [a, b] = [Buffer.alloc(left, 5), Buffer.alloc(right, 6)]
    nodeHashOf(Buffer.alloc(32, 1), Buffer.alloc(32, 2))
    expect(nodeHashOf(a, b)).toEqual(createHash('sha256').update(Buffer.of(1)).update(a).update(b).digest())
    expect(leafHashOf(a)).toEqual(createHash('sha256').update(Buffer.of(0)).update(a).digest())
  })

  it.each([
    ['empty', ''],
    ['without hashes for its size', '1:'],
    ['with a hash too many', `1:${'A'.repeat(86)}`],
    ['with hashes for size 0', `0:${'A'.repeat(43)}`],
    ['with a leading zero', `01:${'A'.repeat(43)}`],
    ['with unused bits set', `1:${'A'.repeat(42)}B`],
    ['padded', `1:${'A'.repeat(43)}=`],
    ['with a line break', `1:${'A'.repeat(43)}\n`],
    ['negative', `-1:${'A'.repeat(43)}`],
    ['beyond the safe integers', '9007199254740992:' + 'A'.repeat(43)],
  ])('is not read from a text that is %s', (_, text) => {
    expect(frontierFromText(text)).toBeUndefined()
  })
})

function frontierOf(leaves: readonly Uint8Array[]): Frontier {
  return leaves.reduce(appendLeaf, emptyFrontier)
}

/** The definition, word for word: split at the largest power of two below n. */
function merkleTreeHash(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return leafHashOf(only)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeHashOf(merkleTreeHash(leaves.slice(0, split)), merkleTreeHash(leaves.slice(split)))
}
