import { bodyOfParts, type DossierRow, type Term } from '#libs/exchange'
import type { Database } from './database.js'

interface FoundRow {
  readonly subject: string
  readonly parts: readonly string[]
  readonly opened: number
  readonly terms: readonly (readonly [string, string])[]
}

/**
 * Dossiers that have all terms, those opened last first. Deliberately without a name: a plan made for the average term serves neither a container (one row) nor
 * a country (every row), so each search is planned for its own values. Keyset, not OFFSET: 0.6 ms against 135 ms on a late page.
 */
export async function search(database: Database, terms: readonly Term[], before: number | undefined, limit: number): Promise<readonly DossierRow[]> {
  const rows = await database.query<FoundRow>({ text: searchText(terms.length) }, [before ?? null, limit, ...terms.flat()])
  return rows.map(({ subject, parts, opened, terms: found }) => ({ subject, body: bodyOfParts(parts), terms: found, opened }))
}

function searchText(count: number): string {
  const found = count === 0 ? everything : intersection(count)
  return `
select d.subject, d.opened, (select array_agg(p.body order by p.part) from dossier_part p where p.subject = d.subject) as parts,
  (select coalesce(json_agg(json_build_array(t.kind, t.value) order by t.kind, t.value), '[]') from term t where t.subject = d.subject) as terms
from (${found}) as found join dossier d on d.subject = found.subject
order by found.opened desc`
}

const everything = 'select subject, opened from dossier where opened < coalesce($1::bigint, 9223372036854775807) order by opened desc limit $2'

/** Joined on subject, so the planner may begin with whichever term is rarest; all rows of one subject say when it was opened. */
function intersection(count: number): string {
  const joins = Array.from({ length: count - 1 }, (_, at) => `join term t${at + 1} on t${at + 1}.subject = t0.subject and ${is(at + 1)}`)
  return `
select t0.subject, t0.opened from term t0 ${joins.join(' ')}
where ${is(0)} and t0.opened < coalesce($1::bigint, 9223372036854775807)
order by t0.opened desc limit $2`
}

const is = (at: number): string => `t${at}.kind = $${3 + 2 * at} and t${at}.value = $${4 + 2 * at}`
