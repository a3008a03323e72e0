import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BlockReference } from '#libs/documents'
import { corridorSubject, dossierIn, Drafts, evolveDossier, foldDossier, partiesOf, type Consignment, type Dossier, type Effect, type SubjectState, type Told } from '#libs/consignment'
import { AppliedDossier } from './applied-dossier.js'
import type { AppliedRows } from './applied-rows.js'
import type { JudgedRecord } from './judging.js'
import type { BlockNeed, DossierChange, Ledger, ViewFailure } from './ports.js'
import type { StateCache } from './state-cache.js'
import { toldBefore, toldOf } from './reading-entries.js'
import type { FoldedFrom, ViewsInCommon } from './views-in-common.js'

/** Dossiers written out at a stretch: what is shown of a train of 91 boxes is found in some 2 ms. */
const dossiersATurn = 8

/** A dossier that the batch tells of. */
interface Folding {
  /** What was written of it; undefined where only the ledger knows. */
  readonly standing: Pick<AppliedDossier, 'parts' | 'terms'> | undefined
  /** As the ledger has it, not read yet. */
  body: string | undefined
  dossier: Dossier | undefined
  /** As the nodes of the process had it in common last, or as it was before the batch. */
  former: Pick<AppliedDossier, 'parts'>
  /** Of what it was told since. */
  leaves: Buffer[]
  isCorrected: boolean
  drafts: Drafts
}

interface FoldedViews {
  readonly rows: readonly DossierChange[]
  readonly dossiers: ReadonlyMap<string, AppliedDossier>
  readonly failures: readonly ViewFailure[]
}

/**
 * Views are folded beside the judging, part by part of a batch; a view that cannot be folded is told and never holds back what has been judged. A correction
 * has its subject folded anew from everything that was accepted on it, at the end of the batch.
 */
export class Viewing {
  readonly #folding = new Map<string, Folding>()
  readonly #failures = new Map<string, ViewFailure>()
  readonly #applied: AppliedRows

  /**
   * @param ledger also answers of entries judged before in the batch
   * @param from where that begins
   * @param common where others in the process may have folded the same
   */
  constructor(private readonly ledger: Pick<Ledger, 'dossiers' | 'entriesOf'>, cache: StateCache, from: number, private readonly common?: ViewsInCommon) {
    this.#applied = cache.applied.asOf(from)
  }

