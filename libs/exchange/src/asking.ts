import type { Dossier, Register, TermKind } from '#libs/consignment'
import { corridorSubject, standsByCountry } from '#libs/consignment'
import { appendLeaf, frontierFromText, signReceipt, signCheckpoint } from '#libs/signature'
import { headOf } from './judging.js'
import { statesNow } from './preparing.js'
import type { StateCache } from './state-cache.js'
import type { Submission } from './outbox.js'
import type { Clock, Cursor, Entry, FeedEntry, FeedFilter, Ledger, SigningKey, Term, TreeHead } from './ports.js'

export interface AskingNode {
  readonly corridor: string
  readonly epoch: number
  readonly participant: string
  readonly key: SigningKey
  readonly ledger: Ledger
  readonly cache: StateCache
  readonly clock: Clock
  /** Where the node stands, without asking the database where this process applies. */
  cursorNow(): Promise<Cursor>
  /** Whether everything below `next` has been applied within the time. */
  hasApplied(next: number, waitMs: number, gone?: AbortSignal): Promise<boolean>
}

export interface Found {
  readonly dossier: Dossier
  /** The next page's `before`. */
  readonly opened: number
}

export interface KeptBlock {
  readonly name: string
  readonly for?: string
  readonly digest: string
  readonly issuer: string
  /** The statement that named it. */
  readonly event: string
  /** False once a later version of the note has another in its place. */
  readonly current: boolean
  /** Absent while the block is missing here. */
  readonly content?: Readonly<Record<string, unknown>>
}

/** A page of what this participant may see of the log. */
export interface FeedPage {
  readonly entries: readonly FeedEntry[]
  /** Everything visible up to and with this offset has been told; where nothing was to be told it is further on than the last entry. */
  readonly upTo: number
}

/** So many offsets are looked through for one page: a node that sees little of the log is to have its answer in bounded time, too. */
const feedWindow = 5_000

/** Questions a node answers from its own store. A consignment that is unknown and one the participant is no party to look the same: undefined. */
export class Asking {
  /** Checkpoints are public and asked for often: one signature a second is enough for all who ask. */
  #last: { readonly frontier: string; readonly second: number; readonly checkpoint: string | undefined } | undefined

  constructor(private readonly node: AskingNode) {}

  async register(): Promise<Register | undefined> {
    return (await statesNow(this.node.ledger, this.node.cache, [corridorSubject])).get(corridorSubject)?.register
  }

  async consignment(subject: string): Promise<Dossier | undefined> {
    const body = (await this.node.ledger.dossiers([subject])).get(subject)
    const dossier = body === undefined ? undefined : (JSON.parse(body) as Dossier) // written by us from a dossier
    return dossier && (await this.sees(dossier)) ? dossier : undefined
  }

  /** Consignments that have all terms and that this participant may see, those opened last first. */
  async search(asked: Readonly<Partial<Record<TermKind, readonly string[]>>>, before: number | undefined, limit: number): Promise<readonly Found[]> {
    const terms = Object.entries(asked).flatMap(([kind, values]) => values.map((value): Term => [kind, value]))
    const pages = await Promise.all((await this.visibility()).map((seen) => this.node.ledger.search([seen, ...terms], before, limit)))
    const rows = [...new Map(pages.flat().map((row) => [row.subject, row])).values()].sort((a, b) => b.opened - a.opened).slice(0, limit)
    return rows.map(({ body, opened }) => ({ dossier: JSON.parse(body) as Dossier, opened })) // written by us from a dossier
  }

  /** Entries on a consignment in the log's order; refused ones too, so that everybody sees what was tried. */
  async events(subject: string, after: number, limit: number): Promise<readonly Entry[] | undefined> {
    return (await this.consignment(subject)) ? this.node.ledger.entriesOf(subject, after, limit) : undefined
  }

  /** First offset this node has not applied. */
  async next(): Promise<number> {
    return (await this.node.ledger.cursor()).next
  }

  /**
   * The entries after an offset that this participant may see, in the log's order; each from the record on that made its consignment visible. Read
   * behind the commit of each batch it tells everything once: there is one applier, so commit order is offset order.
   */
  async feed(after: number, limit: number, filter: FeedFilter = {}): Promise<FeedPage> {
    const { ledger } = this.node
    const { next } = await ledger.cursor()
    const before = filter.subject === undefined ? Math.min(next, after + 1 + feedWindow) : next
    if (before <= after + 1) return { entries: [], upTo: after }
    const entries = await ledger.feed(await this.visibility(), { ...filter, after, before, limit })
    return { entries, upTo: entries.length < limit ? before - 1 : (entries.at(-1)?.offset ?? after) }
  }

