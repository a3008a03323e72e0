import { describe, expect, it } from '@jest/globals'
import type { Ledger } from '#libs/exchange'
import type { ContractParts } from './ledger-contract.js'
import { batch, elsewhere, entry, garbage, ownKid, subject, submitNext, valueOf } from './ledger-samples.js'
import { until } from './until.js'

export function decidingContract({ ledger }: ContractParts): void {
  const stateOf = async (eventId: string) => (await ledger().submission(eventId))?.state
  const own = (offset: number, eventId: string, told: Parameters<typeof entry>[1] = {}) => entry(offset, { ...told, eventId, kid: ownKid })

  describe('deciding own statements', () => {
    it('leads from new over sent to decided', async () => {
      await submitNext(ledger(), 1)
      expect(await ledger().hasUndecided()).toBe(true)
      expect(await ledger().submission('own-1')).toEqual({ eventId: 'own-1', subject, type: 'MovementReported', state: 'new' })
      await ledger().markSent(['own-1'])
      expect(await stateOf('own-1')).toBe('sent')
      const { decided, foreign } = await ledger().apply(batch([own(0, 'own-1', { consumes: 1 })]))
      expect(decided).toEqual([{ eventId: 'own-1', verdict: 'accepted', code: null, offset: 0 }])
      expect(foreign).toEqual([])
      expect(await ledger().submission('own-1')).toEqual({ eventId: 'own-1', subject, type: 'MovementReported', state: 'decided', verdict: 'accepted', offset: 0 })
      expect(await ledger().hasUndecided()).toBe(false)
      expect(await ledger().hasForeign(ownKid)).toBe(false)
    })

    it('is done by the log alone: a row read back before its sender has marked it stays decided', async () => {
      await submitNext(ledger(), 1)
      await ledger().apply(batch([own(0, 'own-1', { consumes: 1 })]))
      await ledger().markSent(['own-1'])
      expect(await stateOf('own-1')).toBe('decided')
      expect(await ledger().unsent(1_000)).toEqual([])
    })

    it('keeps the code of a refusal by a rule', async () => {
      await submitNext(ledger(), 2)
      const { decided } = await ledger().apply(batch([own(0, 'own-1', { consumes: 1, code: 'RULE:NOT_HOLDER' })]))
      expect(decided).toEqual([{ eventId: 'own-1', verdict: 'refused', code: 'RULE:NOT_HOLDER', offset: 0 }])
      expect(await stateOf('own-2')).toBe('new')
    })

    it('never takes a decision back for a duplicate', async () => {
      await submitNext(ledger(), 2)
      const twice = [own(0, 'own-1', { consumes: 1 }), own(1, 'own-1', { verdict: 'duplicate' })]
      expect((await ledger().apply(batch(twice))).decided).toEqual([{ eventId: 'own-1', verdict: 'accepted', code: null, offset: 0 }])
      expect((await ledger().apply(batch([own(2, 'own-1', { verdict: 'duplicate' })]))).decided).toEqual([])
      expect(await ledger().submission('own-1')).toMatchObject({ verdict: 'accepted', offset: 0 })
    })

    it('sends the whole chain again after EARLY, and other chains not', async () => {
      await submitNext(ledger(), 3)
      await submitNext(ledger(), 1, 'elsewhere', elsewhere)
      await ledger().markSent(['own-1', 'own-2', 'own-3', 'elsewhere-1'])
      expect((await ledger().apply(batch([own(0, 'own-2', { code: 'EARLY' })]))).decided).toEqual([])
      expect((await ledger().unsent(1_000)).map(({ eventId }) => eventId)).toEqual(['own-1', 'own-2', 'own-3'])
      expect(await stateOf('elsewhere-1')).toBe('sent')
    })

    it('sends only what still waits after EARLY', async () => {
      await submitNext(ledger(), 3)
      await ledger().markSent(['own-1', 'own-2', 'own-3'])
      const early = [own(0, 'own-2', { code: 'EARLY' }), own(1, 'own-1', { consumes: 1 }), own(2, 'own-2', { consumes: 2 })]
      expect((await ledger().apply(batch(early))).decided.map(({ eventId }) => eventId)).toEqual(['own-1', 'own-2'])
      expect((await ledger().unsent(1_000)).map(({ eventId }) => eventId)).toEqual(['own-3'])
      await ledger().apply(batch([own(3, 'own-2', { code: 'EARLY' })]))
      expect(await stateOf('own-2')).toBe('decided')
    })

    it.each(['KEY', 'SUBJECT', 'FORK'])('ends a chain after %s: what waits behind is refused alike, and the next number follows the last consumed', async (code) => {
      await submitNext(ledger(), 4)
      await submitNext(ledger(), 1, 'elsewhere', elsewhere)
      await ledger().markSent(['own-1', 'own-2', 'own-3'])
      const { decided } = await ledger().apply(batch([own(0, 'own-1', { consumes: 1 }), own(1, 'own-2', { code }), own(2, 'own-3', { code: 'EARLY' })]))
      expect(decided).toEqual([
        { eventId: 'own-1', verdict: 'accepted', code: null, offset: 0 },
        { eventId: 'own-2', verdict: 'refused', code, offset: 1 },
        { eventId: 'own-3', verdict: 'refused', code, offset: null },
        { eventId: 'own-4', verdict: 'refused', code, offset: null },
      ])
      expect(await ledger().submission('own-4')).toEqual({ eventId: 'own-4', subject, type: 'MovementReported', state: 'decided', verdict: 'refused', code })
      expect(await stateOf('elsewhere-1')).toBe('new')
      expect(await headOf(ledger())).toEqual({ sequence: 1, eventId: 'own-1' })
    })

    it('begins a chain anew whose first statement never counted', async () => {
      await submitNext(ledger(), 2)
      await ledger().apply(batch([own(0, 'own-1', { code: 'SUBJECT' })]))
      expect(await headOf(ledger())).toBeUndefined()
      await submitNext(ledger(), 1, 'again')
      expect((await ledger().unsent(1_000)).map(({ eventId, sequence }) => [eventId, sequence])).toEqual([['again-1', 1]])
    })

    it('knows its own record by its bytes where the refusal came before its id was known', async () => {
      await submitNext(ledger(), 2)
      const { decided } = await ledger().apply(batch([garbage(0, { code: 'KEY', value: Buffer.from(valueOf('own-1')) }), garbage(1, { value: Buffer.from('noise') })]))
      expect(decided.map(({ eventId, code }) => [eventId, code])).toEqual([['own-1', 'KEY'], ['own-2', 'KEY']])
    })

    it('does not let a neighbour end a chain by sending its statement under another key', async () => {
      await submitNext(ledger(), 2)
      const { decided } = await ledger().apply(batch([own(0, 'own-1', { code: 'BINDING', key: elsewhere }), own(1, 'own-1', { consumes: 1 })]))
      expect(decided).toEqual([{ eventId: 'own-1', verdict: 'accepted', code: null, offset: 1 }])
      expect(await stateOf('own-2')).toBe('new')
    })

    it('follows the log where a statement counts after all that was once refused before CHAIN', async () => {
      await submitNext(ledger(), 2)
      await ledger().apply(batch([own(0, 'own-1', { code: 'KEY' })]))
      const { decided } = await ledger().apply(batch([own(1, 'own-1', { consumes: 1 })]))
      expect(decided).toEqual([{ eventId: 'own-1', verdict: 'accepted', code: null, offset: 1 }])
      expect(await headOf(ledger())).toEqual({ sequence: 1, eventId: 'own-1' })
    })

    it('names what its key signed elsewhere', async () => {
      await submitNext(ledger(), 1)
      const { foreign, decided } = await ledger().apply(batch([entry(0), own(1, 'unknown', { consumes: 1 }), own(2, 'unknown', { verdict: 'duplicate' }), own(3, 'own-1', { code: 'FORK' })]))
      expect(foreign).toEqual(['unknown'])
      expect(await ledger().hasForeign(ownKid)).toBe(true)
      expect(decided).toMatchObject([{ eventId: 'own-1', code: 'FORK' }])
      expect(await headOf(ledger())).toEqual({ sequence: 1, eventId: 'unknown' })
    })

    it('remembers what its key signed elsewhere also where that consumed no number', async () => {
      await submitNext(ledger(), 1)
      const { foreign } = await ledger().apply(batch([own(0, 'own-1', { consumes: 1 }), own(1, 'unknown', { code: 'FORK' })]))
      expect(foreign).toEqual(['unknown'])
      expect(await ledger().hasForeign(ownKid)).toBe(true)
      expect(await ledger().hasForeign('another key')).toBe(false)
    })
  })

  describe('the relay', () => {
    it('takes what is new by allocation, up to a size, one statement at least', async () => {
      await submitNext(ledger(), 2)
      await submitNext(ledger(), 1, 'elsewhere', elsewhere)
      const size = valueOf('own-1').length
      expect((await ledger().unsent(1)).map(({ eventId }) => eventId)).toEqual(['own-1'])
      expect((await ledger().unsent(2 * size)).map(({ eventId }) => eventId)).toEqual(['own-1', 'own-2'])
      expect((await ledger().unsent(1_000)).map(({ eventId }) => eventId)).toEqual(['own-1', 'own-2', 'elsewhere-1'])
      await ledger().markSent(['own-1'])
      expect(await ledger().unsent(1)).toEqual([
        { eventId: 'own-2', kid: ownKid, subject, sequence: 2, value: valueOf('own-2'), type: 'MovementReported', issuer: 'ktz', occurredAt: '2026-05-01T10:00:00Z', hasUnsentBlocks: false },
      ])
    })

    it('marks what was sent last as it looks, as far as that is still new', async () => {
      await submitNext(ledger(), 3)
      await ledger().apply(batch([own(0, 'own-1', { consumes: 1 })]))
      expect((await ledger().unsent(1_000, ['own-1', 'own-2'])).map(({ eventId }) => eventId)).toEqual(['own-3'])
      expect([await stateOf('own-1'), await stateOf('own-2'), await stateOf('own-3')]).toEqual(['decided', 'sent', 'new'])
      expect(await until(() => ledger().resendOlderThan(20), 2_000)).toBe(1)
      expect((await ledger().unsent(1_000)).map(({ eventId }) => eventId)).toEqual(['own-2', 'own-3'])
    })

    it('sends a chain again of which one row is overdue', async () => {
      await submitNext(ledger(), 3)
      await submitNext(ledger(), 1, 'elsewhere', elsewhere)
      await ledger().markSent(['own-1', 'own-2'])
      expect(await ledger().resendOlderThan(60_000)).toBe(0)
      expect(await until(() => ledger().resendOlderThan(20), 2_000)).toBe(2)
      expect((await ledger().unsent(1_000)).map(({ eventId }) => eventId)).toEqual(['own-1', 'own-2', 'own-3', 'elsewhere-1'])
    })
  })
}

/** The last allocated number as the next submitter would see it. */
async function headOf(ledger: Ledger): Promise<unknown> {
  let seen: unknown
  await ledger.submit({ kid: ownKid, subject }, undefined, async (head) => {
    seen = head
    return { refusal: 'only looking' }
  })
  return seen
}
