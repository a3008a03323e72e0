import { setTimeout as wait } from 'node:timers/promises'
import { keepFollowing, Pace, placeToReadOn, ReadAhead, type Following, type FollowingSession, type LogBatch, type LogReader } from '#libs/exchange'
import type { TopicConnection } from './connect-topic.js'

export interface FollowSource {
  connect(): Promise<TopicConnection>
  /** Throws what is wrong with the topic; answers its identity. */
  checkTopic(connection: TopicConnection): Promise<number>
  readonly keepsRecordsForEver: boolean
  /** Transient failures, for whoever watches; the following goes on. */
  onFailure(error: unknown): void
}

/** Nobody notifies of a log that was made again or became shorter. */
const lookEveryMs = 1000

/**
 * Reads the table from an offset on. The position lives here and moves when the reader's promise has resolved. Every failure, the reader's own too,
 * closes the connection, waits and attaches anew; so does a topic that is not the one attached to.
 */
export function follow(source: FollowSource, from: number, reader: LogReader): Following {
  const follower = new Follower(source, reader, from)
  return keepFollowing((session) => follower.run(session), source.onFailure)
}

type Batches = ReadAhead<{ readonly batch: LogBatch }>

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
    let batches: Batches | undefined
    try {
      const identity = await session.unlessStopped(this.#attach(topic))
      if (identity === 'stopped') return
      batches = new ReadAhead(async (after) => ({ batch: await nextBatch(topic, identity, after?.batch.next ?? this.position, session) }), this.reader)
      await this.#deliver(session, batches)
    } finally {
      batches?.end()
      await topic.close()
    }
  }

  /** Until it is stopped. */
  async #deliver(session: FollowingSession, batches: Batches): Promise<void> {
    const pace = new Pace()
    let read = await session.unlessStopped(batches.next())
    while (read !== 'stopped' && !session.isStopped) {
      const { batch } = read
      const begun = performance.now()
      const done = this.reader.onBatch(batch)
      batches.goOn()
      await done
      this.position = batch.next
      session.works()
      if (batch.next >= batch.end) await session.unlessStopped(wait(pace.restAfter(performance.now() - begun, batch.records.length)))
      read = await session.unlessStopped(batches.next())
    }
  }

  async #attach(topic: TopicConnection): Promise<number> {
    const identity = await this.source.checkTopic(topic)
    await this.reader.onAttach()
    this.position = placeToReadOn(this.position, await topic.bounds(), this.source, this.reader)
    return identity
  }
}

/** The records from an offset on as soon as there are any. Throws when they are not those of the topic that was attached to. */
async function nextBatch(topic: TopicConnection, identity: number, from: number, session: FollowingSession): Promise<LogBatch> {
  for (;;) {
    const { batch, identity: found } = await topic.fetch(from)
    if (found !== identity) throw new Error('the topic was made again')
    if (batch.end < from) throw new Error(`the log ends at ${batch.end}, before ${from}`)
    const [first] = batch.records
    if (first !== undefined && first.offset !== from) throw new Error(`the records before ${first.offset} are gone`)
    if (first !== undefined || session.isStopped) return batch
    await topic.appended(lookEveryMs)
  }
}
