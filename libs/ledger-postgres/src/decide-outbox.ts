import { createHash } from 'node:crypto'
import type { AppliedBatch, DecidedSubmission, Entry, Verdict } from '#libs/exchange'
import { byteaArray, textArray } from './binary-array.js'
import type { Query } from './database.js'
import { runAll, type Write } from './together.js'
import { decideAccepted, decideRows, endChain, keepForeign, ownRows, raiseHead, returnChains } from './outbox-sql.js'

/**
 * Refusals after which the number stays unconsumed although the statement will never count: what waits behind it on its chain names a `previous`
 * that never comes. Those judged before CHAIN, and FORK: the log holds another statement under that number.
 */
const chainEnding: ReadonlySet<string> = new Set([
  'SIZE', 'FORM', 'HEADER', 'KEY', 'SIGNATURE', 'UTF8', 'DEPTH', 'CANONICAL', 'ENVELOPE', 'BINDING', 'SUBJECT', 'FORK',
])

interface OwnRow {
  readonly event_id: string
  readonly kid: string
  readonly subject: string
  readonly sequence: number
  readonly value_digest: Buffer
  readonly state: 'new' | 'sent' | 'decided'
  readonly code: string | null
}

interface Chain {
  readonly kid: string
  readonly subject: string
}

/** What a batch does to the node's own statements: pure, from the rows as they stand. */
interface Decisions {
  readonly decided: ReadonlyMap<string, { readonly verdict: Verdict; readonly code: string | null; readonly offset: number }>
  /** By chain: the first number that will never be consumed, and why. */
  readonly ended: ReadonlyMap<string, Chain & { readonly sequence: number; readonly code: string }>
  readonly early: ReadonlyMap<string, Chain>
  /** Refused before CHAIN once, consumed now. */
  readonly revived: readonly OwnRow[]
  readonly foreign: readonly (Entry & { readonly event: NonNullable<Entry['event']> })[]
}

/** Whether a batch may have statements of the node's own. */
export function hasOwn(batch: AppliedBatch): boolean {
  return candidatesOf(batch).length > 0
}

function candidatesOf({ ownKids, entries }: AppliedBatch): readonly Entry[] {
  return entries.filter(({ event, verdict, value }) => (event === undefined ? verdict === 'refused' && value !== null : ownKids.includes(event.kid)))
}

/** Of a batch at the log's end. Longer ones come while a node catches up: where it is rebuilt its rows are decided already, and each batch would be written twice. */
const mostAtOnce = 500

/** Where all that may be the node's own is accepted, which is nearly always: how its rows are decided without a look at them, and what is told then. */
export function decidedAtOnce(batch: AppliedBatch): { readonly write: Write; readonly decided: readonly DecidedSubmission[] } | undefined {
  if (batch.entries.length > mostAtOnce) return undefined
  const decided = candidatesOf(batch).flatMap(({ event, verdict, offset }) => (event && verdict === 'accepted' ? [{ eventId: event.eventId, verdict, code: null, offset }] : []))
  if (decided.length < candidatesOf(batch).length) return undefined
  const values = [textArray(decided.map(({ eventId }) => eventId)), decided.map(({ offset }) => offset)]
  return { write: { values, mustChange: decided.length, ...decideAccepted }, decided }
}

interface Decided {
  readonly decided: readonly DecidedSubmission[]
  readonly foreign: readonly string[]
  /** Still to be made, and nothing of it hangs on what they answer. */
  readonly writes: readonly Write[]
}

/** Sets `decided` by what was read back from the log, whatever the producer said. */
export async function decideOutbox(query: Query, batch: AppliedBatch): Promise<Decided> {
  const candidates = candidatesOf(batch)
  if (candidates.length === 0) return { decided: [], foreign: [], writes: [] }
  const rows = await query<OwnRow>(ownRows, [
    textArray(candidates.flatMap(({ event }) => event?.eventId ?? [])),
    byteaArray(candidates.flatMap((entry) => (entry.event === undefined ? digestOf(entry) : []))),
  ])
  const { decided, ended, early, revived, foreign } = decisionsOn(candidates, rows)

  const byRecord = [...decided].map(([eventId, decision]) => ({ eventId, ...decision }))
  const first = [...rowsDecided(byRecord), ...revived.map(({ kid, subject, sequence, event_id }) => ({ values: [kid, subject, sequence, event_id], ...raiseHead }))]
  const rest = [...chainsReturned([...early.values()]), ...foreignKept(foreign)]
  const behind: DecidedSubmission[] = []
  if (ended.size > 0) await runAll(query, first) // how far a chain is set back hangs on them
  for (const { kid, subject, sequence, code } of ended.values()) {
    const eventIds = await endChain(query, { kid, subject, sequence, code })
    behind.push(...eventIds.map((eventId) => ({ eventId, verdict: 'refused' as const, code, offset: null })))
  }
  const foreignIds = [...new Set(foreign.map(({ event }) => event.eventId))]
  return { decided: [...byRecord, ...behind], foreign: foreignIds, writes: ended.size > 0 ? rest : [...first, ...rest] }
}

