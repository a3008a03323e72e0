import { setTimeout as wait } from 'node:timers/promises'
import { keepFollowing, Pace, placeToReadOn, ReadAhead, type Following, type FollowingSession, type LogReader } from '#libs/exchange'
import { SliceSource, type Ready } from './slice-source.js'
import type { TopicReader } from './topic-reader.js'

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

/** To delete a topic, make it again and fill it takes longer. */
const unwatchedMs = 20

/**
 * Reads the partition from an offset on by plain fetches: no consumer group, no offsets kept by Kafka, nothing that resets by itself. The position
 * lives here and moves when the reader's promise has resolved. Every failure, the reader's own too, closes the connection, waits and attaches anew;
 * only LOG_REWOUND and LOG_MISCONFIGURED end it.
 */
export function follow(source: FollowSource, from: number, reader: LogReader): Following {
  const follower = new Follower(source, reader, from)
  return keepFollowing((session) => follower.run(session), source.onFailure)
}

class Follower {
  constructor(
    private readonly source: FollowSource,
    private readonly reader: LogReader,
    private position: number,
  ) {}

  /** From connecting to the first failure. */
  async run(session: FollowingSession): Promise<void> {
    const connecting = this.source.connect()
    const topic = await session.unlessStopped(connecting)
    if (topic === 'stopped') return void connecting.then((late) => late.close()).catch(() => undefined)
    let slices: ReadAhead<Ready> | undefined
    try {
      if ((await session.unlessStopped(this.#attach(topic))) === 'stopped') return
      const source = new SliceSource(topic, this.position, this.source.unwatchedMs ?? unwatchedMs)
      slices = new ReadAhead(() => source.next(), this.reader)
      await this.#deliver(topic, slices, session)
    } finally {
      slices?.end()
      await topic.close()
    }
  }

  /** Until it is stopped. */
  async #deliver(topic: TopicReader, slices: ReadAhead<Ready>, session: FollowingSession): Promise<void> {
    const pace = new Pace()
    let leaderEpoch: number | undefined
    let ready = await session.unlessStopped(slices.next())
    while (ready !== 'stopped' && !session.isStopped) {
      const { batch, isDoubted, isStampedByLog } = ready
      // A waiting fetch is told when the topic is deleted. One that is sent to a topic made again meanwhile is answered as if nothing had been.
      if (isDoubted && (await session.unlessStopped(this.reader.onAttach())) === 'stopped') return
      // A new leader epoch means that another replica leads, which may have lost the tail.
      if (leaderEpoch !== undefined && leaderEpoch !== ready.leaderEpoch) await this.#attach(topic)
      leaderEpoch = ready.leaderEpoch
      if (!isStampedByLog) this.reader.onAlarm?.('NOT_LOG_APPEND_TIME', `records before offset ${batch.next} carry their writer's time`)
      const begun = performance.now()
      const done = this.reader.onBatch(batch)
      slices.goOn()
      await done
      this.position = batch.next
      session.works()
      if (batch.next >= batch.end) await session.unlessStopped(wait(pace.restAfter(performance.now() - begun, batch.records.length)))
      ready = await session.unlessStopped(slices.next())
    }
  }

  async #attach(topic: TopicReader): Promise<void> {
    await this.source.checkTopic()
    await this.reader.onAttach()
    this.position = placeToReadOn(this.position, await topic.bounds(), this.source, this.reader)
  }
}
