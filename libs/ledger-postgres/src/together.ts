import { allOf } from './all-of.js'
import type { Query, Statement, Value } from './database.js'

/** A statement with the values it is to be run with. */
export interface Write extends Statement {
  readonly name: string
  readonly values: readonly Value[]
  /** So many rows, or it is not done; it returns each. */
  readonly mustChange?: number
}

/** One after the other, sent without waiting for each answer. */
export async function runAll(query: Query, writes: readonly Write[]): Promise<void> {
  await allOf(writes.map(({ values, ...statement }) => query(statement, values)))
}

/** By the names of what they are made of; a few dozen, for what a batch has nothing of is left out. */
const made = new Map<string, { readonly name: string; readonly text: string }>()

/**
 * Writes to different rows as one statement, which is one transaction and one round trip: for a lone record the messages to and from the server cost
 * more than what they ask for. The first write must change a row, and others as many as they must, or all of it fails with division by zero. Every write sees
 * the tables as they were before.
 */
export function together(first: Write, others: readonly Write[]): Write {
  const writes = [first, ...others]
  const parts = writes.map(({ name }) => name).join(' ') // by its name a write must change some or need not
  const known = made.get(parts)
  const statement = known ?? { name: `together-${made.size}`, text: textOf(writes) } // PostgreSQL cuts names at 63 bytes
  if (!known) made.set(parts, statement)
  return { values: [...writes.flatMap(({ values }) => values), ...writes.flatMap(({ mustChange }) => mustChange ?? [])], ...statement }
}

function textOf(writes: readonly Write[]): string {
  let before = 0
  const parts = writes.map(({ text, values }, at) => {
    const numbered = text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${before + Number(number)}`)
    before += values.length
    return `w${at} as (${numbered})`
  })
  const changed = writes.flatMap(({ mustChange }, at) => (mustChange === undefined ? [] : `(select count(*) from w${at}) = $${(before += 1)}`))
  return `with ${parts.join(', ')} select 1 / count(*) from w0${changed.length > 0 ? ` where ${changed.join(' and ')}` : ''}`
}
