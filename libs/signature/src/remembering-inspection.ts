import { beginInspection, readRecord, type BeginInspection, type Opened } from './inspect.js'

/** Of record values, in bytes: some 400 statements, and any one record. */
const mostRemembered = 2 ** 20

/**
 * Inspects as `beginInspection` does, and remembers for a while what it has read and whether it was signed: the nodes of a process follow one log,
 * and each is given the records at its end at about the same time. Both depend on nothing but the bytes and the key that hashes to their `kid`; whether a
 * node knows that key, and whether it counts, is asked each time.
 */
export function rememberingInspection(mostBytes = mostRemembered): BeginInspection {
  const recent = new Map<string, Opened>()
  let bytes = 0
  const open = (value: Uint8Array | null): Opened => {
    if (value === null || value.length > mostBytes) return { record: readRecord(value) }
    const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1') // every byte a character of its own
    const known = recent.get(text)
    if (known) return known
    const opened: Opened = { record: readRecord(value) }
    recent.set(text, opened)
    bytes += text.length
    for (const oldest of recent.keys()) {
      if (bytes <= mostBytes) break
      recent.delete(oldest)
      bytes -= oldest.length
    }
    return opened
  }
  return (values, publicKeyOf) => beginInspection(values, publicKeyOf, open)
}
