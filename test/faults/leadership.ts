import { sharedPostgres } from '#libs/testing'
import { queryAs, type RealNode } from './real-node.js'

/** Ends the session that holds the lock, as PostgreSQL's administrator can. */
export async function endLeadershipOf({ database }: RealNode): Promise<void> {
  const name = new URL(database.ownerUrl).pathname.slice(1)
  const sessions = `select pid from pg_locks join pg_database on pg_database.oid = pg_locks.database where locktype = 'advisory' and datname = $1 and granted`
  const ended = await queryAs(await sharedPostgres(), `select pg_terminate_backend(pid) from (${sessions}) as held`, [name])
  if (ended.length !== 1) throw new Error(`${ended.length} sessions held the lock`)
}
