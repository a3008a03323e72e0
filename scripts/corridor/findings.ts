import { checkCorridor } from '../../corridors/check/check-corridor.js'
import type { Finding } from '../../corridors/check/finding.js'
import { loadCorridor, type Corridor } from '../../corridors/load.js'
import { Complaint } from '../complaint.js'

export function countsOf(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter(({ level }) => level === 'error').length
  return { errors, warnings: findings.length - errors }
}

/** Findings for a person: where, what is there, what should be. Errors come last, nearest to the prompt. */
export function described(folder: string, all: readonly Finding[], shown = all): string {
  const { errors, warnings } = countsOf(all)
  const lines = [...shown.filter(({ level }) => level === 'warning'), ...shown.filter(({ level }) => level === 'error')].map(lineOf)
  const end = errors === 0 ? 'nothing keeps it from running' : 'it cannot run like this'
  return [...lines, ...(lines.length > 0 ? [''] : []), `${folder}: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}; ${end}`].join('\n')
}

/** The corridor of a folder in which nothing is wrong; what is unverified may stay so. Throws the complaint CORRIDOR_WRONG. */
export async function loadSoundCorridor(folder: string): Promise<Corridor> {
  const errors = (await checkCorridor(folder)).filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new Complaint('CORRIDOR_WRONG', `this corridor cannot run:\n${described(folder, errors)}`)
  return loadCorridor(folder)
}

function lineOf({ level, file, line, pointer, found, expected }: Finding): string {
  const where = `${file}:${line}${pointer === '' ? '' : ` ${pointer}`}`
  return `${level.padEnd(8)} ${where}\n         found ${found}; expected ${expected}`
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
