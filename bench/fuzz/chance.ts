import type { Choose } from '../../libs/testing/src/random-acts.js'

/** Numbers that a seed tells again (mulberry32): fast, and good enough to choose by. */
export function chanceFrom(seed: number): Choose {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

export function oneOf<T>(choose: Choose, values: readonly T[]): T {
  if (values.length === 0) throw new Error('there is nothing to choose from')
  return values[choose(values.length)] as T // the index lies within
}
