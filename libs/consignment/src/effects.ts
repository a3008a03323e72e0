import type { BlockReference, Code9013, ConsignmentNote, CustomsDecisionIssued, Reservation, Seal, SealsChanged, TransferList } from '#libs/documents'
import type { Into, Key, Participant, Place } from './state.js'

/**
 * What an accepted statement changes. State, views and feeds are folds of these; they are hashed into the leaf of the record and therefore normative
 * (`schemas/effects/v1.json`). Lists of items stand in the order of the statement, for `all` in the order of the note.
 */
export type Effect = ConsignmentEffect | RegisterEffect

export type ConsignmentEffect =
  | {
      readonly effect: 'version'
      readonly issuer: string
      readonly hash: string
      readonly note: ConsignmentNote
      /** Customs territory of each place on the route (ends of legs and contracts, border crossings), as the register had it. */
      readonly territories: Readonly<Record<string, string>>
    }
  | { readonly effect: 'closed'; readonly reason: 'cancelled' }
  | { readonly effect: 'drawnIn'; readonly participant: string }
  | { readonly effect: 'custody'; readonly items: readonly string[]; readonly holder: string; readonly stage: number; readonly by: 'issue' | 'answer' | 'vouched'; readonly heldFor?: string }
  | { readonly effect: 'liability'; readonly items: readonly string[]; readonly liable: string }
  | {
      readonly effect: 'offer'
      readonly offer: string
      readonly from: string
      readonly to: string
      readonly into: Into
      readonly items: readonly string[]
      readonly placeId: string
      readonly liabilityPasses: boolean
      readonly takesOverFor?: string
      readonly delivers: readonly string[]
      readonly deviates: boolean
      readonly transferList?: TransferList
    }
  | { readonly effect: 'offerClosed'; readonly offer: string; readonly by: 'answer' | 'withdrawal' }
  | { readonly effect: 'departed'; readonly offer: string }
  | { readonly effect: 'outcome'; readonly offer: string; readonly outcome: string; readonly items: readonly string[] }
  | { readonly effect: 'reservation'; readonly items: readonly string[]; readonly reservations: readonly Reservation[] }
  | { readonly effect: 'agreed'; readonly contractId: string; readonly legIds: readonly string[]; readonly carrier: string }
  | { readonly effect: 'contract'; readonly contractId: string; readonly items: readonly string[]; readonly carrierAssignedId: string; readonly acceptedAt: string; readonly placeId: string }
  | { readonly effect: 'contractDelivered'; readonly contractId: string; readonly items: readonly string[] }
  | { readonly effect: 'means'; readonly legId: string; readonly typeCode: string; readonly id: string; readonly journeyId: string; readonly items: readonly string[] }
  | { readonly effect: 'carriedBy'; readonly loads: readonly { readonly item: string; readonly unit: string | null }[] }
  | { readonly effect: 'figures'; readonly figures: readonly Figures[] }
  | { readonly effect: 'seals'; readonly changes: readonly SealChange[] }
  | {
      readonly effect: 'position'
      readonly items: readonly string[]
      readonly statusCode: Code9013
      readonly placeId: string
      readonly kind: 'planned' | 'estimated' | 'actual'
      readonly at: string
      readonly means?: string
      readonly journeyId?: string
      readonly reasonCode?: string
      readonly actionBy?: string
    }
  | { readonly effect: 'breach'; readonly inBreachOf: readonly string[]; readonly items: readonly string[] }
  | { readonly effect: 'declaration'; readonly country: string; readonly procedureTypeCode: string; readonly references: readonly { readonly code: string; readonly id: string }[]; readonly items: readonly string[] }
  | {
      readonly effect: 'decision'
      readonly decision: string
      readonly authority: string
      readonly territory: string
      readonly kind: CustomsDecisionIssued['kind']
      readonly items: readonly string[]
      readonly blocks: boolean
      readonly permittedMoves: readonly { readonly to: string; readonly into: Into }[]
      readonly doNotLoad: boolean
      readonly mrn?: string
      readonly timeLimit?: string
      readonly addressee?: string
    }
  | { readonly effect: 'decisionClosed'; readonly decision: string; readonly by: 'lifted' | 'withdrawn'; readonly items: readonly string[] }
  | { readonly effect: 'remark'; readonly code: string; readonly items: readonly string[] }
  | { readonly effect: 'act'; readonly act: string; readonly actTypeCode: string; readonly number: string; readonly drawnBy: string; readonly otherSide: readonly string[]; readonly items: readonly string[] }
  | { readonly effect: 'actAnswered'; readonly act: string; readonly answer: 'accepted' | 'disputed' }
  | { readonly effect: 'correction'; readonly corrects: string }
  | { readonly effect: 'blocks'; readonly holder: string; readonly blocks: readonly BlockReference[] }
  | { readonly effect: 'grant'; readonly digest: string; readonly reader: string }

export interface Figures {
  readonly item: string
  readonly packageQuantity?: number
  readonly grossMassKg?: number
  readonly verifiedGrossMassKg?: number
}

export interface SealChange {
  readonly item: string
  readonly act: SealsChanged['changes'][number]['act']
  readonly oldSealId?: string
  readonly seal?: Seal
}

export type RegisterEffect =
  | { readonly effect: 'founded'; readonly corridor: string; readonly epoch: number }
  | { readonly effect: 'participant'; readonly participant: string; readonly row: Participant }
  | { readonly effect: 'suspended'; readonly participant: string }
  | { readonly effect: 'place'; readonly placeId: string; readonly row: Place }
  | { readonly effect: 'key'; readonly kid: string; readonly row: Key }
  | { readonly effect: 'keyRetired'; readonly kid: string; readonly from: number }
  | { readonly effect: 'keyCompromised'; readonly kid: string; readonly from: number; readonly since: number }
  | { readonly effect: 'rules'; readonly version: number; readonly digest: string }
  | { readonly effect: 'epochClosed'; readonly epoch: number; readonly size: number; readonly root: string }
