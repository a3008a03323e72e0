/** The ordered log of one topic with one partition. */
export interface Log {
  readonly kind: 'kafka' | 'postgres' | 'memory'
  /** Appends in the order given and returns when every replica in sync has them. A throw means: unknown whether appended, try again. */
  append(records: readonly NewRecord[]): Promise<void>
  /** First offset that does not exist yet. */
  end(): Promise<number>
  /** One record by offset; 'hole' where the offset exists without a record (control records), undefined beyond the end. */
  read(offset: number): Promise<LogRecord | 'hole' | undefined>
  /**
   * Delivers everything from `from` on, in order, one batch at a time; the next batch waits for the promise of the last. A batch whose handler
   * throws is delivered again. `onAttach` is awaited before the first batch, after each reconnect, and whenever the log may have become another:
   * what it throws with code LOG_REWOUND or LOG_MISCONFIGURED ends the following (`failed`), everything else is tried again with back-off.
   */
  follow(from: number, reader: LogReader): Promise<Following>
  /** Ends its followings and its connections. Whatever is asked from then on is refused (LOG_CLOSED), also what was under way and would be asked again. */
  close(): Promise<void>
}

export interface NewRecord {
  readonly key: string
  readonly value: string
  /** CloudEvents attributes for other people's tooling; never read back. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface LogRecord {
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  /** Stated by the log; recorded and shown, never judged. */
  readonly appendTime: number
}

/** Records of one batch at most: so much is written in one transaction and held in memory, however long the log is (decision 0016). */
export const longestBatch = 4_000

export interface LogBatch {
  /** At most `longestBatch`, in ascending offsets, with gaps where the log has holes; empty when the batch holds control records only. */
  readonly records: readonly LogRecord[]
  /** First offset after this batch; holes up to here are holes for ever. */
  readonly next: number
  /** Log end as known when the batch was read. */
  readonly end: number
}

export interface LogReader {
  onAttach(): Promise<void>
  onBatch(batch: LogBatch): Promise<void>
  /** A batch that will be delivered, told in its order while the reader has one before it, for who can make use of the time. It may never be delivered. */
  onComing?(batch: LogBatch): void
  /** Something an operator must see and no rule may read, e.g. a batch not stamped by the log (`NOT_LOG_APPEND_TIME`). */
  onAlarm?(code: string, detail: string): void
}

export interface Following {
  /** Resolves when following has ended for good with the error that ended it, or undefined after stop(). */
  readonly ended: Promise<Error | undefined>
  stop(): Promise<void>
}
