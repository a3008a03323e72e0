import { createHash } from 'node:crypto'
import { bodyOfParts, type Allocation, type AppliedBatch, type DossierChange, type DossierRow, type Entry, type Ledger, type Verdict } from '#libs/exchange'

/** Fixed values for the ledger's contract: the ledger looks into nothing signed, so names serve as event ids and texts as statements. */

export const ownKid = 'own-key'
export const otherKid = 'other-key'
export const subject = '0197a8f0-0000-7000-8000-000000000001'
export const elsewhere = '0197a8f0-0000-7000-8000-000000000002'

export const valueOf = (eventId: string): string => `header.${eventId}.signature`

interface Told {
  readonly eventId?: string
  readonly kid?: string
  readonly subject?: string
  readonly verdict?: Verdict
  readonly code?: string
  readonly consumes?: number
  readonly key?: string
  readonly value?: string
}

/** A judged record at an offset; accepted and of another's key unless told otherwise. */
export function entry(offset: number, told: Told = {}): Entry {
  const { eventId = `event-${offset}`, kid = otherKid, verdict = told.code === undefined ? 'accepted' : 'refused', code = null, consumes } = told
  return {
    offset,
    key: Buffer.from(told.key ?? told.subject ?? subject),
    value: Buffer.from(told.value ?? valueOf(eventId)),
    appendTime: 1_700_000_000_000 + offset,
    verdict,
    code,
    leaf: leafAt(offset),
    effects: '[]',
    event: { eventId, kid, issuer: 'ktz', subject: told.subject ?? subject, type: 'MovementReported', occurredAt: '2026-05-01T10:00:00Z' },
    ...(consumes === undefined ? {} : { consumedSequence: consumes }),
  }
}

/** A record whose signature was never verified. */
export function garbage(offset: number, told: { readonly key?: Buffer | null; readonly value: Buffer | null; readonly code?: string }): Entry {
  const { event: _, ...rest } = entry(offset, { code: told.code ?? 'FORM' })
  return { ...rest, key: told.key === undefined ? Buffer.from(subject) : told.key, value: told.value }
}

export const leafAt = (offset: number): Buffer => createHash('sha256').update(String(offset)).digest()

/** A batch of these entries; it begins with the first of them and ends behind the last unless told otherwise. */
export function batch(entries: readonly Entry[], told: Partial<AppliedBatch> = {}): AppliedBatch {
  const from = told.from ?? entries[0]?.offset ?? 0
  const next = told.next ?? (entries.at(-1)?.offset ?? from - 1) + 1
  return { from, next, frontier: `frontier of ${next}`, entries, holes: [], heads: [], states: [], dossiers: [], viewFailures: [], blocks: [], ownKids: [ownKid], ...told }
}

/** Opened by the entry that touched it last, unless told otherwise. */
export function dossier(of: string, lastOffset: number, terms: DossierRow['terms'] = [], opened = lastOffset, items: readonly string[] = []): DossierChange {
  return { subject: of, parts: [JSON.stringify({ alike: { rows: [], of: [] }, lastOffset }), 'null', ...items, JSON.stringify({ subject: of })], terms, opened, lastOffset }
}

/** As a ledger that was given it answers. */
export function rowOf({ subject: of, parts, terms, opened }: DossierChange): DossierRow {
  return { subject: of, body: bodyOfParts(parts), terms, opened }
}

/** A signed statement as `decide` returns it. */
export function allocation(sequence: number, told: { readonly eventId?: string; readonly kid?: string; readonly subject?: string; readonly blocks?: Allocation['blocks'] } = {}): Allocation {
  const { eventId = `own-${sequence}`, kid = ownKid, subject: of = subject, blocks = [] } = told
  return {
    statement: { eventId, kid, subject: of, sequence, value: valueOf(eventId) },
    type: 'MovementReported',
    issuer: 'ktz',
    occurredAt: '2026-05-01T10:00:00Z',
    blocks,
  }
}

/** Submits the next statements of a chain, each named `prefix-sequence`. */
export async function submitNext(ledger: Ledger, count: number, prefix = 'own', of = subject, kid = ownKid): Promise<void> {
  for (let one = 0; one < count; one++) {
    await ledger.submit({ kid, subject: of }, undefined, async (head) => {
      const sequence = (head?.sequence ?? 0) + 1
      return allocation(sequence, { eventId: `${prefix}-${sequence}`, subject: of, kid })
    })
  }
}
