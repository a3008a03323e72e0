/**
 * Lets a bounded number of submitters hold a connection, and of one chain only one at a time. Without it two thousand submitters of one consignment
 * take every connection to wait for one row lock, and `decide`, which reads from the same pool, finds none: a deadlock no database can see.
 */
export function submitQueue(places: number): <T>(chain: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>()
  const waiting: (() => void)[] = []
  let free = places

  async function inPlace<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1
    else await new Promise<void>((called) => waiting.push(called)) // the place is handed over, not put back
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }

  return (chain, work) => {
    const before = tails.get(chain) ?? Promise.resolve()
    const result = before.then(() => inPlace(work))
    const tail = result.catch(() => undefined).finally(() => {
      if (tails.get(chain) === tail) tails.delete(chain)
    })
    tails.set(chain, tail)
    return result
  }
}
