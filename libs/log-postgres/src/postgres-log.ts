import pg from 'pg'
import { untilClosed, type Following, type Log, type LogRecord } from '#libs/exchange'
import { openAppender } from './appender.js'
import { connectTopic } from './connect-topic.js'
import { follow } from './follow.js'
import { sessionOptions } from './session.js'
import { checkTopic, createTopic, refuseStrangeName } from './topic-settings.js'
import { toRecord, type RecordRow } from './record-row.js'

export interface PostgresLogOptions {
  /** `postgres://…` of the role that members use: it appends and reads, nothing else. */
  readonly databaseUrl: string
  /** At most 63 characters: it is the name of a schema. */
  readonly topic: string
  /** Of the role that owns the topics. With it the topic is made if it is not there. */
  readonly ownerUrl?: string
  /** Default −1, for ever: events. Particulars: 30 days. */
  readonly retentionMs?: number
  /** What the connections say; silent without. */
  readonly logger?: (level: 'error' | 'warn' | 'info', message: string) => void
}

/**
 * The log of one topic on one append-only table: the stand-in where no Kafka can be had, and then whoever runs the server holds the log
 * (docs/decisions/0012). Checks the topic's settings and this role's rights. Throws LOG_MISCONFIGURED, LOG_MISSING (LogError), or what the connection
 * failed of.
 */
export async function openPostgresLog(options: PostgresLogOptions): Promise<Log> {
  const { databaseUrl, topic, ownerUrl, retentionMs = -1, logger } = options
  refuseStrangeName(topic)
  if (ownerUrl !== undefined) await createTopic(ownerUrl, topic, retentionMs, decodeURIComponent(new URL(databaseUrl).username))
  const pool = openPool(databaseUrl, (error) => logger?.('warn', `${topic}: ${error.message}`))
  const check = (client: Pick<pg.Pool, 'query'>) => checkTopic(client, topic, retentionMs)
  try {
    await check(pool)
  } catch (error) {
    await pool.end()
    throw error
  }

  const appender = openAppender(pool, topic)
  const followings = new Set<Following>()
  let closed: Promise<void> | undefined
  return untilClosed({
    kind: 'postgres',
    append: (records) => appender.append(records),
    end: async () => Number((await pool.query<{ next: number }>(`select next from "${topic}".topic`)).rows[0]?.next),
    read: (offset) => readOne(pool, topic, offset),
    follow: async (from, reader) => {
      const following = follow(
        {
          connect: () => connectTopic(databaseUrl, topic),
          checkTopic: check,
          keepsRecordsForEver: retentionMs === -1,
          onFailure: (error) => logger?.('warn', `following ${topic}: ${error instanceof Error ? error.message : String(error)}`),
        },
        from,
        reader,
      )
      followings.add(following)
      void following.ended.then(() => followings.delete(following))
      return following
    },
    close: () =>
      (closed ??= (async () => {
        await Promise.all([...followings].map((following) => following.stop()))
        await appender.close()
        await pool.end()
      })()),
  })
}

/** For questions and appends; the followings have connections of their own. A connection that is not needed goes again. */
function openPool(databaseUrl: string, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, ...sessionOptions, max: 2, idleTimeoutMillis: 10_000 })
  pool.on('error', onLost) // an idle connection that dies would otherwise end the process
  return pool
}

async function readOne(pool: pg.Pool, topic: string, offset: number): Promise<LogRecord | 'hole' | undefined> {
  const text = `select t.next, r.log_offset, r.append_time, r.key, r.value from "${topic}".topic t left join "${topic}".record r on r.log_offset = $1`
  const [row] = (await pool.query<RecordRow & { readonly next: number }>(text, [offset])).rows
  if (row === undefined || offset >= row.next) return undefined
  return toRecord(row) ?? 'hole' // expired
}
