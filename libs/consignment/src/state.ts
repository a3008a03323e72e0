import type { ParticipantAdmitted, PlaceRegistered, PublicJwk } from '#libs/documents'

/** What rules read of one subject, and nothing else: one row of canonical text. Everything is plain JSON, folded from effects. */
export interface SubjectState {
  /** Head of each chain (kid, this subject). */
  readonly heads: Readonly<Record<string, ChainHead>>
  readonly consignment?: Consignment
  readonly register?: Register
}

export interface ChainHead {
  readonly sequence: number
  readonly eventId: string
}

export interface Consignment {
  readonly issuer: string
  readonly version: { readonly number: number; readonly hash: string }
  readonly legs: readonly Leg[]
  readonly contracts: readonly Contract[]
  readonly consigneeSide: string
  readonly countries: readonly string[]
  /** Customs territories of all places on the route, border crossings included, sorted. */
  readonly territories: readonly string[]
  /** In the order of the note. */
  readonly items: readonly Item[]
  /** Open offers by event id. */
  readonly offers: Readonly<Record<string, Offer>>
  /** Customs decisions by event id; closed ones keep only authority and kind. */
  readonly decisions: Readonly<Record<string, Decision>>
  /** Acts of damage or loss by event id. */
  readonly acts: Readonly<Record<string, { readonly otherSide: readonly string[]; readonly open: boolean }>>
  /** Who has each block of particulars, by digest: whoever stated it, and its readers. */
  readonly blocks: Readonly<Record<string, readonly string[]>>
  /** Participants drawn in by an accepted statement, sorted. */
  readonly drawnIn: readonly string[]
  readonly closed?: true
}

/** Legs stand in order: leg k of the route is legs[k - 1]. Territories are those of the note's places when the version was judged. */
export interface Leg {
  readonly legId: string
  readonly carrier: string
  readonly from: { readonly placeId: string; readonly territory: string }
  readonly to: { readonly placeId: string; readonly territory: string }
  readonly departureHandlers: readonly string[]
  readonly arrivalHandlers: readonly string[]
  readonly contractId: string
}

export interface Contract {
  readonly contractId: string
  readonly carrier: string
  readonly accepted: boolean
}

export interface Item {
  readonly id: string
  readonly holder: string
  /** 2i at stop i, 2i − 1 on leg i, 2n + 1 delivered. */
  readonly stage: number
  /** Who gave it to the holder; absent while it is with the issuer of the note. */
  readonly takenFrom?: string | undefined
  /** The carrier for whom the holder took it over. */
  readonly heldFor?: string | undefined
  readonly offer?: string | undefined
  /** Contracts accepted for it. */
  readonly contracts: readonly string[]
  /** What the note leaves open that must be known before carriage is accepted. */
  readonly lacks: readonly string[]
  /** Figures that were reported since, sorted. */
  readonly reported: readonly string[]
}

export type Into = { readonly kind: 'leg'; readonly legId: string } | { readonly kind: 'stop'; readonly stop: number } | { readonly kind: 'delivery' }

export interface Offer {
  readonly from: string
  readonly to: string
  readonly into: Into
  readonly items: readonly string[]
  readonly liabilityPasses: boolean
  readonly takesOverFor?: string
  readonly delivers: readonly string[]
  readonly departed?: true
}

export interface Decision {
  readonly authority: string
  readonly kind: string
  readonly open: boolean
  /** Only of an open decision that blocks. */
  readonly hold?: Hold
}

export interface Hold {
  readonly territory: string
  readonly items: readonly string[]
  readonly permittedMoves: readonly { readonly to: string; readonly into: Into }[]
  readonly doNotLoad: boolean
}

export interface Register {
  readonly founded: { readonly eventId: string; readonly epoch: number }
  readonly rules: { readonly version: number; readonly digest: string }
  readonly participants: Readonly<Record<string, Participant>>
  readonly places: Readonly<Record<string, Place>>
  /** By RFC 7638 thumbprint. */
  readonly keys: Readonly<Record<string, Key>>
  readonly epochClosed?: true
}

export type Participant = Omit<ParticipantAdmitted, 'participant'> & { readonly suspended?: true }

export type Place = Omit<PlaceRegistered, 'placeId'>

export interface Key {
  readonly participant: string
  readonly use: 'signature' | 'encryption'
  readonly jwk: PublicJwk
  readonly since: number
  readonly retired?: number
  /** Statements by this key from that offset on are doubtful. */
  readonly compromisedFrom?: number
  readonly recovered?: true
}

export const emptySubject: SubjectState = { heads: {} }

export const authorityId = 'corridor-authority'
