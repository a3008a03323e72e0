/** A middle value and how far apart the rounds lie: on a shared machine the second says how much the first is worth. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  return { median: (at(Math.floor((sorted.length - 1) / 2)) + at(Math.ceil((sorted.length - 1) / 2))) / 2, least: at(0), most: at(sorted.length - 1) }
}

/** The value below which that part of all values lies. @param part 0.5 is the median, 0.99 p99 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? Number.NaN
}

/** `12.3 (10.0–14.1)`; whole numbers from 100 on. */
export function told({ median, least, most }: Spread): string {
  const one = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2))
  return `${one(median)} (${one(least)}–${one(most)})`
}
