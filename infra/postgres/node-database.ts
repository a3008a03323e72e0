import { randomBytes } from 'node:crypto'
import pg from 'pg'

export interface NodeDatabase {
  /** For migrations and rebuilds. */
  readonly ownerUrl: string
  /** For everything else: no DDL, no ownership. */
  readonly runtimeUrl: string
}

/**
 * One node's database with its two roles, `<name>_owner` and `<name>_node`. Idempotent: a second call sets the passwords given and answers the same.
 * @param adminUrl a superuser's address, e.g. of startLocalPostgres
 * @param name lower-case identifier, at most 40 characters
 * @param passwords kept by the caller; made where none are given
 */
export async function createNodeDatabase(
  adminUrl: string,
  name: string,
  passwords: { readonly owner: string; readonly runtime: string } = { owner: madeUp(), runtime: madeUp() },
): Promise<NodeDatabase> {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name)) throw new RangeError(`not a database name: ${name}`)
  const owner = `${name}_owner`
  const runtime = `${name}_node`
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const [role, password] of [[owner, passwords.owner], [runtime, passwords.runtime]] as const) {
      const isThere = await client.query('select from pg_roles where rolname = $1', [role])
      const verb = isThere.rowCount === 0 ? 'create' : 'alter'
      await client.query(`${verb} role ${role} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(password)}`)
    }
    const isThere = await client.query('select from pg_database where datname = $1', [name])
    if (isThere.rowCount === 0) await client.query(`create database ${name} owner ${owner} encoding 'UTF8' template template0`)
    // One server serves several nodes of a demo; none may look into another's.
    await client.query(`revoke all on database ${name} from public`)
    await client.query(`grant connect on database ${name} to ${runtime}`)
  } finally {
    await client.end()
  }
  return { ownerUrl: urlOf(adminUrl, name, owner, passwords.owner), runtimeUrl: urlOf(adminUrl, name, runtime, passwords.runtime) }
}

const madeUp = (): string => randomBytes(24).toString('base64url')

function urlOf(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${database}`
  url.username = role
  url.password = password
  return url.href
}