  /**
   * @param states as they are after what was judged
   * @param isShared nodes of the process go on from here with the dossiers they have in common: at an end of a batch of any of them, and of this one
   */
  async fold(judged: readonly JudgedRecord[], states: ReadonlyMap<string, SubjectState>, isShared: boolean): Promise<void> {
    const touching = new Map<string, Told[]>()
    const tellings = judged.flatMap(toldOn)
    await this.meet([...new Set(tellings.map(({ told }) => told.subject))].filter((subject) => !this.#folding.has(subject)))
    for (const { told, leaf } of tellings) {
      const before = touching.get(told.subject)
      if (before) before.push(told)
      else touching.set(told.subject, [told])
      this.#folding.get(told.subject)?.leaves.push(leaf)
    }
    const common = isShared ? this.common : undefined
    const subjects = common ? [...this.#folding].filter(([, { leaves }]) => leaves.length > 0).map(([subject]) => subject) : touching.keys()
    for (const subject of subjects) {
      const told = touching.get(subject) ?? []
      const failure = this.#failures.get(subject)
      const offset = told.at(-1)?.offset ?? failure?.offset ?? this.#folding.get(subject)?.dossier?.lastOffset ?? -1
      try {
        if (failure) this.#failures.set(subject, { ...failure, offset })
        else this.foldOne(subject, told, states.get(subject)?.consignment, common)
      } catch (error) {
        this.fail(subject, offset, error)
      }
    }
  }

  /** As far as it is folded; undefined where the batch does not tell of it, or its view has failed. */
  dossier(subject: string): Dossier | undefined {
    return this.#failures.has(subject) ? undefined : this.#folding.get(subject)?.dossier
  }

  /** @param states as they are after the batch */
  async end(states: ReadonlyMap<string, SubjectState>): Promise<FoldedViews> {
    await this.foldCorrected(states)
    const rows: DossierChange[] = []
    const dossiers = new Map<string, AppliedDossier>()
    for (const [index, [subject, { standing, former }]] of [...this.#folding].entries()) {
      if (index > 0 && index % dossiersATurn === 0) await nextTurn()
      const dossier = this.dossier(subject)
      if (!dossier) continue
      try {
        const applied = former instanceof AppliedDossier && former.dossier === dossier ? former : new AppliedDossier(dossier)
        const { parts, terms } = applied
        rows.push({ subject, parts, terms, opened: dossier.opened.offset, lastOffset: dossier.lastOffset, ...(standing && { former: standing }) })
        dossiers.set(subject, applied)
      } catch (error) {
        this.fail(subject, dossier.lastOffset, error)
      }
    }
    return { rows, dossiers, failures: [...this.#failures.values()] }
  }

  private async meet(subjects: readonly string[]): Promise<void> {
    const unmet = subjects.filter((subject) => this.#applied.dossier(subject) === undefined)
    const bodies = unmet.length > 0 ? await this.ledger.dossiers(unmet) : new Map<string, string>()
    for (const subject of subjects) {
      const [former, body] = [this.#applied.dossier(subject), bodies.get(subject)]
      const standing = former ?? (body === undefined ? { parts: [], terms: [] } : undefined)
      this.#folding.set(subject, { standing, body, dossier: former?.dossier, former: standing ?? { parts: [body ?? ''] }, leaves: [], isCorrected: false, drafts: new Drafts() })
    }
  }

  private foldOne(subject: string, told: readonly Told[], state: Consignment | undefined, common: ViewsInCommon | undefined): void {
    const folding = this.#folding.get(subject)
    if (!folding) throw new Error('a dossier is folded that was not met')
    const { body, former, leaves } = folding
    folding.body = undefined
    folding.isCorrected ||= told.some(({ type }) => type === 'CorrectionFiled')
    const folded = () => evolveDossier(folding.dossier ?? (body === undefined ? undefined : dossierIn(body)), told, state, folding.drafts)
    if (!common || !state) {
      folding.dossier = folded()
      return
    }
    const applied = inCommon(common, { subject, former, leaves, parties: partiesOf(state), isClosed: state.closed === true }, folded)
    folding.dossier = applied?.dossier
    if (!applied) return
    folding.former = applied
    folding.leaves = []
    folding.drafts = new Drafts() // others have it, too
  }

  /** Once, however many corrections a batch has. That the history cannot be read is no fault of a view: the batch comes again. */
  private async foldCorrected(states: ReadonlyMap<string, SubjectState>): Promise<void> {
    for (const [subject, folding] of this.#folding) {
      const state = states.get(subject)?.consignment
      if (!folding.isCorrected || !state || this.#failures.has(subject)) continue
      const told = await toldBefore(this.ledger, subject, Number.MAX_SAFE_INTEGER)
      try {
        folding.dossier = foldDossier(told, state)
      } catch (error) {
        this.fail(subject, told.at(-1)?.offset ?? -1, error)
      }
    }
  }

  private fail(subject: string, offset: number, error: unknown): void {
    this.#failures.set(subject, { subject, offset, message: error instanceof Error ? error.message : String(error) })
  }
}

function toldOn({ entry: { offset, leaf }, judgement: { verdict, event, effects } }: JudgedRecord): readonly { readonly told: Told; readonly leaf: Buffer }[] {
  const envelope = verdict === 'accepted' ? event?.envelope : undefined
  return event && envelope && envelope.subject !== corridorSubject ? [{ told: toldOf(event.eventId, envelope, offset, effects), leaf }] : []
}

/** As another node of the process has folded it, or as we do. */
function inCommon(common: ViewsInCommon, from: FoldedFrom, folded: () => Dossier | undefined): AppliedDossier | undefined {
  const known = common.dossier(from)
  if (known) return known
  const dossier = folded()
  if (!dossier) return undefined
  const applied = new AppliedDossier(dossier)
  common.keep(from, applied)
  return applied
}

/** The blocks that an accepted statement names this node as reader of. */
export function blocksNeeded(participant: string, { judgement }: JudgedRecord, views: Pick<Viewing, 'dossier'>): readonly BlockNeed[] {
  const envelope = judgement.event?.envelope
  if (!envelope) return []
  const { subject, issuer } = envelope
  const need = ({ digest, name, readers, for: carrier }: BlockReference): BlockNeed => ({ digest, subject, name, for: carrier ?? null, issuer, readers })
  return judgement.effects.flatMap((effect): BlockNeed[] => {
    if (effect.effect === 'grant') return effect.reader === participant ? grantedBlock(effect, issuer, views.dossier(subject)).map(need) : []
    return blocksNamed(effect).filter(({ readers }) => readers.includes(participant)).map(need)
  })
}

function blocksNamed(effect: Effect): readonly BlockReference[] {
  if (effect.effect === 'version') return effect.note.particulars.blocks
  return effect.effect === 'blocks' ? effect.blocks : []
}

/** A grant names only the digest; what kind of block it is stands where the block was named. */
function grantedBlock({ digest, reader }: { readonly digest: string; readonly reader: string }, issuer: string, dossier: Dossier | undefined): readonly BlockReference[] {
  return [dossier?.blocks.find((one) => one.digest === digest) ?? { digest, name: 'authority', readers: [issuer, reader] }]
}
