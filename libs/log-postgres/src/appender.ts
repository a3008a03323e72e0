import type pg from 'pg'
import { LogError, type NewRecord } from '#libs/exchange'
import { maxRecordBytes } from './topic-sql.js'

export interface Appender {
  append(records: readonly NewRecord[]): Promise<void>
  close(): Promise<void>
}

/** What one transaction appends, so that nobody else waits long for the topic. */
const maxSendBytes = 1024 * 1024

/** Appends one send at a time, each a transaction that is on disk when it is answered. */
export function openAppender(pool: pg.Pool, topic: string): Appender {
  let last: Promise<unknown> = Promise.resolve()
  const append = async (records: readonly NewRecord[]) => {
    for (const send of sendsOf(records)) {
      const columns = [send.map(({ key }) => Buffer.from(key)), send.map(({ value }) => Buffer.from(value)), send.map(({ headers = {} }) => JSON.stringify(headers))]
      await pool.query(`select "${topic}".append($1::bytea[], $2::bytea[], $3::jsonb[])`, columns)
    }
  }
  return {
    append: (records) => {
      const mine = last.then(() => append(records))
      last = mine.catch(() => undefined) // told to its own caller
      return mine
    },
    close: async () => void (await last),
  }
}

function sendsOf(records: readonly NewRecord[]): NewRecord[][] {
  const sends: NewRecord[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const size = bytesOf(record)
    if (size > maxRecordBytes) throw new LogError('RECORD_TOO_LARGE', `a record of ${size} bytes can never be appended`)
    if (bytes + size > maxSendBytes) {
      sends.push([])
      bytes = 0
    }
    sends.at(-1)?.push(record)
    bytes += size
  }
  return sends
}

/** The headers as the database writes them: with spaces that ours have not, at most two for each. */
function bytesOf({ key, value, headers = {} }: NewRecord): number {
  return Buffer.byteLength(key) + Buffer.byteLength(value) + Buffer.byteLength(JSON.stringify(headers)) + 2 * Object.keys(headers).length
}
