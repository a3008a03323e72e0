import { createHash } from 'node:crypto'

/** Chance that is the same in every run, so that every contestant and every run meets the same traffic. */
export interface Chance {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
}

export function chanceFrom(seed: number): Chance {
  let drawn = 0
  return { between: (from, to) => from + (createHash('sha256').update(`${seed} ${drawn++}`).digest().readUInt32BE() % (to - from + 1)) }
}
