import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../libs/testing/src/until.js'
import { startNodeProcess, type Running } from './child-process.js'
import { isAlive, type TrackedProcess } from './process-table.js'
import { openSupervisor, type Child, type Supervisor } from './supervisor.js'

const folder = mkdtempSync(join(tmpdir(), 'karvan-supervisor-'))
const backOff = { firstMs: 20, mostMs: 80, calmMs: 60_000 }
let supervisor: Supervisor | undefined

afterEach(() => supervisor?.stop())
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

describe('keeping children alive', () => {
  it('starts one that was killed again, and says so', async () => {
    const said: string[] = []
    supervisor = openSupervisor({ say: (line) => said.push(line), backOff })
    await supervisor.start(dummy('rail'))
    const [first] = supervisor.processes()
    process.kill(first!.pid, 'SIGKILL')
    const second = await until(() => supervisor?.processes().find(({ pid }) => pid !== first!.pid), 10_000)
    expect(isAlive(second)).toBe(true)
    expect(said).toEqual(['rail has ended; it starts again in 0.02 s'])
  })

  it('waits twice as long each time for one that ends at once, up to the limit', async () => {
    const said: string[] = []
    supervisor = openSupervisor({ say: (line) => said.push(line), backOff })
    await supervisor.start(dummy('rail', 'process.exit(1)'))
    await until(() => said.length >= 5, 10_000)
    expect(said.slice(0, 5).map((line) => /([\d.]+) s$/.exec(line)![1])).toEqual(['0.02', '0.04', '0.08', '0.08', '0.08'])
  })

  it('begins with the short pause again after a calm time', async () => {
    const said: string[] = []
    supervisor = openSupervisor({ say: (line) => said.push(line), backOff: { ...backOff, calmMs: 0 } })
    await supervisor.start(dummy('rail', 'process.exit(1)'))
    await until(() => said.length >= 3, 10_000)
    expect(new Set(said).size).toBe(1)
  })

  it('goes on trying when a restart fails', async () => {
    const said: string[] = []
    let starts = 0
    const child = dummy('kafka', 'process.exit(1)')
    supervisor = openSupervisor({ say: (line) => said.push(line), backOff })
    await supervisor.start({ ...child, start: (onSpawn) => (++starts === 2 ? Promise.reject(new Error('port taken')) : child.start(onSpawn)) })
    await until(() => starts >= 3, 10_000)
    expect(said[1]).toContain('port taken')
  })

  it('throws when the first start fails, and keeps nothing of it', async () => {
    supervisor = openSupervisor({ say: () => undefined, backOff })
    await expect(supervisor.start({ name: 'kafka', tier: 0, start: () => Promise.reject(new Error('no java')) })).rejects.toThrow('no java')
    expect(supervisor.processes()).toEqual([])
  })

  it('counts a process from its beginning, though its start is not through', async () => {
    const child = dummy('kafka')
    const told: (readonly TrackedProcess[])[] = []
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    supervisor = openSupervisor({ say: () => undefined, onChange: (now) => told.push(now), backOff })
    const starting = supervisor.start({
      ...child,
      start: async (onSpawn) => {
        const running = await child.start(onSpawn)
        await held
        return running
      },
    })
    const processes = await until(() => (supervisor?.processes().length === 1 ? supervisor.processes() : undefined), 10_000)
    expect(processes.every(isAlive)).toBe(true)
    expect(told).toEqual([processes])
    release()
    await starting
    expect(told).toEqual([processes])
  })

  it('forgets a process whose start came to nothing', async () => {
    const child = dummy('kafka', 'process.exit(1)')
    supervisor = openSupervisor({ say: () => undefined, backOff })
    const start: Child['start'] = async (onSpawn) => {
      await (await child.start(onSpawn)).exited
      throw new Error('Kafka ended while starting')
    }
    await expect(supervisor.start({ ...child, start })).rejects.toThrow('while starting')
    expect(supervisor.processes()).toEqual([])
  })

  it('tells which processes live, after each change', async () => {
    const told: (readonly string[])[] = []
    supervisor = openSupervisor({ say: () => undefined, onChange: (now) => told.push(now.map(({ name }) => name)), backOff })
    await supervisor.start(dummy('kafka'))
    await supervisor.start(dummy('rail'))
    await supervisor.stop()
    expect(told).toEqual([['kafka'], ['kafka', 'rail'], ['kafka'], []].map((names, at) => (at === 2 ? [expect.any(String)] : names)))
  })
})

describe('stopping', () => {
  it('ends the nodes before the servers they need', async () => {
    const order: string[] = []
    supervisor = openSupervisor({ say: () => undefined, backOff })
    for (const [name, tier] of [['postgres', 0], ['kafka', 1], ['rail', 3], ['customs', 3]] as const) {
      const child = dummy(name, undefined, tier)
      await supervisor.start({ ...child, start: async (onSpawn) => noting(await child.start(onSpawn), () => order.push(name)) })
    }
    await supervisor.stop()
    expect(order.slice(0, 2).sort()).toEqual(['customs', 'rail'])
    expect(order.slice(2)).toEqual(['kafka', 'postgres'])
    expect(supervisor.processes()).toEqual([])
  })

  it('leaves no process behind, not even one that ignores the request', async () => {
    supervisor = openSupervisor({ say: () => undefined, backOff })
    await supervisor.start(dummy('polite'))
    await supervisor.start(dummy('stubborn', "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"))
    const processes = supervisor.processes()
    await supervisor.stop()
    expect(processes.filter(isAlive)).toEqual([])
  })

  it('ends also what was only being started again', async () => {
    let last: TrackedProcess | undefined
    const child = dummy('slow')
    let starts = 0
    supervisor = openSupervisor({ say: () => undefined, onChange: (now) => (last = now[0] ?? last), backOff })
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const started: Running[] = []
    await supervisor.start({
      ...child,
      start: async (onSpawn) => {
        const running = await child.start(onSpawn)
        started.push(running)
        if (++starts === 2) await held
        return running
      },
    })
    process.kill(last!.pid, 'SIGKILL')
    await until(() => starts === 2, 10_000)
    const stopped = supervisor.stop()
    release()
    await stopped
    await started[1]!.exited
  })
})

function dummy(name: string, script = 'setInterval(() => undefined, 1000)', tier = 0): Child {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, script)
  return { name, tier, start: (onSpawn) => startNodeProcess({ script: file, env: process.env, logFile: join(folder, 'log', `${name}.log`), stopWithinMs: 500, onSpawn }) }
}

function noting(running: Running, ended: () => void): Running {
  void running.exited.then(ended)
  return running
}
