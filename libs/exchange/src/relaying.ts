import { maxRecordBytes } from '#libs/signature'
import { LatelyMet } from './lately-met.js'
import type { Log } from './log-port.js'
import type { Allocation, RelayRow } from './outbox.js'
import type { Ledger } from './ports.js'
import { within } from './within.js'

/** All records of one send are one batch to the broker, which bounds a batch at 512 KiB. */
const maxSendBytes = 400_000

/** A statement the log has not shown within this time of its send is sent again, once the applier has seen the log's end. */
const resendAfterMs = 5_000

/** So often at least the outbox is looked into, for what another process of the node has kept and to mark what was sent. */
const lookEveryMs = 1_000

/** What waits for a log that cannot be reached waits in the outbox. */
const mostHanded = 100

/** Of which it is known what was sent last: those met lately. */
const mostChains = 1_000

export interface Relaying {
  readonly ledger: Ledger
  readonly events: Log
  readonly particulars: Log
  /** First offset not applied here. */
  applied(): number
  readonly random: (bytes: number) => Uint8Array
  onTrouble(error: unknown): void
}

/**
 * Moves the outbox to the log, chain by chain in order of allocation: particulars first and acknowledged, then the statements. It decides nothing:
 * what became of a statement is what the applier reads back, so sending twice does no harm. One relay per database, beside its applier.
 */
export class Relay {
  #stopped = false
  #woken = false
  #wake: () => void = () => undefined
  #running: Promise<void> | undefined
  /** Kept by this process since the outbox was looked into, in the order of each chain. */
  #handed: RelayRow[] = []
  /** By chain, the number sent last. */
  readonly #sentUpTo = new LatelyMet<{ readonly sequence: number }>(mostChains)
  /** Until then what is handed over is sent without a look into the outbox. */
  #lookBy = 0
  /** Sent, and marked so by the next look: most are decided by then, and need no mark. */
  #unmarked = new Set<string>()
  #returns = 0
  /** Statements may be waiting for the log: always so at first, for this process does not know what the one before it sent. */
  #outstanding = true

  constructor(private readonly node: Relaying) {}

  start(): void {
    this.#running = this.run()
  }

