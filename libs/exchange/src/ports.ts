import type { CallKeeping, PartKey } from './kept-call.js'
import type { LinkKeeping } from './kept-link.js'
import type { Allocation, ChainHead, IdempotencyKey, OutboxStatement, OutgoingBlock, RelayRow, Submission, SubmitOutcome } from './outbox.js'
import type { StateMembers } from './state-members.js'

/**
 * What the flows need from outside. Every port has one contract suite (`libs/testing`) that each implementation passes, the memory twin included.
 * Offsets are integers from 0; times are integer milliseconds since the epoch; `Digest`-like texts are base64url SHA-256.
 */

export type Verdict = 'accepted' | 'refused' | 'duplicate'

/** A judged record as the ledger keeps it. Chain columns stand only where a number was consumed. */
export interface Entry {
  readonly offset: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly appendTime: number
  readonly verdict: Verdict
  readonly code: string | null
  readonly leaf: Buffer
  /** Canonical text of the effects, '[]' unless accepted. */
  readonly effects: string
  /** Known once SIGNATURE has passed. What was refused before (an own retired key fails KEY) is known only by its bytes. */
  readonly event?: {
    readonly eventId: string
    readonly kid: string
    readonly issuer: string | null
    readonly subject: string | null
    readonly type: string | null
    readonly occurredAt: string | null
  } | undefined
  /** The chain number this record consumed, if it did. */
  readonly consumedSequence?: number | undefined
}

/** What a feed tells of an entry on a subject: all but the bytes. */
export type FeedEntry = Pick<Entry, 'offset' | 'appendTime' | 'verdict' | 'code' | 'effects'> & { readonly event: NonNullable<Entry['event']> & { readonly subject: string } }

/** What a feed is cut down to; several together must all hold. */
export interface FeedFilter {
  readonly subject?: string
  /** Subjects that have to do with this place, from the entry on that first names it: by their terms `placeSince`, an offset and the place. */
  readonly place?: string
  /** The same of a ship or train, or of its voyage or train index: `meansSince`. */
  readonly means?: string
}

/** Offsets `after` < offset < `before`, at most `limit` entries. */
export interface FeedRange extends FeedFilter {
  readonly after: number
  readonly before: number
  readonly limit: number
}

export interface Cursor {
  readonly next: number
  /** Text form of the tree's frontier (libs/signature). */
  readonly frontier: string
}

export interface TreeHead {
  readonly size: number
  readonly root: string
  /** Text form of the frontier at that size, so that the root of any later size needs only the leaves between. */
  readonly frontier: string
}

/** What one search term may be; `termsOf(dossier)` makes them, GET /v1/consignments asks by them. */
export type Term = readonly [kind: string, value: string]

export interface DossierRow {
  readonly subject: string
  /** JSON text of the dossier. */
  readonly body: string
  readonly terms: readonly Term[]
  /** Offset of the entry that opened the subject: the keyset. It never changes, so that no row moves while somebody turns pages. */
  readonly opened: number
}

/** A dossier to be written: what one statement changes of a train is a box or two of 91, so it is kept in parts. */
export interface DossierChange extends Omit<DossierRow, 'body'> {
  /** Offset of the last entry that touched it. */
  readonly lastOffset: number
  /** What makes its body (`bodyOfParts`). */
  readonly parts: readonly string[]
  /** Parts and terms that stand, known to whoever wrote them; a ledger that is not told looks for itself. */
  readonly former?: { readonly parts: readonly string[]; readonly terms: readonly Term[] }
}

export interface ViewFailure {
  readonly subject: string
  readonly offset: number
  readonly message: string
}

/** A block of particulars that an accepted statement names this node as reader of. */
export interface BlockNeed {
  readonly digest: string
  readonly subject: string
  readonly name: string
  readonly for: string | null
  readonly issuer: string
  readonly readers: readonly string[]
}

/** A subject's state as it is after a batch. */
export interface StateChange {
  readonly subject: string
  readonly members: StateMembers
  /**
   * As they stand in its row, where the applier knows: of these only what differs is written. A member that was there stays. Heads move with every
   * statement, most of the rest does not.
   */
  readonly former?: StateMembers
}

/** Everything one batch changes, written in one transaction. */
export interface AppliedBatch {
  readonly from: number
  readonly next: number
  readonly frontier: string
  readonly entries: readonly Entry[]
  readonly holes: readonly { readonly offset: number; readonly leaf: Buffer }[]
  readonly heads: readonly TreeHead[]
  readonly states: readonly StateChange[]
  readonly dossiers: readonly DossierChange[]
  readonly viewFailures: readonly ViewFailure[]
  readonly blocks: readonly BlockNeed[]
  /** Own signature keys: entries signed by them decide outbox rows. */
  readonly ownKids: readonly string[]
}

export interface ApplyOutcome {
  /** Outbox rows decided by this batch, those decided behind an ended chain included. */
  readonly decided: readonly DecidedSubmission[]
  /** Event ids signed by an own key that the outbox does not know: KEY_IN_USE_ELSEWHERE. */
  readonly foreign: readonly string[]
  /** View rows that failed under their savepoint (also kept in view_error). */
  readonly viewFailures: readonly ViewFailure[]
}

export interface DecidedSubmission {
  readonly eventId: string
  readonly verdict: Verdict
  readonly code: string | null
  readonly offset: number | null
}

