import { endsFollowing, LogError } from './log-error.js'
import type { Following, LogReader } from './log-port.js'

/** From one connecting to the first failure, or to the end of the following. */
export interface FollowingSession {
  readonly isStopped: boolean
  unlessStopped<T>(work: Promise<T>): Promise<T | 'stopped'>
  /** Something was delivered: the next failure is the first again. */
  works(): void
}

const firstPauseMs = 100
const longestPauseMs = 2000

/**
 * Runs one session of reading a log after the other until it is stopped. Every failure, the reader's own too, ends a session; the next one begins after
 * a pause. Only LOG_REWOUND and LOG_MISCONFIGURED end the following.
 */
export function keepFollowing(session: (session: FollowingSession) => Promise<void>, onFailure: (error: unknown) => void): Following {
  const stop = new AbortController()
  const unlessStopped = <T>(work: Promise<T>) => unlessAborted(work, stop.signal)
  let failures = 0
  const state: FollowingSession = {
    get isStopped() {
      return stop.signal.aborted
    },
    unlessStopped,
    works: () => void (failures = 0),
  }
  const run = async (): Promise<Error | undefined> => {
    while (!stop.signal.aborted) {
      try {
        await session(state)
      } catch (error) {
        if (endsFollowing(error)) return error
        onFailure(error)
        await unlessStopped(new Promise((resolve) => setTimeout(resolve, pauseMs(failures++)).unref()))
      }
    }
    return undefined
  }
  const ended = run()
  return {
    ended,
    stop: async () => {
      stop.abort()
      await ended
    },
  }
}

/**
 * Not Promise.race with one promise for the whole following: what such a promise has been raced against, here every batch ever read, is kept for as long
 * as it is not settled.
 */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'stopped'> {
  return new Promise((resolve, reject) => {
    const end = () => resolve('stopped')
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
  })
}

/** Doubling, capped, with jitter, so that the nodes of a corridor do not come back to a log all at once. */
function pauseMs(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** failures) * (0.5 + Math.random() / 2)
}

/**
 * Where to read on after attaching: at the place one had, or at the first record still there where records expire, which is told.
 * @throws LOG_REWOUND when the log ends before that place, LOG_MISCONFIGURED when records are gone that are kept for ever
 */
export function placeToReadOn(
  position: number, { start, end }: { readonly start: number; readonly end: number }, { keepsRecordsForEver }: { readonly keepsRecordsForEver: boolean }, reader: Pick<LogReader, 'onAlarm'>,
): number {
  if (position > end) throw new LogError('LOG_REWOUND', `the log ends at ${end}, before ${position}, to which it was read`)
  if (position >= start) return position
  if (keepsRecordsForEver) throw new LogError('LOG_MISCONFIGURED', `the records before ${start} are gone, and ${position} is wanted`)
  reader.onAlarm?.('RECORDS_EXPIRED', `records ${position} to ${start - 1} were removed before they were read`)
  return start
}
