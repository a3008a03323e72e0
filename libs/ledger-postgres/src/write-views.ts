import type { AppliedBatch, BlockNeed, DossierChange, Term, ViewFailure } from '#libs/exchange'
import { bigintArray, textArray } from './binary-array.js'
import type { Query, Statement } from './database.js'
import { isTransient, sqlStateOf } from './ledger-error.js'
import { runAll, type Write } from './together.js'

/** What a batch changes of its views. */
export function viewWrites({ dossiers, blocks }: Pick<AppliedBatch, 'dossiers' | 'blocks'>): readonly Write[] {
  return [...(dossiers.length > 0 ? [...dossierRows(dossiers), ...partWrites(dossiers), ...termWrites(dossiers)] : []), ...(blocks.length > 0 ? [blockNeeds(blocks)] : [])]
}

/**
 * Views are written under a savepoint: all at once, and where that fails row by row, each under its own savepoint. A failing row is kept in
 * `view_error` and named in the outcome; it never holds back entry, state or cursor.
 */
export async function writeViews(query: Query, batch: AppliedBatch): Promise<readonly ViewFailure[]> {
  const failures: ViewFailure[] = []
  if ((await attempt(query, viewWrites(batch))) !== undefined) {
    for (const dossier of batch.dossiers) {
      const message = await attempt(query, viewWrites({ dossiers: [dossier], blocks: [] }))
      if (message !== undefined) failures.push({ subject: dossier.subject, offset: dossier.lastOffset, message })
    }
    for (const block of batch.blocks) {
      const message = await attempt(query, viewWrites({ dossiers: [], blocks: [block] }))
      if (message !== undefined) failures.push({ subject: block.subject, offset: batch.next - 1, message }) // a need states no offset
    }
  }
  await keepFailures(query, [...batch.viewFailures, ...failures])
  return failures
}

/** Undefined when done, else what the database said. Its own trouble (a lost connection, no disk) is no view's fault and goes on up. */
async function attempt(query: Query, writes: readonly Write[]): Promise<string | undefined> {
  try {
    await runAll(query, [{ name: 'savepoint', text: 'savepoint views', values: [] }, ...writes]) // ends with the transaction
    return undefined
  } catch (error) {
    if (sqlStateOf(error) === undefined || isTransient(error)) throw error
    await query({ text: 'rollback to savepoint views' })
    await query({ text: 'release savepoint views' })
    return error instanceof Error ? error.message : String(error)
  }
}

const openDossiers = {
  name: 'open-dossiers',
  text: 'insert into dossier (subject, opened) select * from unnest($1::text[], $2::bigint[]) on conflict (subject) do nothing',
}

const upsertParts = {
  name: 'upsert-parts',
  text: `
insert into dossier_part (subject, part, body) select * from unnest($1::text[], $2::integer[], $3::text[])
on conflict (subject, part) do update set body = excluded.body`,
}

const dropParts = {
  name: 'drop-parts',
  text: 'delete from dossier_part using unnest($1::text[], $2::integer[]) as whole (subject, parts) where dossier_part.subject = whole.subject and part >= parts',
}

const dropTerms = {
  name: 'drop-terms',
  text: `
delete from term using unnest($1::text[], $2::text[], $3::text[]) as gone (subject, kind, value)
where term.subject = gone.subject and term.kind = gone.kind and term.value = gone.value`,
}

/** Of dossiers whose former row the applier does not have at hand. */
const dropOtherTerms = {
  name: 'drop-other-terms',
  text: `
delete from term where subject = any($1::text[]) and not exists (
  select from unnest($2::text[], $3::text[], $4::text[]) as kept (subject, kind, value)
  where kept.subject = term.subject and kept.kind = term.kind and kept.value = term.value)`,
}

/** A term that stands stays as it is: when its subject was opened does not change. */
const addTerms = {
  name: 'add-terms',
  text: `
insert into term (subject, kind, value, opened) select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
on conflict (subject, kind, value) do nothing`,
}

/** A row stands where the applier has what was written before. */
function dossierRows(dossiers: readonly DossierChange[]): readonly Write[] {
  const perhapsNew = dossiers.filter(({ former }) => !former || former.parts.length === 0)
  return perhapsNew.length === 0 ? [] : [{ values: [textArray(perhapsNew.map(({ subject }) => subject)), bigintArray(perhapsNew.map(({ opened }) => opened))], ...openDossiers }]
}

function partWrites(dossiers: readonly DossierChange[]): readonly Write[] {
  const changed: { readonly subject: string; readonly part: number; readonly body: string }[] = []
  for (const { subject, parts, former } of dossiers) {
    for (let part = 0; part < parts.length; part++) {
      const body = parts[part]
      if (body !== undefined && body !== former?.parts[part]) changed.push({ subject, part, body })
    }
  }
  const shorter = dossiers.filter(({ parts, former }) => !former || former.parts.length > parts.length)
  const upsert = { values: [textArray(changed.map(({ subject }) => subject)), changed.map(({ part }) => part), textArray(changed.map(({ body }) => body))], ...upsertParts }
  const drop = { values: [textArray(shorter.map(({ subject }) => subject)), shorter.map(({ parts }) => parts.length)], ...dropParts }
  return shorter.length > 0 ? [upsert, drop] : [upsert]
}

