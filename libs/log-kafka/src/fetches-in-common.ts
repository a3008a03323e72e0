import type { TopicReader } from './topic-reader.js'

type Fetch = TopicReader['fetch']

/**
 * For those of one process who follow the same topic: at its end they ask for the same records at the same moments, and who asks while another waits for the
 * same answer is given that one. It was asked for earlier than one's own would have been. Where it fails, it fails for all, and all attach anew: who asked
 * by himself then would ask later than he knows, and one after the other would find his connection as dead as the first one's.
 */
export class FetchesInCommon {
  readonly #underWay = new Map<string, ReturnType<Fetch>>()

  /** @param fetch over a connection of one's own: asked where nobody waits for the same */
  of(topic: string, fetch: Fetch): Fetch {
    return (offset, limits) => {
      const question = `${topic} ${offset} ${limits.waitMs} ${limits.maxBytes}`
      const asked = this.#underWay.get(question)
      if (asked) return asked
      const asking = fetch(offset, limits).finally(() => this.#underWay.delete(question))
      this.#underWay.set(question, asking)
      return asking
    }
  }
}
