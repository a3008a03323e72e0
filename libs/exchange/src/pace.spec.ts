import { describe, expect, it } from '@jest/globals'
import { Pace } from './pace.js'

/** Batches that take so long, each read when the rest is over and a statement has come; answers the rests. */
function rests(pace: Pace, clock: { now: number }, batches: number, { tookMs, everyMs }: { readonly tookMs: number; readonly everyMs: number }): readonly number[] {
  return Array.from({ length: batches }, () => {
    clock.now += tookMs
    const rest = pace.restAfter(tookMs)
    clock.now = Math.max(clock.now + rest, Math.ceil((clock.now + rest) / everyMs) * everyMs)
    return rest
  })
}

const paced = () => {
  const clock = { now: 1_000 }
  return { clock, pace: new Pace(() => clock.now) }
}

describe('the pace of reading at the log\'s end', () => {
  it.each([150, 333, 1_000])('is that of the statements where one comes every %d ms, however long', (everyMs) => {
    const { clock, pace } = paced()
    expect(new Set(rests(pace, clock, 300, { tookMs: 4, everyMs }))).toEqual(new Set([8]))
  })

  it('is theirs for a burst, and that of ticks where they keep coming', () => {
    const { clock, pace } = paced()
    const found = rests(pace, clock, 300, { tookMs: 5, everyMs: 1 })
    const burst = found.findIndex((rest) => rest !== 10)
    expect(burst).toBeGreaterThanOrEqual(20)
    expect(burst).toBeLessThan(25)
    expect(new Set(found.slice(burst + 1))).toEqual(new Set([85])) // a tick after the one before, less what the batch took
    clock.now += 500
    expect(pace.restAfter(5)).toBe(10)
  })

  it('has ticks that are the same for all who share a clock', () => {
    const { clock, pace } = paced()
    const other = new Pace(() => clock.now)
    const readsAt = (reader: Pace, tookMs: number) => {
      rests(reader, clock, 60, { tookMs, everyMs: 1 })
      clock.now += tookMs
      return clock.now + reader.restAfter(tookMs)
    }
    expect([readsAt(pace, 3), readsAt(other, 7)].map((at) => at % 90)).toEqual([0, 0])
  })

  it('rests for 100 ms at most', () => {
    const { clock, pace } = paced()
    expect(Math.max(...rests(pace, clock, 100, { tookMs: 400, everyMs: 1 }))).toBe(100)
  })
})
