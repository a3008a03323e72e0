/** Statements that a reader at the log's end may take as they come, and how many of them it gets back in a second. */
const burst = 20
const backASecond = 8

/** Where statements come faster for long, the nodes of a process read the log's end at the same moments, so far apart. Nobody rests for longer. */
const tickMs = 100

/**
 * How long a reader at the log's end rests after a batch, in milliseconds. A few statements, a person's or a ship's whose lines follow each other, are
 * read one by one: it rests for twice as long as the batch took, so that where many share a processor more come together. Where statements keep coming,
 * it reads what has come at the next tick: a batch of several costs little more than a batch of one, and what the nodes of a process read at the same
 * time they inspect once. What it gets back is counted in statements: counted in batches, one that took longer than a tick was given back
 * each time, and readers left their ticks when they were needed.
 */
export class Pace {
  #left = burst
  #since: number

  /** @param now milliseconds of a clock that all readers of a process share, such as performance.now() */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#since = now()
  }

  /** @param records that the batch had, statements or not; one without any is work, too */
  restAfter(tookMs: number, records: number): number {
    const cost = Math.max(1, records)
    const now = this.now()
    const left = Math.min(burst, this.#left + ((now - this.#since) * backASecond) / 1_000)
    this.#since = now
    this.#left = Math.max(0, left - cost)
    return left < cost ? tickMs - (now % tickMs) : Math.min(tickMs, 2 * tookMs)
  }
}
