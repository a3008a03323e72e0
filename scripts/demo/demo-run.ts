import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Complaint } from '../complaint.js'

/** How far one playing of a story has come: enough to go on after being killed at any point. */
export interface DemoRun {
  readonly runId: string
  /** T0 of this playing, RFC 3339. */
  readonly t0: string
  /** Consignments by the step that issued their note, once it is accepted. */
  readonly subjects: Readonly<Record<string, string>>
  /** Event id by step, null where a refusal was expected. */
  readonly events: Readonly<Record<string, string | null>>
}

export function newRun(t0: Date): DemoRun {
  return { runId: randomUUID(), t0: t0.toISOString(), subjects: {}, events: {} }
}

export function runFileOf(dataDir: string, story: string): string {
  return join(dataDir, 'demo', `${story}.json`)
}

/** The run that was begun last. Throws the complaint NOTHING_TO_RESUME. */
export function readRun(file: string): DemoRun {
  if (!existsSync(file)) throw new Complaint('NOTHING_TO_RESUME', `no demo was begun here (${file}); run it without --resume.`)
  const run = JSON.parse(readFileSync(file, 'utf8')) as Partial<DemoRun> // written by this file, perhaps by an older one
  if (!run.subjects) throw new Complaint('NOTHING_TO_RESUME', `what was begun here (${file}) is of an older version; run it without --resume.`)
  return run as DemoRun
}

export function keepRun(file: string, run: DemoRun): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}
