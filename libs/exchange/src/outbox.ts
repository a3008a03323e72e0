import type { Verdict } from './ports.js'

/** A node's own statements, from the command to what the log decided. */

export interface Submission {
  readonly eventId: string
  readonly subject: string
  readonly type: string
  readonly state: 'new' | 'sent' | 'decided'
  readonly verdict?: Verdict
  readonly code?: string
  readonly offset?: number
}

export interface OutboxStatement {
  readonly eventId: string
  readonly kid: string
  readonly subject: string
  readonly sequence: number
  readonly value: string
}

/** A signed statement ready to be kept, with what must travel beside it. */
export interface Allocation {
  readonly statement: OutboxStatement
  readonly type: string
  readonly issuer: string
  readonly occurredAt: string
  /** `jwe` is null where no reader has an encryption key yet: then nothing is sent, and its readers ask for the block later. */
  readonly blocks: readonly { readonly digest: string; readonly plaintext: string; readonly jwe: string | null }[]
}

export interface IdempotencyKey {
  readonly organisation: string
  readonly key: string
  readonly bodyHash: string
}

export type SubmitOutcome<R> =
  | { readonly kind: 'allocated'; readonly eventId: string }
  | { readonly kind: 'repeated'; readonly eventId: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly refusal: R }

export interface ChainHead {
  readonly sequence: number
  readonly eventId: string
}

export interface RelayRow extends OutboxStatement {
  readonly type: string
  readonly issuer: string
  readonly occurredAt: string
  readonly hasUnsentBlocks: boolean
}

export interface OutgoingBlock {
  readonly eventId: string
  readonly digest: string
  readonly jwe: string
}
