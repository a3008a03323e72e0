import type { Caller } from './tokens.js'

/** So long a token that was good is not checked again: the issuer's keys are asked for anew less often than that. */
export const knownForMs = 60_000

/** The one known longest goes first. */
const mostKnown = 1_000

interface Known {
  readonly caller: Caller
  /** Of `clock`. */
  readonly since: number
}

/**
 * Callers by their tokens, for a node: who states thing after thing brings the same token each time, and its signature takes as long to check as the statement's.
 * Only what was found good is known, never beyond the token's own end.
 */
export class KnownCallers {
  readonly #known = new Map<string, Known>()

  /** @param clock milliseconds that only grow */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  get(token: string, participant: string): Caller | undefined {
    const name = nameOf(token, participant)
    const known = this.#known.get(name)
    if (known && this.clock() - known.since < knownForMs && Date.now() < known.caller.expiresAt) return known.caller
    this.#known.delete(name)
    return undefined
  }

  keep(token: string, participant: string, caller: Caller): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostKnown) break
      this.#known.delete(oldest)
    }
    this.#known.set(nameOf(token, participant), { caller, since: this.clock() })
  }
}

/** A token has no space. */
function nameOf(token: string, participant: string): string {
  return `${participant} ${token}`
}
