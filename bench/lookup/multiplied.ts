import pg from 'pg'
import { boxOwner, subjectPrefix } from './small-notes.js'

/** Views of one consignment each, and its state: what a look-up reads and what applying reads and writes. */
const tables = ['dossier', 'dossier_part', 'term', 'state']

/** Copies are copied so many at a time, to be able to tell how far it is. */
const copiesAtOnce = 20

/**
 * Makes `copies` consignments of each in a database: the same rows with another subject, other offsets and boxes of another owner. Indexes are dropped and made
 * anew, which leaves them denser than rows that come one after the other would.
 * @param ownerUrl of the database; everything in its views is from `smallNotes`
 * @param copies in all, the one there is included
 */
export async function multiply(ownerUrl: string, copies: number, offsetsEach: number, say: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`set synchronous_commit = off; set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 1`)
    for (const table of tables) await client.query(`create temp table first_${table} as select * from ${table} where subject like '${subjectPrefix}-%'`)
    const indexes = await dropIndexes(client)
    for (let from = 1; from < copies; from += copiesAtOnce) {
      for (const statement of copying) await client.query(statement, [from, Math.min(copies, from + copiesAtOnce) - 1, ...(statement.includes('$3') ? [offsetsEach] : [])])
      say(`${Math.min(copies, from + copiesAtOnce)} of ${copies} copies`)
    }
    for (const index of indexes) await client.query(index)
  } finally {
    await client.end()
  }
}

/** Before look-ups are measured: what autovacuum does by itself in some minutes. */
export async function vacuum(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`vacuum analyze ${tables.join(', ')}`)
  } finally {
    await client.end()
  }
}

/** What replaces the owner of the boxes in a copy, by its number: three letters as an owner has, BAAU and so on. */
export function ownerOfCopy(copy: number): string {
  return `${[copy / 676, copy / 26, copy].map((letter) => String.fromCharCode(65 + (Math.floor(letter) % 26))).join('')}U`
}

const subject = `'0197' || lpad(to_hex(copy), 4, '0') || substr(subject, 9)`
const owner = `chr(65 + copy / 676 % 26) || chr(65 + copy / 26 % 26) || chr(65 + copy % 26) || 'U'`
const renamed = (text: string) => `replace(replace(${text}, '${subjectPrefix}-', '0197' || lpad(to_hex(copy), 4, '0') || '-'), '${boxOwner}', ${owner})`
const each = 'generate_series($1::int, $2::int) copy'

const copying = [
  `insert into dossier (subject, opened) select ${subject}, opened + copy * $3::bigint from ${each}, first_dossier`,
  `insert into dossier_part (subject, part, body) select ${subject}, part, ${renamed('body')} from ${each}, first_dossier_part`,
  `insert into term (subject, kind, value, opened) select ${subject}, kind, case kind when 'equipment' then ${renamed('value')} else value end, opened + copy * $3::bigint from ${each}, first_term`,
  `insert into state (subject, consignment, heads, register) select ${subject}, ${renamed('consignment')}, ${renamed('heads')}, register from ${each}, first_state`,
]

/** Answers the statements that make them again, whatever the migrations have made of them. */
async function dropIndexes(client: pg.Client): Promise<readonly string[]> {
  const named = `any(array[${tables.map((table) => `'${table}'::regclass`).join(', ')}])`
  const keys = (await client.query<{ drop: string; make: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
    from pg_constraint where contype = 'p' and conrelid = ${named}`,
  )).rows
  for (const { drop } of keys) await client.query(drop)
  const others = (await client.query<{ drop: string; make: string }>(
    `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as make from pg_index where indrelid = ${named}`,
  )).rows
  for (const { drop } of others) await client.query(drop)
  return [...keys, ...others].map(({ make }) => make)
}
