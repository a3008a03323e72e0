import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDoorJson, type BodyError } from '#libs/documents'
import { Words, type Notebook } from './finding.js'

/** Reads a file as the API's door reads a body: no member twice, no letters that only look alike. Undefined where it is not JSON at all. */
export async function readCorridorFile(folder: string, file: string, notes: Notebook): Promise<unknown> {
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined)
  if (text === undefined) {
    notes.error('', undefined, 'a file that can be read')
    return undefined
  }
  const read = parseDoorJson(Buffer.from(withoutFractions(text)))
  if (!read.ok) notes.error(read.pointer ?? '', new Words(read.message), expectedAtDoor[read.code] ?? 'text that two people read alike')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const expectedAtDoor: Readonly<Record<string, string>> = {
  BAD_UTF8: 'UTF-8', UNREADABLE_JSON: 'JSON', DUPLICATE_KEY: 'every member once', UNSAFE_NUMBER: 'an integer, or hours with at most two decimals',
}

/** A story tells its hours with fractions, which a statement never has: `1.5` is read as `1`. */
function withoutFractions(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|(-?\d+)\.\d{1,2}(?![\d.eE])/g, (token, whole: string | undefined) => (whole === undefined ? token : whole.replace(/^-0$/, '0')))
}

/** A row of a list, and where it stands. */
export interface Row<T> {
  readonly row: T
  readonly pointer: string
}

/** The rows of a list that have the right shape; what is wrong with the others is noted. Each by itself, so that one mistake hides no other. */
export function rowsOf<T>(list: unknown, pointer: string, errorsOf: (row: unknown) => readonly BodyError[], notes: Notebook): readonly Row<T>[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((row: unknown, index) => {
    const at = `${pointer}/${index}`
    const errors = errorsOf(row)
    for (const error of errors) notes.error(`${at}${error.pointer}`, new Words(error.found), error.expected)
    return errors.length === 0 ? [{ row: row as T, pointer: at }] : [] // its shape has just been checked
  })
}

/** Notes what is wrong with the shape of a whole file; whether it may be used as that shape. */
export function hasShape(value: unknown, errorsOf: (value: unknown) => readonly BodyError[], notes: Notebook): boolean {
  const errors = errorsOf(value)
  for (const { pointer, found, expected } of errors) notes.error(pointer, new Words(found), expected)
  return errors.length === 0
}

/** Notes every row whose id another row has. */
export function noteRepeated<T>(rows: readonly Row<T>[], member: string, idOf: (row: T) => string, notes: Notebook): void {
  const first = new Map<string, string>()
  for (const { row, pointer } of rows) {
    const id = idOf(row)
    const other = first.get(id)
    if (other === undefined) first.set(id, pointer)
    else notes.error(`${pointer}/${member}`, id, `another one than that of ${other}`)
  }
}
