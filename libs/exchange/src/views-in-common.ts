import { isSameList } from '#libs/consignment'
import type { AppliedDossier } from './applied-dossier.js'
import { LatelyMet } from './lately-met.js'

/** All that a dossier after a batch follows from. */
export interface FoldedFrom {
  readonly subject: string
  /** As it was before; of no parts before the first. */
  readonly former: Pick<AppliedDossier, 'parts'>
  /** Of the statements it is told, in their order: a leaf commits to a record's place and bytes, its verdict and its effects. */
  readonly leaves: readonly Buffer[]
  /** Of the state after them. */
  readonly parties: readonly string[]
  readonly isClosed: boolean
}

interface Folded {
  readonly from: FoldedFrom
  readonly applied: AppliedDossier
  /** How often it will be asked for, until all have it. */
  awaited: number
}

/** The nodes of a process are mostly a batch or two apart, under load some more. */
const keptEach = 8

/** Of all nodes together, some second or two of them at the log's end under load. */
const endsKept = 64

/**
 * What the nodes of a process show alike: what a statement makes of a dossier is found by the first of them that is told. Each judges for itself, and is given
 * what another has found only where it would find the same: it had the same dossier, has judged the same, and has the same parties. So that nodes which are
 * given the log in other batches come by the same dossiers all the same, each goes from one to the next where any of them has ended a batch.
 */
export class ViewsInCommon {
  readonly #folded: LatelyMet<readonly Folded[]>
  /** Where batches have ended lately, in the order in which they were begun. */
  readonly #ends = new Set<number>()

  /** @param nodes that have it in common, two at least */
  constructor(private readonly nodes: number, subjectsKept = 100) {
    this.#folded = new LatelyMet(subjectsKept)
  }

  /**
   * Told of each batch before it is judged.
   * @returns the offsets within it at which a batch of any node ended, ascending
   */
  endsWithin(from: number, next: number): readonly number[] {
    const within = [...this.#ends].filter((end) => end > from && end < next).sort((a, b) => a - b)
    this.#ends.add(next)
    for (const oldest of this.#ends) {
      if (this.#ends.size <= endsKept) break
      this.#ends.delete(oldest)
    }
    return within
  }

  /** It is forgotten once all have it: of a train there is a new one with every batch, and one that is kept for a second is moved and marked by the collector of garbage. */
  dossier(from: FoldedFrom): AppliedDossier | undefined {
    const kept = this.#folded.peek(from.subject) ?? []
    const found = kept.find((one) => isSame(one.from, from))
    if (!found) return undefined
    found.awaited -= 1
    if (found.awaited === 0) this.#folded.set(from.subject, kept.filter((one) => one !== found))
    return found.applied
  }

  /** @param applied whose dossier is changed no more */
  keep(from: FoldedFrom, applied: AppliedDossier): void {
    const { subject } = from
    this.#folded.set(subject, [{ from, applied, awaited: this.nodes - 1 }, ...(this.#folded.peek(subject) ?? [])].slice(0, keptEach))
  }
}

function isSame(a: FoldedFrom, b: FoldedFrom): boolean {
  return a.leaves.length === b.leaves.length && a.leaves.every((leaf, at) => b.leaves[at]?.equals(leaf)) && a.isClosed === b.isClosed
    && isSameList(a.parties, b.parties) && (a.former === b.former || isSameList(a.former.parts, b.former.parts))
}
