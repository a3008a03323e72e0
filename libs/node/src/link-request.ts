import { parseDoorJson, type BodyError } from '#libs/documents'
import { problem } from './problem.js'

export interface LinkRequest {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly label: string | null
}

export const linkTimePattern = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?Z$'
export const linkLabelLength = 100
const longestDays = 366
const dayMs = 86_400_000

/** Reads what a link is to be. Throws problems; all that is wrong is told at once. */
export function linkRequestOf(bytes: Uint8Array, now: number): LinkRequest {
  const read = parseDoorJson(bytes)
  if (!read.ok) throw problem(read.code, read.message, read.pointer !== undefined ? { pointer: read.pointer } : {})
  const body = read.value
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong([errorOf('', 'an object', body)])
  const { expiresAt, label = null, ...more } = body as Readonly<Record<string, unknown>> // an object of JSON
  const end = typeof expiresAt === 'string' && new RegExp(linkTimePattern).test(expiresAt) ? Date.parse(expiresAt) : Number.NaN
  const errors = [
    ...(end > now && end <= now + longestDays * dayMs ? [] : [errorOf('/expiresAt', `a time to come in UTC, at most ${longestDays} days ahead`, expiresAt)]),
    ...(label === null || isLabel(label) ? [] : [errorOf('/label', `1 to ${linkLabelLength} characters on one line`, label)]),
    ...Object.keys(more).map((name) => errorOf(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'no such member', more[name])),
  ]
  if (errors.length > 0) throw wrong(errors)
  return { expiresAt: end, label: label as string | null } // looked at above
}

function isLabel(label: unknown): boolean {
  return typeof label === 'string' && label.length > 0 && label.length <= linkLabelLength && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(label)
}

function errorOf(pointer: string, expected: string, value: unknown): BodyError {
  const found = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)
  return { pointer, expected, found, message: `${pointer === '' ? 'the body' : pointer}: expected ${expected}, found ${found}` }
}

function wrong(errors: readonly BodyError[]) {
  const [first] = errors
  return problem('SCHEMA', first?.message ?? 'the body does not fit', { errors: errors.slice(0, 50), ...(first && { pointer: first.pointer }) })
}
