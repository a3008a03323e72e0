import { setTimeout as wait } from 'node:timers/promises'
import { wordsOf } from '../complaint.js'
import type { OnSpawn, Running } from './child-process.js'
import { stampOf, type EndSignal, type TrackedProcess } from './process-table.js'

/** Something that must keep running. Its first start may fail for good; afterwards it is started again whenever it ends. */
export interface Child {
  readonly name: string
  /** Stopped from the highest tier down, one tier at once. */
  readonly tier: number
  /** Resolves when it is up. What `onSpawn` was told by then counts as running, for it can outlive an interrupted start. */
  start(onSpawn: OnSpawn): Promise<Running>
}

export interface Supervisor {
  /** Starts it for the first time and keeps it running; throws when that first start fails, or once stop() was called. */
  start(child: Child): Promise<void>
  processes(): readonly TrackedProcess[]
  /** Aborted as soon as stop() is called: what only waits need not wait on. */
  readonly stopping: AbortSignal
  /** Stops everything, also what is starting just now; afterwards nothing of it runs. */
  stop(): Promise<void>
}

export interface SupervisorOptions {
  say(line: string): void
  /** Told the living processes after each change. */
  onChange?(processes: readonly TrackedProcess[]): void
  /** Pause before a restart: from `firstMs`, doubled each time, at most `mostMs`; from the start again after `calmMs` without an end. */
  readonly backOff?: { readonly firstMs: number; readonly mostMs: number; readonly calmMs: number }
}

const usualBackOff = { firstMs: 1_000, mostMs: 30_000, calmMs: 60_000 }

export function openSupervisor({ say, onChange = () => undefined, backOff = usualBackOff }: SupervisorOptions): Supervisor {
  const alive = new Map<Child, Running>()
  const tracked = new Map<Child, TrackedProcess>()
  const lives = new Set<Promise<void>>()
  const stopping = new AbortController()

  function noteProcess(child: Child, pid: number, endSignal: EndSignal = 'SIGTERM'): void {
    if (tracked.get(child)?.pid === pid) return
    tracked.set(child, { name: child.name, pid, stamp: stampOf(pid) ?? '', tier: child.tier, endSignal })
    onChange([...tracked.values()])
  }

  function forget(child: Child): void {
    alive.delete(child)
    if (tracked.delete(child)) onChange([...tracked.values()])
  }

  /** A start that fails leaves no process behind. */
  async function launch(child: Child): Promise<Running> {
    try {
      return await child.start((pid, endSignal) => noteProcess(child, pid, endSignal))
    } catch (error) {
      forget(child)
      throw error
    }
  }

  /** From a successful start to the end of the supervisor. */
  async function live(child: Child, first: Running): Promise<void> {
    let running: Running | undefined = first
    let pauseMs = backOff.firstMs
    while (running && !stopping.signal.aborted) {
      alive.set(child, running)
      noteProcess(child, running.pid, running.endSignal)
      const since = Date.now()
      await running.exited
      forget(child)
      if (Date.now() - since >= backOff.calmMs) pauseMs = backOff.firstMs
      running = undefined
      while (!running && !stopping.signal.aborted) {
        say(`${child.name} has ended; it starts again in ${pauseMs / 1000} s`)
        await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined) // aborted: the loop sees it
        pauseMs = Math.min(pauseMs * 2, backOff.mostMs)
        if (!stopping.signal.aborted) running = await launch(child).catch((error: unknown) => void say(`${child.name}: ${wordsOf(error)}`))
      }
    }
    await running?.stop() // came up after stop() had looked
    forget(child)
  }

  function track(life: Promise<void>): Promise<void> {
    lives.add(life)
    return life.finally(() => lives.delete(life))
  }

  return {
    async start(child) {
      if (stopping.signal.aborted) throw new Error(`${child.name} is not started any more: everything is being stopped`)
      const starting = launch(child)
      void track(starting.then((running) => live(child, running), () => undefined)) // so that stop() waits for a start under way
      await starting
    },
    processes: () => [...tracked.values()],
    stopping: stopping.signal,
    async stop() {
      stopping.abort()
      const tiers = [...new Set([...alive.keys()].map(({ tier }) => tier))].sort((a, b) => b - a)
      for (const tier of tiers) {
        await Promise.all([...alive].filter(([child]) => child.tier === tier).map(([, running]) => running.stop()))
      }
      await Promise.all(lives)
    },
  }
}
