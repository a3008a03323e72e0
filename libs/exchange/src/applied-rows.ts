import type { SubjectState } from '#libs/consignment'
import type { AppliedDossier } from './applied-dossier.js'

/**
 * The rows this applier met last, by subject. They are what the database holds as long as the cursor stands where this applier left it: whoever applies
 * a batch moves the cursor in the same transaction. So a batch reads only the rows of subjects that were not met lately.
 */
export class AppliedRows {
  #next = -1

  /** @param subjectsKept a dossier of 91 boxes takes some 300 KB of memory */
  constructor(private readonly subjectsKept = 100) {}
  readonly #states = new Map<string, SubjectState>()
  readonly #dossiers = new Map<string, AppliedDossier>()

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
    return this.#met(this.#states, subject)
  }

  dossier(subject: string): AppliedDossier | undefined {
    return this.#met(this.#dossiers, subject)
  }

  /** The rows as they will stand when the cursor has moved to `next`. */
  moved(next: number, states: ReadonlyMap<string, SubjectState>, dossiers: ReadonlyMap<string, AppliedDossier>): void {
    this.#next = next
    this.keepStates(states)
    for (const [subject, dossier] of dossiers) this.#keep(this.#dossiers, subject, dossier)
  }

  keepStates(states: ReadonlyMap<string, SubjectState>): void {
    for (const [subject, state] of states) this.#keep(this.#states, subject, state)
  }

  /** The database did not take this row. */
  forgetDossier(subject: string): void {
    this.#dossiers.delete(subject)
  }

  #met<T>(rows: Map<string, T>, subject: string): T | undefined {
    const row = rows.get(subject)
    if (row !== undefined) this.#keep(rows, subject, row)
    return row
  }

  #keep<T>(rows: Map<string, T>, subject: string, row: T): void {
    rows.delete(subject)
    rows.set(subject, row)
    const [oldest] = rows.keys()
    if (rows.size > this.subjectsKept && oldest !== undefined) rows.delete(oldest)
  }
}
