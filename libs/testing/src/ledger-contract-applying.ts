import { describe, expect, it } from '@jest/globals'
import type { BlockNeed, StateMembers } from '#libs/exchange'
import { emptyFrontier, frontierToText } from '#libs/signature'
import type { ContractParts } from './ledger-contract.js'
import { allocation, batch, dossier, elsewhere, entry, garbage, leafAt, otherKid, ownKid, rowOf, subject, submitNext } from './ledger-samples.js'
import { until } from './until.js'

export function applyingContract({ ledger, another, dropLeader }: ContractParts): void {
  describe('applying', () => {
    it('begins at the first offset with the empty tree', async () => {
      expect(await ledger().cursor()).toEqual({ next: 0, frontier: frontierToText(emptyFrontier) })
    })

    it('moves the cursor with what it keeps, and gives every byte back', async () => {
      const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const kept = [
        entry(0, { consumes: 1 }),
        garbage(1, { key: null, value: null }),
        garbage(2, { key: Buffer.alloc(0), value: Buffer.alloc(0) }),
        garbage(4, { key: everyByte, value: everyByte }),
      ]
      await ledger().apply(batch(kept, { next: 6, holes: [{ offset: 3, leaf: leafAt(3) }, { offset: 5, leaf: leafAt(5) }] }))
      expect(await ledger().cursor()).toEqual({ next: 6, frontier: 'frontier of 6' })
      for (const one of kept) expect(await ledger().entryAt(one.offset)).toEqual(one)
      expect(await ledger().entryAt(3)).toBeUndefined()
      expect(await ledger().leaves(1, 5)).toEqual([1, 2, 3, 4].map(leafAt))
    })

    it('goes over offsets that hold nothing but holes', async () => {
      await ledger().apply(batch([], { from: 0, next: 2, holes: [0, 1].map((offset) => ({ offset, leaf: leafAt(offset) })) }))
      expect(await ledger().cursor()).toMatchObject({ next: 2 })
    })

    it('turns a zombie away at the cursor, and keeps nothing of its batch', async () => {
      const zombie = await another()
      await ledger().apply(batch([entry(0)]))
      const late = batch([entry(0, { eventId: 'late' })], { states: [{ subject, members: { heads: 'late' } }], dossiers: [dossier(subject, 0)] })
      await expect(zombie.apply(late)).rejects.toMatchObject({ code: 'CURSOR_MOVED' })
      await expect(zombie.apply(batch([entry(7)]))).rejects.toMatchObject({ code: 'CURSOR_MOVED' })
      expect(await ledger().entry('late')).toBeUndefined()
      expect(await ledger().entryAt(7)).toBeUndefined()
      expect(await ledger().states([subject])).toEqual(new Map())
      expect(await ledger().dossiers([subject])).toEqual(new Map())
    })

    it('lets one of two appliers through that come at the same moment', async () => {
      const rival = await another()
      const outcomes = await Promise.allSettled([ledger().apply(batch([entry(0)])), rival.apply(batch([entry(0)]))])
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'CURSOR_MOVED' } })
    })

    it('keeps one number of a chain once, whatever the judge says', async () => {
      await ledger().apply(batch([entry(0, { consumes: 1 })]))
      await expect(ledger().apply(batch([entry(1, { consumes: 1 })]))).rejects.toThrow()
      expect(await ledger().cursor()).toMatchObject({ next: 1 })
    })

    it('finds consumed numbers by key, subject and sequence', async () => {
      await ledger().apply(batch([entry(0, { consumes: 1 }), entry(1, { consumes: 2, code: 'RULE:NOT_HOLDER' }), entry(2, { code: 'EARLY' }), entry(3, { subject: elsewhere, consumes: 1 })]))
      const asked = [1, 2, 3].flatMap((sequence) => [subject, elsewhere].map((of) => ({ kid: otherKid, subject: of, sequence })))
      expect(await ledger().consumed([...asked, { kid: ownKid, subject, sequence: 1 }])).toEqual(
        new Map([[`${otherKid} ${subject} 1`, 'event-0'], [`${otherKid} ${subject} 2`, 'event-1'], [`${otherKid} ${elsewhere} 1`, 'event-3']]),
      )
    })

    it('keeps one state for a subject, the latest', async () => {
      const [first, second] = [{ consignment: '{"v":1}', heads: '{}' }, { consignment: '{"v":1}', heads: '{"k":1}' }]
      await ledger().apply(batch([entry(0)], { states: [{ subject, members: first }, { subject: elsewhere, members: { heads: '{"юк":"\\u0000"}', register: '{"r":1}' } }] }))
      await ledger().apply(batch([entry(1)], { states: [{ subject, members: second, former: first }] }))
      expect(await ledger().states([subject, elsewhere, 'unknown'])).toEqual(new Map<string, StateMembers>([
        [subject, second], [elsewhere, { heads: '{"юк":"\\u0000"}', register: '{"r":1}' }],
      ]))
      await ledger().apply(batch([entry(2)], { states: [
        { subject, members: { consignment: '{"v":2}', heads: '{}' }, former: second },
        { subject: elsewhere, members: { heads: '{"k":2}', register: '{"r":1}' }, former: { heads: '{"юк":"\\u0000"}', register: '{"r":1}' } },
      ] }))
      expect(await ledger().states([subject, elsewhere])).toEqual(new Map<string, StateMembers>([
        [subject, { consignment: '{"v":2}', heads: '{}' }], [elsewhere, { heads: '{"k":2}', register: '{"r":1}' }],
      ]))
    })

    it('is not stopped by a signed statement with hostile texts outside its data', async () => {
      const hostile = ['\u0000', '\uD800', 'я'.repeat(100_000)].map((text, offset) => {
        const { event, ...rest } = entry(offset, { code: 'ENVELOPE' })
        return { ...rest, event: { eventId: `hostile-${offset}`, kid: event?.kid ?? '', issuer: text, subject: text, type: text, occurredAt: text } }
      })
      await ledger().apply(batch(hostile))
      expect(await ledger().entry('hostile-2')).toMatchObject({ offset: 2, code: 'ENVELOPE', value: hostile[2]?.value })
    })

    it('keeps failing view rows apart: entry, state, cursor and the other views stand', async () => {
      const good = dossier(elsewhere, 2, [['equipment', 'CSQU3054383']])
      const outcome = await ledger().apply(
        batch([entry(0), entry(1), entry(2)], {
          states: [{ subject, members: { consignment: '{"is":1}', heads: '{}' } }],
          dossiers: [
            dossier(subject, 0, [['equipment', 'CSQU\u00003054383']]),
            { ...dossier('0197a8f0-0000-7000-8000-000000000003', 1), parts: ['{"cut', 'null'] },
            { ...dossier('0197a8f0-0000-7000-8000-000000000005', 1), parts: ['[]', 'null'] },
            dossier('0197a8f0-0000-7000-8000-000000000004', 1, [['note', 'x'.repeat(10_000)]]),
            good,
          ],
          blocks: [need('digest-1', subject), need('digest-2', elsewhere, 'bad\u0000name')],
          viewFailures: [{ subject, offset: 1, message: 'told by the applier' }],
        }),
      )
      expect(outcome.viewFailures.map(({ subject: of }) => of.slice(-1))).toEqual(['1', '3', '5', '4', '2'])
      expect(await ledger().cursor()).toMatchObject({ next: 3 })
      expect(await ledger().states([subject])).toEqual(new Map([[subject, { consignment: '{"is":1}', heads: '{}' }]]))
      expect(await ledger().search([], undefined, 10)).toEqual([rowOf(good)])
      expect((await ledger().blockNeeds(subject)).map(({ digest }) => digest)).toEqual(['digest-1'])
      expect(await ledger().blockNeeds(elsewhere)).toEqual([])
    })

    it('forgets what comes from the log on reset, and keeps what does not', async () => {
      await submitNext(ledger(), 1)
      const idempotency = { organisation: 'org', key: 'key', bodyHash: 'body' }
      const own = allocation(1, { eventId: 'elsewhere-1', subject: elsewhere, blocks: [{ digest: 'digest-1', plaintext: '{}', jwe: 'jwe' }] })
      await ledger().submit({ kid: ownKid, subject: elsewhere }, idempotency, async () => own)
      await ledger().keepBlocks(5, [{ digest: 'digest-2', plaintext: '{"2":2}' }])
      const content = {
        heads: [{ size: 2, root: 'root', frontier: 'f' }],
        states: [{ subject, members: { consignment: '{"is":1}', heads: '{}' } }],
        dossiers: [dossier(subject, 0, [['equipment', 'CSQU3054383']])],
        blocks: [need('digest-3', subject)],
        next: 2,
        holes: [{ offset: 1, leaf: leafAt(1) }],
      }
      const first = batch([entry(0, { eventId: 'own-1', kid: ownKid, consumes: 1 })], content)
      expect(await ledger().apply(first)).toMatchObject({ decided: [{ eventId: 'own-1' }] })

      await ledger().reset()
      expect(await ledger().cursor()).toEqual({ next: 0, frontier: frontierToText(emptyFrontier) })
      expect([await ledger().entryAt(0), await ledger().headAt(2), await ledger().leaves(0, 9)]).toEqual([undefined, undefined, []])
      expect([await ledger().states([subject]), await ledger().dossiers([subject])]).toEqual([new Map(), new Map()])
      expect([await ledger().search([], undefined, 9), await ledger().missingBlocks()]).toEqual([[], []])
      expect(await ledger().submission('own-1')).toMatchObject({ state: 'decided', verdict: 'accepted', offset: 0 })
      expect(await ledger().particularsCursor()).toBe(5)
      expect(await ledger().blocks(['digest-1', 'digest-2'])).toEqual(new Map([['digest-1', '{}'], ['digest-2', '{"2":2}']]))
      expect(await ledger().submit({ kid: ownKid, subject: elsewhere }, idempotency, async () => own)).toEqual({ kind: 'repeated', eventId: 'elsewhere-1' })

      expect(await ledger().apply(first)).toEqual({ decided: [], foreign: [], viewFailures: [] })
    })
  })

  describe('leading', () => {
    it('is for one at a time, and passes to who stands by', async () => {
      const standby = await another()
      const lead = await ledger().lead()
      let follows = false
      const next = standby.lead().then((taken) => {
        follows = true
        return taken
      })
      await ledger().cursor()
      expect(follows).toBe(false)
      await lead.release()
      await lead.lost
      await (await next).release()
    })

    it('is told when it is lost, and another takes over', async () => {
      const standby = await another()
      const lead = await ledger().lead()
      const next = standby.lead()
      await dropLeader()
      await lead.lost
      await (await next).release()
      await until(async () => (await ledger().cursor()).next === 0, 1_000)
    })
  })
}

function need(digest: string, of: string, name = 'goods'): BlockNeed {
  return { digest, subject: of, name, for: null, issuer: 'forwarder', readers: ['ktz', 'asco "Caspian"'] }
}
