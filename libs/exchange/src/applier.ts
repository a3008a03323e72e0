import type { Inspecting } from '#libs/signature'
import { judgeOnto, write, type AppliedNews, type ApplyingNode, type BatchLookups, type Unwritten } from './applying.js'
import { bodyOfParts } from './dossier-parts.js'
import type { Inspectors } from './exchange-parts.js'
import type { LogBatch } from './log-port.js'
import type { Cursor, Entry, Ledger } from './ports.js'
import { beginBatch } from './preparing.js'
import type { StateCache } from './state-cache.js'
import { stateText } from './state-text.js'

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
    const judging = judgeOnto(this.node, lookupsAfter(this.ledger, before), this.cache, { next, frontier }, batch, this.#inspectingOf(batch))
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

/** What the ledger will answer once a batch has been written. */
function lookupsAfter(ledger: Ledger, { applied }: Unwritten): BatchLookups {
  const states = new Map(applied.states.map(({ subject, members }) => [subject, members]))
  const dossiers = new Map(applied.dossiers.map(({ subject, parts }) => [subject, parts]))
  const consumed = new Map(applied.entries.flatMap(({ event, consumedSequence }) => (event && consumedSequence !== undefined ? [[`${event.kid} ${event.subject} ${consumedSequence}`, event.eventId] as const] : [])))
  return {
    states: (subjects) => laidOver(states, subjects, ledger.states, stateText),
    dossiers: (subjects) => laidOver(dossiers, subjects, ledger.dossiers, bodyOfParts),
    consumed: async (numbers) => {
      const unwritten = numbers.filter(({ kid, subject, sequence }) => !consumed.has(`${kid} ${subject} ${sequence}`))
      return new Map([...(unwritten.length > 0 ? await ledger.consumed(unwritten) : []), ...consumed])
    },
    entry: async (eventId) => applied.entries.find(({ event, consumedSequence }) => event?.eventId === eventId && consumedSequence !== undefined) ?? ledger.entry(eventId),
    entriesOf: async (subject, after, limit) => {
      const written = await ledger.entriesOf(subject, after, limit)
      const unwritten = applied.entries.filter(({ offset, event }) => event?.subject === subject && offset > Math.max(after, written.at(-1)?.offset ?? -1))
      return [...written, ...unwritten].slice(0, limit) satisfies readonly Entry[]
    },
  }
}

/** Asks the ledger only for what the batch did not change. */
async function laidOver<T>(
  rows: ReadonlyMap<string, T>, subjects: readonly string[], ask: (subjects: readonly string[]) => Promise<ReadonlyMap<string, string>>, textOf: (row: T) => string,
): Promise<ReadonlyMap<string, string>> {
  const others = subjects.filter((subject) => !rows.has(subject))
  const asked = others.length > 0 ? await ask(others) : new Map<string, string>()
  return new Map(subjects.flatMap((subject) => {
    const row = rows.get(subject)
    const text = row === undefined ? asked.get(subject) : textOf(row)
    return text === undefined ? [] : [[subject, text] as const]
  }))
}
