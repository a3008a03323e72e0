import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ObserverPlan } from '../observer-plan.js'

export interface StreamPlan extends ObserverPlan {
  readonly port: number
  readonly opsPort: number
}

export interface Usage {
  readonly cpuMs: number
  readonly residentMib: number
}

export interface Committed {
  /** Everything before this offset. */
  readonly committed: number
  readonly at: number
}

export type ToNode = { readonly open: StreamPlan } | { readonly usage: true } | { readonly end: true }
export type FromNode = { readonly ready: true } | Usage | Committed

/** Milliseconds since the epoch, finer than Date.now() and the same in all processes of a machine. */
export function timeNow(): number {
  return performance.timeOrigin + performance.now()
}

/** A node in a process of its own, as seen by who measures it. */
export class StreamingNode {
  readonly #commits: Committed[] = []
  #waiting: { readonly told: () => void; readonly failed: (error: Error) => void }[] = []
  readonly #kill: () => void

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.#kill = () => void child.kill('SIGKILL')
    process.once('exit', this.#kill)
    child.on('message', (message: FromNode) => {
      if (!('committed' in message)) return
      this.#commits.push(message)
      for (const { told } of this.#waiting.splice(0)) told()
    })
    child.once('exit', () => {
      for (const { failed } of this.#waiting.splice(0)) failed(new Error('the node died'))
    })
  }

  static async open(plan: StreamPlan): Promise<StreamingNode> {
    const node = new StreamingNode(fork(fileURLToPath(new URL('./node-process.js', import.meta.url))), `http://127.0.0.1:${plan.port}`)
    await node.answer({ open: plan })
    return node
  }

  usage(): Promise<Usage> {
    return this.answer({ usage: true }) as Promise<Usage> // what it answers to that
  }

  /** Resolves when everything before an offset has been committed, with when that was. */
  async committed(end: number): Promise<number> {
    for (;;) {
      const commit = this.#commits.find(({ committed }) => committed >= end)
      if (commit) return commit.at
      await new Promise<void>((told, failed) => this.#waiting.push({ told, failed }))
    }
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.send({ end: true } satisfies ToNode)
    await gone
    process.off('exit', this.#kill)
  }

  private answer(message: ToNode): Promise<FromNode> {
    return new Promise((resolve, reject) => {
      const told = (said: FromNode) => {
        if ('committed' in said) return
        this.child.off('message', told).off('exit', died)
        resolve(said)
      }
      const died = () => reject(new Error('the node died'))
      this.child.on('message', told).once('exit', died)
      this.child.send(message)
    })
  }
}
