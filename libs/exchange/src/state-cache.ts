import type { KeyObject } from 'node:crypto'
import { emptySubject, keyOf, type Register, type SubjectState } from '#libs/consignment'
import { publicKeyOf, type PublicKeyOf } from '#libs/signature'
import { AppliedRows } from './applied-rows.js'
import { CommittedRows } from './committed-rows.js'
import { LatelyMet } from './lately-met.js'
import { stateWith, type StateMembers } from './state-members.js'

/** State of a subject after own statements that the log has not decided, and from which state and by which statements it was evolved. */
export interface Ahead {
  readonly from: SubjectState
  readonly eventIds: readonly string[]
  readonly state: SubjectState
}

/** What a node remembers of states: rows as it read, applied and committed them, what its own undecided statements make of them, and keys of the register. */
export class StateCache {
  readonly #met: LatelyMet<SubjectState>
  readonly #keys = new Map<string, KeyObject | undefined>()
  readonly #ahead: LatelyMet<Ahead>
  readonly applied: AppliedRows
  /** For whoever asks and does not judge a batch. */
  readonly committed: CommittedRows
  /** Of the register met last; more may have been added since. */
  knownKeys: PublicKeyOf = () => undefined

  constructor(limit = 250, rowsKept?: number) {
    this.#met = new LatelyMet(limit)
    this.#ahead = new LatelyMet(limit)
    this.applied = new AppliedRows(rowsKept)
    this.committed = new CommittedRows(limit)
  }

  aheadOf(subject: string): Ahead | undefined {
    return this.#ahead.peek(subject)
  }

  keepAhead(subject: string, ahead: Ahead | undefined): void {
    if (ahead) this.#ahead.set(subject, ahead)
    else this.#ahead.delete(subject)
  }

  /** The state of a row that has been read; only what it has not said before is parsed. */
  stateOf(subject: string, row: StateMembers): SubjectState {
    const state = stateWith(row, this.#met.peek(subject) ?? emptySubject)
    this.keep(subject, state)
    return state
  }

  keep(subject: string, state: SubjectState): void {
    this.#met.set(subject, state)
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
