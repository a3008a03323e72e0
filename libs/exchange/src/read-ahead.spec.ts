import { describe, expect, it } from '@jest/globals'
import type { LogBatch } from './log-port.js'
import { ReadAhead } from './read-ahead.js'

/** A log of batches of one record, read as slowly as the test wants. */
function slowLog() {
  const asked: { readonly answer: () => void }[] = []
  const told: number[] = []
  const batchAt = (offset: number): { readonly batch: LogBatch } => ({ batch: { records: [], next: offset + 1, end: 100 } })
  const read = (after: { readonly batch: LogBatch } | undefined) => new Promise<{ readonly batch: LogBatch }>((resolve) => asked.push({ answer: () => resolve(batchAt(after?.batch.next ?? 0)) }))
  const ahead = new ReadAhead(read, { onComing: ({ next }) => void told.push(next) })
  const answer = async () => {
    asked.at(-1)?.answer()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ahead, asked, told, answer }
}

describe('reading ahead', () => {
  it('tells of two batches in their order, one question at a time', async () => {
    const { ahead, asked, told, answer } = slowLog()
    const first = ahead.next()
    await answer()
    expect((await first).batch.next).toBe(1)
    ahead.goOn()
    ahead.goOn()
    expect(asked).toHaveLength(2)
    await answer()
    await answer()
    expect([told, asked.length]).toEqual([[2, 3], 3])
    expect((await ahead.next()).batch.next).toBe(2)
  })

  it('tells nobody of what is read after its end, and reads no more', async () => {
    const { ahead, asked, told, answer } = slowLog()
    const first = ahead.next()
    await answer()
    await first
    ahead.goOn()
    ahead.end()
    await answer()
    expect([told, asked.length]).toEqual([[], 2])
  })
})
