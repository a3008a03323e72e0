import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PublicJwk } from '#libs/documents'
import { runtimeFlags } from '../../infra/runtime-flags.js'
import type { ObserverPlan } from '../observer-plan.js'
import type { Gate, Round, Stretch } from './gate.js'

/** What a contestant needs to know. */
export interface Plan extends ObserverPlan {
  /** Everybody's signature keys, for who keeps no register. */
  readonly publicJwks: readonly PublicJwk[]
  /** Where the measured part of the log begins. */
  readonly steadyFrom: number
}

/** Opens a contestant that begins to apply when the gate opens. It ends with its process. */
export type Contestant = (plan: Plan, gate: Gate) => Promise<void>

export type ToContestant = { readonly open: Plan } | { readonly apply: Stretch } | { readonly end: true }
export type FromContestant = { readonly ready: true } | { readonly round: Round }

/** A contestant in its process. */
export interface Runner {
  readonly name: string
  apply(stretch: Stretch): Promise<Round>
  end(): Promise<void>
}

/** With a node's flags, all contestants alike. @param profileDir where a folder of the contestant is left with a CPU profile of each of its threads, if anywhere */
export async function startRunner(name: string, plan: Plan, profileDir?: string): Promise<Runner> {
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profileDir, name.replaceAll(/\W+/g, '-'))}`]
  const child = fork(fileURLToPath(new URL('./contestant.js', import.meta.url)), [name], { execArgv: [...runtimeFlags, ...profiling] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  await answer(child, name, { open: plan }).catch((error: unknown) => {
    kill() // a contestant that hangs would keep the bench from ending
    throw error
  })
  return {
    name,
    apply: async (stretch) => {
      const said = await answer(child, name, { apply: stretch })
      if (!('round' in said)) throw new Error(`${name} answered ${JSON.stringify(said)}`)
      return said.round
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.send({ end: true } satisfies ToContestant)
      await gone
      process.off('exit', kill)
    },
  }
}

/** Rounds take seconds; a contestant that hangs must not hang the bench. */
const answersWithinMs = 180_000

async function answer(child: ChildProcess, name: string, message: ToContestant): Promise<FromContestant> {
  const waiting = new AbortController()
  try {
    const said = once(child, 'message', { signal: waiting.signal }) as Promise<[FromContestant]> // the only messages it sends
    const died = once(child, 'exit', { signal: waiting.signal }).then(() => {
      throw new Error(`${name} died`)
    })
    const late = wait(answersWithinMs, undefined, { signal: waiting.signal }).then(() => {
      throw new Error(`${name} does not answer`)
    })
    child.send(message)
    const [first] = await Promise.race([said, died, late])
    return first
  } finally {
    waiting.abort()
  }
}
