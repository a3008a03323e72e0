import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const checkout = join(import.meta.dirname, '..', '..')
const copied = ['dist', 'corridors', 'package.json', 'scripts/run.mjs']
const linked = ['node_modules', 'infra'] // read only, but for Kafka's jars, which are fetched once for all

/** A compiled Karvan in a folder of its own, which a member may tamper with as it likes. */
export interface Release {
  readonly folder: string
  /** Puts other code into a compiled file, for processes that start from now on; answers how to put it right again. */
  alter(file: string, right: string, wrong: string): () => void
}

/** Compiles the checkout where that is needed, as its every command does. */
export function compileCheckout(): void {
  const script = join(checkout, 'scripts', 'run.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, 'token', '--list'], { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  if (status !== 0) throw new Error(`the checkout does not compile: ${stderr}`)
}

/** Copies what runs of a compiled checkout. */
export function releaseIn(folder: string): Release {
  mkdirSync(join(folder, 'scripts'), { recursive: true })
  for (const path of copied) cpSync(join(checkout, path), join(folder, path), { recursive: true, preserveTimestamps: true })
  for (const path of linked) symlinkSync(join(checkout, path), join(folder, path))
  const tomorrow = new Date(Date.now() + 86_400_000)
  utimesSync(join(folder, 'dist', '.compiled'), tomorrow, tomorrow) // there is nothing here that could be compiled anew
  return {
    folder,
    alter(file, right, wrong) {
      const path = join(folder, 'dist', file)
      const code = readFileSync(path, 'utf8')
      if (code.split(right).length !== 2) throw new Error(`${file} does not say once: ${right}`)
      writeFileSync(path, code.replace(right, wrong))
      return () => writeFileSync(path, code)
    },
  }
}
