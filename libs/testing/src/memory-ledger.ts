import type { Allocation, ChainHead, Cursor, FeedEntry, IdempotencyKey, Ledger, OutboxStatement, PartKey, SubmitOutcome } from '#libs/exchange'
import { applyInMemory, chainOf, undecided } from './memory-apply.js'
import { callKeeping, keepEvent, lockOf, outcomeBefore } from './memory-calls.js'
import { linkKeeping } from './memory-links.js'
import { forgetLog, locked, memoryDatabase, type MemoryDatabase } from './memory-database.js'

/** The memory twin of the port Ledger. @param database shared by the ledgers that stand for replicas of one node */
export function openMemoryLedger(database: MemoryDatabase = memoryDatabase()): Ledger {
  return { ...applier(database), ...submitting(database), ...callKeeping(database), ...linkKeeping(database), ...relay(database), ...particulars(database), ...reading(database), close: () => Promise.resolve() }
}

function applier(database: MemoryDatabase) {
  return {
    async lead() {
      while (database.endLead !== undefined) await new Promise<void>((free) => database.standbys.push(free))
      let end = (): void => undefined
      const lost = new Promise<void>((gone) => {
        end = () => {
          if (database.endLead === end) database.endLead = undefined
          gone()
          database.standbys.shift()?.()
        }
      })
      database.endLead = end
      return { lost, release: async () => end() }
    },
    cursor: async () => database.cursor,
    states: async (subjects) => picked(database.states, subjects),
    consumed: async (numbers) => picked(database.consumed, numbers.map(({ kid, subject, sequence }) => `${kid} ${subject} ${sequence}`)),
    dossiers: async (subjects) => new Map([...picked(database.dossiers, subjects)].map(([subject, { body }]) => [subject, body])),
    apply: (batch) => applyInMemory(database, batch),
    reset: async () => forgetLog(database),
  } satisfies Partial<Ledger>
}

function submitting(database: MemoryDatabase) {
  return {
    submit<R>(
      chain: { readonly kid: string; readonly subject: string },
      once: IdempotencyKey | PartKey | undefined,
      decide: (head: ChainHead | undefined, undecided: readonly OutboxStatement[], cursor: Cursor) => Promise<Allocation | { readonly refusal: R }>,
    ): Promise<SubmitOutcome<R>> {
      const key = once === undefined ? undefined : lockOf(once)
      const allocate = async (): Promise<SubmitOutcome<R>> => {
        const before = once === undefined ? undefined : outcomeBefore(database, once)
        if (before !== undefined) return before
        const waiting = undecided(database).filter(({ subject }) => subject === chain.subject)
        const statements = waiting.map(({ eventId, kid, subject, sequence, value }) => ({ eventId, kid, subject, sequence, value }))
        const decision = await decide(database.chainHeads.get(chainOf(chain)), statements, database.cursor)
        if ('refusal' in decision) return { kind: 'refused', refusal: decision.refusal }
        keep(database, chain, decision)
        const { eventId } = decision.statement
        if (once !== undefined) keepEvent(database, once, eventId)
        return { kind: 'allocated', eventId }
      }
      const ofChain = () => locked(database, chainOf(chain), allocate)
      return key === undefined ? ofChain() : locked(database, key, ofChain)
    },
    async submission(eventId) {
      const row = database.outbox.find((one) => one.eventId === eventId)
      if (row === undefined) return undefined
      const { subject, type, state, verdict, code, offset } = row
      return { eventId, subject, type, state, ...(verdict ? { verdict } : {}), ...(code ? { code } : {}), ...(offset === undefined ? {} : { offset }) }
    },
  } satisfies Partial<Ledger>
}

function keep(database: MemoryDatabase, chain: { readonly kid: string; readonly subject: string }, allocation: Allocation): void {
  const { statement, blocks, type, issuer, occurredAt } = allocation
  const { eventId, sequence } = statement
  if (chainOf(statement) !== chainOf(chain) || sequence !== (database.chainHeads.get(chainOf(chain))?.sequence ?? 0) + 1) throw new RangeError('not the next of its chain')
  if (database.outbox.some((row) => row.eventId === eventId)) throw new Error('allocated twice')
  database.chainHeads.set(chainOf(chain), { sequence, eventId })
  database.outbox.push({ ...statement, type, issuer, occurredAt, state: 'new' })
  for (const { digest, plaintext, jwe } of blocks) {
    if (!database.blocks.has(digest)) database.blocks.set(digest, plaintext)
    if (jwe !== null) database.outgoing.push({ eventId, digest, jwe, isSent: false })
  }
}

