import { createNodeDatabase } from '../../infra/postgres/node-database.js'
import { Complaint } from '../complaint.js'
import type { Settings } from '../settings.js'
import { readPasswords } from './secrets.js'
import type { Stack } from './stack.js'

/** Each node's database and roles, with the passwords that its environment has. */
export async function makeDatabases({ databaseUrl, dataDir }: Settings, { nodes }: Stack): Promise<void> {
  if (databaseUrl === undefined) throw new Complaint('SETTINGS', 'DATABASE_URL is missing: the address of the database server for its administrator.')
  const { databases } = readPasswords(dataDir)
  for (const { participant, database } of nodes) {
    const passwords = databases[participant]
    if (!passwords) throw new Complaint('SECRETS', `there are no passwords for ${participant}; run npm run compose -- secrets again.`)
    await createNodeDatabase(databaseUrl, database, passwords)
  }
}
