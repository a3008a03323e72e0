import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bigintArray } from './binary-array.js'

describe('an array of bigint', () => {
  it('has each safe integer as eight bytes behind its length, and null as none', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.maxSafeInteger())), (items) => {
      const bytes = bigintArray(items)
      expect([0, 4, 8, 12, 16].map((at) => bytes.readInt32BE(at))).toEqual([1, 1, 20, items.length, 1])
      let at = 20
      const read = items.map(() => {
        const length = bytes.readInt32BE(at)
        at += 4
        if (length === -1) return null
        at += length
        return Number(bytes.readBigInt64BE(at - 8))
      })
      expect([read, at]).toEqual([items, bytes.length])
    }))
  })

  it.each([0.5, Number.NaN, 2 ** 53])('has no %d', (number) => {
    expect(() => bigintArray([number])).toThrow(RangeError)
  })
})
