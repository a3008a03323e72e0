import type { Actor, StatementBody, StatementType } from '#libs/documents'
import type { Refusal } from '#libs/consignment'
import { frontierFromText } from '#libs/signature'
import type { Asking } from './asking.js'
import type { ExchangeCode } from './exchange-error.js'
import { headOf } from './judging.js'
import type { PartKey } from './kept-call.js'
import { refusalNow, submit, type Preflight, type SubmittingNode } from './submitting.js'
import type { Waiting } from './waiting.js'
import type { Log } from './log-port.js'
import type { Allocation, IdempotencyKey } from './outbox.js'
import type { Cursor } from './ports.js'

export interface SubmitRequest<T extends StatementType = StatementType> {
  readonly type: T
  /** Absent for a statement that opens a consignment. */
  readonly subject?: string
  readonly body: StatementBody<T>
  readonly actor?: Actor
  readonly idempotency?: IdempotencyKey | PartKey
  readonly waitMs: number
}

export type SubmitResult =
  | { readonly kind: 'accepted'; readonly eventId: string; readonly subject: string; readonly offset: number; readonly receipt: string }
  | { readonly kind: 'pending'; readonly eventId: string; readonly subject: string }
  /** `eventId` stands where the log decided; without it nothing was signed. */
  | { readonly kind: 'refused'; readonly code: string; readonly refusal?: Refusal; readonly eventId?: string; readonly offset?: number }
  | { readonly kind: 'conflict' }
  /** Unknown, or the participant is no party to it. */
  | { readonly kind: 'notFound' }
  | { readonly kind: 'unavailable'; readonly code: ExchangeCode }

export interface AnsweringNode extends SubmittingNode {
  readonly events: Pick<Log, 'end'>
  readonly asking: Asking
  readonly waiting: Waiting
  readonly newSubject: () => string
  isLeading(): boolean
  cursorNow(): Promise<Cursor>
  /** What keeps the node from signing now, if anything does. */
  hindrance(): Promise<ExchangeCode | undefined>
  /** A statement lies in the outbox now. @param allocation absent where it was kept before, perhaps by another process */
  onAllocated(allocation: Allocation | undefined): void
}

const pollMs = 50

/** Answers that depend on the log: what became of a statement, and what is final although it was not found. */
export class Answering {
  constructor(private readonly node: AnsweringNode) {}

  /**
   * Signs and keeps a statement, and waits for the log's decision. What is refused or not found here is final only after this node has applied the log
   * to the end seen now; a statement once kept is decided by the log alone.
   */
  async submit(request: SubmitRequest): Promise<SubmitResult> {
    const { node } = this
    const hindrance = await node.hindrance()
    if (hindrance) return { kind: 'unavailable', code: hindrance }
    const command = { ...request, subject: request.subject ?? node.newSubject() }
    const deadline = node.clock.now() + request.waitMs
    const { next } = await node.cursorNow()
    let outcome = await submit(node, command)
    if (outcome.kind === 'refused') {
      const behind = await this.catchUp(next, deadline)
      if (behind === 'unknown') return { kind: 'unavailable', code: 'CATCHING_UP' }
      if (behind === 'caughtUp') outcome = await submit(node, command)
    }
    if (outcome.kind === 'conflict') return { kind: 'conflict' }
    if (outcome.kind === 'refused') return refusedResult(outcome.refusal)
    node.onAllocated(outcome.allocation)
    const { eventId } = outcome
    if (outcome.kind === 'allocated' && node.isLeading()) return this.told(eventId, command.subject, deadline)
    return this.decision(eventId, Math.max(0, deadline - node.clock.now()))
  }

  /** What the applier of this process tells of a statement that has just been kept; it need not be read. */
  private async told(eventId: string, subject: string, deadline: number): Promise<SubmitResult> {
    const { waiting, clock, asking } = this.node
    const told = await waiting.decision(eventId, Math.max(0, deadline - clock.now()))
    if (!told) return this.decision(eventId, 0)
    const { decided: { verdict, code, offset }, cursor } = told
    if (verdict === 'refused' || offset === null) return { kind: 'refused', code: code ?? '', eventId, ...(offset !== null && { offset }) }
    const tree = frontierFromText(cursor.frontier)
    const receipt = tree && asking.receiptOf({ eventId, offset, verdict, code }, headOf(tree))
    return { kind: 'accepted', eventId, subject, offset, receipt: receipt ?? '' }
  }

