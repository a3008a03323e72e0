import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stampOf } from '../../../scripts/launcher/process-table.js'

/**
 * This jest run: the process that it ends with, and where its workers and files meet who share a server of that name. The folder bears the time the
 * process began, too: one that a dead run of the same number left behind is nobody's.
 */
export function testRun(server: string): { readonly pid: number; readonly folder: string } {
  // A worker's parent is the run itself; with --runInBand this process is.
  const pid = process.send === undefined ? process.pid : process.ppid
  const began = (stampOf(pid) ?? '').replace(/\W+/g, '-')
  return { pid, folder: join(tmpdir(), `karvan-${server}-${pid}-${began}`) }
}
