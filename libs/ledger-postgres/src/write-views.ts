import type { AppliedBatch, BlockNeed, DossierChange, Term, ViewFailure } from '#libs/exchange'
import { allOf } from './all-of.js'
import { textArray } from './binary-array.js'
import type { Query, Statement } from './database.js'
import { isTransient, sqlStateOf } from './ledger-error.js'

/**
 * Views are written under a savepoint: all at once, and where that fails row by row, each under its own savepoint. A failing row is kept in
 * `view_error` and named in the outcome; it never holds back entry, state or cursor.
 */
export async function writeViews(query: Query, batch: AppliedBatch): Promise<readonly ViewFailure[]> {
  const failures: ViewFailure[] = []
  const isAllWell = await attempt(query, async () => {
    await allOf([writeDossiers(query, batch.dossiers), writeBlockNeeds(query, batch.blocks)])
  })
  if (isAllWell !== undefined) {
    for (const dossier of batch.dossiers) {
      const message = await attempt(query, () => writeDossiers(query, [dossier]))
      if (message !== undefined) failures.push({ subject: dossier.subject, offset: dossier.lastOffset, message })
    }
    for (const block of batch.blocks) {
      const message = await attempt(query, () => writeBlockNeeds(query, [block]))
      if (message !== undefined) failures.push({ subject: block.subject, offset: batch.next - 1, message }) // a need states no offset
    }
  }
  await keepFailures(query, [...batch.viewFailures, ...failures])
  return failures
}

/** Undefined when done, else what the database said. Its own trouble (a lost connection, no disk) is no view's fault and goes on up. */
async function attempt(query: Query, write: () => Promise<void>): Promise<string | undefined> {
  try {
    await allOf([query({ text: 'savepoint views' }), write()]) // ends with the transaction
    return undefined
  } catch (error) {
    if (sqlStateOf(error) === undefined || isTransient(error)) throw error
    await query({ text: 'rollback to savepoint views' })
    await query({ text: 'release savepoint views' })
    return error instanceof Error ? error.message : String(error)
  }
}

const upsertDossiers: Statement = {
  name: 'upsert-dossiers',
  text: `
insert into dossier (subject, opened, last_offset) select * from unnest($1::text[], $2::bigint[], $3::bigint[])
on conflict (subject) do update set last_offset = excluded.last_offset`,
}

const upsertParts: Statement = {
  name: 'upsert-parts',
  text: `
insert into dossier_part (subject, part, body) select * from unnest($1::text[], $2::integer[], $3::text[])
on conflict (subject, part) do update set body = excluded.body`,
}

const dropParts: Statement = {
  name: 'drop-parts',
  text: 'delete from dossier_part using unnest($1::text[], $2::integer[]) as whole (subject, parts) where dossier_part.subject = whole.subject and part >= parts',
}

const termsThatStand: Statement = { name: 'terms-that-stand', text: 'select subject, kind, value from term where subject = any($1::text[])' }

const dropTerms: Statement = {
  name: 'drop-terms',
  text: `
delete from term using unnest($1::text[], $2::text[], $3::text[]) as gone (subject, kind, value)
where term.subject = gone.subject and term.kind = gone.kind and term.value = gone.value`,
}

const addTerms: Statement = {
  name: 'add-terms',
  text: 'insert into term (subject, kind, value, opened) select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])',
}

async function writeDossiers(query: Query, dossiers: readonly DossierChange[]): Promise<void> {
  if (dossiers.length === 0) return
  const rows = query(upsertDossiers, [
    textArray(dossiers.map(({ subject }) => subject)), dossiers.map(({ opened }) => opened), dossiers.map(({ lastOffset }) => lastOffset),
  ])
  await allOf([rows, writeParts(query, dossiers), writeTerms(query, dossiers)])
}

