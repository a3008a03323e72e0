import type { LogBatch } from '#libs/exchange'
import { slicesOf, type Slice } from './record-set.js'
import type { TopicReader } from './topic-reader.js'

/** Records a batch, so that an applier's transaction stays bounded; and bytes a fetch. */
const maxRecords = 2000
const maxBytes = 4 * 1024 * 1024
/** A fetch returns at once when something comes, so a long wait costs no latency. */
const waitMs = 1000

/** A slice of the log to hand over. */
export interface Ready extends Omit<Slice, 'records' | 'next'> {
  readonly batch: LogBatch
  /** First of a fetch that was sent after a time in which nothing was: the topic may be another one. */
  readonly isDoubted: boolean
}

/** Reads one slice after the other from an offset on; one question at a time. */
export class SliceSource {
  #slices: Iterator<Slice> = [][Symbol.iterator]()
  #end = 0
  /** Until the last answer came the broker would have told of a deleted topic. */
  #watchedUntil = Date.now()

  constructor(
    private readonly topic: TopicReader,
    private position: number,
    private readonly unwatchedMs: number,
  ) {}

  /** The next slice as soon as there is one. Throws what the topic throws, and when an offset cannot be read. */
  async next(): Promise<Ready> {
    const fetched = this.#slices.next()
    if (fetched.done !== true) return this.#ready(fetched.value, false)
    for (;;) {
      const isDoubted = Date.now() - this.#watchedUntil > this.unwatchedMs
      const answer = await this.topic.fetch(this.position, { waitMs, maxBytes })
      this.#watchedUntil = Date.now()
      if (answer === 'out of range') throw new Error(`offset ${this.position} is out of range`)
      if (answer.set.length === 0) continue
      this.#slices = slicesOf(answer.set, this.position, maxRecords)
      this.#end = answer.end
      const first = this.#slices.next()
      if (first.done === true) throw new Error(`nothing could be read at offset ${this.position}`)
      return this.#ready(first.value, isDoubted)
    }
  }

  #ready({ records, next, ...about }: Slice, isDoubted: boolean): Ready {
    this.position = next
    return { ...about, batch: { records, next, end: Math.max(this.#end, next) }, isDoubted }
  }
}
