import { isSameList } from '#libs/consignment'
import type { AppliedDossier } from './applied-dossier.js'
import { LatelyMet } from './lately-met.js'

/** All that a dossier after a batch follows from. */
export interface FoldedFrom {
  readonly subject: string
  /** Its texts before; none before the first. */
  readonly former: readonly string[]
  /** Of the statements it is told, in their order: a leaf commits to a record's place and bytes, its verdict and its effects. */
  readonly leaves: readonly Buffer[]
  /** Of the state after them. */
  readonly parties: readonly string[]
  readonly isClosed: boolean
}

interface Folded {
  readonly from: FoldedFrom
  readonly applied: AppliedDossier
}

/** The nodes of a process are mostly a batch or two apart. */
const keptEach = 4

/**
 * What the nodes of a process show alike: what a statement makes of a dossier is found by the first of them that is told. Each judges for itself, and is given
 * what another has found only where it would find the same: it had the same dossier, has judged the same, and has the same parties.
 */
export class ViewsInCommon {
  readonly #folded: LatelyMet<readonly Folded[]>

  constructor(subjectsKept = 100) {
    this.#folded = new LatelyMet(subjectsKept)
  }

  dossier(from: FoldedFrom): AppliedDossier | undefined {
    return this.#folded.peek(from.subject)?.find((one) => isSame(one.from, from))?.applied
  }

  /** @param applied whose dossier is changed no more */
  keep(from: FoldedFrom, applied: AppliedDossier): void {
    const { subject } = from
    this.#folded.set(subject, [{ from, applied }, ...(this.#folded.peek(subject) ?? [])].slice(0, keptEach))
  }
}

function isSame(a: FoldedFrom, b: FoldedFrom): boolean {
  return a.leaves.length === b.leaves.length && a.leaves.every((leaf, at) => b.leaves[at]?.equals(leaf)) && a.isClosed === b.isClosed
    && isSameList(a.parties, b.parties) && isSameList(a.former, b.former)
}
