import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { batchOf } from './record-set.fixture.js'
import { slicesOf } from './record-set.js'

const record = (text: string) => ({ key: Buffer.from('k'), value: Buffer.from(text) })
const offsetsOf = (set: Buffer, from: number, most: number) =>
  [...slicesOf(set, from, most)].map(({ records, next }) => [records.map(({ offset }) => offset), next])

describe('a record set from the broker', () => {
  it('is read as it was written, whatever the bytes', async () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)))
    const records = fc.array(fc.record({ key: bytes, value: bytes }), { minLength: 1, maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(records, fc.maxSafeNat(), async (written, firstOffset) => {
        const set = await batchOf({ firstOffset, records: written, appendTime: 1_764_000_000_000 })
        const read = [...slicesOf(set, firstOffset, 1000)].flatMap((slice) => slice.records)
        expect(read).toEqual(written.map((raw, index) => ({ ...raw, offset: firstOffset + index, appendTime: 1_764_000_000_000 })))
      }),
      { numRuns: 50 },
    )
  })

  it('starts at the offset wanted, though the batch starts earlier', async () => {
    const set = await batchOf({ firstOffset: 10, records: [record('a'), record('b'), record('c')] })
    expect(offsetsOf(set, 11, 1000)).toEqual([[[11, 12], 13]])
    expect(offsetsOf(set, 13, 1000)).toEqual([])
  })

  it('comes in slices of so many records, over the bounds of batches', async () => {
    const set = Buffer.concat([
      await batchOf({ firstOffset: 0, records: [record('a'), record('b'), record('c')] }),
      await batchOf({ firstOffset: 3, records: [record('d'), record('e')] }),
    ])
    expect(offsetsOf(set, 0, 2)).toEqual([
      [[0, 1], 2],
      [[2, 3], 4],
      [[4], 5],
    ])
    expect(offsetsOf(set, 0, 5)).toEqual([[[0, 1, 2, 3, 4], 5]])
  })

  it('passes over control records, alone and between others', async () => {
    const marker = (firstOffset: number) => batchOf({ firstOffset, records: [record('commit')], isControl: true })
    expect(offsetsOf(await marker(7), 7, 1000)).toEqual([[[], 8]])
    const set = Buffer.concat([
      await batchOf({ firstOffset: 0, records: [record('a')] }),
      await marker(1),
      await batchOf({ firstOffset: 2, records: [record('b')] }),
      await marker(3),
    ])
    expect(offsetsOf(set, 0, 1000)).toEqual([[[0, 2], 4]])
    expect(offsetsOf(set, 0, 1)).toEqual([
      [[0], 1],
      [[2], 3],
      [[], 4],
    ])
  })

  it('is cut where another replica came to lead', async () => {
    const set = Buffer.concat([
      await batchOf({ firstOffset: 0, records: [record('a')], leaderEpoch: 4 }),
      await batchOf({ firstOffset: 1, records: [record('b')], leaderEpoch: 5 }),
    ])
    expect([...slicesOf(set, 0, 1000)].map(({ leaderEpoch, next }) => [leaderEpoch, next])).toEqual([
      [4, 1],
      [5, 2],
    ])
  })

  it('leaves out a last batch that the fetch size cut off, wherever', async () => {
    const whole = await batchOf({ firstOffset: 0, records: [record('a')] })
    const cut = await batchOf({ firstOffset: 1, records: [record('b')] })
    for (let length = 0; length < cut.length; length++) {
      expect(offsetsOf(Buffer.concat([whole, cut.subarray(0, length)]), 0, 1000)).toEqual([[[0], 1]])
    }
  })

  it('says when records carry the time of their writer', async () => {
    const set = await batchOf({ firstOffset: 0, records: [record('a')], isStampedByLog: false })
    expect([...slicesOf(set, 0, 1000)].map(({ isStampedByLog }) => isStampedByLog)).toEqual([false])
  })

  it.each([1, 2, 3, 4])('is refused with codec %d, which the topic should have kept out', async (codec) => {
    const set = await batchOf({ firstOffset: 0, records: [record('a')], codec })
    expect(() => [...slicesOf(set, 0, 1000)]).toThrow(expect.objectContaining({ code: 'LOG_MISCONFIGURED' }))
  })

  it('costs nothing for 16,000 headers', async () => {
    const set = await batchOf({ firstOffset: 0, records: [{ ...record('a'), headers: { h: Array.from({ length: 16_000 }, () => 'x') } }, record('b')] })
    const since = process.cpuUsage()
    expect(offsetsOf(set, 0, 1000)).toEqual([[[0, 1], 2]])
    const { user, system } = process.cpuUsage(since) // not the clock, which runs on while others have the processor
    expect((user + system) / 1_000).toBeLessThan(100)
  })
})
