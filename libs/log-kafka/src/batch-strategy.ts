import { Server, type CustomTransportStrategy } from '@nestjs/microservices'
import { lastValueFrom } from 'rxjs'
import type { Following, Log, LogReader } from '#libs/exchange'

/** The pattern of the one handler: `@EventPattern(batchPattern) apply(@Payload() batch: LogBatch)`. */
export const batchPattern = 'log.batch'

export interface BatchSource extends Omit<LogReader, 'onBatch'> {
  readonly log: Log
  /** First offset not applied yet, asked when listening begins. */
  position(): Promise<number>
  /** The following ended for good: LOG_REWOUND or LOG_MISCONFIGURED. */
  onEnded?(error: Error): void
}

/**
 * Nest's transport for a log: hands each batch, raw buffers, to one message handler and awaits it; a throwing handler gets the batch again.
 * Nest's own Kafka transport parses values that look like JSON, hands over one message at a time and stalls on an error.
 */
export class LogBatchStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('log')
  /** The follower sees what the handler throws and delivers again, so Nest need not report it. */
  override readonly propagatesEventHandlerErrors = true
  #following: Following | undefined

  constructor(private readonly source: BatchSource) {
    super()
  }

  async listen(listening: (error?: unknown) => void): Promise<void> {
    const { source } = this
    const handler = this.getHandlerByPattern(batchPattern)
    if (!handler || handler.next) return listening(new Error(`exactly one handler must be there for ${batchPattern}`))
    try {
      this.#following = await source.log.follow(await source.position(), {
        onAttach: () => source.onAttach(),
        onAlarm: (code, detail) => source.onAlarm?.(code, detail),
        onBatch: async (batch) => {
          // Nest's filters turn a throw into a stream that fails, so it must be read to its end.
          await lastValueFrom(this.transformToObservable(handler(batch)), { defaultValue: undefined })
        },
      })
    } catch (error) {
      return listening(error)
    }
    void this.#following.ended.then((error) => error && source.onEnded?.(error))
    listening()
  }

  async close(): Promise<void> {
    await this.#following?.stop()
  }

  /** It has no events of its own: `onEnded` and `onAlarm` of the source tell everything. */
  on(): void {}

  /** The log that it follows. */
  unwrap<T>(): T {
    return this.source.log as T // Nest leaves it to the caller to know what is inside
  }
}
