import { Server, type CustomTransportStrategy } from '@nestjs/microservices'
import { lastValueFrom } from 'rxjs'
import type { Following, Log, LogBatch, LogReader } from '#libs/exchange'

/** The pattern of the one handler: `@EventPattern(batchPattern) apply(@Payload() { batch, reader }: LogDelivery)`. */
export const batchPattern = 'log.batch'

/** A batch, and who it is for. */
export interface LogDelivery {
  readonly batch: LogBatch
  readonly reader: LogReader
}

/**
 * Nest's transport for a log: hands each batch, raw buffers, to one message handler and awaits it; a throwing handler gets the batch again.
 * Nest's own Kafka transport parses values that look like JSON, hands over one message at a time and stalls on an error.
 * Listening only makes it ready: who applies the log, and from where, is known to the node when it leads its database, so it follows on demand.
 */
export class LogBatchStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('log')
  /** The follower sees what the handler throws and delivers again, so Nest need not report it. */
  override readonly propagatesEventHandlerErrors = true
  readonly #followings = new Set<Following>()

  listen(listening: (error?: unknown) => void): void {
    const handler = this.getHandlerByPattern(batchPattern)
    listening(handler && !handler.next ? undefined : new Error(`exactly one handler must be there for ${batchPattern}`))
  }

  /** Follows a log from an offset on; the handler gets each batch with the reader it is for. */
  async follow(log: Log, from: number, reader: LogReader): Promise<Following> {
    const handler = this.getHandlerByPattern(batchPattern)
    if (!handler) throw new Error(`no handler for ${batchPattern}`)
    const following = await log.follow(from, {
      onAttach: () => reader.onAttach(),
      onComing: (batch) => reader.onComing?.(batch),
      onAlarm: (code, detail) => reader.onAlarm?.(code, detail),
      onBatch: async (batch) => {
        // Nest's filters turn a throw into a stream that fails, so it must be read to its end.
        await lastValueFrom(this.transformToObservable(handler({ batch, reader } satisfies LogDelivery)), { defaultValue: undefined })
      },
    })
    this.#followings.add(following)
    void following.ended.then(() => this.#followings.delete(following))
    return following
  }

  async close(): Promise<void> {
    await Promise.all([...this.#followings].map((following) => following.stop()))
  }

  /** It has no events of its own: the readers are told everything. */
  on(): void {}

  unwrap<T>(): T {
    throw new Error('a log is followed here, there is no client of a broker inside')
  }
}
