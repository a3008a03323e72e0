import type {
  BlockReference, ConsignmentNote, CustomsDecisionIssued, PaperEvidence, Reservation, Seal, StatementData, StatementType, TenderedItem, Text, TransferList,
} from '#libs/documents'
import type { ChangeItem, Drafts } from './drafts.js'
import type { SeenSince } from './dossier-seers.js'
import type { Named } from './dossier-named.js'
import type { Figures } from './effects.js'
import type { Into } from './state.js'

/** What a person wants to know of a consignment: the view, folded from the same effects as the state. Nothing here is ever judged. */
export interface Dossier {
  readonly subject: string
  readonly status: 'open' | 'delivered' | 'cancelled'
  readonly issuer: string
  readonly version: { readonly number: number; readonly hash: string }
  readonly note: ConsignmentNote
  /** Customs territory of each place on the route, as the register had it when the version was judged. */
  readonly territories: Readonly<Record<string, string>>
  /** Participants who may see it by name; customs see it by the countries of the route, too. */
  readonly parties: readonly string[]
  readonly seenSince?: SeenSince
  readonly named?: Named
  readonly items: readonly DossierItem[]
  readonly contracts: readonly DossierContract[]
  readonly means: readonly DossierMeans[]
  readonly offers: readonly DossierOffer[]
  readonly decisions: readonly DossierDecision[]
  readonly declarations: readonly (Origin & {
    readonly country: string; readonly procedureTypeCode: string; readonly references: readonly { readonly code: string; readonly id: string }[]; readonly items: number
  })[]
  readonly acts: readonly DossierAct[]
  readonly remarks: readonly (Origin & { readonly code: string; readonly text?: Text; readonly items: readonly string[] })[]
  /** Reported facts that contradict a hold. */
  readonly breaches: readonly (Origin & { readonly inBreachOf: readonly string[]; readonly items: readonly string[] })[]
  readonly corrections: readonly { readonly event: string; readonly corrects: string; readonly by: string; readonly reason?: Text }[]
  /** Every block of particulars that a statement named. */
  readonly blocks: readonly DossierBlock[]
  readonly transferLists: readonly string[]
  /** Boxes that a receiver saw and that no list had, until it corrects the answer that says so. */
  readonly surplus: readonly (Since & { readonly by: string; readonly equipmentId?: string; readonly marks?: string })[]
  readonly opened: Since
  readonly cancelled?: Since
  readonly lastOffset: number
}

/** When something began: its place in the log, and the time its statement gives. */
export interface Stated {
  readonly offset: number
  readonly occurredAt: string
}

export interface Since extends Stated {
  readonly event: string
}

/** The statement a row was told by, and the one that corrected it: the row shows the right data. */
export interface Origin {
  readonly event: string
  readonly by: string
  readonly correctedBy?: string | undefined
}

export interface DossierItem {
  readonly id: string
  readonly holder: string
  readonly stage: number
  readonly custodyEvent: string
  readonly custodySince: Stated
  readonly heldFor?: string | undefined
  readonly liable?: string | undefined
  /** Of the last handoff: one side alone vouched for it, with this paper. */
  readonly vouched?: true | undefined
  readonly evidence?: PaperEvidence | undefined
  /** Of the last handoff: it left the route of the note, for this reason. */
  readonly deviated?: true | undefined
  readonly deviationReason?: Text | undefined
  readonly offer?: string | undefined
  readonly lastOutcome?: string | undefined
  /** The answer that did not find it, until it is handed over or reported to be somewhere else. */
  readonly missing?: Since & { readonly offer: string; readonly placeId: string } | undefined
  readonly carriedBy?: string | undefined
  /** Every unit that ever carried it, oldest first. */
  readonly carriedByHistory: readonly string[]
  readonly contracts: readonly string[]
  readonly seals: readonly Seal[]
  readonly holds: readonly { readonly decision: string; readonly authority: string; readonly kind: string }[]
  readonly reservations: readonly (Reservation & Origin)[]
  readonly figures: Omit<Figures, 'item'>
  /** Where it last was, by handoff or by an actual report, whichever is later. */
  readonly place?: Place | undefined
  /** The latest actual report. */
  readonly position?: Position | undefined
  /** The latest estimated or planned report that no actual one has overtaken. */
  readonly expected?: Position | undefined
}

