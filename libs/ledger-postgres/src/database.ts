import type { Writable } from 'node:stream'
import pg from 'pg'
import { DataSource } from 'typeorm'
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js'
import { allOf } from './all-of.js'
import { ClientInPieces } from './bind-in-pieces.js'
import { EntryRow } from './entities/entry-row.js'
import { SubmissionRow } from './entities/submission-row.js'
import { TreeHeadRow } from './entities/tree-head-row.js'
import { LedgerError, sqlStateOf, translated } from './ledger-error.js'

/** A statement with its name: the server parses and plans it once per connection. Without a name it is planned for its values every time. */
export interface Statement {
  readonly name?: string
  readonly text: string
}

export type Query = <Row>(statement: Statement, values?: readonly unknown[]) => Promise<readonly Row[]>

/** Asks what nobody waits for the answer of: it goes out with the commit, which fails where the database does not do it. */
export type Last = (statement: Statement, values: readonly Value[]) => void

/** What the driver can always write: a value that it cannot would not be sent, and the commit would. Buffers may not be changed until the statement is answered. */
export type Value = string | number | Buffer | null | readonly number[]

/** The pool of the runtime role. Entities read through `source`; what is hot or writes is SQL on the same connections. */
export interface Database {
  readonly source: DataSource
  query: Query
  /** Read committed; commits what `work` did when it resolves, nothing when it throws. */
  transaction<T>(work: (query: Query, last: Last) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * How long a connection is kept with nothing asked on it. For a new one the server starts a process, reads the catalogue and plans every statement anew, and
 * who asked while the others were busy waits for it (decision 0031).
 */
const idleLimitMs = 600_000

/** No statement of ours takes so long; a server that hangs must not hang the node. */
const statementLimitMs = 60_000

export async function openDatabase(options: { readonly url: string; readonly poolSize: number; onLost(error: Error): void }): Promise<Database> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [EntryRow, SubmissionRow, TreeHeadRow],
    synchronize: false,
    installExtensions: false,
    logging: false,
    poolSize: options.poolSize,
    poolErrorHandler: options.onLost, // an idle connection that dies would otherwise end the process
    extra: { ...sessionOptions, Client: ClientInPieces, connectionTimeoutMillis: 10_000, idleTimeoutMillis: idleLimitMs },
  })
  await source.initialize().catch(rethrow)
  // TypeORM's driver offers its pool under this name only; one pool for both keeps the number of connections one number.
  const pool = (source.driver as PostgresDriver).master as pg.Pool

  return {
    source,
    query: async ({ name, text }, values = []) => (await pool.query({ name, text, values: [...values] }).catch(rethrow)).rows,
    transaction: (work) => inTransaction(pool, work),
    close: async () => {
      if (source.isInitialized) await source.destroy()
    },
  }
}

/**
 * A node looks up by keys. A plan is kept as long as its connection, though, and one made while a table was small reads all of it, which is cheap then; one that
 * gathers a bitmap first meets each row that is gone from a partial index again and again, where following the index clears them away (decision 0029). Neither
 * is taken where there is another way, and none is compiled: that takes longer than what is asked.
 */
const byKeys = '-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off'

/** Numbers come as numbers (offsets and sequences are safe integers by the wire's rules), for these connections alone: pg's registry is global. */
export const sessionOptions = {
  pipeline: true, // statements go out one behind the other, without waiting for each answer
  keepAlive: true,
  keepAliveInitialDelayMillis: 30_000, // an idle one is kept for longer than many a firewall remembers it; unless told, the system probes after two hours
  application_name: 'karvan-ledger',
  options: byKeys,
  statement_timeout: statementLimitMs,
  query_timeout: statementLimitMs + 5_000,
  idle_in_transaction_session_timeout: statementLimitMs, // a submitter that hangs must not keep its chain locked
  types: {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => {
      if (oid === pg.types.builtins.INT8 && format !== 'binary') return Number
      return pg.types.getTypeParser(oid, format as 'text') // the overloads of pg want the literal
    },
  },
}

/** For a connection that may die between two queries: the next query tells, but an `error` nobody listens to ends the process. */
export const untold = (): void => undefined

async function inTransaction<T>(pool: pg.Pool, work: (query: Query, last: Last) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch(rethrow)
  client.on('error', untold)
  const hold = holdingBack(client)
  const query: Query = async ({ name, text }, values = []) => {
    hold()
    return (await client.query({ name, text, values: [...values] })).rows
  }
  const unanswered: Promise<unknown>[] = []
  const last: Last = (statement, values) => {
    const answer = query(statement, values)
    answer.catch(untold) // where `work` throws before the commit
    unanswered.push(answer)
  }
  try {
    hold()
    const begun = client.query('begin')
    const [result] = await allOf([work(query, last), begun])
    hold()
    const [{ command }] = await allOf([client.query('commit'), ...unanswered])
    // An aborted transaction answers COMMIT with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back')
    client.release()
    return result
  } catch (error) {
    await discard(client, error)
    throw translated(error)
  } finally {
    client.off('error', untold)
  }
}

/** Statements made in one turn of the event loop go out together: for a lone statement of a member, handing over to the socket is most of the work. */
function holdingBack(client: pg.PoolClient): () => void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection // pg does not declare it
  let isHeld = false
  return () => {
    if (isHeld) return
    isHeld = true
    stream.cork()
    process.nextTick(() => {
      isHeld = false
      stream.uncork()
    })
  }
}

async function discard(client: pg.PoolClient, error: unknown): Promise<void> {
  const isOurs = error instanceof LedgerError || sqlStateOf(error) !== undefined || !isDriverError(error)
  if (!isOurs) return client.release(true) // its socket may be gone or a statement may still run on it
  await client.query('rollback').then(() => client.release(), () => client.release(true))
}

const isDriverError = (error: unknown): boolean => translated(error) instanceof LedgerError

function rethrow(error: unknown): never {
  throw translated(error)
}
