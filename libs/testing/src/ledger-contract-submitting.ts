import { describe, expect, it } from '@jest/globals'
import type { Cursor, OutboxStatement } from '#libs/exchange'
import type { ContractParts } from './ledger-contract.js'
import { allocation, batch, elsewhere, entry, ownKid, subject, submitNext } from './ledger-samples.js'

export function submittingContract({ ledger, another }: ContractParts): void {
  const chain = { kid: ownKid, subject }
  const idempotency = (key: string, bodyHash = 'body') => ({ organisation: 'org', key, bodyHash })

  describe('submitting', () => {
    it('gives every number of a chain once, in order, however many submit at once and wherever', async () => {
      const replicas = [ledger(), await another()]
      const submit = (one: number) =>
        replicas[one % 2]?.submit(chain, undefined, async (head, undecided) => {
          const sequence = (head?.sequence ?? 0) + 1
          expect(undecided.map((statement) => statement.sequence)).toEqual(Array.from({ length: sequence - 1 }, (_, before) => before + 1))
          expect(head?.eventId).toBe(sequence === 1 ? undefined : `own-${sequence - 1}`)
          return allocation(sequence)
        })
      await Promise.all(Array.from({ length: 40 }, (_, one) => submit(one)))
      expect((await ledger().unsent(100_000)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, before) => before + 1))
    })

    it('shows the undecided statements of the subject under all own keys, by allocation, and the cursor', async () => {
      await submitNext(ledger(), 2)
      await submitNext(ledger(), 1, 'newer', subject, 'newer-key')
      await submitNext(ledger(), 1, 'elsewhere', elsewhere)
      await ledger().apply(batch([entry(0, { eventId: 'own-1', kid: ownKid, consumes: 1 })]))
      await ledger().markSent(['own-2'])
      const seenOf = async (of: string) => {
        let seen: { readonly undecided: readonly OutboxStatement[]; readonly cursor: Cursor } | undefined
        await ledger().submit({ kid: ownKid, subject: of }, undefined, async (_, undecided, cursor) => {
          seen = { undecided, cursor }
          return { refusal: 'only looking' }
        })
        return seen
      }
      expect(await seenOf(subject)).toEqual({ undecided: [allocation(2).statement, allocation(1, { eventId: 'newer-1', kid: 'newer-key' }).statement], cursor: await ledger().cursor() })
      expect(await seenOf('nothing of it')).toEqual({ undecided: [], cursor: await ledger().cursor() })
    })

    it('keeps nothing of a refused draft', async () => {
      const outcome = await ledger().submit(chain, idempotency('first'), async () => ({ refusal: { code: 'HELD_BY_CUSTOMS' } }))
      expect(outcome).toEqual({ kind: 'refused', refusal: { code: 'HELD_BY_CUSTOMS' } })
      expect(await ledger().hasUndecided()).toBe(false)
      expect(await ledger().submit(chain, idempotency('first'), async (head) => (expect(head).toBeUndefined(), allocation(1)))).toEqual({ kind: 'allocated', eventId: 'own-1' })
    })

    it('keeps nothing when deciding throws, and lets the next one through', async () => {
      await expect(ledger().submit(chain, idempotency('first'), () => Promise.reject(new Error('no key')))).rejects.toThrow('no key')
      expect(await ledger().submit(chain, idempotency('first'), async () => allocation(1))).toEqual({ kind: 'allocated', eventId: 'own-1' })
    })

    it('keeps nothing of a statement that it has already, not the number and not the key', async () => {
      await ledger().submit(chain, undefined, async () => allocation(1))
      const again = allocation(1, { subject: elsewhere }) // under the event id that is kept
      await expect(ledger().submit({ kid: ownKid, subject: elsewhere }, idempotency('first'), async () => again)).rejects.toThrow()
      const head = await new Promise((told) => {
        void ledger().submit({ kid: ownKid, subject: elsewhere }, idempotency('first'), async (found) => (told(found), { refusal: 'only looking' }))
      })
      expect(head).toBeUndefined()
      expect((await ledger().unsent(100_000)).map(({ subject: of }) => of)).toEqual([subject])
    })

    it('keeps no statement that does not continue its chain', async () => {
      await expect(ledger().submit(chain, undefined, async () => allocation(2))).rejects.toThrow(RangeError)
      expect(await ledger().submission('own-2')).toBeUndefined()
    })

    it('answers a repeated key with the first event, another body with a conflict, another organisation with its own', async () => {
      await ledger().submit(chain, idempotency('first'), async () => allocation(1))
      const never = () => Promise.reject(new Error('decided twice'))
      expect(await ledger().submit(chain, idempotency('first'), never)).toEqual({ kind: 'repeated', eventId: 'own-1' })
      expect(await ledger().submit({ kid: ownKid, subject: elsewhere }, idempotency('first'), never)).toEqual({ kind: 'repeated', eventId: 'own-1' })
      expect(await ledger().submit(chain, idempotency('first', 'another body'), never)).toEqual({ kind: 'conflict' })
      const other = { ...idempotency('first'), organisation: 'other' }
      expect(await ledger().submit(chain, other, async () => allocation(2))).toEqual({ kind: 'allocated', eventId: 'own-2' })
    })

    it('makes one event of a key that comes many times at once, on one chain or several, wherever', async () => {
      const replicas = [ledger(), await another()]
      const submit = (one: number) =>
        replicas[one % 2]?.submit({ kid: ownKid, subject: one % 4 < 2 ? subject : elsewhere }, idempotency('same'), async () =>
          allocation(1, { eventId: `try-${one}`, subject: one % 4 < 2 ? subject : elsewhere }),
        )
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, one) => submit(one)))
      expect(outcomes.filter((outcome) => outcome?.kind === 'allocated')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome?.kind === 'repeated')).toHaveLength(19)
      expect(new Set(outcomes.map((outcome) => outcome && 'eventId' in outcome && outcome.eventId)).size).toBe(1)
    })

    it('lets deciding read the ledger, however many decide at once', async () => {
      const submit = (one: number) =>
        ledger().submit({ kid: ownKid, subject: `${subject}-${one}` }, undefined, async () => {
          await ledger().states([subject])
          return allocation(1, { eventId: `own-${one}`, subject: `${subject}-${one}` })
        })
      const outcomes = await Promise.all(Array.from({ length: 60 }, (_, one) => submit(one)))
      expect(outcomes.every(({ kind }) => kind === 'allocated')).toBe(true)
    })
  })

  describe('particulars', () => {
    it('keeps own blocks in plain and tells what must travel, by statement', async () => {
      const block = (jwe: string) => [{ digest: 'digest-1', plaintext: '{"goods":"юк"}', jwe }]
      await ledger().submit(chain, undefined, async () => allocation(1, { blocks: block('for ktz') }))
      await ledger().submit(chain, undefined, async () => allocation(2, { blocks: block('for asco') }))
      expect(await ledger().blocks(['digest-1', 'digest-2'])).toEqual(new Map([['digest-1', '{"goods":"юк"}']]))
      const blocksUnsent = async () => (await ledger().unsent(1_000_000)).map(({ hasUnsentBlocks }) => hasUnsentBlocks)
      expect(await blocksUnsent()).toEqual([true, true])
      const [first, second] = await ledger().unsentBlocks(['own-1', 'own-2'])
      expect([first, second]).toEqual([{ eventId: 'own-1', digest: 'digest-1', jwe: 'for ktz' }, { eventId: 'own-2', digest: 'digest-1', jwe: 'for asco' }])
      await ledger().markBlocksSent(first === undefined ? [] : [first])
      expect(await ledger().unsentBlocks(['own-1', 'own-2', 'own-3'])).toEqual([second])
      expect(await blocksUnsent()).toEqual([false, true])
    })

    it('misses the blocks that are needed here until they are kept', async () => {
      const need = (digest: string, of: string) => ({ digest, subject: of, name: 'goods', for: 'contract-1', issuer: 'forwarder', readers: ['ktz'] })
      await ledger().keepBlocks(3, [{ digest: 'digest-1', plaintext: '{}' }])
      await ledger().apply(batch([entry(0)], { blocks: [need('digest-1', subject), need('digest-2', subject), need('digest-3', elsewhere)] }))
      expect(await ledger().missingBlocks()).toEqual([need('digest-2', subject), need('digest-3', elsewhere)])
      expect(await ledger().missingBlocks(elsewhere)).toEqual([need('digest-3', elsewhere)])
      await ledger().keepBlocks(4, [{ digest: 'digest-2', plaintext: '{}' }, { digest: 'digest-2', plaintext: '{}' }])
      await ledger().keepBlocks(5, [])
      expect(await ledger().missingBlocks()).toEqual([need('digest-3', elsewhere)])
      expect(await ledger().blockNeeds(subject)).toEqual([need('digest-1', subject), need('digest-2', subject)])
      expect(await ledger().particularsCursor()).toBe(5)
    })
  })
}
