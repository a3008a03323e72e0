import { describe, expect, it } from '@jest/globals'
import { Answering, type AnsweringNode, type SubmitRequest } from './answering.js'
import type { Submission } from './outbox.js'
import type { DecidedSubmission } from './ports.js'
import { StateCache } from './state-cache.js'
import { Waiting } from './waiting.js'

/** A node that has applied `applied()` records of a log that ends at `end`. */
function answering(end: () => Promise<number>, applied: () => number): Answering {
  const waiting = new Waiting()
  const node = { events: { end }, waiting, clock: { now: () => Date.now() }, isLeading: () => true, cursorNow: async () => ({ next: applied(), frontier: '0:' }) }
  setImmediate(() => waiting.applied({ next: applied(), frontier: '0:' }, []))
  return new Answering(node as unknown as AnsweringNode) // settled() asks nothing else of it
}

describe('an answer that nothing was found', () => {
  it('is final when the whole log had been applied before it was looked for', async () => {
    let looked = 0
    expect(await answering(async () => 5, () => 5).settled(async () => void looked++, 100)).toBe('notFound')
    expect(looked).toBe(1)
  })

  it('is looked for again when the log was applied further while it was looked for', async () => {
    let applied = 4
    let looked = 0
    const read = async () => {
      looked++
      if (looked > 1) return 'there'
      applied = 5 // the record that answers is applied just after it was looked for
      return undefined
    }
    expect(await answering(async () => 5, () => applied).settled(read, 5_000)).toEqual({ found: 'there' })
  })

  it('is not given while the log has more than what is applied, or does not say', async () => {
    expect(await answering(async () => 6, () => 5).settled(async () => undefined, 20)).toBe('behind')
    expect(await answering(() => Promise.reject(new Error('down')), () => 5).settled(async () => undefined, 20)).toBe('behind')
  })
})

describe('what became of a statement that has just been kept', () => {
  const head = { next: 8, frontier: `8:${Buffer.alloc(32, 1).toString('base64url')}` }
  const remark = { type: 'RemarkAdded', subject: 's', body: { occurredAt: '2026-06-01T00:00:00Z', items: 'all', code: 'AAI', text: { en: 'x' } }, waitMs: 2_000 } as unknown as SubmitRequest

  /** A node that keeps every statement, and reads what is told of it where nobody tells it. */
  function keeping(isLeading: () => boolean, submission: Partial<Submission>) {
    const waiting = new Waiting()
    let read = 0
    const node = {
      waiting, isLeading, hindrance: async () => undefined, cursorNow: async () => head, clock: { now: () => Date.now() }, cache: new StateCache(), onAllocated: () => undefined,
      participant: 'p', key: { kid: 'k' }, random: () => Buffer.alloc(32), newSubject: () => 's',
      ledger: {
        states: async () => new Map([['corridor', { heads: '{}', register: '{"participants":{},"places":{},"keys":{}}' }]]),
        submit: async () => ({ kind: 'allocated', eventId: 'e' }),
        submission: async () => ((read += 1), { eventId: 'e', subject: 's', type: 'RemarkAdded', ...submission }),
      },
      asking: { receiptOf: (...told: unknown[]) => JSON.stringify(told), receipt: async () => 'read' },
    }
    return { waiting, answering: new Answering(node as unknown as AnsweringNode), read: () => read }
  }

  it.each<[string, Pick<DecidedSubmission, 'verdict' | 'code' | 'offset'>, object]>([
    ['accepted', { verdict: 'accepted', code: null, offset: 7 }, { kind: 'accepted', eventId: 'e', subject: 's', offset: 7 }],
    ['refused', { verdict: 'refused', code: 'RULE:ITEM_UNKNOWN', offset: 7 }, { kind: 'refused', code: 'RULE:ITEM_UNKNOWN', eventId: 'e', offset: 7 }],
    ['refused behind a chain that has ended', { verdict: 'refused', code: 'FORK', offset: null }, { kind: 'refused', code: 'FORK', eventId: 'e' }],
  ])('is told by the applier, with nothing read: %s', async (_what, decision, expected) => {
    const { waiting, answering, read } = keeping(() => true, {})
    setTimeout(() => waiting.applied(head, [{ eventId: 'e', ...decision }]), 5)
    const result = await answering.submit(remark)
    expect(result).toMatchObject(expected)
    if (result.kind === 'accepted') expect(JSON.parse(result.receipt)).toMatchObject([{ eventId: 'e', offset: 7, verdict: 'accepted', code: null }, { size: 8 }])
    expect(read()).toBe(0)
  })

  it('is read where the applier ends before it tells, and where it is another process', async () => {
    const ending = keeping(() => true, { state: 'decided', verdict: 'accepted', offset: 3 })
    setTimeout(() => ending.waiting.end(), 5)
    expect(await ending.answering.submit(remark)).toMatchObject({ kind: 'accepted', offset: 3, receipt: 'read' })
    const standby = keeping(() => false, { state: 'decided', verdict: 'refused', code: 'EARLY' })
    expect(await standby.answering.submit(remark)).toMatchObject({ kind: 'refused', code: 'EARLY' })
    const late = keeping(() => true, { state: 'sent' })
    expect(await late.answering.submit({ ...remark, waitMs: 5 })).toEqual({ kind: 'pending', eventId: 'e', subject: 's' })
  })
})

describe('whether a record has been applied', () => {
  const standing = (isLeading: boolean, applied: () => number) => {
    const waiting = new Waiting()
    const node = { waiting, clock: { now: () => Date.now() }, isLeading: () => isLeading, cursorNow: async () => ({ next: applied(), frontier: '0:' }) }
    return { waiting, answering: new Answering(node as unknown as AnsweringNode) } // nothing else of it is asked
  }

  it.each([0, 5_000])('is told at once where it has, with %i ms to wait', async (waitMs) => {
    const leading = standing(true, () => 5)
    leading.waiting.applied({ next: 5, frontier: '0:' }, [])
    expect(await Promise.all([leading, standing(false, () => 5)].map(({ answering }) => answering.hasApplied(5, waitMs)))).toEqual([true, true])
  })

  it('is told as soon as the applier has, by a replica that stands by, too', async () => {
    let applied = 4
    const [leading, standby] = [standing(true, () => applied), standing(false, () => applied)]
    const told = Promise.all([leading, standby].map(({ answering }) => answering.hasApplied(5, 5_000)))
    applied = 5
    leading.waiting.applied({ next: 5, frontier: '0:' }, [])
    expect(await told).toEqual([true, true])
  })

  it('is no as soon as nobody waits any more', async () => {
    const gone = new AbortController()
    const waiting = [standing(true, () => 4), standing(false, () => 4)].map(({ answering }) => answering.hasApplied(5, 600_000, gone.signal))
    gone.abort()
    expect(await Promise.all(waiting)).toEqual([false, false])
    expect(await standing(true, () => 4).answering.hasApplied(5, 600_000, gone.signal)).toBe(false)
  })

  it('is no when the time is over', async () => {
    expect(await Promise.all([standing(true, () => 4), standing(false, () => 4)].map(({ answering }) => answering.hasApplied(5, 60)))).toEqual([false, false])
  })
})
