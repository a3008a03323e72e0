export type LogFault =
  /** The topic is not as architecture demands; the message names each wrong setting. Final. */
  | 'LOG_MISCONFIGURED'
  /** The log is not the one that was followed: it ends before the position. Final. */
  | 'LOG_REWOUND'
  | 'LOG_MISSING'
  | 'RECORD_TOO_LARGE'
  /** Asked after `close()`. */
  | 'LOG_CLOSED'

/** An expected failure of the log, told apart by its code. Everything else that is thrown (connections, time-outs) is transient. */
export class LogError extends Error {
  constructor(
    readonly code: LogFault,
    message: string,
  ) {
    super(message)
  }
}

/** @throws LOG_CLOSED */
export function refuseClosed(isClosed: boolean): void {
  if (isClosed) throw new LogError('LOG_CLOSED', 'this log has been closed')
}

/** What ends a following for good; the reader's own errors are judged by the same codes. */
export function endsFollowing(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'LOG_REWOUND' || error.code === 'LOG_MISCONFIGURED')
}
