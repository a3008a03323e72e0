import type { BlockReference } from '#libs/documents'
import type { Dossier, DossierBlock } from './dossier.js'

type Blocks = Dossier['blocks']

/** Blocks of a note's version: those of its issuer that it does not name again are no longer current. */
export function withVersionBlocks(known: Blocks, issuer: string, event: string, blocks: readonly BlockReference[]): Blocks {
  return withBlocks(known.map((block) => (block.issuer === issuer ? { ...block, current: false } : block)), issuer, event, blocks)
}

/** Everybody sees a digest, so naming a known one again adds readers only when somebody who has the block does it, as in the state. */
export function withBlocks(known: Blocks, holder: string, event: string, blocks: readonly BlockReference[]): Blocks {
  const byDigest = new Map(known.map((block) => [block.digest, block]))
  for (const block of blocks) {
    const before = byDigest.get(block.digest)
    if (!before) byDigest.set(block.digest, { ...block, issuer: holder, event, current: true })
    else if (has(before, holder)) byDigest.set(block.digest, { ...before, readers: [...new Set([...before.readers, ...block.readers])], current: true })
  }
  return [...byDigest.values()]
}

export function withGrant(known: Blocks, digest: string, reader: string): Blocks {
  return known.map((block) => (block.digest === digest ? { ...block, readers: [...new Set([...block.readers, reader])] } : block))
}

function has({ issuer, readers }: DossierBlock, participant: string): boolean {
  return issuer === participant || readers.includes(participant)
}
