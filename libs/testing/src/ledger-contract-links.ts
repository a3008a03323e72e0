import { describe, expect, it } from '@jest/globals'
import type { NewLink } from '#libs/exchange'
import type { ContractParts } from './ledger-contract.js'
import { elsewhere, subject } from './ledger-samples.js'

export function linksContract({ ledger, another }: ContractParts): void {
  const link = (name: string, changes: Partial<NewLink> = {}): NewLink => ({
    linkId: name, subject, secretHash: `hash of ${name}`, label: `for ${name}`, madeBy: 'dilnoza', madeAt: 1_000, expiresAt: 5_000, ...changes,
  })
  const unused = { revokedBy: null, revokedAt: null, uses: 0, lastUsedAt: null }
  const shown = ({ secretHash: _, ...rest }: NewLink) => ({ ...rest, ...unused })

  describe('links to a consignment', () => {
    it('are listed for it, the newest first, without what opens them', async () => {
      const [first, second] = [link('a'), link('b', { madeAt: 2_000, label: null })]
      for (const one of [first, second, link('c', { subject: elsewhere })]) await ledger().keepLink(one)
      expect(await ledger().linksOf(subject)).toEqual([shown(second), shown(first)])
      expect(await ledger().linksOf('nowhere')).toEqual([])
      await expect(ledger().keepLink(link('d', { secretHash: 'hash of a' }))).rejects.toThrow()
    })

    it('open it until they expire, and count each use, at whichever replica', async () => {
      await ledger().keepLink(link('a'))
      const replicas = [ledger(), await another()]
      const uses = await Promise.all(Array.from({ length: 10 }, (_, one) => replicas[one % 2]?.useLink('hash of a', 3_000 + one)))
      expect(uses.map((used) => used?.subject)).toEqual(Array(10).fill(subject))
      expect(await ledger().useLink('hash of a', 4_999)).toEqual({ ...shown(link('a')), uses: 11, lastUsedAt: 4_999 })
      expect(await ledger().useLink('hash of a', 5_000)).toBeUndefined()
      expect(await ledger().useLink('a', 3_000)).toBeUndefined()
      expect(await ledger().linksOf(subject)).toMatchObject([{ uses: 11, lastUsedAt: 4_999 }])
    })

    it('open nothing once revoked, and keep who did it first', async () => {
      await ledger().keepLink(link('a'))
      expect(await ledger().revokeLink({ subject: elsewhere, linkId: 'a' }, 'jasur', 2_000)).toBe(false)
      expect(await ledger().useLink('hash of a', 2_000)).toMatchObject({ uses: 1 })
      expect([await ledger().revokeLink(link('a'), 'jasur', 3_000), await ledger().revokeLink(link('a'), 'dilnoza', 4_000)]).toEqual([true, true])
      expect(await ledger().useLink('hash of a', 3_500)).toBeUndefined()
      expect(await ledger().linksOf(subject)).toEqual([{ ...shown(link('a')), revokedBy: 'jasur', revokedAt: 3_000, uses: 1, lastUsedAt: 2_000 }])
    })

    it('stay when what comes from the log is forgotten', async () => {
      await ledger().keepLink(link('a'))
      await ledger().reset()
      expect(await ledger().useLink('hash of a', 2_000)).toMatchObject({ linkId: 'a' })
    })
  })
}
