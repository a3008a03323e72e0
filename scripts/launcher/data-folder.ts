import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Complaint } from '../complaint.js'
import { dataFolderMarker, type Settings } from '../settings.js'
import { isAlive } from './process-table.js'
import { readLauncherState } from './run-lock.js'

/** Makes the data folder where there is none, also where deleting the former one was cut short. A folder with other things in it and without our marker is not touched: DATA_FOLDER_FOREIGN. */
export function openDataFolder(dataDir: string): void {
  if (existsSync(join(dataDir, dataFolderMarker)) && !finishDeleting(dataDir)) return
  if (existsSync(dataDir) && readdirSync(dataDir).some((entry) => entry !== `${dataFolderMarker}.new`)) throw foreign(dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o711 }) // passable: PostgreSQL may run under an account of its own
  mark(dataDir, {})
}

/** Remembers the port base, so that other commands and the next start need KARVAN_DATA only. */
export function rememberPortBase(dataDir: string, portBase: number): void {
  mark(dataDir, { ...readMark(dataDir), portBase })
}

/** Remembers which corridor was founded here: by its name in corridors/, because a checkout may move, or by its path. */
export function rememberCorridor({ root, dataDir, corridorDir }: Pick<Settings, 'root' | 'dataDir' | 'corridorDir'>): void {
  const name = relative(join(root, 'corridors'), corridorDir)
  mark(dataDir, { ...readMark(dataDir), corridor: name.startsWith('..') ? corridorDir : name })
}

interface Marker {
  readonly portBase?: number | undefined
  readonly corridor?: string | undefined
  /** What is left here is half a corridor and worth nothing. */
  readonly isBeingDeleted?: true
}

function mark(dataDir: string, content: Marker): void {
  const about = 'All that a Karvan corridor keeps on this machine. `npm start -- --fresh` deletes this folder.'
  const file = join(dataDir, dataFolderMarker)
  writeFileSync(`${file}.new`, `${JSON.stringify({ about, ...content }, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

function readMark(dataDir: string): Marker {
  if (!existsSync(join(dataDir, dataFolderMarker))) return {}
  return JSON.parse(readFileSync(join(dataDir, dataFolderMarker), 'utf8')) as Marker // written by this file
}

/** Deletes the data folder, but only one that we made and in which nothing runs. */
export function deleteDataFolder(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!existsSync(join(dataDir, dataFolderMarker))) throw foreign(dataDir)
  const running = readLauncherState(dataDir)
  if (running && [running, ...running.processes].some(isAlive)) {
    throw new Complaint('ALREADY_RUNNING', `a corridor runs in ${dataDir} (process ${running.pid}); stop it before its data are deleted.`)
  }
  // Said first and unsaid last: whoever interrupts this finds at the next start neither a stranger's folder nor half a corridor. Moved aside it cannot
  // be, for it may be a mount point.
  mark(dataDir, { ...readMark(dataDir), isBeingDeleted: true })
  finishDeleting(dataDir)
}

/** Deletes what is marked for it; false when it is not. */
function finishDeleting(dataDir: string): boolean {
  if (!readMark(dataDir).isBeingDeleted) return false
  for (const entry of readdirSync(dataDir)) if (entry !== dataFolderMarker) rmSync(join(dataDir, entry), { recursive: true, force: true })
  rmSync(dataDir, { recursive: true })
  return true
}

function foreign(dataDir: string): Complaint {
  const sentence = `${dataDir} is not empty and has no ${dataFolderMarker}: it is not a data folder of Karvan; give another by KARVAN_DATA.`
  return new Complaint('DATA_FOLDER_FOREIGN', sentence)
}
