import type { Inspecting } from '#libs/signature'
import { judgeOnto, write, type AppliedNews, type ApplyingNode, type Unwritten } from './applying.js'
import type { Inspectors } from './exchange-parts.js'
import { lookupsAfter } from './laid-over.js'
import type { LogBatch } from './log-port.js'
import type { Cursor, Ledger } from './ports.js'
import { beginBatch } from './preparing.js'
import type { StateCache } from './state-cache.js'

/**
 * Applies batch after batch. While one is being written the next is already judged, on the rows as they will stand: the processor judges while the
 * disk writes. What was judged ahead is written only when its own batch is delivered and everything before it stands; otherwise it is judged again.
 */
export class Applier {
  #writing: Unwritten | undefined
  /** Told of and not judged yet, in the order of the log. */
  #coming: LogBatch[] = []
  readonly #begun = new WeakMap<LogBatch, Inspecting>()
  #ahead: { readonly batch: LogBatch; readonly unwritten: Promise<Unwritten | undefined> } | undefined

  constructor(
    private readonly node: ApplyingNode,
    private readonly ledger: Ledger,
    private readonly cache: StateCache,
    private readonly inspect: Inspectors = {},
  ) {}

  /** The log has been attached to anew: what was told of until now may never come. */
  begin(): void {
    this.#coming = []
  }

  /** Resolves when nothing of it is under way any more. No batch may be being applied. */
  async end(): Promise<void> {
    await this.#endAhead()
  }

  /** Throws what the ledger throws; then nothing has changed. */
  async apply(cursor: Cursor, batch: LogBatch): Promise<AppliedNews> {
    const isAhead = this.#ahead?.batch === batch
    const ahead = await this.#endAhead()
    const unwritten = isAhead && ahead?.applied.from === cursor.next ? ahead : await judgeOnto(this.node, this.ledger, this.cache, cursor, batch, this.#inspectingOf(batch))
    this.#coming = this.#coming.filter(({ next }) => next > batch.next)
    this.#writing = unwritten
    this.#judgeAhead()
    try {
      const news = await write(this.ledger, this.cache, unwritten)
      if (news.outcome.viewFailures.length > 0) await this.#endAhead() // it goes on from a view that is not there; its rows are of no cursor
      return news
    } catch (error) {
      await this.end() // it may still be adding to the rows at hand, which nobody has written
      this.cache.applied.forget()
      this.cache.committed.forget()
      throw error
    } finally {
      this.#writing = undefined
    }
  }

  /** A batch to come, told while one before it is being applied: its signatures are checked at once, and it is judged when that one is judged. */
  coming(batch: LogBatch): void {
    this.#begun.set(batch, beginBatch(batch, this.cache, this.inspect.ahead))
    this.#coming.push(batch)
    this.#judgeAhead()
  }

  #judgeAhead(): void {
    const [before, batch] = [this.#writing, this.#coming[0]]
    if (!before || !batch || this.#ahead || before.judged.unknownRules !== undefined) return
    const { next, frontier } = before.applied
    if (batch.records[0]?.offset !== next) return // one between has not been told of; it is judged when it is delivered
    this.#coming.shift()
    const judging = judgeOnto(this.node, lookupsAfter(this.ledger, before.applied), this.cache, { next, frontier }, batch, this.#inspectingOf(batch))
    const unwritten = judging.catch(() => undefined) // judged again, and told then
    this.#ahead = { batch, unwritten }
  }

  /** What has begun already, else what begins as soon as the register is at hand. */
  #inspectingOf(batch: LogBatch): (of: Pick<LogBatch, 'records'>) => Inspecting {
    const begun = this.#begun.get(batch)
    return ({ records }) => (begun && records.length === batch.records.length ? begun : beginBatch({ records }, this.cache, this.inspect.atOnce))
  }

  /** Two must not judge at the same time: they share the rows met last. */
  async #endAhead(): Promise<Unwritten | undefined> {
    const unwritten = await this.#ahead?.unwritten
    this.#ahead = undefined
    return unwritten
  }
}
