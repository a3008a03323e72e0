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
/** What a dead process left open is found at once; what is left open later waits for a log or a database that is down. */
const finishingMs = 5_000

/** What the one applier of a database does beside applying. */
export class Upkeep {
  #lastCompared = 0
  #lastLookedAt = 0

  constructor(private readonly node: UpkeepParts) {}

  /** Goes on until then, whatever happens. */
  async run(until: Promise<unknown>): Promise<void> {
    const ended = until.then(() => true)
    await this.#told(() => this.node.calls.finish())
    await Promise.all([this.#every(finishingMs, ended, () => this.node.calls.finish()), this.#every(peerAskingMs, ended, () => this.#askPeers())])
  }

  /** Missing blocks; checkpoints at each new multiple of the interval and when the log rests. */
  async #askPeers(): Promise<void> {
    const { peers, applied } = this.node
    await peers.fetchMissingBlocks()
    const next = applied()
    const isResting = next === this.#lastLookedAt
    this.#lastLookedAt = next
    const size = isResting ? next : next - (next % checkpointInterval)
    if (size > this.#lastCompared && (await peers.compareCheckpoints(size)).length > 0) this.#lastCompared = size
  }

  async #told(work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => this.node.onTrouble(error))
  }

  async #every(ms: number, ended: Promise<boolean>, work: () => Promise<unknown>): Promise<void> {
    while (!(await Promise.race([ended, pause(ms)]))) await this.#told(work)
  }
}

function pause(ms: number): Promise<boolean> {
  return new Promise((resolve) => setTimeout(resolve, ms, false).unref())
}
