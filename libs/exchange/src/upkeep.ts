import { setTimeout as wait } from 'node:timers/promises'
import type { Calls } from './calls.js'
import { checkpointInterval } from './judging.js'
import type { Peers } from './peers.js'

export interface UpkeepParts {
  readonly peers: Pick<Peers, 'fetchMissingBlocks' | 'compareCheckpoints'>
  readonly calls: Pick<Calls, 'finish'>
  /** First offset not applied here. */
  applied(): number
  onTrouble(error: unknown): void
}

const peerAskingMs = 7_000
/**
 * What one comparison is spread over. Where many nodes share a machine, comparing all with all at once keeps it busy for a second, and every statement waits
 * for that long; within five seconds statements still waited (decision 0026). While the log rests nothing waits for it.
 */
const comparingMs = { resting: 5_000, moving: 60_000 }
/** What a dead process left open is found at once; what is left open later waits for a log or a database that is down. */
const finishingMs = 5_000

/** What the one applier of a database does beside applying. */
export class Upkeep {
  #lastCompared = 0
  #lastLookedAt = 0

  constructor(private readonly node: UpkeepParts) {}

  /** Goes on until then, whatever happens. */
  async run(until: Promise<unknown>): Promise<void> {
    const ended = new AbortController()
    void until.then(() => ended.abort())
    await this.#told(() => this.node.calls.finish())
    await Promise.all([
      this.#every(finishingMs, ended.signal, () => this.node.calls.finish()),
      this.#every(peerAskingMs, ended.signal, () => this.node.peers.fetchMissingBlocks()),
      this.#every(peerAskingMs, ended.signal, () => this.#compareCheckpoints(ended.signal)),
    ])
  }

  /** At each new multiple of the interval and when the log rests. */
  async #compareCheckpoints(ended: AbortSignal): Promise<void> {
    const { peers, applied } = this.node
    const next = applied()
    const isResting = next === this.#lastLookedAt
    this.#lastLookedAt = next
    const size = isResting ? next : next - (next % checkpointInterval)
    if (size <= this.#lastCompared) return
    const compared = await peers.compareCheckpoints(size, { withinMs: isResting ? comparingMs.resting : comparingMs.moving, ended })
    if (compared.length > 0 && !ended.aborted) this.#lastCompared = size // one broken off is made anew by whoever leads next
  }

  async #told(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => this.node.onTrouble(error))
  }

  /** Not a race of each pause with `until`, which would remember them all. */
  async #every(ms: number, ended: AbortSignal, work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      await wait(ms, undefined, { signal: ended, ref: false }).catch(() => undefined)
      if (ended.aborted) return
      await this.#told(work)
    }
  }
}
