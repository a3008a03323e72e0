import type { Envelope } from '#libs/documents'
import type { Effect } from './effects.js'
import type { Refusal } from './refusal.js'
import type { Register, SubjectState } from './state.js'

/** What judging a record needs besides the record: the state so far and look-ups into the log so far. No clock, no I/O. */
export interface Context {
  /** Event id of the founding statement this node was told to follow. */
  readonly corridor: string
  /** Undefined until the founding statement has been judged. */
  readonly register: Register | undefined
  /** State of the record's subject; for the register's own subject the row that holds the register. */
  readonly subject: SubjectState
  /** The event id that consumed a chain number, asked only for numbers up to the head. */
  consumedBy(kid: string, subject: string, sequence: number): string | undefined
  /** An accepted statement of the log so far, asked only for a correction. */
  accepted(eventId: string): AcceptedStatement | undefined
  /** Whether a JWK is, exactly written, a point on its curve: nobody can encrypt for one that is not. */
  isOnCurve(jwk: Register['keys'][string]['jwk']): boolean
  /** Whether a compact JWS proves, by the given key, possession of the key with this thumbprint for this use. */
  provesKey(proof: string, signer: Register['keys'][string]['jwk'], claim: KeyClaim): boolean
}

export interface AcceptedStatement {
  readonly subject: string
  readonly issuer: string
  readonly type: string
}

export interface KeyClaim {
  readonly corridor: string
  readonly participant: string
  readonly thumbprint: string
  readonly use: 'signature' | 'encryption'
}

/** Outcome of a rule: refused for a reason a person can read, or the effects of what is accepted. */
export type Ruling = { readonly refusal: Refusal } | { readonly effects: readonly Effect[] }

export interface Judgement {
  readonly verdict: 'accepted' | 'refused' | 'duplicate'
  /** A code of the judging order, with the rule's code after a colon: `RULE:NOT_HOLDER`. Null unless refused. */
  readonly code: string | null
  readonly effects: readonly Effect[]
  /** State of the subject after this record; the very same object when nothing changed. */
  readonly subject: SubjectState
  /** The statement as far as it is known to be its signer's: set once SIGNATURE has passed. */
  readonly event?: JudgedEvent
  readonly consumedSequence?: number
  readonly refusal?: Refusal
}

export interface JudgedEvent {
  readonly eventId: string
  readonly kid: string
  readonly envelope?: Envelope
}

