import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from '../complaint.js'
import { endAll, isAlive, stampOf, type TrackedProcess } from './process-table.js'

/** launcher.json of a data folder: who runs the corridor in it. */
export interface LauncherState {
  readonly pid: number
  readonly stamp: string
  readonly since: string
  readonly portBase: number
  readonly processes: readonly TrackedProcess[]
}

export interface RunLock {
  /** Writes down what runs, for `status` and for the start after a crash. */
  record(processes: readonly TrackedProcess[]): void
  release(): void
}

/**
 * Takes the data folder for this process: one launcher a folder. A lock whose launcher is gone is taken over, after ending what it left running.
 * @throws Complaint ALREADY_RUNNING
 */
export async function takeRunLock(dataDir: string, portBase: number): Promise<RunLock> {
  const file = fileIn(dataDir)
  const former = readLauncherState(dataDir)
  if (former && isAlive(former)) throw alreadyRunning(dataDir, former)
  await endAll(former?.processes ?? [])
  if (readLauncherState(dataDir)?.stamp === former?.stamp) rmSync(file, { force: true }) // else somebody else has taken it over meanwhile
  const own = { pid: process.pid, stamp: stampOf(process.pid) ?? '', since: new Date().toISOString(), portBase }
  const record = (processes: readonly TrackedProcess[], flag: 'w' | 'wx' = 'w') => {
    const text = `${JSON.stringify({ ...own, processes }, null, 2)}\n`
    if (flag === 'wx') return writeFileSync(file, text, { flag })
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
  }
  try {
    record([], 'wx')
  } catch (error) {
    const winner = readLauncherState(dataDir)
    throw winner ? alreadyRunning(dataDir, winner) : error // two starts at once
  }
  return { record: (processes) => record(processes), release: () => rmSync(file, { force: true }) }
}

/** What launcher.json says, whether or not that launcher still lives; undefined without one. */
export function readLauncherState(dataDir: string): LauncherState | undefined {
  const file = fileIn(dataDir)
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LauncherState // written by this file
  } catch {
    return undefined // cut short by a power cut
  }
}

function alreadyRunning(dataDir: string, { pid, since }: LauncherState): Complaint {
  return new Complaint(
    'ALREADY_RUNNING',
    `a corridor already runs in ${dataDir} (process ${pid}, since ${since}); stop that one, or give KARVAN_DATA and KARVAN_PORT_BASE for a second one.`,
  )
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'launcher.json')
}
