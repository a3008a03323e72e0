import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { sessionOptions, untold } from './database.js'
import { isTransient, LedgerError } from './ledger-error.js'
import { locks } from './migrate.js'

export interface Leadership {
  readonly lost: Promise<void>
  release(): Promise<void>
}

const pollMs = 500
const heartbeatMs = 5_000

/**
 * Waits for the advisory lock that makes this process the only applier and relay of its database, on a connection of its own: the lock lives as long
 * as the session. Asked every half second, not awaited inside PostgreSQL: a waiting statement holds a snapshot, and vacuum with it, for as long as it
 * stands by. While the database is away the wait goes on. That two leaders never write both is the cursor's doing, not this lock's.
 */
export async function waitForLeadership(url: string, signal: AbortSignal): Promise<Leadership> {
  for (;;) {
    const leadership = await tryLeadership(url, signal).catch((error: unknown) => {
      if (isTransient(error)) return undefined
      throw error
    })
    if (signal.aborted) {
      await leadership?.release()
      throw new LedgerError('LEDGER_CLOSED', 'closed while standing by')
    }
    if (leadership !== undefined) return leadership
    await wait(pollMs, undefined, { signal }).catch(() => undefined)
  }
}

async function tryLeadership(url: string, signal: AbortSignal): Promise<Leadership | undefined> {
  const client = new pg.Client({ connectionString: url, ...sessionOptions, query_timeout: heartbeatMs, connectionTimeoutMillis: heartbeatMs })
  client.on('error', untold)
  try {
    await client.connect()
    for (;;) {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [...locks.leader])
      if (rows[0]?.got === true) return leading(client)
      await wait(pollMs, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) {
        await client.end()
        return undefined
      }
    }
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/** The heartbeat finds the connection that is dead without a word (a pulled cable); everything else ends it by itself. */
function leading(client: pg.Client): Leadership {
  const over = new AbortController()
  const lost = new Promise<void>((gone) => client.once('end', () => gone())).finally(() => over.abort())
  void beat(client, over.signal)
  return {
    lost,
    async release() {
      over.abort()
      await client.end().catch(() => undefined) // the server gives the lock back with the session
      await lost
    },
  }
}

async function beat(client: pg.Client, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await wait(heartbeatMs, undefined, { signal: over, ref: false }).catch(() => undefined)
    if (over.aborted) return
    await client.query('select').catch(() => client.end())
  }
}
