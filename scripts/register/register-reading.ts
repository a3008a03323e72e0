import type { KeyObject } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { corridorSubject, emptySubject, judge, type Context, type SubjectState } from '#libs/consignment'
import type { Log, LogRecord } from '#libs/exchange'
import { inspectBatch, isPublicJwk, provesKey, publicKeyOf } from '#libs/signature'
import { Complaint } from '../complaint.js'

/** The register as the log tells it up to an offset, judged by the same rules as at every node. */
export interface RegisterReading {
  /** First offset not read yet. */
  readonly next: number
  /** State of the subject `corridor`: the register, and the head of each chain on it. */
  readonly subject: SubjectState
  /** What became of each statement on the register: `accepted`, or the code it was refused by. */
  readonly outcomes: ReadonlyMap<string, string>
  /** Event id by chain number, as `consumedOf` writes it. */
  readonly consumed: ReadonlyMap<string, string>
}

export const unread: RegisterReading = { next: 0, subject: emptySubject, outcomes: new Map(), consumed: new Map() }

/**
 * Reads the log to its end and judges what stands on the register; no other subject can change it. The authority has no database: the log is all it
 * needs to know its chain. `earlier` continues a reading.
 */
export async function readRegister(log: Log, corridor: string, earlier: RegisterReading = unread, withinMs = 60_000): Promise<RegisterReading> {
  const end = await log.end()
  if (end <= earlier.next) return earlier
  let reading = earlier
  let reached = (): void => undefined
  const complete = new Promise<void>((resolve) => (reached = resolve))
  const following = await log.follow(earlier.next, {
    onAttach: () => Promise.resolve(),
    onBatch: async ({ records, next }) => {
      if (reading.next < end) reading = { ...(await judged(records, corridor, reading)), next }
      if (reading.next >= end) reached()
    },
  })
  const late = new AbortController()
  const ended = following.ended.then((error) => (error ? Promise.reject(error) : undefined))
  const tooLate = wait(withinMs, undefined, { signal: late.signal }).then(() => {
    throw new Complaint('LOG_SILENT', `the log did not deliver everything up to ${end} within ${withinMs / 1000} s.`)
  })
  try {
    await Promise.race([complete, ended, tooLate])
    return reading
  } finally {
    tooLate.catch(() => undefined)
    late.abort()
    await following.stop()
  }
}

async function judged(records: readonly LogRecord[], corridor: string, earlier: RegisterReading): Promise<RegisterReading> {
  const ours = records.filter(({ key }) => key?.toString('latin1') === corridorSubject)
  const inspections = await inspectBatch(ours.map(({ value }) => value), (kid) => registeredKey(earlier.subject, kid))
  let { subject } = earlier
  const outcomes = new Map(earlier.outcomes)
  const consumed = new Map(earlier.consumed)
  for (const [index, { key, offset }] of ours.entries()) {
    const inspection = inspections[index]
    if (!inspection) throw new Error('one inspection for each record')
    const judgement = judge(key, inspection, offset, contextOf(corridor, subject, consumed))
    subject = judgement.subject
    const { event, consumedSequence } = judgement
    if (event && consumedSequence !== undefined) consumed.set(consumedOf(event.kid, corridorSubject, consumedSequence), event.eventId)
    if (inspection.ok && judgement.verdict !== 'duplicate') outcomes.set(inspection.eventId, judgement.code ?? judgement.verdict)
  }
  return { next: earlier.next, subject, outcomes, consumed }
}

/** What judging a statement on the register needs besides the statement. */
export function contextOf(corridor: string, subject: SubjectState, consumed: RegisterReading['consumed']): Context {
  return {
    corridor,
    register: subject.register,
    subject,
    consumedBy: (kid, on, sequence) => consumed.get(consumedOf(kid, on, sequence)),
    accepted: () => undefined, // asked by corrections only, which stand on consignments
    provesKey,
    isOnCurve: isPublicJwk,
  }
}

function registeredKey(subject: SubjectState, kid: string): KeyObject | undefined {
  const keys = subject.register?.keys
  return keys && Object.hasOwn(keys, kid) ? publicKeyOf(keys[kid]?.jwk) : undefined
}

function consumedOf(kid: string, subject: string, sequence: number): string {
  return `${kid} ${subject} ${sequence}`
}
