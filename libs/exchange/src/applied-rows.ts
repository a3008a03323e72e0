import type { SubjectState } from '#libs/consignment'
import type { AppliedDossier } from './applied-dossier.js'
import { LatelyMet } from './lately-met.js'

/**
 * The rows this applier met last, by subject. They are what the database holds as long as the cursor stands where this applier left it: whoever applies
 * a batch moves the cursor in the same transaction. So a batch reads only the rows of subjects that were not met lately.
 */
export class AppliedRows {
  readonly #states: LatelyMet<SubjectState>
  readonly #dossiers: LatelyMet<AppliedDossier>
  #next = -1

  /** @param subjectsKept a dossier of 91 boxes takes some 300 KB of memory */
  constructor(subjectsKept = 100) {
    this.#states = new LatelyMet(subjectsKept)
    this.#dossiers = new LatelyMet(subjectsKept)
  }

  /** The rows as of a cursor; none when somebody else has moved it. */
  asOf(next: number): this {
    if (this.#next !== next) {
      this.#states.clear()
      this.#dossiers.clear()
      this.#next = next
    }
    return this
  }

  /** They may not be what the database holds. */
  forget(): void {
    this.asOf(-1)
  }

  state(subject: string): SubjectState | undefined {
    return this.#states.get(subject)
  }

  dossier(subject: string): AppliedDossier | undefined {
    return this.#dossiers.get(subject)
  }

  /** The rows as they will stand when the cursor has moved to `next`. */
  moved(next: number, states: ReadonlyMap<string, SubjectState>, dossiers: ReadonlyMap<string, AppliedDossier>): void {
    this.#next = next
    this.keepStates(states)
    for (const [subject, dossier] of dossiers) this.#dossiers.set(subject, dossier)
  }

  keepStates(states: ReadonlyMap<string, SubjectState>): void {
    for (const [subject, state] of states) this.#states.set(subject, state)
  }

  /** The database did not take this row. */
  forgetDossier(subject: string): void {
    this.#dossiers.delete(subject)
  }
}
