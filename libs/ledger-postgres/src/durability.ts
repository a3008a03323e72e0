import type { Database } from './database.js'
import { LedgerError } from './ledger-error.js'

/** Without these a `202` or a receipt could be forgotten in a power cut. As this session has them: a role may carry settings of its own. */
const required = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

/** @throws DATABASE_NOT_DURABLE, naming the settings that are off */
export async function requireDurability(database: Database): Promise<void> {
  const off = await database.query<{ name: string }>({ text: `select name from pg_settings where name = any($1) and setting = 'off' order by name` }, [required])
  if (off.length > 0) throw new LedgerError('DATABASE_NOT_DURABLE', `PostgreSQL runs with ${off.map(({ name }) => name).join(', ')} off`)
}
