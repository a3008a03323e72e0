import { openBlock, type PrivateJwk } from '#libs/signature'
import type { LogBatch, LogRecord } from './log-port.js'
import type { KeyStore, Ledger } from './ports.js'

/**
 * The second topic: blocks of particulars on their way to their readers. Everything on it is untrusted; a block counts by its digest alone, so what
 * cannot be opened is passed over.
 */
export async function keepReadableBlocks(ledger: Pick<Ledger, 'keepBlocks'>, keys: KeyStore, batch: LogBatch): Promise<void> {
  const blocks: { digest: string; plaintext: string }[] = []
  for (const record of batch.records) {
    const plaintext = await readableText(record, keys)
    if (plaintext !== undefined) blocks.push({ digest: record.key?.toString('latin1') ?? '', plaintext })
  }
  await ledger.keepBlocks(batch.next, blocks)
}

async function readableText({ key, value }: LogRecord, keys: KeyStore): Promise<string | undefined> {
  const digest = key?.toString('latin1') ?? ''
  if (value === null || !/^[A-Za-z0-9_-]{43}$/.test(digest)) return undefined
  return openWithAny(value.toString('utf8'), digest, keys)
}

/** Opens a block with whichever of the node's encryption keys it was encrypted for; undefined when there is none or the digest differs. */
export async function openWithAny(jwe: string, digest: string, keys: KeyStore): Promise<string | undefined> {
  for (const { kid, privateJwk } of keys.encryption()) {
    const opened = await openBlock(jwe, digest, { kid, privateJwk: privateJwk as unknown as PrivateJwk }) // the key store's own
    if (opened.ok) return opened.text
  }
  return undefined
}

