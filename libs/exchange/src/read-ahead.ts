import type { LogBatch, LogReader } from './log-port.js'

/** One to be judged while the one before is written, one whose signatures are checked meanwhile. */
const batchesAhead = 2

/** Reads a log up to two batches ahead of its reader, who is told of them; one read at a time. */
export class ReadAhead<T extends { readonly batch: LogBatch }> {
  readonly #ahead: Promise<T>[] = []
  #last: T | undefined
  #isReading = false
  #isEnded = false

  /** @param read answers what comes after, or the first */
  constructor(
    private readonly read: (after: T | undefined) => Promise<T>,
    private readonly reader: Pick<LogReader, 'onComing'>,
  ) {}

  /** The next one, which may have been read already. Throws what reading throws. */
  async next(): Promise<T> {
    const coming = this.#ahead.shift()
    if (coming) return coming
    this.#last = await this.read(this.#last)
    return this.#last
  }

  /** Nobody is told of anything any more: what is still being read will not be delivered. */
  end(): void {
    this.#isEnded = true
  }

  /**
   * To be called when the reader has been given one. At the end of the log nothing is asked for: when the reader is done, more will have come to make
   * one batch.
   */
  goOn(): void {
    const last = this.#last
    if (this.#isReading || !last || this.#ahead.length >= batchesAhead || last.batch.next >= last.batch.end) return
    this.#isReading = true
    const coming = this.read(last)
    this.#ahead.push(coming)
    coming.then((next) => {
      if (this.#isEnded) return
      this.#isReading = false
      this.#last = next
      this.reader.onComing?.(next.batch)
      this.goOn()
    }, () => undefined) // whoever waits for it is told, and reads no more
  }
}
