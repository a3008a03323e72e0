import { isSubject } from './new-subject.js'
import type { NodeRuntime } from './node-runtime.js'
import { notFound, problem } from './problem.js'

/** How long a reader waits for the node to apply what the log had when they asked, before nothing is said to be there. */
const settleMs = 3_000

/** What is there of a consignment. Unknown and no party to it are the same answer, and a final one only when the node is up to date. */
export async function settled<T>(node: NodeRuntime, id: string, read: () => Promise<T | undefined>): Promise<T> {
  if (!isSubject(id)) throw notFound()
  const outcome = await node.exchange.settled(read, settleMs)
  if (outcome === 'behind') throw problem('CATCHING_UP', 'it is not here, and this node has not applied all of the log yet')
  if (outcome === 'notFound') throw notFound()
  return outcome.found
}
