/** Something in a corridor's folder that somebody should look at: an error keeps the corridor from running, a warning does not. */
export interface Finding {
  readonly level: 'error' | 'warning'
  /** Path within the folder. */
  readonly file: string
  /** Where in the file (RFC 6901); empty for the file itself. */
  readonly pointer: string
  readonly line: number
  readonly found: string
  readonly expected: string
}

/** A finding before its line is looked up. */
export type Noted = Omit<Finding, 'line'>

/** Takes down what is found in one file. */
export interface Notebook {
  error(pointer: string, found: unknown, expected: string): void
  warning(pointer: string, found: unknown, expected: string): void
}

export function openNotebook(file: string, findings: Noted[]): Notebook {
  const noted = (level: Finding['level']) => (pointer: string, found: unknown, expected: string) => {
    const finding = { level, file, pointer, found: shown(found), expected }
    const isKnown = findings.some((one) => one.file === file && one.pointer === pointer && one.expected === expected) // a table is used by many steps
    if (!isKnown) findings.push(finding)
  }
  return { error: noted('error'), warning: noted('warning') }
}

/** Words that say what is found, instead of showing it. */
export class Words {
  constructor(readonly text: string) {}
}

const longestShown = 120

function shown(found: unknown): string {
  if (found instanceof Words) return found.text
  const text = JSON.stringify(found) ?? 'nothing'
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text
}
