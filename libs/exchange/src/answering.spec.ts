import { describe, expect, it } from '@jest/globals'
import { Answering, type AnsweringNode } from './answering.js'
import { Waiting } from './waiting.js'

/** A node that has applied `applied()` records of a log that ends at `end`. */
function answering(end: () => Promise<number>, applied: () => number): Answering {
  const waiting = new Waiting()
  const node = { events: { end }, waiting, clock: { now: () => Date.now() }, isLeading: () => true, cursorNow: async () => ({ next: applied(), frontier: '0:' }) }
  setImmediate(() => waiting.applied({ next: applied(), frontier: '0:' }, []))
  return new Answering(node as unknown as AnsweringNode) // settled() asks nothing else of it
}

describe('an answer that nothing was found', () => {
  it('is final when the whole log had been applied before it was looked for', async () => {
    let looked = 0
    expect(await answering(async () => 5, () => 5).settled(async () => void looked++, 100)).toBe('notFound')
    expect(looked).toBe(1)
  })

  it('is looked for again when the log was applied further while it was looked for', async () => {
    let applied = 4
    let looked = 0
    const read = async () => {
      looked++
      if (looked > 1) return 'there'
      applied = 5 // the record that answers is applied just after it was looked for
      return undefined
    }
    expect(await answering(async () => 5, () => applied).settled(read, 5_000)).toEqual({ found: 'there' })
  })

  it('is not given while the log has more than what is applied, or does not say', async () => {
    expect(await answering(async () => 6, () => 5).settled(async () => undefined, 20)).toBe('behind')
    expect(await answering(() => Promise.reject(new Error('down')), () => 5).settled(async () => undefined, 20)).toBe('behind')
  })
})
