import { setTimeout as wait } from 'node:timers/promises'
import { ask } from './asking.js'

/** When something was first seen: not before one moment, at another at the latest. */
export interface Seen {
  readonly notBefore: number
  readonly at: number
}

interface Expected {
  readonly offset: number
  readonly since: number
  readonly seen: (seen: Seen) => void
  readonly failed: (error: unknown) => void
}

const shortestPauseMs = 20
/** A node is asked again after this part of what its oldest record has waited: those that are slow are not made slower by many questions. */
const pausePart = 1 / 4

/**
 * Watches how far nodes are by `/v1/checkpoint`: the size of the tree that a node has committed, together with the views of every record in it. A node
 * is asked only while a record is awaited there, for all of them by the same question, and not at once, when few have it; what lies between two questions is
 * unknown and told as that.
 */
export class Watch {
  readonly #nodes: readonly WatchedNode[]

  constructor(urls: readonly string[]) {
    this.#nodes = urls.map((url) => new WatchedNode(url))
  }

  /** How many questions were asked so far. */
  get questions(): number {
    return this.#nodes.reduce((all, { questions }) => all + questions, 0)
  }

  /** Resolves when a record, decided at one of them by now, has been seen at all nodes. */
  async everywhere(offset: number): Promise<Seen> {
    const seen = await Promise.all(this.#nodes.map((node) => node.shows(offset)))
    return { notBefore: Math.max(...seen.map(({ notBefore }) => notBefore)), at: Math.max(...seen.map(({ at }) => at)) }
  }
}

class WatchedNode {
  questions = 0
  #size = 0
  #last = { asked: -Infinity, answered: -Infinity }
  #expected: readonly Expected[] = []
  #isAsking = false

  constructor(private readonly url: string) {}

  shows(offset: number): Promise<Seen> {
    if (offset < this.#size) return Promise.resolve({ notBefore: -Infinity, at: this.#last.answered })
    return new Promise((seen, failed) => {
      this.#expected = [...this.#expected, { offset, since: performance.now(), seen, failed }]
      if (!this.#isAsking) void this.askOn()
    })
  }

  private async askOn(): Promise<void> {
    this.#isAsking = true
    try {
      while (this.#expected.length > 0) {
        const since = Math.min(...this.#expected.map((one) => one.since))
        await wait(Math.max(shortestPauseMs, (performance.now() - since) * pausePart))
        await this.askOnce()
      }
    } catch (error) {
      for (const { failed } of this.#expected) failed(error)
      this.#expected = []
    } finally {
      this.#isAsking = false
    }
  }

  private async askOnce(): Promise<void> {
    const asked = performance.now()
    this.questions += 1
    this.#size = sizeOf((await ask(`${this.url}/v1/checkpoint`)).body)
    const seen = { notBefore: this.#last.asked, at: performance.now() }
    this.#last = { asked, answered: seen.at }
    for (const expected of this.#expected.filter(({ offset }) => offset < this.#size)) expected.seen(seen)
    this.#expected = this.#expected.filter(({ offset }) => offset >= this.#size)
  }
}

/** Of a corridor of our own, whose signatures are not what is measured. */
function sizeOf({ checkpoint }: Readonly<Record<string, unknown>>): number {
  const payload = String(checkpoint).split('.')[1] ?? ''
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly size: number }).size
}
