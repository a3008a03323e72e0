import pg from 'pg'
import { digestOf } from '#libs/documents'
import { rootOf, frontierFromText } from '#libs/signature'
import { stateHashOf } from '#libs/exchange'
import { hashOf, type Expected } from './replayed-log.js'

/** One node's database as it stood at one moment: read raw, through none of the node's code. */
export interface NodeRecord {
  readonly next: number
  readonly root: string
  readonly stateHash: string
  readonly states: ReadonlyMap<string, string>
  readonly offsets: ReadonlyMap<number, Expected>
}

export async function cursorOf(databaseUrl: string): Promise<number> {
  return connected(databaseUrl, async (client) => Number((await client.query<{ next: string }>('select next from cursor')).rows[0]?.next ?? 0))
}

/** Reads cursor, entries, holes and states in one REPEATABLE READ snapshot, so that a node at work is never seen half done. */
export async function readNodeRecord(databaseUrl: string): Promise<NodeRecord> {
  return connected(databaseUrl, async (client) => {
    await client.query('begin isolation level repeatable read read only')
    const cursor = (await client.query<{ next: string; frontier: string }>('select next, frontier from cursor')).rows[0]
    const states = new Map((await client.query<{ subject: string; text: string }>(stateTexts)).rows.map(({ subject, text }) => [subject, text]))
    const offsets = new Map<number, Expected>()
    for await (const row of pages(client)) offsets.set(row.offset, row)
    await client.query('commit')
    const frontier = frontierFromText(cursor?.frontier ?? '0:')
    return {
      next: Number(cursor?.next ?? 0), root: frontier ? rootOf(frontier) : 'unreadable', stateHash: stateHashOf(states),
      states: new Map([...states].map(([subject, text]) => [subject, digestOf(text)])), offsets,
    }
  })
}

/** A state's canonical text, of the texts of its members. */
export const stateTexts = `select subject, '{' || concat_ws(',', '"consignment":' || consignment, '"heads":' || heads, '"register":' || register) || '}' as text from state`

const pageSize = 2_000

async function* pages(client: pg.Client): AsyncGenerator<Expected & { readonly offset: number }> {
  for (let after = -1; ;) {
    const { rows } = await client.query<{ log_offset: string; key: Buffer | null; value: Buffer | null; verdict: string; code: string | null; leaf: Buffer; effects: string }>(
      `select log_offset, key, value, verdict, code, leaf, effects from (
         select log_offset, key, value, verdict, code, leaf, effects from entry where log_offset > $1
         union all select log_offset, null, null, 'hole', null, leaf, '' from hole where log_offset > $1
       ) both_kinds order by log_offset limit ${pageSize}`, [after])
    for (const { log_offset, key, value, verdict, code, leaf, effects } of rows) {
      yield { offset: Number(log_offset), verdict, code, leaf: leaf.toString('base64url'), keyHash: hashOf(key), valueHash: hashOf(value), effects }
    }
    if (rows.length < pageSize) return
    after = Number(rows.at(-1)?.log_offset)
  }
}

async function connected<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'karvan-audit' })
  client.on('error', () => undefined) // the query that is running rejects with it
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
