import { longestBatch } from './log-port.js'
import type { Cursor, DecidedSubmission } from './ports.js'

/** A decision, and where the log had been applied to when it was committed. */
export interface ToldDecision {
  readonly decided: DecidedSubmission
  readonly cursor: Cursor
}

/** Decisions remembered for whoever asks a moment after they were told: more than one batch has. */
const mostRemembered = 2 * longestBatch

/** Those who wait for the log: submitters for a decision, readers for an offset. Everything is told after the commit, nothing before. */
export class Waiting {
  readonly #decisions = new Map<string, Set<(told: ToldDecision | undefined) => void>>()
  readonly #told = new Map<string, ToldDecision>()
  readonly #offsets = new Set<{ readonly next: number; readonly done: (reached: boolean) => void }>()
  #next = 0

  get next(): number {
    return this.#next
  }

  /** Told after each commit: offsets below `next` are applied. */
  applied(cursor: Cursor, decided: readonly DecidedSubmission[]): void {
    const { next } = cursor
    this.#next = next
    for (const one of decided) {
      const told = { decided: one, cursor }
      this.#told.delete(one.eventId)
      this.#told.set(one.eventId, told)
      for (const tell of [...(this.#decisions.get(one.eventId) ?? [])]) tell(told)
    }
    for (const eventId of this.#told.keys()) {
      if (this.#told.size <= mostRemembered) break
      this.#told.delete(eventId)
    }
    for (const waiter of [...this.#offsets]) if (waiter.next <= next) waiter.done(true)
  }

  /** Nothing more will be applied here: whoever waits is answered with what is known. */
  end(): void {
    for (const tellers of [...this.#decisions.values()]) for (const tell of [...tellers]) tell(undefined)
    for (const waiter of [...this.#offsets]) waiter.done(false)
  }

  /** The decision on an own statement, which may just have been told, or undefined when it has not come within the time. */
  decision(eventId: string, withinMs: number): Promise<ToldDecision | undefined> {
    const before = this.#told.get(eventId)
    if (before) return Promise.resolve(before)
    return new Promise((resolve) => {
      const tellers = this.#decisions.get(eventId) ?? new Set()
      const done = (told: ToldDecision | undefined) => {
        clearTimeout(timer)
        tellers.delete(done)
        if (tellers.size === 0) this.#decisions.delete(eventId)
        resolve(told)
      }
      const timer = setTimeout(done, withinMs, undefined).unref()
      this.#decisions.set(eventId, tellers.add(done))
    })
  }

  /** Whether everything below `next` has been applied within the time. @param gone nobody waits any more */
  reached(next: number, withinMs: number, gone?: AbortSignal): Promise<boolean> {
    if (this.#next >= next) return Promise.resolve(true)
    if (gone?.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const isGone = () => done(false)
      const done = (reached: boolean) => {
        clearTimeout(timer)
        gone?.removeEventListener('abort', isGone)
        this.#offsets.delete(waiter)
        resolve(reached)
      }
      const waiter = { next, done }
      const timer = setTimeout(done, withinMs, false).unref()
      gone?.addEventListener('abort', isGone)
      this.#offsets.add(waiter)
    })
  }
}
