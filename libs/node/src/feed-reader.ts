import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FeedFilter } from '#libs/exchange'
import type { FeedMember, LiveFeed } from './live-feed.js'

export interface ReaderWishes {
  /** Everything up to this offset is known to the reader. */
  readonly after: number
  readonly filter: FeedFilter
  /** When the token ends. */
  readonly expiresAt: number
}

/** How a reader went: by itself, or cut because it did not take what waited for it. */
export type ReaderEnd = 'gone' | 'cut' | 'ended'

/** Clients are told to come back after so long. */
const retryMs = 2_000
const longestTimerMs = 2 ** 31 - 1
/** So long an end that was said may take to reach the reader. */
const farewellMs = 500
const troubleMs = 1_000

/**
 * One who reads along over HTTP. It takes the next part only when the connection has taken the one before, so that at most one part waits for it; who
 * lets that wait for too long is cut, and finds the rest by the offset it has got.
 */
export class FeedReader implements FeedMember {
  #position: number
  #isOver = false
  #outcome: ReaderEnd = 'gone'
  #hasNews = false
  #goOn: (() => void) | undefined
  #taken: (() => void) | undefined

  constructor(
    private readonly feed: LiveFeed,
    private readonly response: ServerResponse,
    private readonly wishes: ReaderWishes,
  ) {
    this.#position = wishes.after
  }

  /** Resolves when the reader has gone. @param now milliseconds since the epoch */
  async run(now: number): Promise<ReaderEnd> {
    const { response, feed } = this
    response.once('close', () => this.over())
    response.on('error', () => this.over()) // a reader that went while something was on its way
    const expiry = setTimeout(() => this.end('TOKEN_EXPIRED'), Math.min(longestTimerMs, Math.max(0, this.wishes.expiresAt - now))).unref()
    if (response.destroyed) this.over()
    else feed.join(this)
    try {
      if (!this.#isOver) response.write(`retry: ${retryMs}\n${this.place()}\n`)
      while (!this.#isOver) await this.step()
    } finally {
      clearTimeout(expiry)
    }
    return this.#outcome
  }

  news(): void {
    this.#hasNews = true
    this.#goOn?.()
  }

  /** A comment, and where the reader is: it comes back to there even if it has seen nothing of what passed. */
  heartbeat(): void {
    if (!this.#isOver && !this.response.writableNeedDrain) this.response.write(`: alive\n${this.place()}\n`)
  }

  end(code: string): void {
    if (this.#isOver) return
    this.#outcome = 'ended'
    this.over()
    if (this.response.writableNeedDrain) return void this.response.destroy()
    this.response.end(`event: end\ndata: ${JSON.stringify({ code })}\n\n`)
    setTimeout(() => this.response.destroy(), farewellMs).unref()
  }

  private async step(): Promise<void> {
    this.#hasNews = false
    const part = await this.feed.after(this.#position, this.wishes.filter).catch(() => wait(troubleMs, 'trouble' as const, { ref: false }))
    if (this.#isOver || part === 'trouble') return
    if (part) {
      this.#position = part.upTo
      if (part.bytes.length > 0 && !this.response.write(part.bytes)) await this.taken()
    } else if (!this.#hasNews) {
      await new Promise<void>((goOn) => (this.#goOn = goOn))
      this.#goOn = undefined
    }
  }

  private async taken(): Promise<void> {
    const late = setTimeout(() => this.cut(), this.feed.limits.slowMs)
    await new Promise<void>((taken) => {
      this.#taken = taken
      this.response.once('drain', taken)
    })
    this.#taken = undefined
    clearTimeout(late)
  }

  private cut(): void {
    this.#outcome = 'cut'
    this.over()
    this.response.destroy()
  }

  private place(): string {
    return this.#position < 0 ? '' : `id: ${this.#position}\n`
  }

  private over(): void {
    this.#isOver = true
    this.feed.leave(this)
    this.#goOn?.()
    this.#taken?.()
  }
}
