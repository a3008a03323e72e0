import { isSameRecord, longestBatch, type LogBatch, type LogRecord } from '#libs/exchange'
import { slicesOf, type Slice } from './record-set.js'
import type { TopicReader } from './topic-reader.js'

/** Bytes a fetch. */
const maxBytes = 4 * 1024 * 1024
/** A fetch returns at once when something comes, so a long wait costs no latency. */
const waitMs = 1000

/** A slice of the log to hand over. */
export interface Ready extends Omit<Slice, 'records' | 'next'> {
  readonly batch: LogBatch
  /** First of a fetch that was sent after a time in which nothing was, and nothing shows that the topic is the same one. */
  readonly isDoubted: boolean
}

/** Reads one slice after the other from an offset on; one question at a time. */
export class SliceSource {
  #slices: Iterator<Slice> = [][Symbol.iterator]()
  #end = 0
  /** Until the last answer came the broker would have told of a deleted topic. */
  #watchedUntil = Date.now()
  #isDoubted = false
  /** The record before `position`, if there is one. */
  #last: LogRecord | undefined

  constructor(
    private readonly topic: TopicReader,
    private position: number,
    private readonly unwatchedMs: number,
  ) {}

  /** The next slice as soon as there is one. Throws what the topic throws, and when an offset cannot be read. */
  async next(): Promise<Ready> {
    for (;;) {
      const slice = this.#slices.next()
      if (slice.done === true) await this.#fetch()
      else if (slice.value.next > this.position) return this.#ready(slice.value)
    }
  }

  /** After a time unwatched it asks from the record on that was read last: where that one stands as it did, what follows it is of the same topic. */
  async #fetch(): Promise<void> {
    const isUnwatchedAt = (time: number) => time - watchedUntil > this.unwatchedMs
    const watchedUntil = this.#watchedUntil
    const witness = isUnwatchedAt(Date.now()) ? this.#last : undefined
    this.#last = undefined // a second fetch from there would be answered at once, by the same record
    const from = witness?.offset ?? this.position
    const answer = await this.topic.fetch(from, { waitMs, maxBytes })
    this.#watchedUntil = Date.now()
    if (answer === 'out of range' && witness) return void (this.#isDoubted = true) // it may have expired, and what follows it not
    if (answer === 'out of range') throw new Error(`offset ${from} is out of range`)
    this.#end = answer.end
    const slices = slicesOf(answer.set, from, longestBatch)
    const first = slices.next()
    if (first.done === true && answer.set.length > 0) throw new Error(`nothing could be read at offset ${from}`)
    const found = first.done === true ? undefined : first.value.records[0]
    if ((witness !== undefined || isUnwatchedAt(answer.sentAt)) && !(witness && found?.offset === witness.offset && isSameRecord(witness, found))) this.#isDoubted = true
    this.#slices = first.done === true ? slices : beginningWith(first.value, slices)
  }

  #ready({ records, next, ...about }: Slice): Ready {
    const unread = records.filter(({ offset }) => offset >= this.position)
    const last = unread.at(-1)
    this.#last = last?.offset === next - 1 ? ownCopyOf(last) : undefined
    const isDoubted = this.#isDoubted
    this.#isDoubted = false
    this.position = next
    return { batch: { records: unread, next, end: Math.max(this.#end, next) }, isDoubted, ...about }
  }
}

function* beginningWith(first: Slice, others: Iterable<Slice>): Generator<Slice> {
  yield first
  yield* others
}

/** A record as it was fetched holds the megabytes it came in. */
function ownCopyOf({ offset, key, value, appendTime }: LogRecord): LogRecord {
  return { offset, key: key && Buffer.from(key), value: value && Buffer.from(value), appendTime }
}
