import { maxCallRows, type BodyError } from '#libs/documents'
import { problem } from './problem.js'

/** Columns of a loading list; each but the seals is the member of that name in a row of the JSON form. */
export const csvColumns = [
  'equipmentId', 'carriedBy', 'affixedSeal', 'sealingPartyRoleCode', 'packageQuantity', 'grossMassKg', 'massDetermination', 'verifiedGrossMassKg', 'subject',
] as const

type Column = (typeof csvColumns)[number]

interface Line {
  /** Of the text, from 1: what a spreadsheet shows beside the row. */
  readonly number: number
  readonly cells: readonly string[]
}

export interface LoadingList {
  readonly loadings: readonly object[]
  /** The line of each row. */
  readonly lines: readonly number[]
}

/**
 * Reads a loading list as spreadsheets write it (RFC 4180): UTF-8 with or without byte order mark; commas, semicolons or tabs between; a header row with
 * columns in any order. Seals stand in one cell with spaces between. What the cells may hold is the schema's to say. Throws UNREADABLE_CSV, BAD_UTF8.
 */
export function readLoadingCsv(bytes: Uint8Array): LoadingList {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw problem('BAD_UTF8', 'the list is not valid UTF-8')
  }
  const [header, ...rows] = linesIn(text).filter(({ cells }) => cells.some((cell) => cell !== ''))
  const columns = columnsIn(header)
  if (rows.length === 0) throw unreadable('the list has no rows')
  if (rows.length > maxCallRows) throw unreadable(`the list has ${rows.length} rows; at most ${maxCallRows} are taken`)
  return {
    loadings: rows.map(({ number, cells }) => {
      if (cells.length > columns.length) throw unreadable(`row ${number} has ${cells.length} cells, the header ${columns.length}`)
      return rowOf(new Map(columns.map((column, at) => [column, (cells[at] ?? '').trim()])))
    }),
    lines: rows.map(({ number }) => number),
  }
}

/** Errors in the terms of the sheet: row and column. What is no cell stands in the query. */
export function errorsInCsv(errors: readonly BodyError[], { lines }: LoadingList): readonly BodyError[] {
  return errors.map((error) => {
    const [, index, member = 'equipmentId'] = /^\/loadings\/([0-9]+)(?:\/([A-Za-z]+)(?:\/.*)?)?$/.exec(error.pointer) ?? []
    const line = index === undefined ? undefined : lines[Number(index)]
    if (line === undefined) return { ...error, message: `parameter ${error.pointer.slice(1)}: ${error.message}` }
    const column = error.pointer.endsWith('/sealingPartyRoleCode') ? 'sealingPartyRoleCode' : member
    return { ...error, pointer: `/rows/${line}/${column}`, message: `row ${line}, column ${column}: ${error.message}` }
  })
}

function rowOf(cells: ReadonlyMap<Column, string>): object {
  const { affixedSeal, sealingPartyRoleCode, ...members } = Object.fromEntries([...cells].filter(([, cell]) => cell !== '')) as Partial<Record<Column, string>>
  const seals = affixedSeal?.split(/ +/).map((id) => ({ id, ...(sealingPartyRoleCode !== undefined && { sealingPartyRoleCode }) }))
  const numbers = ['packageQuantity', 'grossMassKg', 'verifiedGrossMassKg']
  const typed = Object.entries(members).map(([name, cell]) => [name, numbers.includes(name) && /^(?:0|[1-9][0-9]{0,14})$/.test(cell) ? Number(cell) : cell])
  return { ...Object.fromEntries(typed), ...(seals && { affixedSeal: seals }) }
}

function columnsIn(header: Line | undefined): readonly Column[] {
  if (!header) throw unreadable('the list is empty')
  const columns = header.cells.map((cell) => cell.trim())
  for (const [at, column] of columns.entries()) {
    if (!csvColumns.some((known) => known === column)) throw unreadable(`row ${header.number}: there is no column ${JSON.stringify(column.slice(0, 40))}; there are ${csvColumns.join(', ')}`)
    if (columns.indexOf(column) < at) throw unreadable(`row ${header.number}: the column ${column} occurs twice`)
  }
  if (!columns.includes('equipmentId')) throw unreadable(`row ${header.number}: the column equipmentId is missing`)
  return columns as Column[] // each was just found among them
}

function linesIn(text: string): readonly Line[] {
  const between = /[;\t,]/.exec(text.split(/\r?\n/, 1)[0] ?? '')?.[0] ?? ','
  const lines: { number: number; cells: string[] }[] = []
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${between}\\r\\n]*))(${between}|\\r?\\n|$)`, 'y')
  let [number, begun] = [1, 1]
  let cells: string[] = []
  while (cell.lastIndex < text.length || cells.length > 0) {
    const at = cell.lastIndex
    const [whole, quoted, plain, end] = cell.exec(text) ?? []
    if (whole === undefined) throw unreadable(`row ${number}: a quotation mark that does not belong there near ${JSON.stringify(text.slice(at, at + 20))}`)
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    number += whole.split('\n').length - 1
    if (end === between) continue
    lines.push({ number: begun, cells })
    begun = number
    cells = []
    if (cell.lastIndex >= text.length) break
  }
  return lines
}

function unreadable(detail: string) {
  return problem('UNREADABLE_CSV', detail)
}
