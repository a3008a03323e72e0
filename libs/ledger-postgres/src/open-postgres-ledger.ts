import type { Ledger } from '#libs/exchange'
import { applyBatch } from './apply.js'
import * as calls from './calls.js'
import { openDatabase } from './database.js'
import { feed } from './feed.js'
import { requireDurability } from './durability.js'
import { type Leadership, waitForLeadership } from './leadership.js'
import { pruneIdempotency } from './idempotency.js'
import { LedgerError } from './ledger-error.js'
import * as links from './links.js'
import { migrate, requireCurrentSchema } from './migrate.js'
import * as particulars from './particulars.js'
import * as reading from './reading.js'
import * as relay from './relay.js'
import { resetAsOwner } from './reset.js'
import { search } from './search.js'
import { submitQueue } from './submit-queue.js'
import { submitTo } from './submit.js'

export interface PostgresLedgerOptions {
  /** `postgres://…` of the role that serves: no DDL, no ownership, entries append-only. */
  readonly runtimeUrl: string
  /** Of the role that owns the schema. With it the ledger migrates when it opens and can be reset; without, both are somebody else's task. */
  readonly ownerUrl?: string
  /** Connections, two at least; default 10. Leadership takes one more. */
  readonly poolSize?: number
  /** What an operator should see: DATABASE_CONNECTION_LOST, PRUNING_FAILED, APPLIED_STEP_BY_STEP. */
  onAlarm?(code: string, detail: string): void
}

const pruneEveryMs = 6 * 3_600_000

/**
 * The port Ledger on one PostgreSQL database. Connections that die are replaced; meanwhile methods throw DATABASE_UNAVAILABLE (`retryable`).
 * @throws DATABASE_NOT_DURABLE, SCHEMA_NOT_CURRENT, DATABASE_UNAVAILABLE (`code`)
 */
export async function openPostgresLedger(options: PostgresLedgerOptions): Promise<Ledger> {
  const { runtimeUrl, ownerUrl, poolSize = 10, onAlarm = () => undefined } = options
  if (poolSize < 2) throw new RangeError('a ledger needs two connections at least: one submits, one reads')
  if (ownerUrl !== undefined) await migrate(ownerUrl, decodeURIComponent(new URL(runtimeUrl).username))
  const database = await openDatabase({ url: runtimeUrl, poolSize, onLost: (error) => onAlarm('DATABASE_CONNECTION_LOST', error.message) })
  try {
    await requireDurability(database)
    await requireCurrentSchema(database)
    await pruneIdempotency(database)
  } catch (error) {
    await database.close()
    throw error
  }

  const closing = new AbortController()
  const leads = new Set<Leadership>()
  const prune = () => void pruneIdempotency(database).catch((error: unknown) => onAlarm('PRUNING_FAILED', String(error)))
  const pruning = setInterval(prune, pruneEveryMs).unref()
  // Half of the connections, so that what `decide` reads, the applier and the queries always find one.
  const inTurn = submitQueue(Math.floor(poolSize / 2))

  return {
    async lead() {
      const lead = await waitForLeadership(runtimeUrl, closing.signal)
      leads.add(lead)
      void lead.lost.then(() => leads.delete(lead))
      return lead
    },
    cursor: () => reading.cursorOf(database),
    states: (subjects) => reading.states(database, subjects),
    consumed: (numbers) => reading.consumed(database, numbers),
    dossiers: (subjects) => reading.dossiers(database, subjects),
    apply: (batch) => applyBatch(database, batch, (code, detail) => onAlarm(code, detail)),
    async reset() {
      if (ownerUrl === undefined) throw new LedgerError('OWNER_REQUIRED', 'a rebuild removes entries, which only the owner may')
      await resetAsOwner(ownerUrl)
    },
    submit: (chain, once, decide) => inTurn(`${chain.kid} ${chain.subject}`, () => submitTo(database, chain, once, decide)),
    submission: (eventId) => reading.submission(database, eventId),
    callUnder: (idempotency) => calls.callUnder(database, idempotency),
    keepCall: (call, idempotency) => calls.keepCall(database, call, idempotency),
    refusePart: (part, refusal) => calls.refusePart(database, part, refusal),
    call: (callId) => calls.callOf(database, callId),
    openCalls: (limit) => calls.openCalls(database, limit),
    keepLink: (link) => links.keepLink(database, link),
    linksOf: (subject) => links.linksOf(database, subject),
    revokeLink: (link, revokedBy, now) => links.revokeLink(database, link, revokedBy, now),
    useLink: (secretHash, now) => links.useLink(database, secretHash, now),
    unsent: (maxBytes, sent = []) => relay.unsent(database, maxBytes, sent),
    unsentBlocks: (eventIds) => relay.unsentBlocks(database, eventIds),
    markBlocksSent: (blocks) => relay.markBlocksSent(database, blocks),
    markSent: (eventIds) => relay.markSent(database, eventIds),
    resendOlderThan: (olderThanMs) => relay.resendOlderThan(database, olderThanMs),
    hasForeign: (kid) => relay.hasForeign(database, kid),
    hasUndecided: () => relay.hasUndecided(database),
    particularsCursor: () => particulars.particularsCursor(database),
    keepBlocks: (next, blocks) => particulars.keepBlocks(database, next, blocks),
    blocks: (digests) => particulars.blocks(database, digests),
    blockNeeds: (subject) => particulars.blockNeeds(database, subject),
    missingBlocks: (subject) => particulars.missingBlocks(database, subject),
    entryAt: (offset) => reading.entryAt(database, offset),
    entry: (eventId) => reading.entryOfEvent(database, eventId),
    entriesOf: (subject, after, limit) => reading.entriesOf(database, subject, after, limit),
    feed: (seenBy, range) => feed(database, seenBy, range),
    headAt: (size) => reading.headAt(database, size),
    headBelow: (size) => reading.headBelow(database, size),
    leaves: (from, to) => reading.leaves(database, from, to),
    headAfter: (offset) => reading.headAfter(database, offset),
    search: (terms, before, limit) => search(database, terms, before, limit),
    async close() {
      closing.abort()
      clearInterval(pruning)
      await Promise.all([...leads].map((lead) => lead.release()))
      await database.close()
    },
  }
}