export interface Place {
  readonly placeId: string
  readonly at: string
  readonly event: string
  readonly by: string
}

export interface Position extends Origin {
  readonly offset: number
  readonly statusCode: string
  readonly placeId: string
  readonly kind: 'planned' | 'estimated' | 'actual'
  readonly at: string
  readonly means?: string | undefined
  readonly journeyId?: string | undefined
  readonly reasonCode?: string | undefined
  readonly actionBy?: string | undefined
}

export interface DossierContract {
  readonly contractId: string
  readonly regime: string
  readonly carrier: string
  readonly agreedBy: readonly string[]
  readonly accepted: readonly {
    readonly event: string; readonly carrierAssignedId: string; readonly acceptedAt: string; readonly placeId: string; readonly items: number
  }[]
  readonly delivered: number
}

/** A ship or train named for a leg, and the items it is to take. */
export interface DossierMeans extends Since {
  readonly legId: string
  readonly by: string
  readonly typeCode: string
  readonly id: string
  readonly name?: string
  readonly journeyId: string
  readonly items: number
  readonly itemIds: readonly string[]
  /** What it was said to leave behind. */
  readonly leftIds: readonly string[]
  readonly scheduledDeparture?: string
  readonly scheduledArrival?: string
}

/** What the receiver signs for. */
export interface DossierOffer extends Stated {
  readonly offer: string
  readonly from: string
  /** Whose signature it waits for. */
  readonly to: string
  readonly into: Into
  readonly items: readonly string[]
  /** Per item the seals and figures tendered; what the offer does not state is what was last known when it was made. */
  readonly tendered: readonly TenderedItem[]
  readonly placeId: string
  readonly presentedAt: string
  readonly liabilityPasses: boolean
  readonly takesOverFor?: string
  readonly delivers: readonly string[]
  readonly deviationReason?: Text
  readonly transferList?: TransferList
}

export interface DossierDecision extends Stated {
  readonly decision: string
  readonly authority: string
  readonly territory: string
  readonly kind: CustomsDecisionIssued['kind']
  readonly customsOfficePlaceId: string
  readonly items: CustomsDecisionIssued['items']
  /** It holds goods or waits for an answer. */
  readonly open: boolean
  /** Of one that holds: what it has not let go yet. */
  readonly itemsLeft?: readonly string[]
  readonly permittedMoves?: readonly { readonly to: string; readonly into: Into }[]
  readonly doNotLoad?: true
  readonly result?: string
  readonly mrn?: string
  readonly timeLimit?: string
  readonly addressee?: string
  readonly respondBy?: string
  /** The addressee's declaration after documents were wanted. */
  readonly answer?: string
  readonly closedBy?: 'lifted' | 'withdrawn'
}

export interface DossierAct extends Origin, Stated {
  readonly act: string
  readonly actTypeCode: string
  readonly number: string
  readonly drawnBy: string
  /** Who may answer it. */
  readonly otherSide: readonly string[]
  readonly items: readonly string[]
  readonly answer?: string
}

export interface DossierBlock extends BlockReference {
  readonly issuer: string
  readonly event: string
  /** False once a later version of the note has another in its place. */
  readonly current: boolean
}

/** The statement that effects come from. Views may read its data, which state never does. */
export interface Source {
  readonly event: string
  readonly subject: string
  readonly offset: number
  readonly occurredAt: string
  readonly by: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly correctedBy?: string
}

export function originOf({ event, by, correctedBy }: Source): Origin {
  return { event, by, ...(correctedBy !== undefined && { correctedBy }) }
}

export function statedOf({ offset, occurredAt }: Source): Stated {
  return { offset, occurredAt }
}

export function sinceOf({ event, offset, occurredAt }: Source): Since {
  return { event, offset, occurredAt }
}

/** The data of a source of this type. */
export function dataOf<T extends StatementType>({ type, data }: Source, of: T): StatementData[T] | undefined {
  return type === of ? (data as unknown as StatementData[T]) : undefined // only what was accepted is folded, so its schema has been judged
}

/** A dossier with the items that are named changed. */
export function withItems(dossier: Dossier, ids: readonly string[], drafts: Drafts, change: ChangeItem): Dossier {
  const items = drafts.changed(dossier.items, ids, change)
  return items === dossier.items ? dossier : { ...dossier, items }
}

export function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
