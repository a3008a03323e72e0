import type { TopicReader } from './topic-reader.js'

type Fetch = TopicReader['fetch']

/**
 * For those of one process who follow the same topic: at its end they ask for the same records at the same moments, and who asks while another waits for the
 * same answer is given that one. It is of no later moment than one's own would be, so whoever looks for a topic made anew is misled no more than alone.
 */
export class FetchesInCommon {
  readonly #underWay = new Map<string, ReturnType<Fetch>>()

  /** @param fetch over a connection of one's own: asked where nobody waits for the same, or in vain */
  of(topic: string, fetch: Fetch): Fetch {
    return async (offset, limits) => {
      const question = `${topic} ${offset} ${limits.waitMs} ${limits.maxBytes}`
      for (let others = this.#underWay.get(question); others; others = this.#underWay.get(question)) {
        const answer = await others.catch(() => undefined) // of another's connection, which says nothing of one's own
        if (answer !== undefined) return answer
      }
      const asking = fetch(offset, limits)
      this.#underWay.set(question, asking)
      return asking.finally(() => this.#underWay.get(question) === asking && this.#underWay.delete(question))
    }
  }
}
