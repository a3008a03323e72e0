import type { Following, LogReader } from '#libs/exchange'
import { isFinal, LogError } from './log-error.js'
import { slicesOf } from './record-set.js'
import type { Fetched, TopicReader } from './topic-reader.js'

export interface FollowSource {
  connect(): Promise<TopicReader>
  /** Throws what is wrong with the topic. */
  checkTopic(): Promise<void>
  readonly keepsRecordsForEver: boolean
  /** How long nothing may be asked of the topic before its next records are doubted; default 20 ms. */
  readonly unwatchedMs?: number
  /** Transient failures, for whoever watches; the following goes on. */
  onFailure(error: unknown): void
}

/** Records a batch, so that an applier's transaction stays bounded; and bytes a fetch. */
const maxRecords = 1000
const maxBytes = 4 * 1024 * 1024
/** A fetch returns at once when something comes, so a long wait costs no latency. */
const waitMs = 1000
const firstPauseMs = 100
const longestPauseMs = 2000
/** To delete a topic, make it again and fill it takes longer. */
const unwatchedMs = 20

/**
 * Reads the partition from an offset on by plain fetches: no consumer group, no offsets kept by Kafka, nothing that resets by itself. The position
 * lives here and moves when the reader's promise has resolved. Every failure, the reader's own too, closes the connection, waits and attaches anew;
 * only LOG_REWOUND and LOG_MISCONFIGURED end it.
 */
export function follow(source: FollowSource, from: number, reader: LogReader): Following {
  const follower = new Follower(source, reader, from)
  const ended = follower.run()
  return {
    ended,
    stop: async () => {
      follower.stop()
      await ended
    },
  }
}

class Follower {
  readonly #stop = new AbortController()
  readonly #stopped = new Promise<'stopped'>((resolve) => this.#stop.signal.addEventListener('abort', () => resolve('stopped')))
  #failures = 0

  constructor(
    private readonly source: FollowSource,
    private readonly reader: LogReader,
    private position: number,
  ) {}

  stop(): void {
    this.#stop.abort()
  }

  async run(): Promise<Error | undefined> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#session()
      } catch (error) {
        if (isFinal(error)) return error
        this.source.onFailure(error)
        await this.#unlessStopped(new Promise((resolve) => setTimeout(resolve, pauseMs(this.#failures++)).unref()))
      }
    }
    return undefined
  }

  /** From connecting to the first failure. */
  async #session(): Promise<void> {
    const connecting = this.source.connect()
    const topic = await this.#unlessStopped(connecting)
    if (topic === 'stopped') return void connecting.then((late) => late.close()).catch(() => undefined)
    try {
      if ((await this.#unlessStopped(this.#attach(topic))) === 'stopped') return
      let leaderEpoch: number | undefined
      let watchedUntil = Date.now()
      for (;;) {
        const isDoubted = Date.now() - watchedUntil > (this.source.unwatchedMs ?? unwatchedMs)
        const fetched = await this.#unlessStopped(topic.fetch(this.position, { waitMs, maxBytes }))
        if (fetched === 'stopped') return
        if (fetched === 'out of range') throw new Error(`offset ${this.position} is out of range`) // the next session finds out why
        watchedUntil = Date.now()
        // A waiting fetch is told when the topic is deleted. One that is sent to a topic made again meanwhile is answered as if nothing had been.
        if (isDoubted && fetched.set.length > 0 && (await this.#unlessStopped(this.reader.onAttach())) === 'stopped') return
        leaderEpoch = await this.#deliver(topic, fetched, leaderEpoch)
        this.#failures = 0
      }
    } finally {
      await topic.close()
    }
  }

  async #attach(topic: TopicReader): Promise<void> {
    await this.source.checkTopic()
    await this.reader.onAttach()
    const { start, end } = await topic.bounds()
    if (this.position > end) throw new LogError('LOG_REWOUND', `the log ends at ${end}, before ${this.position}, to which it was read`)
    if (this.position >= start) return
    if (this.source.keepsRecordsForEver) throw new LogError('LOG_MISCONFIGURED', `the records before ${start} are gone, and ${this.position} is wanted`)
    this.reader.onAlarm?.('RECORDS_EXPIRED', `records ${this.position} to ${start - 1} were removed before they were read`)
    this.position = start
  }

  /** Returns the leader epoch of the last record: a new one means that another replica leads, which may have lost the tail. */
  async #deliver(topic: TopicReader, { set, end }: Fetched, leaderEpoch: number | undefined): Promise<number | undefined> {
    if (set.length === 0) return leaderEpoch
    let epoch = leaderEpoch
    const before = this.position
    for (const slice of slicesOf(set, this.position, maxRecords)) {
      if (this.#stop.signal.aborted) return epoch
      if (epoch !== undefined && epoch !== slice.leaderEpoch) await this.#attach(topic)
      epoch = slice.leaderEpoch
      if (!slice.isStampedByLog) this.reader.onAlarm?.('NOT_LOG_APPEND_TIME', `records before offset ${slice.next} carry their writer's time`)
      await this.reader.onBatch({ records: slice.records, next: slice.next, end: Math.max(end, slice.next) })
      this.position = slice.next
    }
    if (this.position === before) throw new Error(`nothing could be read at offset ${before}`)
    return epoch
  }

  #unlessStopped<T>(work: Promise<T>): Promise<T | 'stopped'> {
    return Promise.race([work, this.#stopped])
  }
}

/** Doubling, capped, with jitter, so that the nodes of a corridor do not come back to a broker all at once. */
function pauseMs(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** failures) * (0.5 + Math.random() / 2)
}
