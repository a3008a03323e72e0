import { describe, expect, it } from '@jest/globals'
import { Waiting } from './waiting.js'

const cursor = { next: 8, frontier: '0:' }
const accepted = (eventId: string) => ({ eventId, verdict: 'accepted' as const, code: null, offset: 7 })

describe('waiting for a decision', () => {
  it('is told what is decided later, and what was decided just before', async () => {
    const waiting = new Waiting()
    const later = waiting.decision('a', 5_000)
    waiting.applied(cursor, [accepted('a'), accepted('b')])
    expect(await Promise.all([later, waiting.decision('b', 0)])).toEqual([accepted('a'), accepted('b')].map((decided) => ({ decided, cursor })))
  })

  it('ends with nothing when the time is over, or the node', async () => {
    const waiting = new Waiting()
    expect(await waiting.decision('a', 1)).toBeUndefined()
    const ended = waiting.decision('a', 5_000)
    waiting.end()
    expect(await ended).toBeUndefined()
  })

  it('forgets decisions of long ago', async () => {
    const waiting = new Waiting()
    waiting.applied(cursor, [accepted('first'), ...Array.from({ length: 7_999 }, (_, at) => accepted(String(at)))])
    expect(await waiting.decision('first', 1)).toBeDefined()
    waiting.applied(cursor, [accepted('one more')])
    expect(await waiting.decision('first', 1)).toBeUndefined()
  })
})
