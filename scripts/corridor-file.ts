import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogAddress } from '#libs/log'
import { Complaint } from './complaint.js'
import type { CorridorConfig } from './process-config.js'

/** data/corridor.json: the corridor this data folder belongs to, and where its log is, which stays of the kind it was founded on. */
export interface CorridorFile extends CorridorConfig {
  readonly log: LogAddress['kind']
  /** Of a log on Kafka, else none. */
  readonly brokers: readonly string[]
  /** Of a log on PostgreSQL, in words; the address is for its owner only and lies in config/log.json. */
  readonly database?: string
}

/** Undefined before the founding. */
export function readCorridorFile(dataDir: string): CorridorFile | undefined {
  const file = join(dataDir, 'corridor.json')
  if (!existsSync(file)) return undefined
  const written = JSON.parse(readFileSync(file, 'utf8')) as Omit<CorridorFile, 'log'> & Partial<CorridorFile> // by this file; at first there was Kafka alone
  return { ...written, log: written.log ?? 'kafka' }
}

/** The same for commands that need a founded corridor; throws the complaint NOT_FOUNDED. */
export function needCorridorFile(dataDir: string): CorridorFile {
  const found = readCorridorFile(dataDir)
  if (!found) throw new Complaint('NOT_FOUNDED', `no corridor was founded in ${dataDir}; run npm start first.`)
  return found
}

/** The same for commands that write what a corridor's data say: those of another corridor do not belong into its register. Throws the complaint OTHER_CORRIDOR, too. */
export function needCorridorFileOf(dataDir: string, name: string): CorridorFile {
  const founded = needCorridorFile(dataDir)
  if (founded.name === name) return founded
  throw new Complaint('OTHER_CORRIDOR', `${dataDir} belongs to the corridor ${founded.name}, and these are the data of ${name}: name those of ${founded.name} by KARVAN_CORRIDOR. Nothing was written.`)
}

/** One data folder, one log, one register: another corridor's rows and stories do not belong there. Throws the complaint OTHER_CORRIDOR. */
export function refuseOtherCorridor(dataDir: string, name: string): void {
  const founded = readCorridorFile(dataDir)
  if (!founded || founded.name === name) return
  throw new Complaint('OTHER_CORRIDOR', `${dataDir} belongs to the corridor ${founded.name}; give another KARVAN_DATA (and KARVAN_PORT_BASE) for ${name}, or begin anew with npm start -- --fresh.`)
}

export function writeCorridorFile(dataDir: string, corridor: CorridorFile): void {
  const file = join(dataDir, 'corridor.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(corridor, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
