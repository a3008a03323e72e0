import { keyCounts, rulesDigest } from '#libs/consignment'
import { Answering, type SubmitRequest, type SubmitResult } from './answering.js'
import { Applier } from './applier.js'
import type { AppliedNews } from './applying.js'
import { Asking } from './asking.js'
import { Calls } from './calls.js'
import { proposeList, type ProposedPart } from './proposing.js'
import type { CallFault } from './call-parts.js'
import { ExchangeError, codeOf, type ExchangeCode } from './exchange-error.js'
import type { ExchangeParts, NodeStatus } from './exchange-parts.js'
import { followUntil, refuseRewoundLog, type Follow } from './following.js'
import { Peers } from './peers.js'
import { StateCache } from './state-cache.js'
import { keepReadableBlocks } from './reading-particulars.js'
import { Relay } from './relaying.js'
import { Upkeep } from './upkeep.js'
import { Waiting } from './waiting.js'
import { within } from './within.js'
import type { LinkKeeping } from './kept-link.js'
import type { LogBatch } from './log-port.js'
import type { Cursor } from './ports.js'

const dependencyMs = 2_000

/** One node's flows over its ports: follow and apply, submit and relay, ask and compare. Everything that decides is in the judge. */
export class Exchange {
  readonly asking: Asking
  /** The node's own links, of which no log knows. */
  readonly links: LinkKeeping
  readonly peers: Peers
  readonly #cache = new StateCache()
  readonly #waiting = new Waiting()
  readonly #answering: Answering
  readonly #applier: Applier
  readonly #upkeep: Upkeep
  /** Calls over many consignments. */
  readonly calls: Calls
  #relay: Relay | undefined
  #cursor: Cursor = { next: 0, frontier: '0:' }
  #endAtStart: number | undefined
  #leading = false
  #phase: { readonly code: ExchangeCode; readonly detail: string } | undefined = { code: 'STARTING', detail: 'the log has not been reached yet' }
  #signingStopped = false
  #stop: () => void = () => undefined
  #stopped = new Promise<void>((resolve) => (this.#stop = resolve))
  #restart: () => void = () => undefined
  #running: Promise<void> | undefined
  #resetWanted = false

