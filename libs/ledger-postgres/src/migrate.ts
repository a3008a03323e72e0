import { DataSource } from 'typeorm'
import type { Database } from './database.js'
import { LedgerError, sqlStateOf, translated } from './ledger-error.js'
import { Ledger0001 } from './migrations/ledger-0001.js'
import { Ledger0002 } from './migrations/ledger-0002.js'
import { Ledger0003 } from './migrations/ledger-0003.js'
import { Ledger0004 } from './migrations/ledger-0004.js'
import { Ledger0005 } from './migrations/ledger-0005.js'
import { Ledger0006 } from './migrations/ledger-0006.js'
import { Ledger0007 } from './migrations/ledger-0007.js'
import { Ledger0008 } from './migrations/ledger-0008.js'
import { Ledger0009 } from './migrations/ledger-0009.js'
import { Ledger0010 } from './migrations/ledger-0010.js'
import { Ledger0011 } from './migrations/ledger-0011.js'
import { Ledger0012 } from './migrations/ledger-0012.js'
import { grantsFor } from './rights.js'

/** The next is 14: a 13 was taken back (decision 0032), and a database that has it would pass over another one of that name. */
const migrations = [Ledger0001, Ledger0002, Ledger0003, Ledger0004, Ledger0005, Ledger0006, Ledger0007, Ledger0008, Ledger0009, Ledger0010, Ledger0011, Ledger0012]

/** Two numbers are a key space of their own in PostgreSQL, apart from the one-number locks of idempotency keys. */
export const locks = { migration: [1_802_661_750, 1], leader: [1_802_661_750, 2] } as const

/** Brings the schema up to this build and gives the runtime role its rights. Replicas may start together: one migrates, the others wait. */
export async function migrate(ownerUrl: string, runtimeRole: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    migrations,
    migrationsTableName: 'migration',
    installExtensions: false,
    logging: false,
    poolSize: 2, // one holds the lock, one migrates
    poolErrorHandler: () => undefined,
  })
  await source.initialize().catch(rethrow)
  const holder = source.createQueryRunner()
  try {
    await holder.query('select pg_advisory_lock($1, $2)', [...locks.migration])
    await source.runMigrations({ transaction: 'each' })
    await source.transaction(async (manager) => {
      for (const grant of grantsFor(runtimeRole)) await manager.query(grant)
    })
  } catch (error) {
    rethrow(error)
  } finally {
    await holder.release() // the session ends with the pool, and the lock with the session
    await source.destroy()
  }
}

/** @throws SCHEMA_NOT_CURRENT when the owner has yet to migrate. A schema ahead of this build is served: what its views then do not take is told (VIEW_FAILED), and what is judged stands. */
export async function requireCurrentSchema(database: Database): Promise<void> {
  const applied = await database.query<{ name: string }>({ text: 'select name from migration' }).catch((error: unknown) => {
    if (sqlStateOf(error)?.startsWith('42') === true) return [] // no such table, or no right on it yet
    throw error
  })
  const names = new Set(applied.map(({ name }) => name))
  const missing = migrations.map((Migration) => new Migration().name).filter((name) => !names.has(name))
  if (missing.length > 0) throw new LedgerError('SCHEMA_NOT_CURRENT', `run the migrations as the owner first: ${missing.join(', ')}`)
}

function rethrow(error: unknown): never {
  throw translated(error)
}
