/**
 * What one walk over the bytes of a JSON text tells before any parser recurses. `canonical`: if it is JSON, it is in canonical form (RFC 8785). `unsure`: what
 * is rare, and whatever is not canonical; whoever must know asks on.
 */
export type Look = 'deep' | 'canonical' | 'unsure'

const [quote, backslash, comma, minus, zero, nine, underscore] = [0x22, 0x5c, 0x2c, 0x2d, 0x30, 0x39, 0x5f]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

/** So many digits are an integer that every number of them is exact for. */
const mostDigits = 15

/**
 * Looks at bytes for brackets deeper than `limit` (right for valid JSON, harmless for the rest) and for anything beside the plain canonical form: white space
 * outside of strings, escapes, names that are not ASCII, begin with an underscore (`__proto__`) or do not come after the one before, and numbers that are no
 * integers of a few digits.
 */
export function lookAt(bytes: Uint8Array, limit: number): Look {
  const [begins, ends]: [number[], number[]] = [[], []] // of the last name at each depth; −1 in a list
  let depth = 0
  let isPlain = true
  let isName = false // the next string is one
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote) {
      const begin = at + 1
      let all = 0
      for (at = begin; at < bytes.length && bytes[at] !== quote; at++) {
        const inner = bytes[at] ?? 0
        all |= inner
        if (inner === backslash) {
          isPlain = false
          at++
        }
      }
      if (!isName) continue
      isName = false
      if (all > 0x7f || bytes[begin] === underscore || !isAfter(bytes, begin, at, begins[depth] ?? -1, ends[depth] ?? -1)) isPlain = false
      if (depth > 0) begins[depth] = begin
      if (depth > 0) ends[depth] = at
    } else if (byte === openBrace || byte === openBracket) {
      if (++depth > limit) return 'deep'
      isName = byte === openBrace
      if (depth > 0) begins[depth] = ends[depth] = isName ? 0 : -1
      else isPlain = false // more were closed than opened
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--
      isName = false
    } else if (byte === comma) {
      isName = (ends[depth] ?? -1) >= 0
    } else if (byte === minus || (byte >= zero && byte <= nine)) {
      const begin = at
      while (isDigit(bytes[at + 1])) at++
      if (!isShortInteger(bytes, begin, at)) isPlain = false
    } else if (byte <= 0x20) isPlain = false
  }
  return isPlain ? 'canonical' : 'unsure'
}

/** Whether brackets nest deeper than `limit`. */
export function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  return lookAt(bytes, limit) === 'deep'
}

/** Whether a name of ASCII comes after another, by code units. */
function isAfter(bytes: Uint8Array, begin: number, end: number, otherBegin: number, otherEnd: number): boolean {
  let [at, other] = [begin, otherBegin]
  while (at < end && other < otherEnd && bytes[at] === bytes[other]) {
    at++
    other++
  }
  if (other === otherEnd) return at < end
  return at < end && (bytes[at] ?? 0) > (bytes[other] ?? 0)
}

/** @param end its last digit. What follows, a fraction or an exponent, has a letter or a full stop. */
function isShortInteger(bytes: Uint8Array, begin: number, end: number): boolean {
  const isNegative = bytes[begin] === minus
  const digits = end - begin + (isNegative ? 0 : 1)
  const next = bytes[end + 1]
  return digits <= mostDigits && !(isNegative && bytes[begin + 1] === zero) && next !== 0x2e && next !== 0x65 && next !== 0x45
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine
}
