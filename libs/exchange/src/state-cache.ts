import type { KeyObject } from 'node:crypto'
import { keyOf, stateIn, type Register, type SubjectState } from '#libs/consignment'
import { publicKeyOf, type PublicKeyOf } from '#libs/signature'
import { AppliedRows } from './applied-rows.js'
import { CommittedRows } from './committed-rows.js'

/** State of a subject after own statements that the log has not decided, and from which state and by which statements it was evolved. */
export interface Ahead {
  readonly from: SubjectState
  readonly eventIds: readonly string[]
  readonly state: SubjectState
}

/** What a node remembers of states: rows as it parsed, applied and committed them, what its own undecided statements make of them, and keys of the register. */
export class StateCache {
  readonly #parsed = new Map<string, { readonly text: string; readonly state: SubjectState }>()
  readonly #keys = new Map<string, KeyObject | undefined>()
  readonly #ahead = new Map<string, Ahead>()
  readonly applied: AppliedRows
  /** For whoever asks and does not judge a batch. */
  readonly committed: CommittedRows
  /** Of the register met last; more may have been added since. */
  knownKeys: PublicKeyOf = () => undefined

  constructor(private readonly limit = 250, rowsKept?: number) {
    this.applied = new AppliedRows(rowsKept)
    this.committed = new CommittedRows(limit)
  }

  aheadOf(subject: string): Ahead | undefined {
    return this.#ahead.get(subject)
  }

  keepAhead(subject: string, ahead: Ahead | undefined): void {
    this.#ahead.delete(subject)
    if (ahead) this.#ahead.set(subject, ahead)
    const [oldest] = this.#ahead.keys()
    if (this.#ahead.size > this.limit && oldest !== undefined) this.#ahead.delete(oldest)
  }

  parse(subject: string, text: string): SubjectState {
    const known = this.#parsed.get(subject)
    if (known?.text === text) return known.state
    const state = stateIn(text)
    this.keep(subject, text, state)
    return state
  }

  keep(subject: string, text: string, state: SubjectState): void {
    this.#parsed.delete(subject)
    this.#parsed.set(subject, { text, state })
    const [oldest] = this.#parsed.keys()
    if (this.#parsed.size > this.limit && oldest !== undefined) this.#parsed.delete(oldest)
  }

  /** Finds public keys in the register; a kid is the hash of its key, so a key object once made is right for ever. */
  keysOf(register: Register | undefined): PublicKeyOf {
    return (kid) => {
      const row = register && keyOf(register, kid)
      if (row && !this.#keys.has(kid)) this.#keys.set(kid, publicKeyOf(row.jwk))
      return row && this.#keys.get(kid)
    }
  }
}
