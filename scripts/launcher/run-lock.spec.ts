import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNodeProcess, type Running } from './child-process.js'
import { deleteDataFolder, openDataFolder } from './data-folder.js'
import { dataFolderMarker } from '../settings.js'
import { isAlive, stampOf, type TrackedProcess } from './process-table.js'
import { readLauncherState, takeRunLock } from './run-lock.js'

let folder: string
const running: Running[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'karvan-data-'))
})

afterEach(async () => {
  await Promise.all(running.splice(0).map((child) => child.stop()))
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

describe('one launcher a data folder', () => {
  it('refuses a second start while the first runs', async () => {
    await takeRunLock(folder, 4000)
    await expect(takeRunLock(folder, 4000)).rejects.toMatchObject({ code: 'ALREADY_RUNNING', message: expect.stringContaining(`process ${process.pid}`) })
  })

  it('lets the next one in after a proper end', async () => {
    const lock = await takeRunLock(folder, 4000)
    lock.release()
    await takeRunLock(folder, 4000)
  })

  it('lets only one of two simultaneous starts in', async () => {
    const outcomes = await Promise.allSettled([takeRunLock(folder, 4000), takeRunLock(folder, 4000)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('takes over from a launcher that is gone and ends what that one left running', async () => {
    const orphan = await child()
    await abandoned([{ name: 'kafka', pid: orphan.pid, stamp: stampOf(orphan.pid)!, tier: 0, endSignal: 'SIGTERM' }])
    await takeRunLock(folder, 4000)
    await orphan.exited
    expect(readLauncherState(folder)).toMatchObject({ pid: process.pid, processes: [] })
  })

  it('does not end a stranger that has got the number of an old child', async () => {
    const stranger = await child()
    const old: TrackedProcess = { name: 'kafka', pid: stranger.pid, stamp: 'long ago', tier: 0, endSignal: 'SIGTERM' }
    await abandoned([old])
    await takeRunLock(folder, 4000)
    expect(stampOf(stranger.pid)).toBeDefined()
  })

  it('writes down what runs', async () => {
    const lock = await takeRunLock(folder, 14_000)
    const own = { name: 'rail', pid: process.pid, stamp: stampOf(process.pid)!, tier: 3, endSignal: 'SIGTERM' } as const
    lock.record([own])
    const state = readLauncherState(folder)
    expect(state).toMatchObject({ portBase: 14_000, processes: [own] })
    expect(state?.processes.every(isAlive)).toBe(true)
  })
})

describe('starting afresh', () => {
  it('deletes a data folder of ours', () => {
    const dataDir = join(folder, 'data')
    openDataFolder(dataDir)
    writeFileSync(join(dataDir, 'corridor.json'), '{}')
    deleteDataFolder(dataDir)
    expect(existsSync(dataDir)).toBe(false)
  })

  it('goes on with a deletion that was cut short, and never with half a corridor', () => {
    const dataDir = join(folder, 'data')
    openDataFolder(dataDir)
    writeFileSync(join(dataDir, 'corridor.json'), '{}')
    writeFileSync(join(dataDir, dataFolderMarker), '{ "isBeingDeleted": true }')
    openDataFolder(dataDir)
    expect(readdirSync(dataDir)).toEqual([dataFolderMarker])
  })

  it('is content when there is none', () => {
    expect(() => deleteDataFolder(join(folder, 'data'))).not.toThrow()
  })

  it('leaves a foreign folder alone, for deleting and for using', () => {
    writeFileSync(join(folder, 'thesis.txt'), 'years of work')
    expect(() => deleteDataFolder(folder)).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_FOREIGN' }))
    expect(() => openDataFolder(folder)).toThrow(expect.objectContaining({ code: 'DATA_FOLDER_FOREIGN' }))
    expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work')
  })

  it('is refused while a corridor runs in it', async () => {
    openDataFolder(folder)
    await takeRunLock(folder, 4000)
    expect(() => deleteDataFolder(folder)).toThrow(expect.objectContaining({ code: 'ALREADY_RUNNING' }))
  })
})

async function child(): Promise<Running> {
  const script = join(folder, 'child.mjs')
  writeFileSync(script, 'setInterval(() => undefined, 1000)')
  const started = await startNodeProcess({ script, env: process.env, logFile: join(folder, 'child.log') })
  running.push(started)
  return started
}

/** What a launcher that was killed leaves: its file, with its own process gone. */
async function abandoned(processes: readonly TrackedProcess[]): Promise<void> {
  const lock = await takeRunLock(folder, 4000)
  lock.record(processes)
  const file = join(folder, 'launcher.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"pid": ${process.pid}`, '"pid": 999999999'))
}