  constructor(private readonly parts: ExchangeParts) {
    const { corridor, participant, ledger, keys, clock, random } = parts
    const shared = { corridor: corridor.id, epoch: corridor.epoch, participant, ledger, clock }
    this.links = ledger
    this.asking = new Asking({ ...shared, key: keys.signature(), cache: this.#cache, cursorNow: () => this.cursorNow(), hasApplied: (...asked) => this.#answering.hasApplied(...asked) })
    this.peers = new Peers({ ...shared, cache: this.#cache, keys, random, asking: this.asking, get: parts.peerGet, onAlarm: parts.onAlarm })
    this.#applier = new Applier({ corridor: corridor.id, participant, ownKids: [keys.signature().kid], views: parts.views }, ledger, this.#cache, parts.inspect)
    this.#answering = new Answering({
      corridor: corridor.id, participant, key: keys.signature(), ledger, cache: this.#cache, clock, random, events: parts.events, asking: this.asking, waiting: this.#waiting,
      newSubject: parts.newSubject, isLeading: () => this.#leading, cursorNow: () => this.cursorNow(), hindrance: () => this.hindranceToSigning(), onAllocated: (allocation) => this.#relay?.kept(allocation),
    })
    this.calls = new Calls({
      participant, ledger, clock, asking: this.asking, newId: parts.newSubject, hindrance: () => this.hindranceToSigning(), onTrouble: (error) => this.trouble(error),
      submit: (request) => this.submit(request), decision: (...asked) => this.decision(...asked),
      trial: (request) => this.#answering.trial(request), isUpToDate: (waitMs) => this.#answering.isUpToDate(waitMs),
    })
    this.#upkeep = new Upkeep({ peers: this.peers, calls: this.calls, applied: () => this.#cursor.next, onTrouble: (error) => this.trouble(error) })
  }

  /** A transfer list as it would be for a ship or train at a place. */
  proposeList(placeId: string, name: string): Promise<readonly ProposedPart[] | { readonly fault: CallFault }> {
    return proposeList({ participant: this.parts.participant, asking: this.asking }, placeId, name)
  }

  /** Becomes the applier when the database is free, and goes on until stop(). @param follow how the events topic is followed */
  start(follow: Follow = (from, reader) => this.parts.events.follow(from, reader)): void {
    this.#running = this.run(follow)
  }

  async stop(): Promise<void> {
    this.#phase = { code: 'STOPPED', detail: 'the node is shutting down' }
    this.#stop()
    this.#restart()
    await this.#running
    this.#waiting.end()
  }

  /** Drops what is derived from the log and applies the log again from its first record. Resolves when the state is dropped. */
  rebuild(): void {
    this.#resetWanted = true
    this.#endAtStart = undefined
    this.#phase = { code: 'REBUILDING', detail: 'the state is being rebuilt from the log' }
    this.#restart()
  }

  private async run(follow: Follow): Promise<void> {
    while (this.#phase?.code !== 'STOPPED') {
      try {
        const lead = await Promise.race([this.parts.ledger.lead(), this.#stopped])
        if (!lead) return
        let failed: Error | undefined
        let isLost = false
        void lead.lost.then(() => (isLost = true))
        try {
          // A rebuild keeps the lock: whoever stands by would go on from the state that is to be dropped.
          do failed = await this.lead(follow, lead.lost)
          while (this.#resetWanted && !isLost)
        } finally {
          this.#leading = false
          this.#cache.committed.forget()
          await lead.release()
        }
        if (failed) await this.failed(failed)
      } catch (error) {
        this.trouble(error)
        await this.pause(1_000)
      }
    }
  }

  /** Everything the one applier of a database does; resolves with the error that ended it, if it was one. */
  private async lead(follow: Follow, lost: Promise<void>): Promise<Error | undefined> {
    const { ledger, events, particulars, keys, random } = this.parts
    this.#cache.committed.forget()
    if (this.#resetWanted) await ledger.reset()
    this.#resetWanted = false
    this.#cursor = await ledger.cursor()
    this.#waiting.applied(this.#cursor, [])
    const rules = (await this.asking.register())?.rules
    if (rules && rules.digest !== rulesDigest()) return new ExchangeError('RULES_UNKNOWN', `rules ${rules.version} (${rules.digest}) are active; this build does not have them`)
    if (await ledger.hasForeign(keys.signature().kid)) this.stopSigning('statements that this database did not make')
    this.#leading = true
    const restarted = new Promise<void>((resolve) => (this.#restart = resolve))
    const until = Promise.race([lost, restarted, this.#stopped])
    const blocks = followUntil(until, Math.min(await ledger.particularsCursor(), await particulars.end()), {
      follow: (from, reader) => particulars.follow(from, reader), onAlarm: this.parts.onAlarm, onAttach: () => Promise.resolve(),
      onBatch: (batch) => keepReadableBlocks(ledger, keys, batch),
    }).then((error) => error && this.trouble(error))
    const upkeep = this.#upkeep.run(until)
    const relay = new Relay({ ledger, events, particulars, random, applied: () => this.#cursor.next, onTrouble: (error) => this.trouble(error) })
    this.#relay = relay
    relay.start()
    const outcome = await followUntil(until, this.#cursor.next, { follow, onAlarm: this.parts.onAlarm, onAttach: () => this.attach(), onBatch: (batch) => this.apply(batch), onComing: (batch) => this.#applier.coming(batch) })
    this.#restart()
    await Promise.all([relay.stop(), blocks, upkeep, this.#applier.end()])
    return outcome
  }

  private async attach(): Promise<void> {
    this.#applier.begin()
    await refuseRewoundLog(this.parts.events, this.parts.ledger, this.#cursor)
    this.#endAtStart ??= await this.parts.events.end()
  }

  private async apply(batch: LogBatch): Promise<void> {
    const news = await this.#applier.apply(this.#cursor, batch)
    this.#cursor = news.cursor
    this.tell(news)
    if (news.judged.unknownRules !== undefined) throw new ExchangeError('RULES_UNKNOWN', `rules ${news.judged.unknownRules} were activated at ${news.cursor.next - 1}; this build does not have them`)
  }

  private tell({ cursor, outcome, judged }: AppliedNews): void {
    this.#waiting.applied(cursor, outcome.decided)
    for (const { subject, offset, message } of outcome.viewFailures) this.parts.onAlarm('VIEW_FAILED', `${subject} at ${offset}: ${message}`)
    if (outcome.foreign.length > 0) this.stopSigning(outcome.foreign.join(' '))
    const { kid } = this.parts.keys.signature() // of another's chain nothing lies in this outbox
    if (judged.entries.some(({ code, event }) => code === 'EARLY' && event?.kid === kid)) this.#relay?.returned()
    this.parts.onApplied?.({ cursor, outcome, judged })
  }

  /** Whether this process applies the log, and not another replica of the node. */
  get isApplying(): boolean {
    return this.#leading
  }

  /** While it rebuilds, what a node would answer from its store is no answer. */
  get isRebuilding(): boolean {
    return this.#phase?.code === 'REBUILDING' && (this.#endAtStart === undefined || this.#cursor.next < this.#endAtStart)
  }

  /** A key has one signer and one database: signing goes on only with a new key. */
  private stopSigning(which: string): void {
    this.#signingStopped = true
    this.parts.onAlarm('KEY_IN_USE_ELSEWHERE', `the log has statements by this node's key that it did not make: ${which}`)
  }

  private async failed(error: Error): Promise<void> {
    const code = codeOf(error)
    if (code === 'CURSOR_MOVED') return // another applier took over; wait to lead again
    this.#phase = { code: (code ?? 'LOG_UNAVAILABLE') as ExchangeCode, detail: error.message } // following ends with coded errors only
    this.parts.onAlarm(code ?? 'LOG_UNAVAILABLE', error.message)
    await Promise.race([this.#stopped, new Promise<void>((resolve) => (this.#restart = resolve))])
  }

  private trouble(error: unknown): void {
    this.parts.onAlarm(codeOf(error) ?? 'TROUBLE', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  private pause(ms: number): Promise<void> {
    return Promise.race([this.#stopped, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())])
  }

  submit(request: SubmitRequest): Promise<SubmitResult> {
    return this.#answering.submit(request)
  }

  /** What became of an own statement, waiting for the log for at most so long. */
  decision(eventId: string, waitMs: number): Promise<SubmitResult> {
    return this.#answering.decision(eventId, waitMs)
  }

  /** An answer that nothing was found is final only when the log has been applied to the end seen at the request. */
  settled<T>(read: () => Promise<T | undefined>, waitMs: number): Promise<{ readonly found: T } | 'notFound' | 'behind'> {
    return this.#answering.settled(read, waitMs)
  }

  /** A dependency that is down only delays a statement; what forbids signing is the node's own state. */
  private async hindranceToSigning(): Promise<ExchangeCode | undefined> {
    if (!this.#leading && !this.#signingStopped && (await this.parts.ledger.hasForeign(this.parts.keys.signature().kid))) this.stopSigning('its applier found them')
    if (this.#signingStopped) return 'KEY_IN_USE_ELSEWHERE'
    return (await this.hindrance({ log: 'up', database: 'up' }, (await this.cursorNow()).next))?.code
  }

  private cursorNow(): Promise<Cursor> {
    return this.#leading ? Promise.resolve(this.#cursor) : this.parts.ledger.cursor()
  }

  /** Whether this node can be worked with, and if not what is in the way. */
  async status(): Promise<NodeStatus> {
    const [head, end] = await Promise.all([within(this.asking.head(), dependencyMs), within(this.parts.events.end(), dependencyMs)])
    const dependencies = { log: end === undefined ? 'down' : 'up', database: head === undefined ? 'down' : 'up' } as const
    const reason = await this.hindrance(dependencies, head?.size ?? 0)
    return { ready: reason === undefined, ...(reason && { reason: reason.code, detail: reason.detail }), isApplier: this.#leading, next: head?.size ?? 0, root: head?.root ?? '', dependencies }
  }

  private async hindrance(dependencies: NodeStatus['dependencies'], next: number): Promise<{ readonly code: ExchangeCode; readonly detail: string } | undefined> {
    if (!this.#leading && !this.#resetWanted) this.#endAtStart ??= await within(this.parts.events.end(), dependencyMs) // who stands by attaches to nothing
    if (this.#phase && this.#phase.code !== 'STARTING' && this.#phase.code !== 'REBUILDING') return this.#phase
    if (dependencies.database === 'down') return { code: 'DATABASE_UNAVAILABLE', detail: 'the database does not answer' }
    if (dependencies.log === 'down') return { code: 'LOG_UNAVAILABLE', detail: 'the log does not answer' }
    if (this.#endAtStart === undefined) return this.#phase ?? { code: 'STARTING', detail: 'the log has not been reached yet' }
    if (next < this.#endAtStart) return { code: this.#phase?.code === 'REBUILDING' ? 'REBUILDING' : 'CATCHING_UP', detail: `applied ${next} of ${this.#endAtStart} records` }
    this.#phase = undefined
    const register = await this.asking.register()
    if (!register) return { code: 'NOT_FOUNDED', detail: 'the log does not have the founding statement yet' }
    const { participant, keys } = this.parts
    if (register.participants[participant]?.suspended) return { code: 'PARTICIPANT_SUSPENDED', detail: `the authority has suspended ${participant}; its statements are refused until it is admitted again` }
    const { kid } = keys.signature()
    return keyCounts(register, kid) ? undefined : { code: 'KEY_NOT_ADMITTED', detail: `the register does not admit this node's key ${kid}` }
  }
}
