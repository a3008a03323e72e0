import type { Clock } from '#libs/exchange'
import type { LogLevel, Say } from './json-log.js'

/** What an operator must see. Repeats are one row. */
export interface Alarm {
  readonly code: string
  readonly detail: string
  readonly level: LogLevel
  readonly firstAt: string
  readonly lastAt: string
  readonly times: number
}

/** What passes by itself when the other side is back; everything else needs somebody. */
const passing: readonly string[] = [
  'LOG_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'DATABASE_CONNECTION_LOST',
  'PRUNING_FAILED',
  'IDENTITY_UNAVAILABLE',
  'LOG_MISSING',
  'STOPPED',
]

const kept = 200
const quietMs = 60_000

/** A node's recent alarms. The same alarm again is counted and told at most once a minute. */
export class Alarms {
  readonly #rows = new Map<string, Alarm & { readonly toldAt: number }>()

  constructor(
    private readonly say: Say,
    private readonly clock: Clock,
    private readonly count: (code: string) => void = () => undefined,
  ) {}

  raise(code: string, detail: string): void {
    this.count(code)
    const now = this.clock.now()
    const key = `${code} ${firstLine(detail)}`
    const before = this.#rows.get(key)
    const level = passing.includes(code) ? 'warn' : 'error'
    const at = new Date(now).toISOString()
    const isTold = before === undefined || now - before.toldAt >= quietMs
    const times = (before?.times ?? 0) + 1
    if (isTold) this.say(level, detail, { code, times })
    this.#rows.delete(key)
    this.#rows.set(key, { code, detail, level, firstAt: before?.firstAt ?? at, lastAt: at, times, toldAt: isTold ? now : before.toldAt })
    const [oldest] = this.#rows.keys()
    if (this.#rows.size > kept && oldest !== undefined) this.#rows.delete(oldest)
  }

  /** Newest first. Stacks stay in the log. */
  recent(): readonly Alarm[] {
    return [...this.#rows.values()].reverse().map(({ toldAt: _toldAt, ...alarm }) => ({ ...alarm, detail: firstLine(alarm.detail) }))
  }
}

function firstLine(detail: string): string {
  return detail.split('\n', 1)[0] ?? ''
}
