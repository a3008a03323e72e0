import type { IdempotencyKey } from './outbox.js'

/** Of a part of a kept call: a part has one outcome, however often and by whomever it is submitted. */
export interface PartKey {
  readonly callId: string
  readonly part: number
}

/** A call over many consignments, kept whole before the first of its parts is signed, so that whoever leads the database can finish it. */
export interface NewCall {
  readonly callId: string
  readonly kind: string
  /** JSON text of what the call said beside its parts. */
  readonly facts: string
  readonly madeAt: number
  readonly parts: readonly {
    readonly subject: string
    /** JSON text of the statement to be made. */
    readonly request: string
  }[]
}

export interface KeptPart {
  /** From 1. */
  readonly part: number
  readonly subject: string
  readonly request: string
  /** Signed: what became of it stands at the submission. */
  readonly eventId?: string
  /** Not to be signed, as JSON text why; a part without either is open. */
  readonly refusal?: string
}

export interface KeptCall extends Omit<NewCall, 'parts'> {
  readonly parts: readonly KeptPart[]
}

/** What a ledger does for calls over many consignments. */
export interface CallKeeping {
  /** The call kept under a key, without keeping one. */
  callUnder(idempotency: IdempotencyKey): Promise<{ readonly callId: string } | 'conflict' | undefined>
  /** Keeps a call with all its parts in one transaction with the key; a key that came before keeps nothing. */
  keepCall(call: NewCall, idempotency: IdempotencyKey | undefined): Promise<{ readonly kind: 'kept' | 'repeated'; readonly callId: string } | { readonly kind: 'conflict' }>
  /** Closes an open part without a statement; false when it had an outcome already, which stays. */
  refusePart(part: PartKey, refusal: string): Promise<boolean>
  call(callId: string): Promise<KeptCall | undefined>
  /** Calls that have open parts, oldest first. */
  openCalls(limit: number): Promise<readonly string[]>
}
