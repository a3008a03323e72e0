import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { Upkeep } from './upkeep.js'

describe('what the one applier does beside', () => {
  it('compares slowly at a multiple of a thousand while the log moves, and soon at its end when it rests', async () => {
    const compared: { readonly size: number; readonly withinMs?: number }[] = []
    const peers = {
      fetchMissingBlocks: () => Promise.resolve(0),
      compareCheckpoints: (size: number, spread?: { readonly withinMs: number }) => {
        compared.push({ size, ...(spread && { withinMs: spread.withinMs }) })
        return Promise.resolve([{ participant: 'another', equal: true }])
      },
    }
    const [stopped, end] = promised()
    const upkeep = new Upkeep({ peers, calls: { finish: () => Promise.resolve() }, applied: () => 2_345, onTrouble: (error) => { throw error } })
    const running = upkeep.run(stopped)
    await until(() => compared.length === 2, 20_000)
    end()
    await running
    expect(compared).toEqual([{ size: 2_000, withinMs: 60_000 }, { size: 2_345, withinMs: 5_000 }])
  }, 25_000)
})

function promised(): readonly [Promise<void>, () => void] {
  let resolve: () => void = () => undefined
  return [new Promise<void>((done) => { resolve = done }), () => resolve()]
}
