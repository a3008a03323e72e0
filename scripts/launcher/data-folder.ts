import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from '../complaint.js'
import { dataFolderMarker } from '../settings.js'
import { isAlive } from './process-table.js'
import { readLauncherState } from './run-lock.js'

/** Makes the data folder where there is none. A folder with other things in it and without our marker is not touched: DATA_FOLDER_FOREIGN. */
export function openDataFolder(dataDir: string): void {
  if (existsSync(join(dataDir, dataFolderMarker))) return
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) throw foreign(dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o711 }) // passable: PostgreSQL may run under an account of its own
  mark(dataDir, {})
}

/** Remembers the port base, so that other commands and the next start need KARVAN_DATA only. */
export function rememberPortBase(dataDir: string, portBase: number): void {
  mark(dataDir, { portBase })
}

function mark(dataDir: string, content: { readonly portBase?: number }): void {
  const about = 'All that a Karvan corridor keeps on this machine. `npm start -- --fresh` deletes this folder.'
  writeFileSync(join(dataDir, dataFolderMarker), `${JSON.stringify({ about, ...content }, null, 2)}\n`)
}

/** Deletes the data folder, but only one that we made and in which nothing runs. */
export function deleteDataFolder(dataDir: string): void {
  if (!existsSync(dataDir)) return
  if (!existsSync(join(dataDir, dataFolderMarker))) throw foreign(dataDir)
  const running = readLauncherState(dataDir)
  if (running && [running, ...running.processes].some(isAlive)) {
    throw new Complaint('ALREADY_RUNNING', `a corridor runs in ${dataDir} (process ${running.pid}); stop it before its data are deleted.`)
  }
  rmSync(dataDir, { recursive: true })
}

function foreign(dataDir: string): Complaint {
  const sentence = `${dataDir} is not empty and has no ${dataFolderMarker}: it is not a data folder of Karvan; give another by KARVAN_DATA.`
  return new Complaint('DATA_FOLDER_FOREIGN', sentence)
}
