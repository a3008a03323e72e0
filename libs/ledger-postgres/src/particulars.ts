import type { BlockNeed } from '#libs/exchange'
import { textArray } from './binary-array.js'
import type { Database, Statement } from './database.js'

export async function particularsCursor(database: Database): Promise<number> {
  const [row] = await database.query<{ next: number }>({ name: 'particulars-cursor', text: 'select next from particulars_cursor' })
  return row?.next ?? 0
}

const insertBlocks: Statement = {
  name: 'keep-blocks',
  text: 'insert into block (digest, plaintext) select * from unnest($1::text[], $2::text[]) on conflict do nothing',
}

const needsMet: Statement = { name: 'needs-met', text: 'update block_need set missing = false where digest = any($1::text[]) and missing' }

const moveCursor: Statement = {
  name: 'move-particulars-cursor',
  text: 'insert into particulars_cursor (next) values ($1) on conflict (single) do update set next = excluded.next',
}

export async function keepBlocks(database: Database, next: number, blocks: readonly { readonly digest: string; readonly plaintext: string }[]): Promise<void> {
  await database.transaction(async (query) => {
    if (blocks.length > 0) {
      const digests = textArray(blocks.map(({ digest }) => digest))
      await query(insertBlocks, [digests, textArray(blocks.map(({ plaintext }) => plaintext))])
      await query(needsMet, [digests])
    }
    await query(moveCursor, [next])
  })
}

const blockRows: Statement = { name: 'blocks', text: 'select digest, plaintext from block where digest = any($1::text[])' }

export async function blocks(database: Database, digests: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (digests.length === 0) return new Map()
  const rows = await database.query<{ digest: string; plaintext: string }>(blockRows, [textArray(digests)])
  return new Map(rows.map(({ digest, plaintext }) => [digest, plaintext]))
}

/** Of one consignment, those it has included. */
const needRows: Statement = {
  name: 'block-needs',
  text: 'select digest, subject, name, "for", issuer, readers from block_need where subject = $1 order by digest',
}

export const blockNeeds = (database: Database, subject: string): Promise<readonly BlockNeed[]> => database.query<BlockNeed>(needRows, [subject])

/**
 * `missing` keeps the index as small as what is missing. It may stay set where a need and its block were committed side by side, each before seeing
 * the other; so the block itself is asked too.
 */
const missingRows: Statement = {
  text: `
select digest, subject, name, "for", issuer, readers from block_need
where missing and ($1::text is null or subject = $1) and not exists (select from block where block.digest = block_need.digest)
order by subject, digest`,
}

export function missingBlocks(database: Database, subject?: string): Promise<readonly BlockNeed[]> {
  return database.query<BlockNeed>(missingRows, [subject ?? null])
}
