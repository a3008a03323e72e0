import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './complaint.js'
import type { CorridorConfig } from './process-config.js'

/** data/corridor.json: the corridor this data folder belongs to, and where its log is. Written once, at the founding. */
export interface CorridorFile extends CorridorConfig {
  readonly brokers: readonly string[]
}

/** Undefined before the founding. */
export function readCorridorFile(dataDir: string): CorridorFile | undefined {
  const file = join(dataDir, 'corridor.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CorridorFile) : undefined // written by this file
}

/** The same for commands that need a founded corridor; throws the complaint NOT_FOUNDED. */
export function needCorridorFile(dataDir: string): CorridorFile {
  const found = readCorridorFile(dataDir)
  if (!found) throw new Complaint('NOT_FOUNDED', `no corridor was founded in ${dataDir}; run npm start first.`)
  return found
}

export function writeCorridorFile(dataDir: string, corridor: CorridorFile): void {
  const file = join(dataDir, 'corridor.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(corridor, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
