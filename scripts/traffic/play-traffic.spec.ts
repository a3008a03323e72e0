import { describe, expect, it } from '@jest/globals'
import { openPace } from './play-traffic.js'
import { TallyKeeper } from './tally.js'

describe('the pace of traffic', () => {
  it('lets as many through a second as was asked for, and makes up for at most one second', async () => {
    let now = 0
    const pace = openPace(10, () => now, (ms) => Promise.resolve((now += ms)))
    for (let statement = 0; statement < 31; statement++) await pace.turn()
    expect(now).toBe(3_000)
    expect(pace.isBehind()).toBe(false)
    now += 60_000 // everybody waited for answers
    expect(pace.isBehind()).toBe(true)
    const late = now
    for (let statement = 0; statement < 31; statement++) await pace.turn()
    expect(now).toBe(late + 2_000)
  })
})

describe('the tally of traffic', () => {
  it('counts by type and verdict, and knows who is still under way', () => {
    let now = 0
    const keeper = new TallyKeeper(() => now)
    keeper.departed({ delay: 1, reservation: 0, hold: 2, correction: 0 })
    keeper.departed({ delay: 0, reservation: 1, hold: 0, correction: 0 })
    keeper.departed({ delay: 0, reservation: 0, hold: 0, correction: 0 })
    for (const [type, verdict, ms] of [['HandoffOffered', 'accepted', 10], ['HandoffOffered', 'refused', 30], ['ActDrawn', 'accepted', 20]] as const) keeper.stated(type, verdict, ms)
    keeper.arrived()
    keeper.stranded('casca 2: nobody knows why')
    now = 2_000
    expect(keeper.tally()).toEqual({
      statements: 3, perSecond: 1.5, byType: { ActDrawn: { accepted: 1, refused: 0 }, HandoffOffered: { accepted: 1, refused: 1 } },
      troubles: { delay: 1, reservation: 1, hold: 2, correction: 0 }, underWay: 1, delivered: 1, stranded: ['casca 2: nobody knows why'], answeredMs: { p50: 20, p99: 30 },
    })
  })
})
