import { describe, expect, it } from '@jest/globals'
import { Pace } from './pace.js'

/** Batches that take so long, each of what has come when the rest is over, of one statement at least; answers the rests. */
function rests(pace: Pace, clock: { now: number }, batches: number, { tookMs, everyMs }: { readonly tookMs: number; readonly everyMs: number }): readonly number[] {
  const comeBy = (time: number) => Math.floor(time / everyMs)
  let read = comeBy(clock.now)
  return Array.from({ length: batches }, () => {
    clock.now = Math.max(clock.now, (read + 1) * everyMs)
    const statements = comeBy(clock.now) - read
    read += statements
    clock.now += tookMs
    const rest = pace.restAfter(tookMs, statements)
    clock.now += rest
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
    const found = rests(pace, clock, 300, { tookMs: 5, everyMs: 15 })
    const burst = found.findIndex((rest) => rest !== 10)
    expect(burst).toBeGreaterThanOrEqual(20)
    expect(burst).toBeLessThan(25)
    expect(new Set(found.slice(burst + 1))).toEqual(new Set([95])) // a tick after the one before, less what the batch took
    clock.now += 500
    expect(pace.restAfter(5, 1)).toBe(10)
  })

  it.each([100, 30, 10])('is that of ticks alone where a statement comes every %d ms, though batches take longer than a tick', (everyMs) => {
    const { clock, pace } = paced()
    expect(new Set(rests(pace, clock, 100, { tookMs: 140, everyMs }).slice(50))).toEqual(new Set([60]))
  })

  it('counts a batch without records', () => {
    const { pace } = paced()
    const found = Array.from({ length: 21 }, () => pace.restAfter(5, 0))
    expect(new Set(found.slice(0, 20))).toEqual(new Set([10]))
    expect(found[20]).not.toBe(10)
  })

  it('has ticks that are the same for all who share a clock', () => {
    const { clock, pace } = paced()
    const other = new Pace(() => clock.now)
    const readsAt = (reader: Pace, tookMs: number) => {
      rests(reader, clock, 60, { tookMs, everyMs: 1 })
      clock.now += tookMs
      return clock.now + reader.restAfter(tookMs, 1)
    }
    expect([readsAt(pace, 3), readsAt(other, 7)].map((at) => at % 100)).toEqual([0, 0])
  })

  it.each([1, 1_000])('rests for 100 ms at most, where a statement comes every %d ms', (everyMs) => {
    const { clock, pace } = paced()
    expect(Math.max(...rests(pace, clock, 100, { tookMs: 400, everyMs }))).toBe(100)
  })
})
