import { setImmediate as nextTurn } from 'node:timers/promises'
import { corridorSubject, type AcceptedStatement, type Inspection, type SubjectState } from '#libs/consignment'
import type { Inspecting } from '#libs/signature'
import type { AppliedRows } from './applied-rows.js'
import { subjectNamed, type JudgedRecord, type Judging } from './judging.js'
import type { LogBatch } from './log-port.js'
import type { Ledger } from './ports.js'
import { beginBatch, statementOf, statesOf, type Lookups } from './preparing.js'
import type { StateCache } from './state-cache.js'

/** What judging a batch reads; `lookups` also answer of the records judged before in it. */
interface Reading {
  readonly lookups: Lookups
  readonly cache: StateCache
  /** Begins to inspect it, or has. */
  readonly inspecting?: ((of: Pick<LogBatch, 'records'>) => Inspecting) | undefined
  /** Offsets within it, ascending, at which a part ends, too. */
  readonly ends?: readonly number[]
}

/**
 * Judges a batch in parts; between two of them others may have the thread. Of a part only its entries are kept, so that what else was read and found of its
 * records goes at once, however long the batch is. States are read for all of it in one look-up; those of records that name another subject than their key,
 * and dossiers, part by part.
 * @param onPart told of each
 * @returns the states of all its subjects as they were before it
 */
export async function judgeInParts(
  judging: Judging, batch: Pick<LogBatch, 'records' | 'next'>, { lookups, cache, inspecting = (of) => beginBatch(of, cache), ends = [] }: Reading, onPart: (judged: readonly JudgedRecord[]) => Promise<void> | void,
): Promise<ReadonlyMap<string, SubjectState>> {
  const applied = cache.applied.asOf(judging.next)
  const read = new Set([corridorSubject, ...subjectsKeyed(batch.records)])
  const former = new Map(await statesAsOf(lookups, cache, applied, [...read]))
  cache.knownKeys = cache.keysOf(former.get(corridorSubject)?.register)
  const inspections = await inspecting(batch)(cache.knownKeys)
  const stateOf = (subject: string) => judging.states.get(subject) ?? former.get(subject)
  const begin = judging.next
  for (const { from, to, next } of partsOfBatch(begin, batch, ends)) {
    if (judging.next > begin) await nextTurn()
    const inspected = inspections.slice(from, to)
    const others = [...new Set(inspected.map(subjectNamed))].filter((subject) => subject !== '' && !read.has(subject))
    for (const [subject, state] of await statesAsOf(lookups, cache, applied, others)) former.set(subject, state)
    for (const subject of others) read.add(subject)
    const [consumed, accepted] = await Promise.all([lookups.consumed(numbersToLookUp(inspected, stateOf)), acceptedOf(lookups, inspected)])
    await onPart(judging.judge({ records: batch.records.slice(from, to), next }, inspected, { states: former, consumed, accepted }))
    if (judging.hasEnded) break
  }
  return former
}

/**
 * Offsets of a part: some 6 ms of work where all are statements. With 250 what the collector of garbage met of the part under way, and moved about, took it twice
 * the time; 16 bring nothing more.
 */
const offsetsAPart = 32

interface Part {
  /** Its first record. */
  readonly from: number
  /** The record after its last. */
  readonly to: number
  /** The offset after its last. */
  readonly next: number
}

const consignmentKey = /^[0-9a-f-]{36}$/

/** What records are said to be about by their keys; BINDING refuses those that are about something else. */
function subjectsKeyed(records: LogBatch['records']): readonly string[] {
  return [...new Set(records.map(({ key }) => (key?.length === 36 ? key.toString('latin1') : '')))].filter((subject) => consignmentKey.test(subject))
}

function* partsOfBatch(begin: number, { records, next }: Pick<LogBatch, 'records' | 'next'>, ends: readonly number[]): Generator<Part> {
  let from = 0
  let ended = 0
  for (let end = begin; end < next; ) {
    while ((ends[ended] ?? next) <= end && ended < ends.length) ended++
    end = Math.min(next, end + offsetsAPart, ends[ended] ?? next)
    let to = from
    while ((records[to]?.offset ?? next) < end) to++
    yield { from, to, next: end }
    from = to
  }
}

async function statesAsOf(lookups: Lookups, cache: StateCache, applied: AppliedRows, subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectState>> {
  const known = new Map(subjects.flatMap((subject) => {
    const state = applied.state(subject)
    return state ? [[subject, state] as const] : []
  }))
  const read = await statesOf(lookups, cache, subjects.filter((subject) => !known.has(subject)))
  applied.keepStates(read)
  return new Map([...known, ...read])
}

interface Claimed {
  readonly sequence?: unknown
  readonly type?: unknown
  readonly data?: { readonly corrects?: unknown }
}

function claimedBy(inspection: Inspection): Claimed | undefined {
  return inspection.ok && inspection.signed && inspection.payload.ok ? (inspection.payload.value as Claimed) : undefined
}

/** Numbers at or below a chain's head have been consumed: by this very statement (duplicate) or another (fork). */
function numbersToLookUp(inspections: readonly Inspection[], stateOf: (subject: string) => SubjectState | undefined) {
  return inspections.flatMap((inspection) => {
    const sequence = claimedBy(inspection)?.sequence
    const subject = subjectNamed(inspection)
    const kid = inspection.ok ? inspection.kid : ''
    const heads = stateOf(subject)?.heads ?? {}
    const head = Object.hasOwn(heads, kid) ? heads[kid] : undefined
    return typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence <= (head?.sequence ?? 0) ? [{ kid, subject, sequence }] : []
  })
}

async function acceptedOf(lookups: Pick<Ledger, 'entry'>, inspections: readonly Inspection[]): Promise<ReadonlyMap<string, AcceptedStatement>> {
  const named = inspections.map((inspection) => claimedBy(inspection)).filter((claimed) => claimed?.type === 'CorrectionFiled').map((claimed) => claimed?.data?.corrects)
  const ids = [...new Set(named.filter((id) => typeof id === 'string' && id.length === 43))] as string[]
  const entries = await Promise.all(ids.map((id) => lookups.entry(id)))
  return new Map(entries.flatMap((entry) => statementOf(entry)))
}
