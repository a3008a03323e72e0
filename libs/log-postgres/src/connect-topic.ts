import pg from 'pg'
import { longestBatch, type LogBatch } from '#libs/exchange'
import { toRecord, type RecordRow } from './record-row.js'
import { sessionOptions } from './session.js'

/** A connection for one following. Anything that it throws means: close it and connect anew. */
export interface TopicConnection extends Pick<pg.Client, 'query'> {
  /** The records from an offset on, of the topic as it is now. */
  fetch(from: number): Promise<Fetched>
  /** First offset still there, and first that does not exist yet. */
  bounds(): Promise<{ readonly start: number; readonly end: number }>
  /** Resolves when somebody has appended since the last fetch, when the connection is lost, and when the time is over. */
  appended(withinMs: number): Promise<void>
  /** Does not wait for a server that hangs. */
  close(): Promise<void>
}

export interface Fetched {
  readonly batch: LogBatch
  /** What `checkTopic` answered of the same topic; another one when it was made again. */
  readonly identity: number
}

/** Bytes a batch. */
const maxBytes = 4 * 1024 * 1024
const hangsAfterMs = 1500

export async function connectTopic(databaseUrl: string, topic: string): Promise<TopicConnection> {
  const client = new pg.Client({ connectionString: databaseUrl, ...sessionOptions })
  let isNews = false
  let wake = (): void => undefined
  const tell = () => {
    isNews = true
    wake()
  }
  client.on('error', tell) // the next query rejects
  client.on('end', tell)
  client.on('notification', tell)
  const close = () => Promise.race([client.end(), new Promise<void>((resolve) => setTimeout(resolve, hangsAfterMs).unref())])
  try {
    await client.connect()
    await client.query(`listen "${topic}"`) // before the first fetch, so that nothing appended after it goes untold
  } catch (error) {
    await close()
    throw error
  }
  return {
    query: client.query.bind(client) as pg.Client['query'], // the overloads get lost
    async fetch(from) {
      isNews = false
      const { rows } = await client.query<FetchRow>({ name: 'fetch', text: fetchText(topic), values: [from, longestBatch, maxBytes] })
      return fetchedOf(rows, from)
    },
    async bounds() {
      const { rows } = await client.query<{ start: number | null; end: number }>(
        `select (select min(log_offset) from "${topic}".record) as start, next as end from "${topic}".topic`,
      )
      const { start = null, end = 0 } = rows[0] ?? {}
      return { start: start ?? end, end }
    },
    async appended(withinMs) {
      if (isNews) return
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, withinMs).unref()
      })
      clearTimeout(timer)
    },
    close,
  }
}

interface FetchRow extends RecordRow {
  readonly identity: number
  readonly next: number
}

/** One statement, so that records, end and identity are of one moment. Sizes are known without reading the values, which are stored as they are. */
function fetchText(topic: string): string {
  return `
select t.tableoid::int8 as identity, t.next, r.log_offset, r.append_time, r.key, r.value
from "${topic}".topic t
left join (
  select *, sum(octet_length(value)) over (order by log_offset rows between unbounded preceding and 1 preceding) as bytes_before
  from (select log_offset, append_time, key, value from "${topic}".record where log_offset >= $1 order by log_offset limit $2) these
) r on coalesce(bytes_before, 0) < $3
order by r.log_offset`
}

function fetchedOf(rows: readonly FetchRow[], from: number): Fetched {
  const [first] = rows
  if (first === undefined) throw new Error('the topic has lost the row about itself')
  const records = rows.map(toRecord).filter((record) => record !== undefined)
  return { identity: first.identity, batch: { records, next: (records.at(-1)?.offset ?? from - 1) + 1, end: first.next } }
}
