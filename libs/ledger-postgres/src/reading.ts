import { bodyOfParts, type Cursor, type Entry, type StateMembers, type Submission, type TreeHead } from '#libs/exchange'
import { emptyFrontier, frontierToText } from '#libs/signature'
import { type FindOptionsWhere, LessThanOrEqual, MoreThan } from 'typeorm'
import { textArray } from './binary-array.js'
import type { Database, Statement } from './database.js'
import { EntryRow } from './entities/entry-row.js'
import { SubmissionRow } from './entities/submission-row.js'
import { TreeHeadRow } from './entities/tree-head-row.js'
import { translated } from './ledger-error.js'

/** Of a database whose cursor was emptied by hand. */
export const noCursor: Cursor = { next: 0, frontier: frontierToText(emptyFrontier) }

export async function cursorOf(database: Database): Promise<Cursor> {
  const [row] = await database.query<Cursor>({ name: 'cursor', text: 'select next, frontier from cursor' })
  return row ?? noCursor
}

const stateRows: Statement = { name: 'states', text: 'select subject, consignment, heads, register from state where subject = any($1::text[])' }

export async function states(database: Database, subjects: readonly string[]): Promise<ReadonlyMap<string, StateMembers>> {
  if (subjects.length === 0) return new Map()
  const rows = await database.query<{ subject: string; consignment: string | null; heads: string; register: string | null }>(stateRows, [textArray(subjects)])
  return new Map(rows.map(({ subject, consignment, heads, register }) => {
    return [subject, { heads, ...(consignment !== null && { consignment }), ...(register !== null && { register }) }]
  }))
}

const dossierParts: Statement = {
  name: 'dossiers',
  text: 'select subject, array_agg(body order by part) as parts from dossier_part where subject = any($1::text[]) group by subject',
}

export async function dossiers(database: Database, subjects: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (subjects.length === 0) return new Map()
  const rows = await database.query<{ subject: string; parts: readonly string[] }>(dossierParts, [textArray(subjects)])
  return new Map(rows.map(({ subject, parts }) => [subject, bodyOfParts(parts)]))
}

/** The condition on the number being there lets the partial unique index answer. */
const consumedRows: Statement = {
  name: 'consumed',
  text: `
select entry.kid, entry.subject, entry.consumed_sequence as sequence, entry.event_id as "eventId"
from unnest($1::text[], $2::text[], $3::bigint[]) as n (kid, subject, sequence)
join entry on entry.kid = n.kid and entry.subject = n.subject and entry.consumed_sequence = n.sequence and entry.consumed_sequence is not null`,
}

export async function consumed(
  database: Database,
  numbers: readonly { readonly kid: string; readonly subject: string; readonly sequence: number }[],
): Promise<ReadonlyMap<string, string>> {
  if (numbers.length === 0) return new Map()
  const rows = await database.query<{ kid: string; subject: string; sequence: number; eventId: string }>(consumedRows, [
    textArray(numbers.map(({ kid }) => kid)),
    textArray(numbers.map(({ subject }) => subject)),
    numbers.map(({ sequence }) => sequence),
  ])
  return new Map(rows.map(({ kid, subject, sequence, eventId }) => [`${kid} ${subject} ${sequence}`, eventId]))
}

export async function entryAt(database: Database, offset: number): Promise<Entry | undefined> {
  return entryOf(await read(database.source.getRepository(EntryRow).findOneBy({ offset })))
}

/** Of several records of one statement (EARLY and again, duplicates): the one that consumed the number, else the newest. */
export async function entryOfEvent(database: Database, eventId: string): Promise<Entry | undefined> {
  const row = await read(
    database.source.getRepository(EntryRow).findOne({ where: { eventId }, order: { consumedSequence: { direction: 'ASC', nulls: 'LAST' }, offset: 'DESC' } }),
  )
  return entryOf(row)
}

export async function entriesOf(database: Database, subject: string, after: number, limit: number): Promise<readonly Entry[]> {
  const where = { subject, offset: MoreThan(after) }
  const rows = await read(database.source.getRepository(EntryRow).find({ where, order: { offset: 'ASC' }, take: limit }))
  return rows.flatMap((row) => entryOf(row) ?? [])
}

export async function headAt(database: Database, size: number): Promise<TreeHead | undefined> {
  return headWhere(database, { size })
}

export async function headAfter(database: Database, offset: number): Promise<TreeHead | undefined> {
  return headWhere(database, { size: MoreThan(offset) })
}

export async function headBelow(database: Database, size: number): Promise<TreeHead | undefined> {
  return headWhere(database, { size: LessThanOrEqual(size) }, 'DESC')
}

async function headWhere(database: Database, where: FindOptionsWhere<TreeHeadRow>, direction: 'ASC' | 'DESC' = 'ASC'): Promise<TreeHead | undefined> {
  const row = await read(database.source.getRepository(TreeHeadRow).findOne({ where, order: { size: direction } }))
  return row === null ? undefined : { size: row.size, root: row.root, frontier: row.frontier }
}

const leafRows: Statement = {
  name: 'leaves',
  text: `
select leaf from (
  select log_offset, leaf from entry where log_offset >= $1 and log_offset < $2
  union all
  select log_offset, leaf from hole where log_offset >= $1 and log_offset < $2
) as every_offset order by log_offset`,
}

export async function leaves(database: Database, from: number, to: number): Promise<readonly Buffer[]> {
  return (await database.query<{ leaf: Buffer }>(leafRows, [from, to])).map(({ leaf }) => leaf)
}

export async function submission(database: Database, eventId: string): Promise<Submission | undefined> {
  const row = await read(database.source.getRepository(SubmissionRow).findOneBy({ eventId }))
  if (row === null) return undefined
  const { subject, type, state, verdict, code, offset } = row
  return {
    eventId,
    subject,
    type,
    state,
    ...(verdict === null ? {} : { verdict }),
    ...(code === null ? {} : { code }),
    ...(offset === null ? {} : { offset }),
  }
}

function entryOf(row: EntryRow | null): Entry | undefined {
  if (row === null) return undefined
  const { offset, key, value, appendTime, verdict, code, leaf, effects, eventId, kid, issuer, subject, type, occurredAt, consumedSequence } = row
  return {
    offset,
    key,
    value,
    appendTime,
    verdict,
    code,
    leaf,
    effects,
    ...(eventId === null || kid === null ? {} : { event: { eventId, kid, issuer, subject, type, occurredAt } }),
    ...(consumedSequence === null ? {} : { consumedSequence }),
  }
}

async function read<T>(found: Promise<T>): Promise<T> {
  return found.catch((error: unknown) => {
    throw translated(error)
  })
}