  /** The signed statement, byte for byte as it was read from the log. */
  async event(subject: string, eventId: string): Promise<Entry | undefined> {
    const entry = (await this.consignment(subject)) ? await this.node.ledger.entry(eventId) : undefined
    return entry?.event?.subject === subject ? entry : undefined
  }

  /** The blocks of particulars this participant stated or may read, current ones first: with their content, or named as missing. */
  async particulars(subject: string): Promise<readonly KeptBlock[] | undefined> {
    const dossier = await this.consignment(subject)
    if (!dossier) return undefined
    const { participant, ledger } = this.node
    const own = dossier.blocks.filter(({ issuer, readers }) => issuer === participant || readers.includes(participant))
    const texts = await ledger.blocks(own.map(({ digest }) => digest))
    return [...own.filter(({ current }) => current), ...own.filter(({ current }) => !current)].map(({ readers: _readers, ...block }) => {
      const text = texts.get(block.digest)
      return text === undefined ? block : { ...block, content: contentOf(text) }
    })
  }

  submission(eventId: string): Promise<Submission | undefined> {
    return this.node.ledger.submission(eventId)
  }

  /**
   * A signed answer to "what became of this statement": its offset and verdict, and a tree it is in: the smallest whose head is kept. The answer to who
   * stated it names that of its batch, which may be larger.
   */
  async receipt(eventId: string): Promise<string | undefined> {
    const entry = await this.node.ledger.entry(eventId)
    const head = entry && (await this.node.ledger.headAfter(entry.offset))
    if (!entry || !head) return undefined
    return this.receiptOf({ eventId, ...entry }, head)
  }

  /** The same of what was decided in a tree with this head. */
  receiptOf(
    { eventId, offset, verdict, code }: Pick<Entry, 'offset' | 'verdict' | 'code'> & { readonly eventId: string }, { size, root }: Pick<TreeHead, 'size' | 'root'>,
  ): string {
    return signReceipt({ corridor: this.node.corridor, eventId, offset, verdict, ...(code !== null && { code }), size, root }, this.signer())
  }

  /** The signed head of this node's tree at a size it has applied, or at all it has applied. */
  async checkpoint(size?: number): Promise<string | undefined> {
    const { next, frontier } = await this.node.cursorNow()
    if (size !== undefined && size !== next) return this.#signed(await this.head(size))
    const second = this.signer().iat
    if (this.#last?.frontier !== frontier || this.#last.second !== second) {
      const tree = frontierFromText(frontier)
      this.#last = { frontier, second, checkpoint: this.#signed(tree && headOf(tree)) }
    }
    return this.#last.checkpoint
  }

  /** The signed head of all it has applied as soon as that has the record at this offset; undefined where it has not within the time. */
  async checkpointCovering(offset: number, waitMs: number, gone?: AbortSignal): Promise<string | undefined> {
    return (await this.node.hasApplied(offset + 1, waitMs, gone)) ? this.checkpoint() : undefined
  }

  #signed(head: TreeHead | undefined): string | undefined {
    return head && signCheckpoint({ corridor: this.node.corridor, epoch: this.node.epoch, size: head.size, root: head.root }, this.signer())
  }

  /** The tree's head at any size up to the cursor: from the nearest kept one and the leaves between. */
  async head(size?: number): Promise<TreeHead | undefined> {
    const { ledger } = this.node
    const cursor = await ledger.cursor()
    const wanted = size ?? cursor.next
    if (wanted > cursor.next) return undefined
    const kept = wanted === cursor.next ? cursor.frontier : (await ledger.headBelow(wanted))?.frontier
    let frontier = frontierFromText(kept ?? '0:')
    if (!frontier) return undefined
    if (frontier.size === wanted) return headOf(frontier)
    for (const leaf of await ledger.leaves(frontier.size, wanted)) frontier = appendLeaf(frontier, leaf)
    return headOf(frontier)
  }

  /** Leaves of the tree from one size to another, as far as they are there. */
  leaves(from: number, to: number): Promise<readonly Buffer[]> {
    return this.node.ledger.leaves(from, to)
  }

  private signer() {
    return { iat: Math.floor(this.node.clock.now() / 1_000), ...this.node.key }
  }

  private async sees({ note, parties }: Dossier): Promise<boolean> {
    return (await this.visibility()).some(([kind, value]) => (kind === 'route' ? note.countriesOnRoute : parties).includes(value))
  }

  /** Everybody sees what they are a party to by name, drawn in or not; customs also what crosses their country. */
  private async visibility(): Promise<readonly Term[]> {
    const { participant } = this.node
    const row = (await this.register())?.participants[participant]
    return [['party', participant], ...(row && standsByCountry(row) ? [['route', row.country] as const] : [])]
  }
}

function contentOf(text: string): Readonly<Record<string, unknown>> {
  const { salt: _salt, consignmentId: _consignment, ...content } = JSON.parse(text) as Record<string, unknown>
  return content
}
