import { ExchangeError, codeOf } from './exchange-error.js'
import type { Following, Log, LogBatch, LogReader, LogRecord } from './log-port.js'
import type { Cursor, Ledger } from './ports.js'

/**
 * The log must still be the one this node has applied: long enough, and the record before the cursor the very same. A recreated topic otherwise
 * goes unnoticed and other histories are judged on top of ours (architecture 4).
 */
export async function refuseRewoundLog(log: Pick<Log, 'end' | 'read'>, ledger: Pick<Ledger, 'entryAt'>, cursor: Cursor): Promise<void> {
  const end = await log.end()
  if (end < cursor.next) throw new ExchangeError('LOG_REWOUND', `the log ends at ${end}, but ${cursor.next} records were applied from it`)
  if (cursor.next === 0) return
  const offset = cursor.next - 1
  const [kept, found] = await Promise.all([ledger.entryAt(offset), log.read(offset)])
  const isSame = kept === undefined ? found === 'hole' : found !== undefined && found !== 'hole' && isSameRecord(kept, found)
  if (!isSame) throw new ExchangeError('LOG_REWOUND', `the log has another record at ${offset} than the one applied from it`)
}

/** Of the same append time too: it stands in the leaf, so a topic filled anew with the very same bytes makes another tree. */
export function isSameRecord(a: LogRecord, b: LogRecord): boolean {
  return a.appendTime === b.appendTime && sameBytes(a.key, b.key) && sameBytes(a.value, b.value)
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b)
}

/** How a reader is joined to the log: the log's own way, or a transport strategy around it. */
export type Follow = (from: number, reader: LogReader) => Promise<Following>

export interface Steps {
  readonly follow: Follow
  onAttach(): Promise<void>
  /** Applies one batch. What it throws is tried again, but for the codes in `final`. */
  onBatch(batch: LogBatch): Promise<void>
  onComing?(batch: LogBatch): void
  onAlarm(code: string, detail: string): void
}

const final = ['LOG_REWOUND', 'LOG_MISCONFIGURED', 'RULES_UNKNOWN', 'CURSOR_MOVED']

/** Follows the log until it is stopped, loses its place or meets an error that trying again cannot mend; resolves with that error. */
export async function followUntil(stop: Promise<unknown>, from: number, steps: Steps): Promise<Error | undefined> {
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => (fail = resolve))
  const following = await steps.follow(from, {
    onAttach: () => steps.onAttach(),
    onAlarm: (code, detail) => steps.onAlarm(code, detail),
    onComing: (batch) => steps.onComing?.(batch),
    async onBatch(batch) {
      try {
        await steps.onBatch(batch)
      } catch (error) {
        if (error instanceof Error && final.includes(codeOf(error) ?? '')) fail(error)
        throw error
      }
    },
  })
  const outcome = await Promise.race([failed, following.ended, stop.then(() => undefined)])
  await following.stop()
  return outcome
}
