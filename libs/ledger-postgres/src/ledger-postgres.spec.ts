import pg from 'pg'
import type { Ledger } from '#libs/exchange'
import { describeLedger, freshDatabase, sharedPostgres } from '#libs/testing'
import { openPostgresLedger } from './open-postgres-ledger.js'

describeLedger('on PostgreSQL', async () => {
  const database = await freshDatabase()
  const opened: Ledger[] = []
  return {
    async open() {
      const ledger = await openPostgresLedger(database)
      opened.push(ledger)
      return ledger
    },
    async dropLeader() {
      const client = new pg.Client({ connectionString: await sharedPostgres() })
      await client.connect()
      await client.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 2 and granted
        and database = (select oid from pg_database where datname = $1)`, [new URL(database.runtimeUrl).pathname.slice(1)])
      await client.end()
    },
    async close() {
      await Promise.all(opened.map((ledger) => ledger.close()))
    },
  }
})
