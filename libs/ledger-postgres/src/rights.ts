/**
 * What the runtime role may do. Entries and holes can be added and read, never changed or removed: that the past stands is a right of the database,
 * not good manners of the code. No DDL, no ownership, no TRUNCATE (a rebuild runs as the owner).
 */
const rights = {
  entry: 'select, insert',
  hole: 'select, insert',
  tree_head: 'select, insert',
  cursor: 'select, insert, update',
  state: 'select, insert, update',
  dossier: 'select, insert, update',
  dossier_part: 'select, insert, update, delete',
  term: 'select, insert, update, delete',
  view_error: 'select, insert',
  chain_head: 'select, insert, update',
  outbox: 'select, insert, update',
  foreign_use: 'select, insert',
  idempotency: 'select, insert, update, delete',
  call: 'select, insert',
  call_part: 'select, insert, update (event_id, refusal)',
  link: 'select, insert, update (revoked_by, revoked_at, uses, last_used_at)',
  block: 'select, insert',
  outgoing_block: 'select, insert, update (sent)',
  block_need: 'select, insert, update',
  particulars_cursor: 'select, insert, update',
  migration: 'select',
} as const satisfies Record<string, string>

/** Statements, repeatable, that give `role` exactly these rights. They follow every migration, because the role's name belongs to the deployment. */
export function grantsFor(role: string): readonly string[] {
  const name = `"${role.replaceAll('"', '""')}"`
  return [
    `grant usage on schema public to ${name}`,
    ...Object.entries(rights).flatMap(([table, granted]) => [`revoke all on ${table} from ${name}`, `grant ${granted} on ${table} to ${name}`]),
  ]
}
