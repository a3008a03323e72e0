import type { SubjectState } from '#libs/consignment'
import { LatelyMet } from './lately-met.js'
import type { Cursor } from './ports.js'

/** States of some subjects, and the cursor at which they stand so. */
export interface Standing {
  readonly states: ReadonlyMap<string, SubjectState>
  readonly cursor: Cursor
}

/**
 * State rows as the applier of this process has committed them last, so that who asks it need not read them. A batch that it is writing just now may have
 * been committed already: who must not be behind the database compares cursors. After one that failed nobody knows what the rows hold: they are read.
 */
export class CommittedRows {
  readonly #states: LatelyMet<SubjectState>
  #cursor: Cursor | undefined

  constructor(subjectsKept: number) {
    this.#states = new LatelyMet(subjectsKept)
  }

  /** @param states of the subjects that the batch changed, and of others that it left as they are */
  committed(states: ReadonlyMap<string, SubjectState>, cursor: Cursor): void {
    for (const [subject, state] of states) this.#states.set(subject, state)
    this.#cursor = cursor
  }

  /** Somebody else may write, or has written. */
  forget(): void {
    this.#states.clear()
    this.#cursor = undefined
  }

  /** Undefined where any of them is to be read. */
  of(subjects: readonly string[]): Standing | undefined {
    if (!this.#cursor) return undefined
    const states = new Map<string, SubjectState>()
    for (const subject of subjects) {
      const state = this.#states.peek(subject)
      if (!state) return undefined
      states.set(subject, state)
    }
    return { states, cursor: this.#cursor }
  }
}
