import { isDeepStrictEqual } from 'node:util'
import { bodyOfParts, type AppliedBatch, type ApplyOutcome, type DecidedSubmission, type DossierChange, type Entry, type ViewFailure } from '#libs/exchange'
import type { MemoryDatabase, OutboxRow } from './memory-database.js'

/** Refusals that leave the number unconsumed for ever; see the ledger's contract. */
const chainEnding: ReadonlySet<string> = new Set([
  'SIZE', 'FORM', 'HEADER', 'KEY', 'SIGNATURE', 'UTF8', 'DEPTH', 'CANONICAL', 'ENVELOPE', 'BINDING', 'SUBJECT', 'FORK',
])

/** Checks first and changes then, without a pause: as good as a transaction. */
export async function applyInMemory(database: MemoryDatabase, batch: AppliedBatch): Promise<ApplyOutcome> {
  // Submitters of the chains that this batch may end come first, as behind a row lock.
  await Promise.all(batch.entries.flatMap(({ event }) => (event?.subject ? (database.locks.get(chainOf({ kid: event.kid, subject: event.subject })) ?? []) : [])))
  if (database.cursor.next !== batch.from) throw Object.assign(new Error(`the cursor is not at ${batch.from}`), { code: 'CURSOR_MOVED', retryable: false })
  const numbers = batch.entries.flatMap(numberOf)
  if (new Set(numbers).size < numbers.length || numbers.some((number) => database.consumed.has(number))) throw new Error('a chain number is consumed twice')

  for (const { subject, former } of batch.states) {
    if (former && !isDeepStrictEqual(former, database.states.get(subject))) throw new Error(`the row of ${subject} does not hold what the applier takes it to hold`)
  }

  database.cursor = { next: batch.next, frontier: batch.frontier }
  for (const entry of batch.entries) {
    database.entries.set(entry.offset, entry)
    for (const number of numberOf(entry)) database.consumed.set(number, entry.event?.eventId ?? '')
  }
  for (const { offset, leaf } of batch.holes) database.holes.set(offset, leaf)
  for (const { subject, members } of batch.states) database.states.set(subject, members)
  for (const head of batch.heads) database.heads.set(head.size, head)
  const { decided, foreign } = decideOutbox(database, batch)
  const viewFailures = writeViews(database, batch)
  return { decided, foreign, viewFailures }
}

export const chainOf = ({ kid, subject }: { readonly kid: string; readonly subject: string }): string => `${kid} ${subject}`

function numberOf({ event, consumedSequence }: Entry): readonly string[] {
  return event === undefined || consumedSequence === undefined ? [] : [`${event.kid} ${event.subject ?? ''} ${consumedSequence}`]
}

function decideOutbox(database: MemoryDatabase, batch: AppliedBatch): { decided: DecidedSubmission[]; foreign: string[] } {
  const decided = new Map<string, DecidedSubmission>()
  const foreign = new Set<string>()
  const ended = new Map<string, { row: OutboxRow; code: string }>()
  const early = new Set<string>()
  for (const entry of batch.entries) {
    const row = ownRowOf(database, batch.ownKids, entry)
    if (row === undefined) {
      if (entry.event && batch.ownKids.includes(entry.event.kid)) foreign.add(entry.event.eventId)
      continue
    }
    const wasEnded = row.state === 'decided' && chainEnding.has(row.code ?? '')
    if (row.state === 'decided' && !(wasEnded && entry.consumedSequence !== undefined)) continue
    if (entry.code === 'EARLY') {
      early.add(chainOf(row))
      continue
    }
    if (entry.code !== null && chainEnding.has(entry.code)) {
      if (entry.key?.toString() !== row.subject || entry.value?.toString() !== row.value) continue
      if ((ended.get(chainOf(row))?.row.sequence ?? Infinity) > row.sequence) ended.set(chainOf(row), { row, code: entry.code })
    } else if (wasEnded) {
      ended.delete(chainOf(row))
      if ((database.chainHeads.get(chainOf(row))?.sequence ?? 0) < row.sequence) database.chainHeads.set(chainOf(row), { sequence: row.sequence, eventId: row.eventId })
    }
    Object.assign(row, { state: 'decided', verdict: entry.verdict, code: entry.code, offset: entry.offset })
    decided.set(row.eventId, { eventId: row.eventId, verdict: entry.verdict, code: entry.code, offset: entry.offset })
  }
  for (const { row, code } of ended.values()) {
    for (const behind of undecided(database).filter((other) => chainOf(other) === chainOf(row) && other.sequence > row.sequence)) {
      Object.assign(behind, { state: 'decided', verdict: 'refused', code })
      decided.set(behind.eventId, { eventId: behind.eventId, verdict: 'refused', code, offset: null })
    }
    setBackHead(database, row)
  }
  for (const row of undecided(database)) if (early.has(chainOf(row))) row.state = 'new'
  return { decided: [...decided.values()], foreign: [...foreign] }
}

function ownRowOf(database: MemoryDatabase, ownKids: readonly string[], { event, verdict, value }: Entry): OutboxRow | undefined {
  if (event === undefined) return verdict === 'refused' ? undecided(database).find((row) => row.value === value?.toString()) : undefined
  return ownKids.includes(event.kid) ? database.outbox.find(({ eventId }) => eventId === event.eventId) : undefined
}

/** To the last number that is consumed or may still be. */
function setBackHead(database: MemoryDatabase, end: OutboxRow): void {
  const open = undecided(database).filter((row) => chainOf(row) === chainOf(end) && row.sequence < end.sequence)
  const used = [...database.entries.values()].flatMap(({ event, consumedSequence }) =>
    event && consumedSequence !== undefined && event.kid === end.kid && event.subject === end.subject ? { sequence: consumedSequence, eventId: event.eventId } : [],
  )
  const last = [...open, ...used].sort((a, b) => b.sequence - a.sequence)[0]
  if (last === undefined) database.chainHeads.delete(chainOf(end))
  else database.chainHeads.set(chainOf(end), { sequence: last.sequence, eventId: last.eventId })
}

export const undecided = ({ outbox }: MemoryDatabase): readonly OutboxRow[] => outbox.filter(({ state }) => state !== 'decided')

function writeViews(database: MemoryDatabase, batch: AppliedBatch): readonly ViewFailure[] {
  const failures: ViewFailure[] = []
  for (const dossier of batch.dossiers) {
    const message = whyNotKept(dossier)
    const { former: _, lastOffset, parts, ...row } = dossier
    if (message === undefined) database.dossiers.set(dossier.subject, { ...row, body: bodyOfParts(parts) })
    else failures.push({ subject: dossier.subject, offset: lastOffset, message })
  }
  for (const need of batch.blocks) {
    if (JSON.stringify(need).includes('\\u0000')) failures.push({ subject: need.subject, offset: batch.next - 1, message: 'U+0000' })
    else database.needs.set(`${need.subject} ${need.digest}`, need)
  }
  database.viewErrors.push(...batch.viewFailures, ...failures)
  return failures
}

/** What a database cannot keep, the twin does not keep either. */
function whyNotKept({ parts, terms }: DossierChange): string | undefined {
  if ([...parts, ...terms.flat()].some((text) => text.includes('\u0000'))) return 'U+0000'
  if (terms.some(([, value]) => Buffer.byteLength(value) > 256)) return 'a term over 256 bytes'
  return parts.every(isObjectOrNull) ? undefined : 'no JSON object'
}

function isObjectOrNull(part: string): boolean {
  try {
    const parsed: unknown = JSON.parse(part)
    return typeof parsed === 'object' && !Array.isArray(parsed)
  } catch {
    return false
  }
}