function rowsDecided(decided: readonly (DecidedSubmission & { readonly offset: number })[]): readonly Write[] {
  return decided.length === 0 ? [] : [{ values: [
    textArray(decided.map(({ eventId }) => eventId)),
    textArray(decided.map(({ verdict }) => verdict)),
    textArray(decided.map(({ code }) => code)),
    decided.map(({ offset }) => offset),
  ], ...decideRows }]
}

function chainsReturned(chains: readonly Chain[]): readonly Write[] {
  return chains.length === 0 ? [] : [{ values: [textArray(chains.map(({ kid }) => kid)), textArray(chains.map(({ subject }) => subject))], ...returnChains }]
}

function foreignKept(foreign: Decisions['foreign']): readonly Write[] {
  return foreign.length === 0 ? [] : [{ values: [
    textArray(foreign.map(({ event }) => event.kid)), textArray(foreign.map(({ event }) => event.eventId)), foreign.map(({ offset }) => offset),
  ], ...keepForeign }]
}

function decisionsOn(entries: readonly Entry[], rows: readonly OwnRow[]): Decisions {
  const byEvent = new Map(rows.map((row) => [row.event_id, row]))
  const byDigest = new Map(rows.map((row) => [row.value_digest.toString('hex'), row]))
  const decided = new Map<string, { verdict: Verdict; code: string | null; offset: number }>()
  const ended = new Map<string, Chain & { sequence: number; code: string }>()
  const early = new Map<string, Chain>()
  const revived: OwnRow[] = []
  const foreign: Decisions['foreign'][number][] = []

  for (const entry of entries) {
    const row = entry.event === undefined ? byDigest.get(digestOf(entry).toString('hex')) : byEvent.get(entry.event.eventId)
    if (row === undefined) {
      if (entry.event !== undefined) foreign.push({ ...entry, event: entry.event })
      continue
    }
    const chain = `${row.kid} ${row.subject}`
    const earlier = decided.get(row.event_id) ?? row
    if (isFinal(earlier, entry)) continue
    if (entry.code === 'EARLY') {
      early.set(chain, row)
      continue
    }
    if (entry.code !== null && chainEnding.has(entry.code)) {
      if (!isAsSent(entry, row)) continue
      const end = ended.get(chain)
      if (end === undefined || row.sequence < end.sequence) ended.set(chain, { kid: row.kid, subject: row.subject, sequence: row.sequence, code: entry.code })
    } else if (earlier.code !== null) {
      revived.push(row)
      ended.delete(chain)
    }
    decided.set(row.event_id, { verdict: entry.verdict, code: entry.code, offset: entry.offset })
  }
  return { decided, ended, early, revived, foreign }
}

/**
 * A decision stands, with one exception: what was refused before CHAIN has not consumed its number, so a copy that a neighbour sends later (the key's
 * owner is admitted again) can still count. The log is the truth then.
 */
function isFinal(earlier: OwnRow | { readonly code: string | null }, entry: Entry): boolean {
  const isDecided = !('state' in earlier) || earlier.state === 'decided'
  if (!isDecided) return false
  return entry.consumedSequence === undefined || earlier.code === null || !chainEnding.has(earlier.code)
}

/** Only the very record our relay sent speaks for the statement here: anybody may append our text under another key and have that refused. */
function isAsSent(entry: Entry, row: OwnRow): boolean {
  return entry.key !== null && entry.key.equals(Buffer.from(row.subject)) && digestOf(entry).equals(row.value_digest)
}

function digestOf({ value }: Entry): Buffer {
  return createHash('sha256').update(value ?? '').digest()
}
