import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformFileSync } from '@swc/core'
import { until } from '../../libs/testing/src/until.js'
import { isAlive, type TrackedProcess } from './process-table.js'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'karvan-guard-'))
  compileLauncher(join(folder, 'scripts'))
  writeFileSync(join(folder, 'kafka.mjs'), 'setInterval(() => undefined, 1000)')
  writeFileSync(join(folder, 'launcher.mjs'), launcher)
})

afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

describe('when the launcher is killed with SIGKILL', () => {
  it('leaves neither its children nor the guard behind', async () => {
    const { killed, processes } = await launched()
    killed('SIGKILL')
    await until(() => !processes.some(isAlive), 10_000)
    expect(processes.map(({ name }) => name).sort()).toEqual(['guard', 'kafka'])
    expect(readFileSync(join(folder, 'guard.log'), 'utf8')).toContain('ended kafka')
  })

  it('leaves none behind that was only being started', async () => {
    const { killed, processes } = await launched('never up')
    killed('SIGKILL')
    await until(() => !processes.some(isAlive), 10_000)
    expect(processes.map(({ name }) => name).sort()).toEqual(['guard', 'kafka'])
  })

  it('does so even when the guard had died before and was started again', async () => {
    const { killed, processes, latest } = await launched()
    const guard = processes.find(({ name }) => name === 'guard')!
    process.kill(guard.pid, 'SIGKILL')
    const renewed = await until(() => (latest().length === 2 && latest().every(({ pid }) => pid !== guard.pid) ? latest() : undefined), 10_000)
    killed('SIGKILL')
    await until(() => !renewed.some(isAlive), 10_000)
  })
})

describe('when the launcher is asked to end', () => {
  it('leaves nothing behind either', async () => {
    const { killed, processes } = await launched()
    killed('SIGTERM')
    await until(() => !processes.some(isAlive), 10_000)
  })
})

/** A launcher of one child, in a process of its own. */
const launcher = `
import { writeFileSync } from 'node:fs'
import { startNodeProcess } from './scripts/launcher/child-process.js'
import { guardName, openGuard } from './scripts/launcher/guard-process.js'
import { openSupervisor } from './scripts/launcher/supervisor.js'
const at = (name) => new URL('./' + name, import.meta.url).pathname
const guard = openGuard(at('guard.log'))
const onChange = (now) => (guard.watch(now), writeFileSync(process.argv[2], JSON.stringify(now)))
const supervisor = openSupervisor({ say: () => undefined, onChange, backOff: { firstMs: 20, mostMs: 20, calmMs: 1000 } })
await supervisor.start({ name: guardName, tier: -1, start: guard.start })
process.on('SIGTERM', () => supervisor.stop())
const up = process.argv[3] === 'never up' ? new Promise(() => setInterval(() => undefined, 1000)) : undefined
const options = { script: at('kafka.mjs'), env: process.env, logFile: at('kafka.log') }
await supervisor.start({ name: 'kafka', tier: 1, start: async (onSpawn) => [await startNodeProcess({ ...options, onSpawn }), await up][0] })
`

let count = 0

async function launched(...more: readonly string[]) {
  const list = join(folder, `processes-${++count}.json`)
  const child = spawn(process.execPath, [join(folder, 'launcher.mjs'), list, ...more], { stdio: 'inherit' })
  const latest = (): TrackedProcess[] => {
    try {
      return JSON.parse(readFileSync(list, 'utf8')) as TrackedProcess[]
    } catch {
      return [] // not written yet, or being written
    }
  }
  const processes = await until(() => (latest().length === 2 ? latest() : undefined), 10_000)
  expect(processes.every(isAlive)).toBe(true)
  return { processes, latest, killed: (signal: NodeJS.Signals) => child.kill(signal) }
}

/** The launcher's own files as plain JavaScript, for a process without jest. */
function compileLauncher(target: string): void {
  const source = fileURLToPath(new URL('..', import.meta.url))
  for (const file of ['complaint.ts', ...readdirSync(join(source, 'launcher')).map((name) => join('launcher', name))]) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue
    const { code } = transformFileSync(join(source, file), { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } })
    mkdirSync(join(target, 'launcher'), { recursive: true })
    writeFileSync(join(target, file.replace(/\.ts$/, '.js')), code)
  }
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }')
}
