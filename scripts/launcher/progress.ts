export interface Progress {
  /** Runs a step and says what it was and how long it took; `detail` makes something of its result. */
  step<T>(what: string, act: () => Promise<T>, detail?: (result: T) => string): Promise<T>
}

/** One line a step, written when it is done: what, detail, seconds. */
export function openProgress(say: (line: string) => void): Progress {
  return {
    async step(what, act, detail = () => '') {
      const since = performance.now()
      const result = await act()
      say(`  ${what.padEnd(12)} ${detail(result).padEnd(52)} ${((performance.now() - since) / 1000).toFixed(1).padStart(5)} s`)
      return result
    },
  }
}