/** Only those that come and go: a train has some 300 of them, and most statements change one or none. */
function termWrites(dossiers: readonly DossierChange[]): readonly Write[] {
  const changes = dossiers.map(({ subject, opened, terms, former }) => ({ subject, opened, ...differenceOf(former?.terms ?? noTerms, terms) }))
  const gone = changes.flatMap(({ subject, dropped }) => dropped.map(([kind, value]) => ({ subject, kind, value })))
  const come = changes.flatMap(({ subject, opened, added }) => added.map(([kind, value]) => ({ subject, kind, value, opened })))
  const unknown = dossiers.filter(({ former }) => !former)
  const kept = unknown.flatMap(({ subject, terms }) => terms.map(([kind, value]) => ({ subject, kind, value })))
  return [
    ...(gone.length > 0 ? [{ values: columnsOf(gone), ...dropTerms }] : []),
    ...(unknown.length > 0 ? [{ values: [textArray(unknown.map(({ subject }) => subject)), ...columnsOf(kept)], ...dropOtherTerms }] : []),
    ...(come.length > 0 ? [{ values: [...columnsOf(come), bigintArray(come.map(({ opened }) => opened))], ...addTerms }] : []),
  ]
}

interface Difference {
  readonly dropped: readonly Term[]
  readonly added: readonly Term[]
}

const noTerms: readonly Term[] = []

/** Of dossiers that a tick brings. */
const mostRemembered = 64

/** What was found last, in turn in the same places. */
const remembered: { readonly before: readonly Term[]; readonly after: readonly Term[]; readonly found: Difference }[] = []
let turn = 0

/** Mostly a list stays the very same; where not, the nodes of a process mostly write the very same two one after the other. */
function differenceOf(before: readonly Term[], after: readonly Term[]): Difference {
  if (before === after) return { dropped: [], added: [] }
  const known = remembered.find((one) => one.before === before && one.after === after)
  if (known) return known.found
  const found = difference(before, after)
  remembered[turn] = { before, after, found }
  turn = (turn + 1) % mostRemembered
  return found
}

/** Most terms are the very same as before; only the others are compared by what they say. */
function difference(before: readonly Term[], after: readonly Term[]): Difference {
  const [former, present] = [new Set(before), new Set(after)]
  const gone = byText(before.filter((term) => !present.has(term)))
  const come = byText(after.filter((term) => !former.has(term)))
  const only = (terms: ReadonlyMap<string, Term>, others: ReadonlyMap<string, Term>) => [...terms].filter(([text]) => !others.has(text)).map(([, term]) => term)
  return { dropped: only(gone, come), added: only(come, gone) }
}

/** Kinds are words without spaces. */
function byText(terms: readonly Term[]): ReadonlyMap<string, Term> {
  return new Map(terms.map((term) => [`${term[0]} ${term[1]}`, term]))
}

function columnsOf(terms: readonly { readonly subject: string; readonly kind: string; readonly value: string }[]): readonly Buffer[] {
  return [textArray(terms.map(({ subject }) => subject)), textArray(terms.map(({ kind }) => kind)), textArray(terms.map(({ value }) => value))]
}

/** A grant names the block again with one reader more. */
const upsertBlockNeeds = {
  name: 'upsert-block-needs',
  text: `
insert into block_need (digest, subject, name, "for", issuer, readers, missing)
select n.digest, n.subject, n.name, n."for", n.issuer, array(select jsonb_array_elements_text(n.readers::jsonb)),
  not exists (select from block where block.digest = n.digest)
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as n (digest, subject, name, "for", issuer, readers)
on conflict (subject, digest) do update set name = excluded.name, "for" = excluded."for", issuer = excluded.issuer, readers = excluded.readers`,
}

function blockNeeds(needs: readonly BlockNeed[]): Write {
  return { values: [
    textArray(needs.map(({ digest }) => digest)),
    textArray(needs.map(({ subject }) => subject)),
    textArray(needs.map(({ name }) => name)),
    textArray(needs.map((need) => need.for)),
    textArray(needs.map(({ issuer }) => issuer)),
    textArray(needs.map(({ readers }) => JSON.stringify(readers))), // unnest flattens arrays of arrays
  ], ...upsertBlockNeeds }
}

const insertFailures: Statement = {
  name: 'insert-view-errors',
  text: 'insert into view_error (subject, log_offset, message) select * from unnest($1::text[], $2::bigint[], $3::text[])',
}

async function keepFailures(query: Query, failures: readonly ViewFailure[]): Promise<void> {
  if (failures.length === 0) return
  const storable = (text: string) => text.replaceAll('\u0000', '\uFFFD')
  await query(insertFailures, [
    textArray(failures.map(({ subject }) => storable(subject))),
    failures.map(({ offset }) => offset),
    textArray(failures.map(({ message }) => storable(message))),
  ])
}
