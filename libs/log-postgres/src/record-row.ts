import type { LogRecord } from '#libs/exchange'

/** A row of the topic's table, or of nothing joined to it. */
export interface RecordRow {
  readonly log_offset: number | null
  readonly append_time: number | null
  readonly key: Buffer | null
  readonly value: Buffer | null
}

export function toRecord({ log_offset: offset, append_time: appendTime, key, value }: RecordRow): LogRecord | undefined {
  return offset === null || appendTime === null ? undefined : { offset, key, value, appendTime }
}