async function writeParts(query: Query, dossiers: readonly DossierChange[]): Promise<void> {
  const changed = dossiers.flatMap(({ subject, parts, former }) => parts.flatMap((body, part) => (body === former?.parts[part] ? [] : [{ subject, part, body }])))
  const shorter = dossiers.filter(({ parts, former }) => !former || former.parts.length > parts.length)
  await allOf([
    query(upsertParts, [textArray(changed.map(({ subject }) => subject)), changed.map(({ part }) => part), textArray(changed.map(({ body }) => body))]),
    shorter.length > 0 ? query(dropParts, [textArray(shorter.map(({ subject }) => subject)), shorter.map(({ parts }) => parts.length)]) : undefined,
  ])
}

/** Only those that come and go: a train has some 300 of them, and most statements change one or none. */
async function writeTerms(query: Query, dossiers: readonly DossierChange[]): Promise<void> {
  const standing = await standingTerms(query, dossiers)
  const changes = dossiers.map(({ subject, opened, terms }) => ({ subject, opened, ...difference(standing.get(subject) ?? [], terms) }))
  const gone = changes.flatMap(({ subject, dropped }) => dropped.map(([kind, value]) => ({ subject, kind, value })))
  const come = changes.flatMap(({ subject, opened, added }) => added.map(([kind, value]) => ({ subject, kind, value, opened })))
  await allOf([
    gone.length > 0 ? query(dropTerms, columnsOf(gone)) : undefined,
    come.length > 0 ? query(addTerms, [...columnsOf(come), come.map(({ opened }) => opened)]) : undefined,
  ])
}

async function standingTerms(query: Query, dossiers: readonly DossierChange[]): Promise<ReadonlyMap<string, readonly Term[]>> {
  const standing = new Map<string, Term[]>()
  const unknown: string[] = []
  for (const { subject, former } of dossiers) {
    if (former) standing.set(subject, [...former.terms])
    else unknown.push(subject)
  }
  if (unknown.length === 0) return standing
  for (const { subject, kind, value } of await query<{ subject: string; kind: string; value: string }>(termsThatStand, [textArray(unknown)])) {
    const terms = standing.get(subject)
    if (terms) terms.push([kind, value])
    else standing.set(subject, [[kind, value]])
  }
  return standing
}

function difference(before: readonly Term[], after: readonly Term[]): { readonly dropped: readonly Term[]; readonly added: readonly Term[] } {
  const [former, present] = [byText(before), byText(after)]
  const only = (terms: ReadonlyMap<string, Term>, others: ReadonlyMap<string, Term>) => [...terms].filter(([text]) => !others.has(text)).map(([, term]) => term)
  return { dropped: only(former, present), added: only(present, former) }
}

/** Kinds are words without spaces. */
function byText(terms: readonly Term[]): ReadonlyMap<string, Term> {
  return new Map(terms.map((term) => [`${term[0]} ${term[1]}`, term]))
}

function columnsOf(terms: readonly { readonly subject: string; readonly kind: string; readonly value: string }[]): readonly Buffer[] {
  return [textArray(terms.map(({ subject }) => subject)), textArray(terms.map(({ kind }) => kind)), textArray(terms.map(({ value }) => value))]
}

/** A grant names the block again with one reader more. */
const upsertBlockNeeds: Statement = {
  name: 'upsert-block-needs',
  text: `
insert into block_need (digest, subject, name, "for", issuer, readers, missing)
select n.digest, n.subject, n.name, n."for", n.issuer, array(select jsonb_array_elements_text(n.readers::jsonb)),
  not exists (select from block where block.digest = n.digest)
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as n (digest, subject, name, "for", issuer, readers)
on conflict (subject, digest) do update set name = excluded.name, "for" = excluded."for", issuer = excluded.issuer, readers = excluded.readers`,
}

async function writeBlockNeeds(query: Query, needs: readonly BlockNeed[]): Promise<void> {
  if (needs.length === 0) return
  await query(upsertBlockNeeds, [
    textArray(needs.map(({ digest }) => digest)),
    textArray(needs.map(({ subject }) => subject)),
    textArray(needs.map(({ name }) => name)),
    textArray(needs.map((need) => need.for)),
    textArray(needs.map(({ issuer }) => issuer)),
    textArray(needs.map(({ readers }) => JSON.stringify(readers))), // unnest flattens arrays of arrays
  ])
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
