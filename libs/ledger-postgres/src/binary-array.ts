/**
 * One-dimensional arrays in PostgreSQL's binary format, for `unnest`. node-postgres writes arrays as text: every byte of a signed record would become
 * two hex digits, escaped and parsed again. Layout: dimensions, has-null flag, element type, length, lower bound, then (length, bytes) of each.
 * Source: array_recv in PostgreSQL's src/backend/utils/adt/arrayfuncs.c.
 */
function binaryArray(elementType: number, items: readonly (Buffer | null)[]): Buffer {
  const bytes = Buffer.allocUnsafe(20 + items.reduce((sum, item) => sum + 4 + (item?.length ?? 0), 0))
  bytes.writeInt32BE(1, 0)
  bytes.writeInt32BE(1, 4) // "may contain nulls"
  bytes.writeInt32BE(elementType, 8)
  bytes.writeInt32BE(items.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = 20
  for (const item of items) {
    at = bytes.writeInt32BE(item?.length ?? -1, at)
    if (item !== null) at += item.copy(bytes, at)
  }
  return bytes
}

/** For `$n::bytea[]`. */
export const byteaArray = (items: readonly (Uint8Array | null)[]): Buffer =>
  binaryArray(17, items.map((item) => (item === null ? null : Buffer.from(item.buffer, item.byteOffset, item.byteLength))))

/** For `$n::text[]`. */
export const textArray = (items: readonly (string | null)[]): Buffer =>
  binaryArray(25, items.map((item) => (item === null ? null : Buffer.from(item, 'utf8'))))
