import {
  codeOf,
  Exchange,
  ExchangeError,
  type AppliedNews,
  type Clock,
  type ExchangeParts,
  type Follow,
  type Inspectors,
  type Ledger,
  type Log,
  type NodeStatus,
  type PeerGet,
  type ViewsInCommon,
} from '#libs/exchange'
import { setTimeout as wait } from 'node:timers/promises'
import type { Alarms } from './alarms.js'
import { stateEncryptionKey } from './encryption-key.js'
import { feedLimits, LiveFeed, type FeedLimits } from './live-feed.js'
import type { NodeKeys } from './key-store.js'
import type { Metrics } from './metrics.js'
import { newSubject } from './new-subject.js'

/** How a node comes to its ports. Each may fail for as long as what it needs is away, and is tried again. */
export interface PortOpeners {
  events(): Promise<Log>
  particulars(): Promise<Log>
  ledger(): Promise<Ledger>
}

export interface RuntimeParts {
  readonly corridor: { readonly id: string; readonly epoch: number }
  readonly participant: string
  readonly keys: NodeKeys
  readonly open: PortOpeners
  /** Whether its ledger can be reset: that is the database owner's to do. */
  readonly canRebuild: boolean
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
  readonly peerGet: PeerGet
  readonly inspect?: Inspectors
  readonly views?: ViewsInCommon
  /** Other limits for who reads along than the usual ones. */
  readonly feedLimits?: Partial<FeedLimits>
  readonly alarms: Alarms
  readonly metrics: Metrics
}

/** How the node is; `reason` is also what keeps its ports from opening. */
export type Health = Omit<NodeStatus, 'reason'> & { readonly reason?: string }

interface Ports {
  readonly events: Log
  readonly particulars: Log
  readonly ledger: Ledger
}

const longestPauseMs = 5_000

/** One node at work: it answers from the first moment, opens its ports as they come within reach, then exchanges. */
export class NodeRuntime {
  readonly #stopping = new AbortController()
  #exchange: Exchange | undefined
  #ports: Ports | undefined
  #running: Promise<void> = Promise.resolve()
  #hindrance: { readonly code: string; readonly detail: string } = { code: 'STARTING', detail: 'the node is coming up' }

  /** What this participant may see, told as it is applied. */
  readonly feed: LiveFeed

  constructor(readonly parts: RuntimeParts) {
    this.feed = new LiveFeed(
      {
        next: async () => this.exchange.asking.next(),
        page: async (after, limit, filter) => this.exchange.asking.feed(after, limit, filter),
        isApplying: () => this.#exchange?.isApplying ?? false,
        onTrouble: (error) => parts.alarms.raise(codeOf(error) ?? 'TROUBLE', error instanceof Error ? (error.stack ?? error.message) : String(error)),
      },
      { ...feedLimits, ...parts.feedLimits },
    )
  }

  /** @param followWith how the events topic is followed, once it is open */
  start(followWith: (events: Log) => Follow): void {
    this.#running = this.run(followWith).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.parts.alarms.raise('TROUBLE', error instanceof Error ? (error.stack ?? error.message) : String(error))
    })
  }

  /** Signs nothing more, applies nothing more, closes its ports. */
  async stop(): Promise<void> {
    this.#hindrance = { code: 'STOPPED', detail: 'the node is shutting down' }
    this.#stopping.abort()
    await this.feed.stop()
    await this.#exchange?.stop()
    await this.#running
    const { events, particulars, ledger } = this.#ports ?? {}
    await Promise.allSettled([events?.close(), particulars?.close(), ledger?.close()])
  }

  /** The flows of this node; throws what keeps it from having any (`code`). */
  get exchange(): Exchange {
    if (!this.#exchange) throw Object.assign(new Error(this.#hindrance.detail), { code: this.#hindrance.code })
    return this.#exchange
  }

  /** The same for reading: while the state is rebuilt, nothing that is missing is an answer. */
  get reading(): Exchange {
    if (this.exchange.isRebuilding) throw new ExchangeError('REBUILDING', 'the state is being rebuilt from the log')
    return this.exchange
  }

  async status(): Promise<Health> {
    if (this.#exchange) return this.#exchange.status()
    const { code: reason, detail } = this.#hindrance
    const dependencies = { log: reason.startsWith('LOG_') ? 'down' : 'up', database: reason.startsWith('DATABASE_') ? 'down' : 'up' } as const
    return { ready: false, reason, detail, isApplier: false, next: 0, root: '', dependencies }
  }

  logEnd(): Promise<number> {
    return this.#ports ? this.#ports.events.end() : Promise.reject(new Error(this.#hindrance.code))
  }

  hasUndecided(): Promise<boolean> {
    return this.#ports ? this.#ports.ledger.hasUndecided() : Promise.reject(new Error(this.#hindrance.code))
  }

  private async run(followWith: (events: Log) => Follow): Promise<void> {
    const { open } = this.parts
    const ledger = await this.opened('DATABASE_UNAVAILABLE', () => open.ledger())
    const events = ledger && (await this.opened('LOG_UNAVAILABLE', () => open.events()))
    const particulars = events && (await this.opened('LOG_UNAVAILABLE', () => open.particulars()))
    if (!ledger || !events || !particulars) return void (await Promise.allSettled([ledger?.close(), events?.close()]))
    this.#ports = { events, particulars, ledger }
    const exchange = new Exchange(this.exchangeParts(this.#ports))
    this.#exchange = exchange
    exchange.start(followWith(events))
    await stateEncryptionKey(exchange, this.parts, this.#stopping.signal)
  }

  private exchangeParts(ports: Ports): ExchangeParts {
    const { corridor, participant, keys, clock, random, alarms, metrics, peerGet, inspect, views } = this.parts
    return {
      corridor,
      participant,
      keys,
      clock,
      random,
      ...ports,
      peerGet,
      inspect,
      views,
      newSubject: () => newSubject(clock.now(), random),
      onAlarm: (code, detail) => alarms.raise(code, detail),
      onApplied: (news: AppliedNews) => {
        metrics.countApplied(news)
        this.feed.wake()
      },
    }
  }

  /** Undefined once the node is stopping. */
  private async opened<T>(away: string, open: () => Promise<T>): Promise<T | undefined> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures++) {
      try {
        return await open()
      } catch (error) {
        if (this.#stopping.signal.aborted) return undefined
        const message = error instanceof Error ? error.message : String(error)
        const known = codeOf(error)
        // What the drivers throw has codes of the system (ECONNREFUSED); those of the ports say more than that something is away.
        const code = known !== undefined && /^(?:LOG|DATABASE|SCHEMA|OWNER)_/.test(known) ? known : away
        this.#hindrance = { code, detail: message }
        this.parts.alarms.raise(code, message)
        const pauseMs = Math.min(longestPauseMs, 250 * 2 ** failures)
        await wait(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined) // aborted: the loop sees it
      }
    }
    return undefined
  }
}
