import type { IdempotencyKey, KeptPart, Ledger, PartKey } from '#libs/exchange'
import { locked, type MemoryDatabase } from './memory-database.js'

/** What is locked while a statement is made under a key or for a part of a call. */
export function lockOf(once: IdempotencyKey | PartKey): string {
  return 'callId' in once ? `part ${once.callId} ${once.part}` : `key ${once.organisation} ${once.key}`
}

/** What became of it before, if it came before. */
export function outcomeBefore(database: MemoryDatabase, once: IdempotencyKey | PartKey): { readonly kind: 'repeated'; readonly eventId: string } | { readonly kind: 'conflict' } | undefined {
  if ('callId' in once) {
    const { eventId, refusal } = partOf(database, once)
    if (eventId !== undefined) return { kind: 'repeated', eventId }
    return refusal === undefined ? undefined : { kind: 'conflict' }
  }
  const kept = database.idempotency.get(lockOf(once))
  if (kept === undefined) return undefined
  return kept.bodyHash === once.bodyHash ? { kind: 'repeated', eventId: kept.eventId } : { kind: 'conflict' }
}

export function keepEvent(database: MemoryDatabase, once: IdempotencyKey | PartKey, eventId: string): void {
  if ('callId' in once) change(database, once, { eventId })
  else database.idempotency.set(lockOf(once), { bodyHash: once.bodyHash, eventId })
}

/** A call keeps its id where a statement keeps its event's. */
export function callKeeping(database: MemoryDatabase) {
  const under = (idempotency: IdempotencyKey) => {
    const before = outcomeBefore(database, idempotency)
    return before?.kind === 'repeated' ? { callId: before.eventId } : before?.kind
  }
  return {
    callUnder: async (idempotency) => under(idempotency),
    keepCall: (call, idempotency) => {
      const keep = async (): ReturnType<Ledger['keepCall']> => {
        const before = idempotency && under(idempotency)
        if (before !== undefined) return before === 'conflict' ? { kind: 'conflict' } : { kind: 'repeated', ...before }
        if (database.calls.has(call.callId)) throw new Error('kept twice')
        database.calls.set(call.callId, { ...call, parts: call.parts.map((part, index) => ({ ...part, part: index + 1 })) })
        if (idempotency) keepEvent(database, idempotency, call.callId)
        return { kind: 'kept', callId: call.callId }
      }
      return idempotency ? locked(database, lockOf(idempotency), keep) : keep()
    },
    refusePart: (part, refusal) =>
      locked(database, lockOf(part), async () => {
        if (outcomeBefore(database, part)) return false
        change(database, part, { refusal })
        return true
      }),
    call: async (callId) => {
      const call = database.calls.get(callId)
      return call && { ...call, parts: [...call.parts] }
    },
    openCalls: async (limit) => {
      const open = [...database.calls.values()].filter(({ parts }) => parts.some(({ eventId, refusal }) => eventId === undefined && refusal === undefined))
      return open.map(({ callId }) => callId).sort().slice(0, limit)
    },
  } satisfies Partial<Ledger>
}

function partOf(database: MemoryDatabase, { callId, part }: PartKey): KeptPart {
  const found = database.calls.get(callId)?.parts[part - 1]
  if (!found) throw new RangeError(`there is no part ${part} of a call ${callId}`)
  return found
}

function change(database: MemoryDatabase, key: PartKey, outcome: Pick<KeptPart, 'eventId' | 'refusal'>): void {
  const before = partOf(database, key)
  database.calls.get(key.callId)?.parts.splice(key.part - 1, 1, { ...before, ...outcome })
}
