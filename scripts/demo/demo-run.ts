import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Complaint } from '../complaint.js'

/** How far one playing of a story has come: enough to go on after being killed at any point. */
export interface DemoRun {
  readonly runId: string
  /** T0 of this playing, RFC 3339. */
  readonly t0: string
  /** The consignment, once its note is accepted. */
  readonly subject?: string
  /** Event id by step, null where a refusal was expected. */
  readonly events: Readonly<Record<string, string | null>>
}

export function newRun(t0: Date): DemoRun {
  return { runId: randomUUID(), t0: t0.toISOString(), events: {} }
}

export function runFileOf(dataDir: string, story: string): string {
  return join(dataDir, 'demo', `${story}.json`)
}

/** The run that was begun last. Throws the complaint NOTHING_TO_RESUME. */
export function readRun(file: string): DemoRun {
  if (!existsSync(file)) throw new Complaint('NOTHING_TO_RESUME', `no demo was begun here (${file}); run it without --resume.`)
  return JSON.parse(readFileSync(file, 'utf8')) as DemoRun // written by this file
}

export function keepRun(file: string, run: DemoRun): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