/** A node's own store. All methods may throw transient errors (connection lost); nothing is half done then. */
export interface Ledger extends CallKeeping, LinkKeeping {
  /** Waits until this process is the only applier and relay of the database. `lost` resolves when it no longer is. */
  lead(): Promise<{ readonly lost: Promise<void>; release(): Promise<void> }>

  // the applier
  /** Where the next batch starts; {0, the empty tree's frontier} in a new database. */
  cursor(): Promise<Cursor>
  /** State rows of the subjects that have one. */
  states(subjects: readonly string[]): Promise<ReadonlyMap<string, StateMembers>>
  /** Event ids of consumed chain numbers, keyed `${kid} ${subject} ${sequence}`. */
  consumed(numbers: readonly { readonly kid: string; readonly subject: string; readonly sequence: number }[]): Promise<ReadonlyMap<string, string>>
  dossiers(subjects: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** One transaction; throws CursorMoved (code CURSOR_MOVED) and writes nothing when the cursor is not at `from`: a zombie is fenced off here. */
  apply(batch: AppliedBatch): Promise<ApplyOutcome>
  /** Forgets everything derived from the log (entries, states, views, cursor, heads), keeps outbox, idempotency, keys and particulars. */
  reset(): Promise<void>

  // submitting
  /**
   * Locks the chain (kid, subject), calls `decide` with its last allocated number, this database's undecided statements of the subject in order of
   * allocation and the cursor as it stood when they were read, and keeps what it returns in one transaction with the idempotency key. `decide` may
   * refuse; then nothing is kept. It may not ask for the cursor: a reset that waits for this transaction would make the answer wait for the reset.
   * It is called at most once and may read other things from this ledger meanwhile. The part of a call is locked instead of a key and keeps its event in the same
   * transaction; one that was refused before is a `conflict`.
   */
  submit<R>(
    chain: { readonly kid: string; readonly subject: string },
    once: IdempotencyKey | PartKey | undefined,
    decide: (head: ChainHead | undefined, undecided: readonly OutboxStatement[], cursor: Cursor) => Promise<Allocation | { readonly refusal: R }>,
  ): Promise<SubmitOutcome<R>>
  submission(eventId: string): Promise<Submission | undefined>

  // the relay
  /** Marks rows as sent, as far as they are still new, and answers the other new ones, by allocation, at most `maxBytes` of values (at least one row). */
  unsent(maxBytes: number, sent?: readonly string[]): Promise<readonly RelayRow[]>
  /** The particulars these statements need on the other topic, not yet sent. */
  unsentBlocks(eventIds: readonly string[]): Promise<readonly OutgoingBlock[]>
  /** By statement and digest: a grant sends the same digest again for another reader. */
  markBlocksSent(blocks: readonly Pick<OutgoingBlock, 'eventId' | 'digest'>[]): Promise<void>
  /** The same without looking. */
  markSent(eventIds: readonly string[]): Promise<void>
  /** Returns to `new` every undecided row of a chain that has a row sent more than `olderThanMs` ago. Returns how many. */
  resendOlderThan(olderThanMs: number): Promise<number>
  /** Whether the log shows statements by this key that the outbox does not know: another database signs with it, or this one is an old copy. */
  hasForeign(kid: string): Promise<boolean>
  /** Whether any statement of the outbox still waits for its decision. */
  hasUndecided(): Promise<boolean>

  // particulars
  particularsCursor(): Promise<number>
  /** Keeps decrypted blocks and moves the cursor, one transaction. */
  keepBlocks(next: number, blocks: readonly { readonly digest: string; readonly plaintext: string }[]): Promise<void>
  /** Plaintext of the blocks this node has. */
  blocks(digests: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Blocks of a consignment that name this node as reader. */
  blockNeeds(subject: string): Promise<readonly BlockNeed[]>
  /** Needed blocks without a valid plaintext here. */
  missingBlocks(subject?: string): Promise<readonly BlockNeed[]>

  // reading
  entryAt(offset: number): Promise<Entry | undefined>
  entry(eventId: string): Promise<Entry | undefined>
  /** Entries on a subject, oldest first, after an offset (keyset). */
  entriesOf(subject: string, after: number, limit: number): Promise<readonly Entry[]>
  /**
   * Entries on subjects whose dossier has one of these terms, in the order of the log. Where it has also a term ['since', `value offset`] of that
   * value, only from that offset on.
   */
  feed(seenBy: readonly Term[], range: FeedRange): Promise<readonly FeedEntry[]>
  /** The root signed for a size, where it was kept: batch ends and every multiple of 1,000. */
  headAt(size: number): Promise<TreeHead | undefined>
  /** The greatest kept head with at most this size. */
  headBelow(size: number): Promise<TreeHead | undefined>
  /** Leaves of the offsets from `from` to before `to`, holes included, in order. */
  leaves(from: number, to: number): Promise<readonly Buffer[]>
  /** The smallest kept head whose tree contains the offset. */
  headAfter(offset: number): Promise<TreeHead | undefined>
  /** Dossiers that have all terms, those opened last first, strictly older than `before` (`opened` of the last row of the page before). */
  search(terms: readonly Term[], before: number | undefined, limit: number): Promise<readonly DossierRow[]>
  close(): Promise<void>
}

export interface SigningKey {
  readonly kid: string
  readonly privateKey: import('node:crypto').KeyObject
}

export interface KeyStore {
  /** The node's one signature key; a key has one signer and one database. */
  signature(): SigningKey
  /** Private JWKs for decrypting, newest first. */
  encryption(): readonly { readonly kid: string; readonly privateJwk: Readonly<Record<string, unknown>> }[]
}

export interface Clock {
  now(): number
}
