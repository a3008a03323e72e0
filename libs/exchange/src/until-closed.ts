import { refuseClosed } from './log-error.js'
import type { Log } from './log-port.js'

/** The same log, which from `close()` on refuses whatever is asked of it (LOG_CLOSED). */
export function untilClosed(log: Log): Log {
  let isClosed = false
  const whileOpen = <Asked extends readonly unknown[], Answer>(ask: (...asked: Asked) => Promise<Answer>) => async (...asked: Asked): Promise<Answer> => {
    refuseClosed(isClosed)
    return ask(...asked)
  }
  return {
    kind: log.kind,
    append: whileOpen(log.append),
    end: whileOpen(log.end),
    read: whileOpen(log.read),
    follow: whileOpen(log.follow),
    close: () => {
      isClosed = true
      return log.close()
    },
  }
}
