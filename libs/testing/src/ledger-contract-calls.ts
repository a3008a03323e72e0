import { describe, expect, it } from '@jest/globals'
import type { NewCall } from '#libs/exchange'
import type { ContractParts } from './ledger-contract.js'
import { allocation, elsewhere, ownKid, subject } from './ledger-samples.js'

export function callsContract({ ledger, another }: ContractParts): void {
  const chain = { kid: ownKid, subject }
  const idempotency = (key: string, bodyHash = 'body') => ({ organisation: 'org', key, bodyHash })
  const call = (callId: string): NewCall => ({
    callId, kind: 'movement', facts: '{"means":"BALKAN"}', madeAt: 1_700_000_000_000,
    parts: [{ subject, request: '{"of":1}' }, { subject: elsewhere, request: '{"of":2}' }],
  })
  const first = { callId: 'call-1', part: 1 }
  const never = () => Promise.reject(new Error('decided twice'))

  describe('calls over many consignments', () => {
    it('are kept whole with all their parts open, and given back as they came', async () => {
      expect(await ledger().keepCall(call('call-1'), undefined)).toEqual({ kind: 'kept', callId: 'call-1' })
      const { parts, ...rest } = call('call-1')
      expect(await ledger().call('call-1')).toEqual({ ...rest, parts: parts.map((part, index) => ({ ...part, part: index + 1 })) })
      expect(await ledger().call('call-2')).toBeUndefined()
      expect(await ledger().openCalls(9)).toEqual(['call-1'])
    })

    it('are kept once under a key, however often it comes and wherever; another body is a conflict', async () => {
      const replicas = [ledger(), await another()]
      const outcomes = await Promise.all(Array.from({ length: 10 }, (_, one) => replicas[one % 2]?.keepCall(call(`call-${one}`), idempotency('same'))))
      const kept = outcomes.filter((outcome) => outcome?.kind === 'kept')
      expect(kept).toHaveLength(1)
      const [{ callId } = { callId: '' }] = kept as { callId: string }[]
      expect(outcomes.filter((outcome) => outcome?.kind === 'repeated' && outcome.callId === callId)).toHaveLength(9)
      expect(await ledger().openCalls(99)).toEqual([callId])
      expect(await ledger().keepCall(call('other'), idempotency('same', 'another body'))).toEqual({ kind: 'conflict' })
      expect([await ledger().callUnder(idempotency('same')), await ledger().callUnder(idempotency('same', 'x')), await ledger().callUnder(idempotency('none'))]).toEqual([{ callId }, 'conflict', undefined])
    })

    it('keep nothing of a call that cannot be kept', async () => {
      await ledger().keepCall(call('call-1'), undefined)
      await expect(ledger().keepCall({ ...call('call-1'), parts: [] }, idempotency('again'))).rejects.toThrow()
      expect([(await ledger().call('call-1'))?.parts.length, await ledger().callUnder(idempotency('again'))]).toEqual([2, undefined])
      expect(await ledger().openCalls(9)).toEqual(['call-1'])
    })

    it('make one event of a part, however many submit it at once and wherever', async () => {
      await ledger().keepCall(call('call-1'), undefined)
      const replicas = [ledger(), await another()]
      const submit = (one: number) => replicas[one % 2]?.submit(chain, first, async (head) => allocation((head?.sequence ?? 0) + 1, { eventId: `try-${one}` }))
      const outcomes = await Promise.all(Array.from({ length: 12 }, (_, one) => submit(one)))
      expect(outcomes.filter((outcome) => outcome?.kind === 'allocated')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome?.kind === 'repeated')).toHaveLength(11)
      const [eventId] = new Set(outcomes.map((outcome) => (outcome && 'eventId' in outcome ? outcome.eventId : '')))
      expect((await ledger().call('call-1'))?.parts.map((part) => part.eventId)).toEqual([eventId, undefined])
      expect((await ledger().unsent(100_000)).map((row) => row.eventId)).toEqual([eventId])
    })

    it('leave a part open whose draft was refused or whose deciding threw, until it is closed', async () => {
      await ledger().keepCall(call('call-1'), undefined)
      expect(await ledger().submit(chain, first, async () => ({ refusal: 'held' }))).toEqual({ kind: 'refused', refusal: 'held' })
      await expect(ledger().submit(chain, first, () => Promise.reject(new Error('no key')))).rejects.toThrow('no key')
      expect((await ledger().call('call-1'))?.parts[0]).toEqual({ part: 1, subject, request: '{"of":1}' })
      expect([await ledger().refusePart(first, '{"code":"HELD"}'), await ledger().refusePart(first, '{"code":"OTHER"}')]).toEqual([true, false])
      expect((await ledger().call('call-1'))?.parts[0]).toEqual({ part: 1, subject, request: '{"of":1}', refusal: '{"code":"HELD"}' })
      expect(await ledger().submit(chain, first, never)).toEqual({ kind: 'conflict' })
    })

    it('keep the event of a part that is refused too late', async () => {
      await ledger().keepCall(call('call-1'), undefined)
      await ledger().submit(chain, first, async () => allocation(1))
      expect(await ledger().refusePart(first, '{}')).toBe(false)
      expect(await ledger().submit(chain, first, never)).toEqual({ kind: 'repeated', eventId: 'own-1' })
    })

    it('are open as long as a part is, oldest first', async () => {
      for (const callId of ['call-1', 'call-2', 'call-3']) await ledger().keepCall(call(callId), undefined)
      await ledger().submit(chain, first, async () => allocation(1))
      expect(await ledger().openCalls(2)).toEqual(['call-1', 'call-2'])
      await ledger().refusePart({ callId: 'call-1', part: 2 }, '{}')
      expect(await ledger().openCalls(9)).toEqual(['call-2', 'call-3'])
    })

    it('stay when what comes from the log is forgotten', async () => {
      await ledger().keepCall(call('call-1'), undefined)
      await ledger().reset()
      expect(await ledger().openCalls(9)).toEqual(['call-1'])
    })

    it('know no part that they do not have', async () => {
      await expect(ledger().submit(chain, { callId: 'call-9', part: 1 }, async () => allocation(1))).rejects.toThrow(RangeError)
    })
  })
}
