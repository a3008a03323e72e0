/**
 * One-dimensional arrays in PostgreSQL's binary format, for `unnest`. node-postgres writes arrays as text: every byte of a signed record would become
 * two hex digits, escaped and parsed again. Layout: dimensions, has-null flag, element type, length, lower bound, then (length, bytes) of each.
 * Source: array_recv in PostgreSQL's src/backend/utils/adt/arrayfuncs.c.
 */
function binaryArray<T>(elementType: number, items: readonly (T | null)[], lengthOf: (item: T) => number, write: (item: T, bytes: Buffer, at: number) => void): Buffer {
  const lengths = items.map((item) => (item === null ? -1 : lengthOf(item)))
  const bytes = Buffer.allocUnsafe(20 + lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), 0))
  bytes.writeInt32BE(1, 0)
  bytes.writeInt32BE(1, 4) // "may contain nulls"
  bytes.writeInt32BE(elementType, 8)
  bytes.writeInt32BE(items.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = 20
  for (const [index, item] of items.entries()) {
    const length = lengths[index] ?? -1
    at = bytes.writeInt32BE(length, at)
    if (item === null) continue
    write(item, bytes, at)
    at += length
  }
  return bytes
}

/** For `$n::bigint[]`: offsets, times and the like, all of them safe integers. */
export const bigintArray = (items: readonly (number | null)[]): Buffer =>
  binaryArray(20, items, () => 8, (item, bytes, at) => {
    if (!Number.isSafeInteger(item)) throw new RangeError(`${item} is no bigint`)
    const high = Math.floor(item / 2 ** 32)
    bytes.writeInt32BE(high, at)
    bytes.writeUInt32BE(item - high * 2 ** 32, at + 4)
  })

/** For `$n::bytea[]`. */
export const byteaArray = (items: readonly (Uint8Array | null)[]): Buffer => binaryArray(17, items, (item) => item.length, (item, bytes, at) => bytes.set(item, at))

/** For `$n::text[]`. */
export const textArray = (items: readonly (string | null)[]): Buffer =>
  binaryArray(25, items, (item) => Buffer.byteLength(item), (item, bytes, at) => void bytes.write(item, at))
