import { ask } from './asking.js'

const waitSeconds = 30
const mostAsked = 10

/**
 * Watches how far nodes are by `/v1/checkpoint?covers=`: a node answers when it has committed a record, together with its views. One question each: those who
 * are watched have little work by it.
 */
export class Watch {
  #questions = 0

  constructor(private readonly urls: readonly string[]) {}

  /** How many questions were asked so far. */
  get questions(): number {
    return this.#questions
  }

  /** When the last node told that it shows a record, decided at one of them by now. */
  async everywhere(offset: number): Promise<number> {
    return Math.max(...(await Promise.all(this.urls.map((url) => this.shown(url, offset)))))
  }

  private async shown(url: string, offset: number): Promise<number> {
    for (let asked = 0; asked < mostAsked; asked++) {
      this.#questions += 1
      const { status } = await ask(`${url}/v1/checkpoint?covers=${offset}`, { waitSeconds })
      const at = performance.now()
      if (status === 200) return at
      if (status !== 404) throw new Error(`${url} answers ${status} when it is asked for a checkpoint`)
    }
    throw new Error(`${url} does not show record ${offset}`)
  }
}
