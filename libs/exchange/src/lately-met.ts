interface Kept<T> {
  /** Undefined once it has gone. */
  value: T | undefined
  met: number
}

/**
 * Values by subject, of which those met last stay. None is taken from the map and put back to keep it in order: V8 makes such a map a new table after every
 * few, and each table that it has left holds the next one and its own values, past the end of them all, until the whole heap is marked (decision 0024).
 * So a value goes in the place of the one before, and one that goes leaves its place empty.
 */
export class LatelyMet<T extends object> {
  readonly #kept = new Map<string, Kept<T>>()
  #meetings = 0

  constructor(private readonly most: number) {}

  get(subject: string): T | undefined {
    const kept = this.#kept.get(subject)
    if (kept) kept.met = ++this.#meetings
    return kept?.value
  }

  /** Without meeting it. */
  peek(subject: string): T | undefined {
    return this.#kept.get(subject)?.value
  }

  set(subject: string, value: T): void {
    const kept = this.#kept.get(subject)
    if (kept) {
      kept.value = value
      kept.met = ++this.#meetings
      return
    }
    this.#kept.set(subject, { value, met: ++this.#meetings })
    if (this.#kept.size > this.most) this.#dropOldest()
  }

  delete(subject: string): void {
    const kept = this.#kept.get(subject)
    if (kept) kept.value = undefined
    this.#kept.delete(subject)
  }

  clear(): void {
    for (const kept of this.#kept.values()) kept.value = undefined
    this.#kept.clear()
  }

  /** Looks through all, which are few: a subject that was not at hand is being read from the database meanwhile. */
  #dropOldest(): void {
    let oldest: string | undefined
    let met = Infinity
    for (const [subject, kept] of this.#kept) {
      if (kept.met < met) [oldest, met] = [subject, kept.met]
    }
    if (oldest !== undefined) this.delete(oldest)
  }
}
