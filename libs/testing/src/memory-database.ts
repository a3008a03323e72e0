import {
  stateHashOf, type BlockNeed, type ChainHead, type Cursor, type DossierRow, type Entry, type KeptLink, type KeptPart, type NewCall, type OutboxStatement,
  type OutgoingBlock, type StateMembers, type TreeHead, type Verdict, type ViewFailure,
} from '#libs/exchange'
import { emptyFrontier, frontierToText } from '#libs/signature'

export interface OutboxRow extends OutboxStatement {
  readonly type: string
  readonly issuer: string
  readonly occurredAt: string
  state: 'new' | 'sent' | 'decided'
  sentAt?: number
  verdict?: Verdict
  code?: string | null
  offset?: number
}

/** What several memory ledgers share, as replicas of a node share one database. */
export interface MemoryDatabase {
  cursor: Cursor
  readonly entries: Map<number, Entry>
  /** `${kid} ${subject} ${sequence}` → event id. */
  readonly consumed: Map<string, string>
  readonly holes: Map<number, Buffer>
  readonly states: Map<string, StateMembers>
  readonly heads: Map<number, TreeHead>
  readonly dossiers: Map<string, DossierRow>
  readonly viewErrors: ViewFailure[]
  /** `${subject} ${digest}` → need. */
  readonly needs: Map<string, BlockNeed>
  readonly outbox: OutboxRow[]
  /** `${kid} ${subject}` → last allocated. */
  readonly chainHeads: Map<string, ChainHead>
  readonly idempotency: Map<string, { readonly bodyHash: string; readonly eventId: string }>
  readonly calls: Map<string, Omit<NewCall, 'parts'> & { readonly parts: KeptPart[] }>
  readonly blocks: Map<string, string>
  /** By the hash of their secret. */
  readonly links: Map<string, KeptLink>
  readonly outgoing: (OutgoingBlock & { isSent: boolean })[]
  particularsNext: number
  /** Submitters in flight by chain, and the keys they hold. */
  readonly locks: Map<string, Promise<unknown>>
  /** Ends the leader's lead as a dead connection would; undefined while nobody leads. */
  endLead: (() => void) | undefined
  readonly standbys: (() => void)[]
}

export function memoryDatabase(): MemoryDatabase {
  return {
    cursor: { next: 0, frontier: frontierToText(emptyFrontier) },
    entries: new Map(),
    consumed: new Map(),
    holes: new Map(),
    states: new Map(),
    heads: new Map(),
    dossiers: new Map(),
    viewErrors: [],
    needs: new Map(),
    outbox: [],
    chainHeads: new Map(),
    idempotency: new Map(),
    calls: new Map(),
    blocks: new Map(),
    links: new Map(),
    outgoing: [],
    particularsNext: 0,
    locks: new Map(),
    endLead: undefined,
    standbys: [],
  }
}

/** Hash of all states that stand in it, as the audit finds it in a database. */
export function stateHashIn({ states }: MemoryDatabase): string {
  const textOf = (members: StateMembers) => Object.entries(members).sort().map(([name, text]) => `"${name}":${text}`).join(',')
  return stateHashOf(new Map([...states].map(([subject, members]) => [subject, `{${textOf(members)}}`])))
}

export function forgetLog(database: MemoryDatabase): void {
  database.cursor = memoryDatabase().cursor
  const { entries, consumed, holes, states, heads, dossiers, needs } = database
  for (const derived of [entries, consumed, holes, states, heads, dossiers, needs]) derived.clear()
  database.viewErrors.length = 0
}

/** One holder of a name at a time, in the order of asking. */
export async function locked<T>(database: MemoryDatabase, name: string, work: () => Promise<T>): Promise<T> {
  const before = database.locks.get(name) ?? Promise.resolve()
  const result = before.then(work)
  database.locks.set(name, result.catch(() => undefined))
  return result
}
