import type { Trouble } from '../../corridors/traffic/troubles.js'

/** What traffic has done so far. */
export interface Tally {
  readonly statements: number
  readonly perSecond: number
  readonly byType: Readonly<Record<string, { readonly accepted: number; readonly refused: number }>>
  readonly troubles: Readonly<Record<Trouble, number>>
  readonly underWay: number
  readonly delivered: number
  /** Journeys that ended otherwise than told, and why. */
  readonly stranded: readonly string[]
  /** From a statement's posting to its verdict. */
  readonly answeredMs: { readonly p50: number; readonly p99: number }
}

export class TallyKeeper {
  readonly #byType = new Map<string, { accepted: number; refused: number }>()
  readonly #troubles: Record<Trouble, number> = { delay: 0, reservation: 0, hold: 0, correction: 0 }
  readonly #times: number[] = []
  readonly #stranded: string[] = []
  readonly #since: number
  #underWay = 0
  #delivered = 0

  constructor(private readonly now: () => number) {
    this.#since = now()
  }

  get statements(): number {
    return this.#times.length
  }

  departed(troubles: Tally['troubles']): void {
    this.#underWay += 1
    for (const trouble of Object.keys(troubles) as Trouble[]) this.#troubles[trouble] += troubles[trouble]
  }

  stated(type: string, verdict: 'accepted' | 'refused', ms: number): void {
    const row = this.#byType.get(type) ?? { accepted: 0, refused: 0 }
    row[verdict] += 1
    this.#byType.set(type, row)
    this.#times.push(ms)
  }

  arrived(): void {
    this.#underWay -= 1
    this.#delivered += 1
  }

  stranded(why: string): void {
    this.#underWay -= 1
    this.#stranded.push(why)
  }

  /** Stopped on the way, because somebody asked for it. */
  stopped(): void {
    this.#underWay -= 1
  }

  tally(): Tally {
    const sorted = [...this.#times].sort((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
    const seconds = (this.now() - this.#since) / 1_000
    return {
      statements: this.statements,
      perSecond: seconds > 0 ? Math.round((this.statements / seconds) * 10) / 10 : 0,
      byType: Object.fromEntries([...this.#byType].sort(([a], [b]) => (a < b ? -1 : 1))),
      troubles: { ...this.#troubles }, underWay: this.#underWay, delivered: this.#delivered, stranded: [...this.#stranded],
      answeredMs: { p50: at(0.5), p99: at(0.99) },
    }
  }
}
