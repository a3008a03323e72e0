import pg from 'pg'
import { sessionOptions, untold } from './database.js'
import { translated } from './ledger-error.js'

/**
 * Forgets what can be had from the log again. `truncate` waits for a batch in flight and locks out the next; whoever was applying then finds the
 * cursor moved.
 */
export async function resetAsOwner(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, ...sessionOptions })
  client.on('error', untold)
  try {
    await client.connect()
    await client.query(`
begin;
truncate entry, hole, cursor, state, tree_head, dossier, dossier_part, term, view_error, block_need, foreign_use;
insert into cursor (next, frontier) values (0, '0:');
commit`)
  } catch (error) {
    throw translated(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}
