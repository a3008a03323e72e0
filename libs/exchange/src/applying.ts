import { frontierFromText, frontierToText, type Inspecting } from '#libs/signature'
import { corridorSubject, type SubjectState } from '#libs/consignment'
import { Judging, type JudgedBatch } from './judging.js'
import { laidOver, type BatchLookups } from './laid-over.js'
import { stateMembers } from './state-members.js'
import { judgeInParts } from './judging-in-parts.js'
import type { StateCache } from './state-cache.js'
import { blocksNeeded, Viewing } from './viewing.js'
import type { ViewsInCommon } from './views-in-common.js'
import type { LogBatch } from './log-port.js'
import type { AppliedBatch, ApplyOutcome, BlockNeed, Cursor, Ledger, StateChange, ViewFailure } from './ports.js'

export interface ApplyingNode {
  /** Event id of the founding statement. */
  readonly corridor: string
  readonly participant: string
  readonly ownKids: readonly string[]
  /** Of the nodes of its process, where it has any beside it. */
  readonly views?: ViewsInCommon | undefined
}

export interface AppliedNews {
  readonly cursor: Cursor
  readonly outcome: ApplyOutcome
  readonly judged: JudgedBatch
}

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
  node: ApplyingNode, ledger: BatchLookups, cache: StateCache, cursor: Cursor, delivered: LogBatch, inspecting?: (of: Pick<LogBatch, 'records'>) => Inspecting,
): Promise<Unwritten> {
  const records = delivered.records.filter(({ offset }) => offset >= cursor.next)
  const frontier = frontierFromText(cursor.frontier)
  if (!frontier) throw new Error('the frontier of the ledger cannot be read')
  if (frontier.size !== cursor.next) throw new Error(`the tree has ${frontier.size} leaves, the batch begins at ${cursor.next}`)
  const judging = new Judging(node.corridor, frontier)
  const lookups = laidOver(ledger, judging)
  const viewing = new Viewing(lookups, cache, cursor.next, node.views)
  const blocks: BlockNeed[] = []
  const ends = node.views?.endsWithin(cursor.next, delivered.next) ?? []
  const former = await judgeInParts(judging, { ...delivered, records }, { lookups, cache, inspecting, ends }, async (part) => {
    await viewing.fold(part, judging.states, judging.next === delivered.next || ends.includes(judging.next))
    for (const one of part) blocks.push(...blocksNeeded(node.participant, one, viewing))
  })
  const judged = judging.end()
  const { rows, dossiers, failures } = await viewing.end(judging.states)
  cache.applied.moved(judged.next, judged.states, dossiers)
  const applied = {
    from: cursor.next,
    next: judged.next,
    frontier: frontierToText(judged.frontier),
    entries: judged.entries,
    holes: judged.holes,
    heads: judged.heads,
    states: [...judged.states].map(([subject, state]) => changeOf(subject, state, former.get(subject))),
    dossiers: rows,
    viewFailures: failures,
    blocks,
    ownKids: node.ownKids,
  }
  return { judged, applied, viewFailures: failures, register: judged.states.get(corridorSubject) ?? former.get(corridorSubject) }
}

function changeOf(subject: string, state: SubjectState, former: SubjectState | undefined): StateChange {
  return { subject, members: stateMembers(state), ...(former && { former: stateMembers(former) }) }
}

/** One transaction. Throws what the ledger throws; then nothing has changed and the same batch may come again. */
export async function write(ledger: Pick<Ledger, 'apply'>, cache: StateCache, { judged, applied, viewFailures, register }: Unwritten): Promise<AppliedNews> {
  const cursor = { next: applied.next, frontier: applied.frontier }
  const outcome = await ledger.apply(applied)
  cache.committed.committed(register ? new Map([...judged.states, [corridorSubject, register]]) : judged.states, cursor)
  for (const [subject, state] of judged.states) cache.keep(subject, state)
  for (const { subject } of outcome.viewFailures) cache.applied.forgetDossier(subject)
  return { cursor, outcome: { ...outcome, viewFailures: [...viewFailures, ...outcome.viewFailures] }, judged }
}
