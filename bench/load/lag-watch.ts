import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { Following, Log } from '#libs/exchange'
import { lagsOf, type Appended, type Sighting } from './lags.js'

const shortestPauseMs = 20
/** As the watch of the latency has it: a node is asked again after this part of what its oldest record has waited. */
const pausePart = 1 / 4
const looksEveryMs = 10

/**
 * Reads the log beside the nodes, and asks the database of each how far it has committed for as long as it lacks something: the cursor that a checkpoint is
 * signed over. So the nodes are given no work by being watched.
 */
export class LagWatch {
  readonly #appended: Appended[] = []
  readonly #sightings = new Map<string, Sighting[]>()
  #following: Following | undefined
  #asking: readonly Promise<void>[] = []
  #isOver = false
  #failure: unknown
  questions = 0

  /** @param anyDatabase all nodes decide the same */
  private constructor(private readonly anyDatabase: string) {}

  /** @param databases their addresses by participant */
  static async open(log: Log, databases: ReadonlyMap<string, string>): Promise<LagWatch> {
    const watch = new LagWatch([...databases.values()][0] ?? '')
    watch.#following = await log.follow(await log.end(), {
      onAttach: () => Promise.resolve(),
      onBatch: async ({ records }) => void watch.#appended.push(...records.map(({ offset, appendTime }) => ({ offset, at: appendTime }))),
    })
    watch.#asking = [...databases].map(([participant, url]) => watch.askOn(participant, url).catch((error: unknown) => void (watch.#failure = error)))
    return watch
  }

  /** Resolves when everything before an offset has been seen at all nodes. */
  async everywhere(end: number): Promise<void> {
    for (;;) {
      if (this.#failure) throw this.#failure
      if ([...this.#sightings.values()].every((sightings) => (sightings.at(-1)?.size ?? 0) >= end)) return
      await wait(looksEveryMs)
    }
  }

  /** Lags of the records from one offset to before another, by participant. */
  lags(from: number, to: number): ReadonlyMap<string, readonly number[]> {
    const wanted = this.#appended.filter(({ offset }) => offset >= from && offset < to)
    return new Map([...this.#sightings].map(([participant, sightings]) => [participant, lagsOf(wanted, sightings)]))
  }

  /** How many of the records from one offset to before another were not accepted. */
  async refused(from: number, to: number): Promise<number> {
    const client = new pg.Client({ connectionString: this.anyDatabase })
    await client.connect()
    try {
      const { rows } = await client.query<{ count: string }>(`select count(*) from entry where log_offset >= $1 and log_offset < $2 and verdict <> 'accepted'`, [from, to])
      return Number(rows[0]?.count)
    } finally {
      await client.end()
    }
  }

  async close(): Promise<void> {
    this.#isOver = true
    await this.#following?.stop()
    await Promise.all(this.#asking)
  }

  private async askOn(participant: string, url: string): Promise<void> {
    const sightings: Sighting[] = []
    this.#sightings.set(participant, sightings)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      for (let next = 0; !this.#isOver; ) { // next: the first appended record not seen here
        if (!this.#appended[next] && sightings.length > 0) {
          await wait(looksEveryMs)
          continue
        }
        this.questions += 1
        const [row] = (await client.query<{ next: string }>({ name: 'cursor', text: 'select next from cursor' })).rows
        const size = Number(row?.next ?? 0)
        sightings.push({ size, at: Date.now() })
        while ((this.#appended[next]?.offset ?? Infinity) < size) next += 1
        const waiting = this.#appended[next]
        if (waiting) await wait(Math.max(shortestPauseMs, (Date.now() - waiting.at) * pausePart))
      }
    } finally {
      await client.end()
    }
  }
}
