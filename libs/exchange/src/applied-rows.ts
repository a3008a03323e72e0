import type { Dossier, SubjectState } from '#libs/consignment'

/** Trains of a week; a dossier of 91 boxes takes some 300 KB of memory. */
const subjectsKept = 250

/**
 * The rows this applier met last, by subject. They are what the database holds as long as the cursor stands where this applier left it: whoever applies
 * a batch moves the cursor in the same transaction. So a batch reads only the rows of subjects that were not met lately.
 */
export class AppliedRows {
  #next = -1
  readonly #states = new Map<string, SubjectState>()
  readonly #dossiers = new Map<string, Dossier>()

  /** The rows as of a cursor; none when somebody else has moved it. */
  asOf(next: number): this {
    if (this.#next !== next) {
      this.#states.clear()
      this.#dossiers.clear()
      this.#next = next
    }
    return this
  }

  state(subject: string): SubjectState | undefined {
    return met(this.#states, subject)
  }

  dossier(subject: string): Dossier | undefined {
    return met(this.#dossiers, subject)
  }

  /** After the commit that moved the cursor to `next`. */
  moved(next: number, states: ReadonlyMap<string, SubjectState>, dossiers: ReadonlyMap<string, Dossier>): void {
    this.#next = next
    this.keepStates(states)
    for (const [subject, dossier] of dossiers) keep(this.#dossiers, subject, dossier)
  }

  keepStates(states: ReadonlyMap<string, SubjectState>): void {
    for (const [subject, state] of states) keep(this.#states, subject, state)
  }

  /** The database did not take this row. */
  forgetDossier(subject: string): void {
    this.#dossiers.delete(subject)
  }
}

function met<T>(rows: Map<string, T>, subject: string): T | undefined {
  const row = rows.get(subject)
  if (row !== undefined) keep(rows, subject, row)
  return row
}

function keep<T>(rows: Map<string, T>, subject: string, row: T): void {
  rows.delete(subject)
  rows.set(subject, row)
  const [oldest] = rows.keys()
  if (rows.size > subjectsKept && oldest !== undefined) rows.delete(oldest)
}