function relay(database: MemoryDatabase) {
  return {
    async unsent(maxBytes, sent = []) {
      markSent(database, sent)
      let bytes = 0
      const waiting = database.outbox.filter(({ state }) => state === 'new')
      const fitting = waiting.filter(({ value }, place) => (bytes += value.length) <= maxBytes || place === 0)
      const hasUnsentBlocks = (statement: string) => database.outgoing.some(({ eventId, isSent }) => eventId === statement && !isSent)
      return fitting.map(({ eventId, kid, subject, sequence, value, type, issuer, occurredAt }) => ({ eventId, kid, subject, sequence, value, type, issuer, occurredAt, hasUnsentBlocks: hasUnsentBlocks(eventId) }))
    },
    async unsentBlocks(eventIds) {
      const rows = database.outgoing.filter(({ eventId, isSent }) => !isSent && eventIds.includes(eventId))
      return rows.map(({ eventId, digest, jwe }) => ({ eventId, digest, jwe }))
    },
    async markBlocksSent(blocks) {
      for (const row of database.outgoing) if (blocks.some(({ eventId, digest }) => row.eventId === eventId && row.digest === digest)) row.isSent = true
    },
    markSent: async (eventIds) => markSent(database, eventIds),
    async resendOlderThan(olderThanMs) {
      const sent = database.outbox.filter(({ state }) => state === 'sent')
      const overdue = new Set(sent.filter(({ sentAt = 0 }) => sentAt < Date.now() - olderThanMs).map(chainOf))
      const returning = sent.filter((row) => overdue.has(chainOf(row)))
      for (const row of returning) row.state = 'new'
      return returning.length
    },
    hasForeign: async (kid) => {
      const own = new Set(database.outbox.map(({ eventId }) => eventId))
      return [...database.entries.values()].some(({ event }) => event?.kid === kid && !own.has(event.eventId))
    },
    hasUndecided: async () => undecided(database).length > 0,
  } satisfies Partial<Ledger>
}

function particulars(database: MemoryDatabase) {
  const needs = (subject?: string) => [...database.needs.values()].filter((need) => subject === undefined || need.subject === subject)
  return {
    particularsCursor: async () => database.particularsNext,
    async keepBlocks(next, blocks) {
      for (const { digest, plaintext } of blocks) if (!database.blocks.has(digest)) database.blocks.set(digest, plaintext)
      database.particularsNext = next
    },
    blocks: async (digests) => picked(database.blocks, digests),
    blockNeeds: async (subject) => needs(subject),
    missingBlocks: async (subject?: string) => needs(subject).filter(({ digest }) => !database.blocks.has(digest)),
  } satisfies Partial<Ledger>
}

function reading(database: MemoryDatabase) {
  const entries = () => [...database.entries.values()].sort((a, b) => a.offset - b.offset)
  const heads = () => [...database.heads.values()].sort((a, b) => a.size - b.size)
  return {
    entryAt: async (offset) => database.entries.get(offset),
    async entry(eventId) {
      const ofEvent = entries().filter(({ event }) => event?.eventId === eventId)
      return ofEvent.find(({ consumedSequence }) => consumedSequence !== undefined) ?? ofEvent.at(-1)
    },
    entriesOf: async (subject, after, limit) => entries().filter(({ offset, event }) => event?.subject === subject && offset > after).slice(0, limit),
    async feed(seenBy, { after, before, limit, subject, place, means }) {
      const isSeen = (of: string, offset: number) => {
        const terms = database.dossiers.get(of)?.terms ?? []
        const has = (kind: string, value: string) => terms.some(([k, v]) => k === kind && v === value)
        return seenBy.some(([kind, value]) => has(kind, value) && !terms.some(([k, v]) => k === 'since' && v.startsWith(`${value} `) && Number(v.slice(value.length + 1)) > offset))
      }
      const concerns = (of: string, offset: number, kind: string, name: string | undefined) => {
        const since = (database.dossiers.get(of)?.terms ?? []).filter(([k, v]) => k === kind && v.slice(v.indexOf(' ') + 1) === name)
        return name === undefined || since.some(([, v]) => Number.parseInt(v, 10) <= offset)
      }
      return entries().flatMap(({ offset, appendTime, verdict, code, effects, event }): readonly FeedEntry[] => {
        const of = event?.subject ?? null
        if (!event || of === null || offset <= after || offset >= before || (subject !== undefined && of !== subject) || !isSeen(of, offset)) return []
        if (!concerns(of, offset, 'placeSince', place) || !concerns(of, offset, 'meansSince', means)) return []
        return [{ offset, appendTime, verdict, code, effects, event: { ...event, subject: of } }]
      }).slice(0, limit)
    },
    headAt: async (size) => database.heads.get(size),
    headBelow: async (size) => heads().findLast((head) => head.size <= size),
    headAfter: async (offset) => heads().find(({ size }) => size > offset),
    async leaves(from, to) {
      const kept = [...database.holes, ...entries().map(({ offset, leaf }) => [offset, leaf] as const)]
      return kept.filter(([offset]) => offset >= from && offset < to).sort(([a], [b]) => a - b).map(([, leaf]) => leaf)
    },
    async search(terms, before = Infinity, limit) {
      const has = (row: { readonly terms: readonly (readonly [string, string])[] }) => terms.every(([kind, value]) => row.terms.some(([k, v]) => k === kind && v === value))
      const found = [...database.dossiers.values()].filter((row) => row.opened < before && has(row))
      return found.sort((a, b) => b.opened - a.opened).slice(0, limit)
    },
  } satisfies Partial<Ledger>
}

function markSent(database: MemoryDatabase, eventIds: readonly string[]): void {
  for (const row of database.outbox) if (row.state === 'new' && eventIds.includes(row.eventId)) Object.assign(row, { state: 'sent', sentAt: Date.now() })
}

function picked<V>(map: ReadonlyMap<string, V>, keys: readonly string[]): ReadonlyMap<string, V> {
  return new Map(keys.flatMap((key) => (map.has(key) ? [[key, map.get(key) as V] as const] : [])))
}
