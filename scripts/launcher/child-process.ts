import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EndSignal } from './process-table.js'

/** Told the number of a process as soon as there is one, long before it is of any use: from then on it has to be ended. */
export type OnSpawn = (pid: number, endSignal?: EndSignal) => void

/** A child that runs. `stop` asks it to end and waits; `exited` resolves however it ended. */
export interface Running {
  readonly pid: number
  readonly endSignal?: EndSignal
  readonly exited: Promise<void>
  stop(): Promise<void>
}

export interface NodeProcess {
  readonly script: string
  readonly args?: readonly string[]
  /** Of the runtime. */
  readonly flags?: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Where its words go; moved aside to `.1` at a start that finds it large. */
  readonly logFile: string
  readonly stopWithinMs?: number
  /** With a pipe as standard input, which ends when this process does. */
  readonly piped?: boolean
  /** Given the child before anybody hears of its number. */
  readonly onChild?: (child: ChildProcess) => void
  readonly onSpawn?: OnSpawn | undefined
}

const largeLogBytes = 10_000_000

/** Starts a script in a Node process of its own group, so that Ctrl-C reaches the launcher alone, which ends its children in order. */
export async function startNodeProcess(options: NodeProcess): Promise<Running & { readonly child: ChildProcess }> {
  const { script, args = [], flags = [], env, logFile, stopWithinMs = 15_000, piped = false, onChild, onSpawn } = options
  const log = openLog(logFile)
  const child = spawn(process.execPath, ['--enable-source-maps', ...flags, script, ...args], { env, detached: true, stdio: [piped ? 'pipe' : 'ignore', log, log] })
  closeSync(log)
  onChild?.(child)
  if (child.pid !== undefined) onSpawn?.(child.pid)
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise((resolve, reject) => child.once('spawn', () => resolve(undefined)).once('error', reject))
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs)
    await exited
    clearTimeout(late)
  }
  return { child, pid: child.pid as number, exited, stop } // it has spawned, so it has a number
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  if (existsSync(file) && statSync(file).size > largeLogBytes) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
