import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Complaint } from './complaint.js'
import { isAlive, stampOf } from './launcher/process-table.js'

/** Runs an act that only one process may run at a time. A lock of a process that is gone does not count. Throws the complaint LOCKED. */
export async function withFileLock<T>(file: string, act: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const own = `${process.pid} ${stampOf(process.pid)}`
  if (!taken(file, own)) {
    const holder = readFileSync(file, 'utf8')
    const [pid, stamp] = holder.split(' ')
    if (isAlive({ pid: Number(pid), stamp: stamp ?? '' })) {
      throw new Complaint('LOCKED', `process ${pid} is at it just now (${file}); try again when it has finished.`)
    }
    if (readFileSync(file, 'utf8') === holder) rmSync(file) // else somebody else has just taken it over
    if (!taken(file, own)) throw new Complaint('LOCKED', `another process is at it just now (${file}).`)
  }
  try {
    return await act()
  } finally {
    rmSync(file, { force: true })
  }
}

function taken(file: string, own: string): boolean {
  try {
    writeFileSync(file, own, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false // what the file system throws has a code
    throw error
  }
}
