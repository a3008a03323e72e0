import type { DecidedSubmission } from './ports.js'

/** Those who wait for the log: submitters for a decision, readers for an offset. Everything is told after the commit, nothing before. */
export class Waiting {
  readonly #decisions = new Map<string, Set<(decided: DecidedSubmission | undefined) => void>>()
  readonly #offsets = new Set<{ readonly next: number; readonly done: (reached: boolean) => void }>()
  #next = 0

  get next(): number {
    return this.#next
  }

  /** Told after each commit: offsets below `next` are applied. */
  applied(next: number, decided: readonly DecidedSubmission[]): void {
    this.#next = next
    for (const one of decided) for (const tell of [...(this.#decisions.get(one.eventId) ?? [])]) tell(one)
    for (const waiter of [...this.#offsets]) if (waiter.next <= next) waiter.done(true)
  }

  /** Nothing more will be applied here: whoever waits is answered with what is known. */
  end(): void {
    for (const tellers of [...this.#decisions.values()]) for (const tell of [...tellers]) tell(undefined)
    for (const waiter of [...this.#offsets]) waiter.done(false)
  }

  /** The decision on an own statement, or undefined when it has not come within the time. */
  decision(eventId: string, withinMs: number): Promise<DecidedSubmission | undefined> {
    return new Promise((resolve) => {
      const tellers = this.#decisions.get(eventId) ?? new Set()
      const done = (decided: DecidedSubmission | undefined) => {
        clearTimeout(timer)
        tellers.delete(done)
        if (tellers.size === 0) this.#decisions.delete(eventId)
        resolve(decided)
      }
      const timer = setTimeout(done, withinMs, undefined).unref()
      this.#decisions.set(eventId, tellers.add(done))
    })
  }

  /** Whether everything below `next` has been applied within the time. */
  reached(next: number, withinMs: number): Promise<boolean> {
    if (this.#next >= next) return Promise.resolve(true)
    return new Promise((resolve) => {
      const done = (reached: boolean) => {
        clearTimeout(timer)
        this.#offsets.delete(waiter)
        resolve(reached)
      }
      const waiter = { next, done }
      const timer = setTimeout(done, withinMs, false).unref()
      this.#offsets.add(waiter)
    })
  }
}
