import { readFile, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startError } from './start-error.js'

const stopLimitMs = 30_000

/**
 * Ends the server that a killed launcher left on this cluster. A stale `postmaster.pid` needs nothing: PostgreSQL itself sees that its process is
 * gone. A server whose launcher still lives is somebody's: DATA_FOLDER_IN_USE.
 */
export async function stopOrphan(cluster: string): Promise<void> {
  const pid = await serverOf(cluster)
  if (pid === undefined) return
  const parent = await parentOf(pid)
  // Orphans go to process 1 or to a sub-reaper, which is no Node process.
  if (parent !== undefined && parent !== 1 && /node/.test(await commandOf(parent))) {
    throw startError('DATA_FOLDER_IN_USE', `PostgreSQL ${pid} of the running process ${parent} works in ${cluster}`)
  }
  process.kill(pid, 'SIGINT')
  for (const deadline = Date.now() + stopLimitMs; (await serverOf(cluster)) === pid; await wait(50)) {
    if (Date.now() > deadline) throw startError('DATA_FOLDER_IN_USE', `PostgreSQL ${pid} in ${cluster} does not stop`)
  }
}

/** The live postmaster working in this cluster: its number may long belong to somebody else, but a postmaster's working folder is its cluster. */
async function serverOf(cluster: string): Promise<number | undefined> {
  const pid = Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return folder !== undefined && folder === (await realpath(cluster)) ? pid : undefined
}

async function parentOf(pid: number): Promise<number | undefined> {
  const line = /^PPid:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))
  return line?.[1] === undefined ? undefined : Number(line[1])
}

const commandOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