  /** What would be refused if it were submitted now, with nothing signed. */
  async trial(request: SubmitRequest & { readonly subject: string }): Promise<Extract<SubmitResult, { kind: 'refused' | 'notFound' }> | undefined> {
    const refused = await refusalNow(this.node, request)
    return refused && refusedResult(refused)
  }

  /** Whether everything below `next` has been applied here within the time. @param gone nobody waits any more */
  async hasApplied(next: number, waitMs: number, gone?: AbortSignal): Promise<boolean> {
    const { node } = this
    if (node.isLeading()) return node.waiting.reached(next, waitMs, gone)
    const deadline = node.clock.now() + waitMs
    while ((await node.cursorNow()).next < next) {
      if (gone?.aborted || node.clock.now() >= deadline) return false
      await pause(pollMs)
    }
    return true
  }

  /** Whether everything the log has now has been applied here within the time. */
  async isUpToDate(waitMs: number): Promise<boolean> {
    const deadline = this.node.clock.now() + waitMs
    return (await this.catchUp((await this.node.cursorNow()).next, deadline)) !== 'unknown'
  }

  /** What became of an own statement, waiting for the log for at most so long. */
  async decision(eventId: string, waitMs: number): Promise<SubmitResult> {
    const waiting = this.awaited(eventId, waitMs) // from before the row is read, so that a decision in between is not missed
    let submission = await this.node.ledger.submission(eventId)
    if (submission && submission.state !== 'decided') {
      await waiting
      submission = await this.node.ledger.submission(eventId)
    }
    if (!submission) return { kind: 'notFound' }
    const { subject, verdict, code, offset } = submission
    if (submission.state !== 'decided') return { kind: 'pending', eventId, subject }
    if (verdict === 'refused') return { kind: 'refused', code: code ?? '', eventId, ...(offset !== undefined && { offset }) }
    return { kind: 'accepted', eventId, subject, offset: offset ?? 0, receipt: (await this.node.asking.receipt(eventId)) ?? '' }
  }

  /** An answer that nothing was found is final only when the log has been applied to the end seen at the request. */
  async settled<T>(read: () => Promise<T | undefined>, waitMs: number): Promise<{ readonly found: T } | 'notFound' | 'behind'> {
    const deadline = this.node.clock.now() + waitMs
    const { next } = await this.node.cursorNow()
    const found = await read()
    if (found !== undefined) return { found }
    const behind = await this.catchUp(next, deadline)
    if (behind === 'unknown') return 'behind'
    const again = behind === 'caughtUp' ? await read() : undefined
    return again === undefined ? 'notFound' : { found: again }
  }

  /**
   * Whether the log has more than what was applied when the question was asked, and if so whether that has been applied by the deadline. Where the node
   * stood before it answered counts, not where it stands now: what it applied in between, the answer has not seen.
   */
  private async catchUp(askedAt: number, deadline: number): Promise<'upToDate' | 'caughtUp' | 'unknown'> {
    const { node } = this
    const end = await node.events.end().catch(() => undefined)
    if (end === undefined) return 'unknown'
    if (askedAt >= end) return 'upToDate'
    return (await this.hasApplied(end, Math.max(0, deadline - node.clock.now()))) ? 'caughtUp' : 'unknown'
  }

  /** Within the process the applier tells; a replica that only stands by looks at the row. */
  private async awaited(eventId: string, waitMs: number): Promise<void> {
    if (this.node.isLeading()) {
      await this.node.waiting.decision(eventId, waitMs)
      return
    }
    const deadline = this.node.clock.now() + waitMs
    while (this.node.clock.now() < deadline && (await this.node.ledger.submission(eventId))?.state !== 'decided') await pause(pollMs)
  }
}

function refusedResult({ code, refusal }: Preflight): Extract<SubmitResult, { kind: 'refused' | 'notFound' }> {
  return code === 'SUBJECT' || code === 'PARTY' ? { kind: 'notFound' } : { kind: 'refused', code, ...(refusal && { refusal }) }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
