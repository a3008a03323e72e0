import pg from 'pg'
import { LogError } from '#libs/exchange'
import { sessionOptions } from './session.js'
import { grantsOn, topicSql } from './topic-sql.js'

/** Makes the topic unless it is there, and gives the members' role its rights. Several may come at once: one makes it, the others wait. */
export async function createTopic(ownerUrl: string, topic: string, retentionMs: number, memberRole: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl, ...sessionOptions })
  owner.on('error', () => undefined) // the query rejects with it
  try {
    await owner.connect()
    await owner.query('begin')
    await owner.query('select pg_advisory_xact_lock($1)', [creating])
    const isThere = await owner.query('select from pg_namespace where nspname = $1', [topic])
    if (isThere.rowCount === 0) await owner.query(topicSql(topic, retentionMs))
    await owner.query(grantsOn(topic, memberRole))
    await owner.query('commit')
  } finally {
    await owner.end()
  }
}

const creating = 1_802_661_751

/** A topic's name is a schema's, so it has at most 63 characters, and none that would have to be escaped. */
export function refuseStrangeName(topic: string): void {
  if (!/^[A-Za-z0-9._-]{1,63}$/.test(topic)) {
    throw new LogError('LOG_MISCONFIGURED', `topic ${topic}: in PostgreSQL its name has at most 63 letters, digits, dots, hyphens and underscores`)
  }
}

interface Said {
  readonly identity: number
  readonly may_append: boolean
  readonly may_change: boolean
  readonly guards: number
  readonly off: readonly string[]
}

const catalogue = `
select t.oid::int8 as identity,
  has_schema_privilege(n.oid, 'usage') and has_table_privilege(r.oid, 'select') and has_table_privilege(t.oid, 'select')
    and has_function_privilege(a.oid, 'execute') as may_append,
  has_table_privilege(r.oid, 'insert, update, delete, truncate') or has_table_privilege(t.oid, 'insert, update, delete, truncate') as may_change,
  (select count(*)::int from pg_trigger g where g.tgrelid = r.oid and g.tgname in ('only_added', 'never_emptied') and g.tgenabled = 'A') as guards,
  array(select name from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off' order by name) as off
from pg_namespace n
join pg_class r on r.relnamespace = n.oid and r.relname = 'record'
join pg_class t on t.relnamespace = n.oid and t.relname = 'topic'
join pg_proc a on a.pronamespace = n.oid and a.proname = 'append'
where n.nspname = $1`

/**
 * Throws LOG_MISCONFIGURED naming everything that is wrong, LOG_MISSING when there is no such topic; returns by what one that is made again can be told
 * apart from this one.
 */
export async function checkTopic(client: Pick<pg.Pool, 'query'>, topic: string, retentionMs: number): Promise<number> {
  const [said] = (await client.query<Said>(catalogue, [topic])).rows
  if (said === undefined) throw new LogError('LOG_MISSING', `there is no topic ${topic}`)
  const faults = [
    ...(said.may_append ? [] : ['this role may not read it and append to it']),
    ...(said.may_change ? ['this role may change its records'] : []),
    ...(said.guards === 2 ? [] : ['its records are not protected against change']),
    ...said.off.map((name) => `${name} is off, must be on`),
    ...(said.may_append ? await wrongRetention(client, topic, retentionMs) : []),
  ]
  if (faults.length > 0) throw new LogError('LOG_MISCONFIGURED', `topic ${topic}: ${faults.join('; ')}`)
  return said.identity
}

async function wrongRetention(client: Pick<pg.Pool, 'query'>, topic: string, wanted: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ retention_ms: number }>(`select retention_ms from "${topic}".topic`)
  return rows.filter(({ retention_ms: said }) => said !== wanted).map(({ retention_ms: said }) => `retention_ms is ${said}, must be ${wanted}`)
}
