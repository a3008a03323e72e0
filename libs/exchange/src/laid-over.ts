import { bodyOfParts } from './dossier-parts.js'
import type { Lookups } from './preparing.js'
import type { AppliedBatch, Entry, Ledger } from './ports.js'

/** What judging a batch and folding its views reads from a ledger. */
export type BatchLookups = Lookups & Pick<Ledger, 'dossiers' | 'entriesOf'>

/** What a ledger will answer once these have been written, too; there may be more of them each time it is asked. */
export function laidOver(ledger: BatchLookups, unwritten: { readonly entries: readonly Entry[] }): BatchLookups {
  return {
    ...ledger,
    consumed: async (numbers) => {
      const consumed = consumedIn(unwritten.entries, numbers)
      const others = numbers.filter(({ kid, subject, sequence }) => !consumed.has(`${kid} ${subject} ${sequence}`))
      return others.length > 0 ? new Map([...(await ledger.consumed(others)), ...consumed]) : consumed
    },
    entry: async (eventId) => unwritten.entries.find(({ event, consumedSequence }) => event?.eventId === eventId && consumedSequence !== undefined) ?? ledger.entry(eventId),
    entriesOf: async (subject, after, limit) => {
      const written = await ledger.entriesOf(subject, after, limit)
      const more = unwritten.entries.filter(({ offset, event }) => event?.subject === subject && offset > Math.max(after, written.at(-1)?.offset ?? -1))
      return [...written, ...more].slice(0, limit)
    },
  }
}

type ChainNumbers = Parameters<Ledger['consumed']>[0]

/** One walk over the entries: there are thousands of them, and every part of a batch may ask. */
function consumedIn(entries: readonly Entry[], numbers: ChainNumbers): ReadonlyMap<string, string> {
  const consumed = new Map<string, string>()
  if (numbers.length === 0) return consumed
  const sequences = new Set(numbers.map(({ sequence }) => sequence))
  for (const { event, consumedSequence } of entries) {
    if (!event || consumedSequence === undefined || !sequences.has(consumedSequence)) continue
    const isAsked = numbers.some(({ kid, subject, sequence }) => sequence === consumedSequence && kid === event.kid && subject === event.subject)
    if (isAsked) consumed.set(`${event.kid} ${event.subject} ${consumedSequence}`, event.eventId)
  }
  return consumed
}

/** What the ledger will answer once a batch has been written. */
export function lookupsAfter(ledger: BatchLookups, batch: Pick<AppliedBatch, 'states' | 'dossiers' | 'entries'>): BatchLookups {
  const states = new Map(batch.states.map(({ subject, members }) => [subject, members]))
  const dossiers = new Map(batch.dossiers.map((change) => [change.subject, change]))
  return {
    ...laidOver(ledger, batch),
    states: (subjects) => rowsOver(states, subjects, ledger.states, (members) => members),
    dossiers: (subjects) => rowsOver(dossiers, subjects, ledger.dossiers, ({ parts }) => bodyOfParts(parts)),
  }
}

/** Asks the ledger only for what the batch did not change. */
async function rowsOver<Change, Row>(
  changes: ReadonlyMap<string, Change>, subjects: readonly string[], ask: (subjects: readonly string[]) => Promise<ReadonlyMap<string, Row>>, rowOf: (change: Change) => Row,
): Promise<ReadonlyMap<string, Row>> {
  const others = subjects.filter((subject) => !changes.has(subject))
  const asked = others.length > 0 ? await ask(others) : new Map<string, Row>()
  return new Map(subjects.flatMap((subject) => {
    const change = changes.get(subject)
    const row = change === undefined ? asked.get(subject) : rowOf(change)
    return row === undefined ? [] : [[subject, row] as const]
  }))
}