  /**
   * A statement lies in the outbox now. It need not be read from there where the one before it on its chain was sent from here.
   * @param allocation absent where this process does not know what lies there
   */
  kept(allocation: Allocation | undefined): void {
    if (this.#stopped) return
    if (!allocation || this.#handed.length >= mostHanded || allocation.blocks.some(({ jwe }) => jwe !== null)) this.#lookBy = 0
    else this.#handed.push(rowOf(allocation))
    this.wake()
  }

  /** The applier has returned chains to the outbox: what was sent of them last is to be sent again. */
  returned(): void {
    this.#returns += 1
    this.#unmarked = new Set()
    this.lookNext()
    this.wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.wake()
    await this.#running
    await within(this.node.ledger.markSent([...this.#unmarked]), 1_000) // or who leads next sends them again, which does no harm
  }

  private wake(): void {
    this.#woken = true
    this.#wake()
  }

  /** What is to be sent stands in the outbox alone. */
  private lookNext(): void {
    this.#lookBy = 0
    this.#handed = []
    this.#sentUpTo.clear()
  }

  private async run(): Promise<void> {
    let failures = 0
    while (!this.#stopped) {
      try {
        const { hasSent, isAll } = await this.sendOnce()
        failures = 0
        if (hasSent) this.#outstanding = true
        const isWoken = !isAll || (await this.rest(1_000))
        if (!isWoken && this.#outstanding) this.#outstanding = await this.resendLost()
      } catch (error) {
        failures++
        this.lookNext()
        this.node.onTrouble(error)
        await this.rest(Math.min(5_000, 100 * 2 ** failures) * (0.5 + (this.node.random(1)[0] ?? 0) / 510))
      }
    }
  }

  /** Tells whether anything was sent, and whether that was all: what comes to lie in the outbox after it was looked into wakes. */
  private async sendOnce(): Promise<{ readonly hasSent: boolean; readonly isAll: boolean }> {
    const { events } = this.node
    const returns = this.#returns
    const rows = this.handed() ?? (await this.waiting())
    if (rows.length === 0) return { hasSent: false, isAll: true }
    const withBlocks = rows.filter(({ hasUnsentBlocks }) => hasUnsentBlocks)
    if (withBlocks.length > 0) await this.sendBlocks(withBlocks.map(({ eventId }) => eventId))
    await events.append(rows.map((row) => ({ key: row.subject, value: row.value, headers: cloudEventHeaders(row) })))
    if (this.#returns === returns) {
      for (const row of rows) {
        this.#unmarked.add(row.eventId)
        this.#sentUpTo.set(chainOf(row), { sequence: row.sequence })
      }
    }
    return { hasSent: true, isAll: isAll(rows) }
  }

  /** What can be sent as it was handed over; undefined where the outbox is to be looked into. Of a chain this is the case where another process has kept one, or a look has found what is handed over only now. */
  private handed(): readonly RelayRow[] | undefined {
    if (performance.now() >= this.#lookBy) return undefined
    const rows = this.#handed
    if (rows.length === 0) return undefined
    const before = new Map<string, number>()
    for (const row of rows) {
      const chain = chainOf(row)
      if (row.sequence !== (before.get(chain) ?? this.#sentUpTo.peek(chain)?.sequence ?? 0) + 1) return undefined
      before.set(chain, row.sequence)
    }
    let bytes = 0
    const tooMany = rows.findIndex(({ value }, at) => (bytes += value.length) > maxSendBytes && at > 0)
    const sent = tooMany < 0 ? rows : rows.slice(0, tooMany)
    this.#handed = rows.slice(sent.length)
    return sent
  }

  private async waiting(): Promise<readonly RelayRow[]> {
    const unmarked = this.#unmarked
    this.#handed = [] // they lie there by now
    this.#lookBy = performance.now() + lookEveryMs
    const rows = await this.node.ledger.unsent(maxSendBytes, [...unmarked])
    if (this.#unmarked === unmarked) this.#unmarked = new Set() // or they were returned meanwhile
    if (!isAll(rows)) this.#lookBy = 0
    return rows
  }

  private async sendBlocks(eventIds: readonly string[]): Promise<void> {
    const { ledger, particulars } = this.node
    const blocks = await ledger.unsentBlocks(eventIds)
    for (const { digest, jwe } of blocks) await particulars.append([{ key: digest, value: jwe }])
    await ledger.markBlocksSent(blocks)
  }

  /** Whether statements are still waiting for the log. */
  private async resendLost(): Promise<boolean> {
    const { ledger, events } = this.node
    if (this.node.applied() >= (await events.end())) await ledger.resendOlderThan(resendAfterMs)
    return ledger.hasUndecided()
  }

  /** True when woken, false when the time ran out. */
  private rest(ms: number): Promise<boolean> {
    if (this.#stopped || this.#woken) {
      this.#woken = false
      return Promise.resolve(true)
    }
    return new Promise((resolve) => {
      const end = (isWoken: boolean) => {
        clearTimeout(timer)
        this.#wake = () => undefined // or a wake that comes while it works would be taken for this one's
        this.#woken = false
        resolve(isWoken)
      }
      const timer = setTimeout(end, ms, false)
      this.#wake = () => end(true)
    })
  }
}

/** Whether nothing was left for the next send: it would have come, too, however large. */
function isAll(rows: readonly RelayRow[]): boolean {
  return rows.reduce((sum, { value }) => sum + value.length, 0) + maxRecordBytes <= maxSendBytes
}

function rowOf({ statement, type, issuer, occurredAt }: Allocation): RelayRow {
  return { type, issuer, occurredAt, hasUnsentBlocks: false, ...statement }
}

function chainOf({ kid, subject }: RelayRow): string {
  return `${kid} ${subject}`
}

/** CloudEvents 1.0, binary mode: for other people's tooling, never read by a judge. */
function cloudEventHeaders({ eventId, type, issuer, subject, occurredAt }: RelayRow): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0', ce_id: eventId, ce_type: `karvan.${type}.v1`, ce_source: `/participants/${issuer}`, ce_subject: subject, ce_time: occurredAt, 'content-type': 'application/jose',
  }
}
