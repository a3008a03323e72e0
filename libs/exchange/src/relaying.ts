import { maxRecordBytes } from '#libs/signature'
import type { Log } from './log-port.js'
import type { RelayRow } from './outbox.js'
import type { Ledger } from './ports.js'
import { within } from './within.js'

/** All records of one send are one batch to the broker, which bounds a batch at 512 KiB. */
const maxSendBytes = 400_000

/** A statement the log has not shown within this time of its send is sent again, once the applier has seen the log's end. */
const resendAfterMs = 5_000

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
  /** Sent, and marked so by the next look: most are decided by then, and need no mark. */
  #unmarked: readonly string[] = []
  #returns = 0
  /** Statements may be waiting for the log: always so at first, for this process does not know what the one before it sent. */
  #outstanding = true

  constructor(private readonly node: Relaying) {}

  start(): void {
    this.#running = this.run()
  }

  /** Something new lies in the outbox. */
  wake(): void {
    this.#woken = true
    this.#wake()
  }

  /** The applier has returned chains to the outbox: what was sent of them last is to be sent again. */
  returned(): void {
    this.#returns += 1
    this.#unmarked = []
    this.wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.wake()
    await this.#running
    await within(this.node.ledger.markSent(this.#unmarked), 1_000) // or who leads next sends them again, which does no harm
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
        this.node.onTrouble(error)
        await this.rest(Math.min(5_000, 100 * 2 ** failures) * (0.5 + (this.node.random(1)[0] ?? 0) / 510))
      }
    }
  }

  /** Tells whether anything was sent, and whether that was all: what comes to lie in the outbox after it was looked into wakes. */
  private async sendOnce(): Promise<{ readonly hasSent: boolean; readonly isAll: boolean }> {
    const { ledger, events } = this.node
    const [unmarked, returns] = [this.#unmarked, this.#returns]
    const rows = await ledger.unsent(maxSendBytes, unmarked)
    if (this.#unmarked === unmarked) this.#unmarked = []
    if (rows.length === 0) return { hasSent: false, isAll: true }
    const withBlocks = rows.filter(({ hasUnsentBlocks }) => hasUnsentBlocks)
    if (withBlocks.length > 0) await this.sendBlocks(withBlocks.map(({ eventId }) => eventId))
    await events.append(rows.map((row) => ({ key: row.subject, value: row.value, headers: cloudEventHeaders(row) })))
    if (this.#returns === returns) this.#unmarked = rows.map(({ eventId }) => eventId)
    const bytes = rows.reduce((sum, { value }) => sum + value.length, 0)
    return { hasSent: true, isAll: bytes + maxRecordBytes <= maxSendBytes } // then the next one would have come, too, however large
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

/** CloudEvents 1.0, binary mode: for other people's tooling, never read by a judge. */
function cloudEventHeaders({ eventId, type, issuer, subject, occurredAt }: RelayRow): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0', ce_id: eventId, ce_type: `karvan.${type}.v1`, ce_source: `/participants/${issuer}`, ce_subject: subject, ce_time: occurredAt, 'content-type': 'application/jose',
  }
}
