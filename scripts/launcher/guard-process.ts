import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startNodeProcess, type OnSpawn, type Running } from './child-process.js'
import type { TrackedProcess } from './process-table.js'

export interface Guard {
  /** Starts (or starts again) the process behind it. */
  start(onSpawn: OnSpawn): Promise<Running>
  /** What it shall end when this process is gone. */
  watch(processes: readonly TrackedProcess[]): void
}

/** The launcher's side of guard.ts. */
export function openGuard(logFile: string): Guard {
  let tell: ((line: string) => void) | undefined
  let latest: readonly TrackedProcess[] = []
  return {
    async start(onSpawn) {
      const script = fileURLToPath(new URL('./guard.js', import.meta.url))
      const listen = ({ stdin }: ChildProcess) => {
        stdin?.on('error', () => undefined) // it died: the supervisor starts another
        tell = (line) => stdin?.write(line)
        tell(lineOf(latest)) // at once: who is told that it runs may kill us, and it would know of nobody
      }
      const { child, ...running } = await startNodeProcess({ script, env: process.env, logFile, piped: true, onChild: listen, onSpawn })
      // Ended by the end of its input, with nothing on the list, rather than by a signal: the list says what is left to do.
      return { ...running, stop: async () => (child.stdin?.end(lineOf([])), running.exited) }
    },
    watch(processes) {
      latest = processes.filter(({ name }) => name !== guardName)
      tell?.(lineOf(latest))
    },
  }
}

export const guardName = 'guard'

function lineOf(processes: readonly TrackedProcess[]): string {
  return `${JSON.stringify(processes)}\n`
}
