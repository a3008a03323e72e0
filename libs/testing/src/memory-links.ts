import type { KeptLink, Ledger } from '#libs/exchange'
import type { MemoryDatabase } from './memory-database.js'

export function linkKeeping({ links }: MemoryDatabase) {
  return {
    async keepLink({ secretHash, ...link }) {
      if (links.has(secretHash) || [...links.values()].some(({ linkId }) => linkId === link.linkId)) throw new Error('kept twice')
      links.set(secretHash, { ...link, revokedBy: null, revokedAt: null, uses: 0, lastUsedAt: null })
    },
    linksOf: async (subject) => [...links.values()].filter((link) => link.subject === subject).sort((a, b) => b.madeAt - a.madeAt || (a.linkId < b.linkId ? -1 : 1)),
    async revokeLink({ subject, linkId }, revokedBy, now) {
      const [secretHash, link] = [...links].find(([, one]) => one.subject === subject && one.linkId === linkId) ?? []
      if (secretHash === undefined || link === undefined) return false
      if (link.revokedAt === null) links.set(secretHash, { ...link, revokedBy, revokedAt: now })
      return true
    },
    async useLink(secretHash, now) {
      const link = links.get(secretHash)
      if (!link || link.revokedAt !== null || link.expiresAt <= now) return undefined
      const used: KeptLink = { ...link, uses: link.uses + 1, lastUsedAt: Math.max(now, link.lastUsedAt ?? now) }
      links.set(secretHash, used)
      return used
    },
  } satisfies Partial<Ledger>
}
