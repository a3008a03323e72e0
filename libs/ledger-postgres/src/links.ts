import type { KeptLink, NewLink } from '#libs/exchange'
import type { Database, Statement } from './database.js'

const columns = `link_id as "linkId", subject, label, made_by as "madeBy", made_at as "madeAt", expires_at as "expiresAt",
  revoked_by as "revokedBy", revoked_at as "revokedAt", uses, last_used_at as "lastUsedAt"`

const insertLink: Statement = {
  name: 'keep-link',
  text: 'insert into link (link_id, subject, secret_hash, label, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)',
}

export async function keepLink(database: Database, { linkId, subject, secretHash, label, madeBy, madeAt, expiresAt }: NewLink): Promise<void> {
  await database.query(insertLink, [linkId, subject, secretHash, label, madeBy, madeAt, expiresAt])
}

const linkRows: Statement = { name: 'links', text: `select ${columns} from link where subject = $1 order by made_at desc, link_id` }

export const linksOf = (database: Database, subject: string): Promise<readonly KeptLink[]> => database.query<KeptLink>(linkRows, [subject])

const revoke: Statement = {
  name: 'revoke-link',
  text: 'update link set revoked_by = coalesce(revoked_by, $3), revoked_at = coalesce(revoked_at, $4) where subject = $1 and link_id = $2 returning link_id',
}

export async function revokeLink(database: Database, { subject, linkId }: Pick<NewLink, 'subject' | 'linkId'>, revokedBy: string, now: number): Promise<boolean> {
  return (await database.query(revoke, [subject, linkId, revokedBy, now])).length > 0
}

/** One statement: a link revoked at the same moment either counted this use or opened nothing. */
const use: Statement = {
  name: 'use-link',
  text: `
update link set uses = uses + 1, last_used_at = greatest(last_used_at, $2)
where secret_hash = $1 and revoked_at is null and expires_at > $2
returning ${columns}`,
}

export async function useLink(database: Database, secretHash: string, now: number): Promise<KeptLink | undefined> {
  return (await database.query<KeptLink>(use, [secretHash, now]))[0]
}
