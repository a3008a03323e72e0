import { createHash } from 'node:crypto'
import type { PublicJwk } from './generated/types.js'

/** base64url SHA-256 of a text's UTF-8 bytes: the form of every event id, digest and thumbprint. */
export function digestOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** RFC 7638 thumbprint: required members in code unit order, no white space. */
export function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return digestOf(JSON.stringify({ crv, kty, x, y }))
}
