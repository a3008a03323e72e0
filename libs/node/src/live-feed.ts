import { setTimeout as wait } from 'node:timers/promises'
import type { FeedEntry, FeedFilter, FeedPage } from '#libs/exchange'
import { FeedTail } from './feed-tail.js'

/** Where a node's own feed comes from. */
export interface FeedSource {
  /** Where nothing has been applied yet: the first offset to come. */
  next(): Promise<number>
  /** What this participant may see after an offset, cut down to what is asked for. */
  page(after: number, limit: number, filter?: FeedFilter): Promise<FeedPage>
  /** Whether this process applies the log, and so tells by `wake()`; another replica does otherwise, and the store must be asked. */
  isApplying(): boolean
  /** The store did not answer; it is asked again. */
  onTrouble(error: unknown): void
}

export interface FeedLimits {
  /** A reader hears at least so often from the node. */
  readonly heartbeatMs: number
  /** A reader that has not taken by then what waits for it is cut. */
  readonly slowMs: number
  /** Readers of one node at the same time. */
  readonly readers: number
}

export const feedLimits: FeedLimits = { heartbeatMs: 15_000, slowMs: 10_000, readers: 5_000 }

/** Bytes for readers, and up to which offset they have now been told everything. */
export interface FeedPart {
  readonly bytes: Buffer
  readonly upTo: number
}

/** One who reads along. */
export interface FeedMember {
  /** There may be more than it has got. */
  news(): void
  heartbeat(): void
  end(code: string): void
}

const pageRows = 500
/** Look-ups for readers that are behind, at the same time: the node's other questions find a connection, too. */
const mostPages = 2
const pollMs = 250
const longestWaitMs = 5_000
const troubleMs = 1_000

/**
 * What happens, for everybody who reads along: each entry is read and written out once, however many readers there are. Those who are further behind
 * than what is kept here are served from the store, page by page, until they have come up.
 * A replica that stands by asks for news every quarter of a second while somebody reads: NOTIFY inside the applying transaction would make the commits
 * of all databases of the server wait for one another.
 */
export class LiveFeed {
  readonly #tail = new FeedTail()
  readonly #members = new Set<FeedMember>()
  readonly #pages = new Map<string, Promise<FeedPart>>()
  readonly #turns: (() => void)[] = []
  #reading = 0
  #running: Promise<void> | undefined
  #isStopped = false
  #hasNews = false
  #wakeUp: () => void = () => undefined

  constructor(
    private readonly source: FeedSource,
    readonly limits: FeedLimits = feedLimits,
  ) {}

  get readers(): number {
    return this.#members.size
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Told after each commit of this process. */
  wake(): void {
    this.#hasNews = true
    this.#wakeUp()
  }

  join(member: FeedMember): void {
    if (this.#isStopped) return member.end('STOPPED')
    this.#members.add(member)
    this.#running ??= this.run()
  }

  leave(member: FeedMember): void {
    this.#members.delete(member)
    if (this.#members.size === 0) this.#wakeUp()
  }

  /** Every reader is told that the node stops, and no new one is let in. */
  async stop(): Promise<void> {
    this.#isStopped = true
    for (const member of [...this.#members]) member.end('STOPPED')
    this.#wakeUp()
    await this.#running
  }

  /**
   * What follows an offset, from what is kept here or from the store; undefined while there is nothing new. Throws when the store is away. Which entries
   * have to do with a place or ship only the store knows, so whoever asks for these is served from there, but not before there is news.
   */
  async after(offset: number, filter: FeedFilter): Promise<FeedPart | undefined> {
    const { subject, place, means } = filter
    if (this.#tail.reaches(offset)) {
      if (place === undefined && means === undefined) return this.#tail.after(offset, subject)
      if (offset >= this.#tail.upTo) return undefined
    }
    const part = await this.page(offset, filter)
    return part.upTo > offset ? part : undefined
  }

  /** Readers who ask the same at the same time, as all do after a restart, share one look-up. */
  private page(offset: number, filter: FeedFilter): Promise<FeedPart> {
    const { subject, place, means } = filter
    const key = JSON.stringify([offset, subject, place, means])
    const asked = this.#pages.get(key)
    if (asked) return asked
    const page = this.inTurn(async () => {
      const { entries, upTo } = await this.source.page(offset, pageRows, filter)
      return { bytes: Buffer.concat(entries.map(eventOf)), upTo }
    }).finally(() => this.#pages.delete(key))
    this.#pages.set(key, page)
    return page
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#reading >= mostPages) await new Promise<void>((turn) => this.#turns.push(turn))
    else this.#reading++
    try {
      return await work()
    } finally {
      const next = this.#turns.shift()
      if (next) next()
      else this.#reading--
    }
  }

  private async run(): Promise<void> {
    const beat = setInterval(() => this.#members.forEach((member) => member.heartbeat()), this.limits.heartbeatMs)
    try {
      while (this.#members.size > 0 && !this.#isStopped) {
        this.#hasNews = false
        // While the store is away, or is being rebuilt, readers hear heartbeats; what they miss comes when it is back.
        const isMore = await this.readOn().catch((error: unknown) => {
          this.source.onTrouble(error)
          return wait(troubleMs, true, { ref: false })
        })
        if (!isMore) await this.rest()
      }
    } finally {
      clearInterval(beat)
      this.#running = undefined // before anybody else can join
    }
  }

  /** Whether there may be more at once. */
  private async readOn(): Promise<boolean> {
    const next = await this.source.next()
    this.#tail.startNear(next - 1)
    const { upTo } = this.#tail
    const page = await this.source.page(upTo, pageRows)
    this.#tail.add(page.entries.map((entry) => ({ offset: entry.offset, consignment: entry.event.subject, bytes: eventOf(entry) })), page.upTo)
    if (page.upTo > upTo) for (const member of this.#members) member.news()
    return page.upTo > upTo && page.upTo < next - 1
  }

  private async rest(): Promise<void> {
    if (this.#hasNews || this.#members.size === 0 || this.#isStopped) return
    const timer = new AbortController()
    const woken = new Promise<void>((wakeUp) => (this.#wakeUp = wakeUp))
    const passed = wait(this.source.isApplying() ? longestWaitMs : pollMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined)
    await Promise.race([woken, passed])
    timer.abort()
  }
}

/** An entry as a server-sent event: its offset is the event's id. Effects are told in the very text they were judged to; nothing of particulars is in them. */
export function eventOf({ offset, appendTime, verdict, code, effects, event }: FeedEntry): Buffer {
  const { eventId, subject, type, issuer, occurredAt } = event
  const known = { offset, eventId, consignment: subject, type, issuer, occurredAt, appendTime: new Date(appendTime).toISOString(), verdict, ...(code !== null && { code }) }
  return Buffer.from(`id: ${offset}\ndata: ${JSON.stringify(known).slice(0, -1)},"effects":${effects}}\n\n`)
}
