import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { eachAsAnother } from './each-as-another.js'

interface Box {
  readonly kind: number
}

const isLike = (a: Box, b: Box) => a.kind === b.kind
const unknown = () => undefined

describe('reading each item as another that is like it', () => {
  it('finds of each what reading it finds, and for those that are known what is known', () => {
    const boxes = fc.array(fc.record({ kind: fc.integer({ min: 0, max: 20 }), isKnown: fc.boolean() }), { maxLength: 60 })
    fc.assert(fc.property(boxes, (items) => {
      const found = eachAsAnother(items, ({ isKnown }, at) => (isKnown ? { of: `known ${at}` } : undefined), isLike, ({ kind }) => ({ of: `read ${kind}` }))
      expect(found).toEqual(items.map(({ kind, isKnown }, at) => ({ of: isKnown ? `known ${at}` : `read ${kind}` })))
    }))
  })

  it('reads one of each kind, in whatever order they come', () => {
    const read: number[] = []
    const kinds = [1, 2, 1, 1, 3, 2, 3, 1]
    eachAsAnother(kinds.map((kind) => ({ kind })), unknown, isLike, ({ kind }) => ({ at: read.push(kind) }))
    expect(read).toEqual([1, 2, 3])
  })
})
