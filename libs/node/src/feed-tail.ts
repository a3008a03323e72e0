/** A visible entry, written out. */
export interface FeedRow {
  readonly offset: number
  readonly consignment: string
  readonly bytes: Buffer
}

const mostRows = 2_000
const mostBytes = 4 * 1024 * 1024
const partBytes = 256 * 1024
/** So much of the log is read anew when somebody comes after nobody was there. */
const startBehind = 1_000

/**
 * The last visible entries, written out once for all who read along. Everything visible behind `#before`, up to and with `upTo`, is here, so a reader anywhere
 * between finds what follows without a question to the store.
 */
export class FeedTail {
  #rows: FeedRow[] = []
  #bytes = 0
  #before = Number.POSITIVE_INFINITY
  #upTo = Number.NEGATIVE_INFINITY
  readonly #parts = new Map<string, { readonly bytes: Buffer; readonly upTo: number }>()

  /** Everything visible up to this offset has been told. */
  get upTo(): number {
    return this.#upTo
  }

  /** Begins a little before the end, unless it has come as far already. */
  startNear(end: number): void {
    const start = Math.max(-1, end - startBehind)
    if (this.#upTo >= start) return
    this.#rows = []
    this.#bytes = 0
    this.#before = this.#upTo = start
    this.#parts.clear()
  }

  add(rows: readonly FeedRow[], upTo: number): void {
    if (upTo <= this.#upTo) return
    for (const row of rows) {
      this.#rows.push(row)
      this.#bytes += row.bytes.length
    }
    let gone = 0
    for (const row of this.#rows) {
      if (this.#rows.length - gone <= mostRows && this.#bytes <= mostBytes) break
      this.#bytes -= row.bytes.length
      this.#before = row.offset
      gone++
    }
    this.#rows.splice(0, gone)
    this.#upTo = upTo
    this.#parts.clear()
  }

  /** Whether all that follows the offset is here. */
  reaches(offset: number): boolean {
    return offset >= this.#before
  }

  /** What follows an offset that it reaches, as much as is sent at once; undefined when there is nothing. Readers at one place get the same bytes. */
  after(offset: number, consignment: string | undefined): { readonly bytes: Buffer; readonly upTo: number } | undefined {
    if (offset >= this.#upTo) return undefined
    const key = `${offset} ${consignment ?? ''}`
    const known = this.#parts.get(key)
    if (known) return known
    const wanted: Buffer[] = []
    let bytes = 0
    let upTo = this.#upTo
    for (const row of this.#rows.slice(this.firstAfter(offset))) {
      if (consignment !== undefined && row.consignment !== consignment) continue
      wanted.push(row.bytes)
      bytes += row.bytes.length
      if (bytes < partBytes) continue
      upTo = row.offset
      break
    }
    const part = { bytes: Buffer.concat(wanted), upTo }
    this.#parts.set(key, part)
    return part
  }

  private firstAfter(offset: number): number {
    const at = this.#rows.findLastIndex((row) => row.offset <= offset)
    return at + 1
  }
}
