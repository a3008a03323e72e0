import { hash } from 'node:crypto'

/**
 * SHA-256, 32 bytes; of a text the hash of its UTF-8. By way of a text with a letter a byte: the runtime's own Buffer takes four times as long, for it has
 * memory of its own that has to be given back, and a record of the log has three of them.
 */
export function sha256(of: Uint8Array | string): Buffer {
  return Buffer.from(hash('sha256', of, 'binary'), 'binary')
}
