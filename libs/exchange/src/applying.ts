import { setImmediate as nextTurn } from 'node:timers/promises'
import { frontierToText, type Inspecting } from '#libs/signature'
import { corridorSubject, type SubjectState } from '#libs/consignment'
import { judging, type JudgedBatch } from './judging.js'
import { stateMembers, stateText } from './state-text.js'
import { prepare, type Lookups } from './preparing.js'
import type { StateCache } from './state-cache.js'
import { blocksNeeded, dossiersAfter } from './viewing.js'
import type { LogBatch } from './log-port.js'
import type { AppliedBatch, ApplyOutcome, Cursor, Ledger, StateChange, ViewFailure } from './ports.js'

export interface ApplyingNode {
  /** Event id of the founding statement. */
  readonly corridor: string
  readonly participant: string
  readonly ownKids: readonly string[]
}

export interface AppliedNews {
  readonly cursor: Cursor
  readonly outcome: ApplyOutcome
  readonly judged: JudgedBatch
}

/** What judging a batch and folding its views reads from a ledger. */
export type BatchLookups = Lookups & Pick<Ledger, 'dossiers' | 'entriesOf'>

/** A batch judged, nothing of it written yet. */
export interface Unwritten {
  readonly judged: JudgedBatch
  readonly applied: AppliedBatch
  readonly viewFailures: readonly ViewFailure[]
  /** The register as it will stand, if there is one. */
  readonly register: SubjectState | undefined
}

/**
 * Log record bytes → verdicts, states and views (architecture 2). The batch begins at the cursor; records before it, delivered again, are passed over.
 * From here on the cache holds the rows as they will stand once this has been written.
 */
export async function judgeOnto(
  node: ApplyingNode, lookups: BatchLookups, cache: StateCache, cursor: Cursor, delivered: LogBatch, inspecting?: (of: Pick<LogBatch, 'records'>) => Inspecting,
): Promise<Unwritten> {
  const records = delivered.records.filter(({ offset }) => offset >= cursor.next)
  const batch = { ...delivered, records }
  const { inspections, known } = await prepare(node.corridor, cursor, batch, lookups, cache, inspecting)
  const judged = await lettingOthersIn(judging(cursor.next, batch, inspections, known))
  const { rows, dossiers, failures } = await dossiersAfter(lookups, cache, cursor.next, judged)
  cache.applied.moved(judged.next, judged.states, dossiers)
  const applied = {
    from: cursor.next,
    next: judged.next,
    frontier: frontierToText(judged.frontier),
    entries: judged.judged.map(({ entry }) => entry),
    holes: judged.holes,
    heads: judged.heads,
    states: [...judged.states].map(([subject, state]) => changeOf(subject, state, known.states.get(subject))),
    dossiers: rows,
    viewFailures: failures,
    blocks: judged.judged.flatMap((one) => blocksNeeded(node.participant, one, dossiers)),
    ownKids: node.ownKids,
  }
  return { judged, applied, viewFailures: failures, register: judged.states.get(corridorSubject) ?? known.states.get(corridorSubject) }
}

function changeOf(subject: string, state: SubjectState, former: SubjectState | undefined): StateChange {
  return { subject, members: stateMembers(state), ...(former && { former: stateMembers(former) }) }
}

/** The outcome of a work in turns; between two of them whatever else waits for the thread has it, so that a node that catches up still answers who asks it. */
async function lettingOthersIn<T>(turns: Generator<undefined, T, undefined>): Promise<T> {
  for (;;) {
    const { done, value } = turns.next()
    if (done) return value
    await nextTurn()
  }
}

/** One transaction. Throws what the ledger throws; then nothing has changed and the same batch may come again. */
export async function write(ledger: Pick<Ledger, 'apply'>, cache: StateCache, { judged, applied, viewFailures, register }: Unwritten): Promise<AppliedNews> {
  const cursor = { next: applied.next, frontier: applied.frontier }
  cache.committed.beginWriting()
  const outcome = await ledger.apply(applied)
  cache.committed.committed(register ? new Map([...judged.states, [corridorSubject, register]]) : judged.states, cursor)
  for (const { subject, members } of applied.states) {
    const state = judged.states.get(subject)
    if (state) cache.keep(subject, stateText(members), state)
  }
  for (const { subject } of outcome.viewFailures) cache.applied.forgetDossier(subject)
  return { cursor, outcome: { ...outcome, viewFailures: [...viewFailures, ...outcome.viewFailures] }, judged }
}
