import pg from 'pg'

/** Bytes on disk. */
export interface TableSize {
  /** With what lies beside its rows (TOAST) and its indexes. */
  readonly all: number
  readonly indexes: number
}

export interface DatabaseSize {
  readonly tables: ReadonlyMap<string, TableSize>
  /** What rows that had been replaced had left free, and others would have taken up again. */
  readonly freed: number
}

/** Tables whose rows are replaced by nearly every batch. */
const replaced = ['state', 'dossier', 'dossier_part']

/**
 * The tables of a database, those with replaced rows written anew: the room such rows leave is taken up again, so it comes once and does not grow with what
 * is stored. The others stay as they are, for the indexes of a table just written are denser than they will be.
 * @param ownerUrl of who may; nobody else is at work there
 */
export async function databaseSize(ownerUrl: string): Promise<DatabaseSize> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query('vacuum')
    const before = await sizes(client)
    await client.query(`vacuum full ${replaced.join(', ')}`)
    const tables = await sizes(client)
    return { tables, freed: inAll(before) - inAll(tables) }
  } finally {
    await client.end()
  }
}

export function inAll(tables: ReadonlyMap<string, TableSize>): number {
  return [...tables.values()].reduce((sum, { all }) => sum + all, 0)
}

async function sizes(client: pg.Client): Promise<ReadonlyMap<string, TableSize>> {
  const { rows } = await client.query<{ name: string; all: string; indexes: string }>(
    `select relname as name, pg_total_relation_size(oid) as all, pg_indexes_size(oid) as indexes from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  )
  return new Map(rows.map(({ name, all, indexes }) => [name, { all: Number(all), indexes: Number(indexes) }]))
}
