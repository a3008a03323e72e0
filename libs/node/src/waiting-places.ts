import { problem } from './problem.js'

/** How many may wait at a time, in all and from one address. */
export interface MostWaiting {
  readonly inAll: number
  readonly fromOne: number
}

/** Who waits at a node without an account: anybody may ask, and each holds a connection. */
export class WaitingPlaces {
  readonly #taken = new Map<string, number>()
  #inAll = 0

  /**
   * Takes a place; to be given back by the function that it answers, once.
   * @throws TOO_MANY_READERS
   */
  take(address: string, { inAll, fromOne }: MostWaiting): () => void {
    const taken = this.#taken.get(address) ?? 0
    if (this.#inAll >= inAll) throw problem('TOO_MANY_READERS', `at most ${inAll} wait for a checkpoint at one node`)
    if (taken >= fromOne) throw problem('TOO_MANY_READERS', `at most ${fromOne} from one address wait for a checkpoint at one node`)
    this.#inAll += 1
    this.#taken.set(address, taken + 1)
    return () => this.giveBack(address)
  }

  private giveBack(address: string): void {
    const left = (this.#taken.get(address) ?? 1) - 1
    this.#inAll -= 1
    if (left > 0) this.#taken.set(address, left)
    else this.#taken.delete(address)
  }
}
