import { setTimeout as wait } from 'node:timers/promises'
import { healthOf, type NodeHealth } from '../node-health.js'

export interface Awaited {
  readonly participant: string
  readonly url: string
}

/**
 * Waits until every node is ready, admitting the keys of those that say theirs is not; returns what each says at the end, ready or not.
 * @param admit brings the keys of these participants into the register; throws when one cannot be admitted
 */
export async function untilReady(
  nodes: readonly Awaited[],
  admit: (participants: readonly string[]) => Promise<void>,
  withinMs: number,
): Promise<ReadonlyMap<string, NodeHealth>> {
  const admitted = new Set<string>()
  const deadline = Date.now() + withinMs
  for (;;) {
    const healths = new Map(await Promise.all(nodes.map(async ({ participant, url }) => [participant, await healthOf(url)] as const)))
    const waiting = nodes.filter(({ participant }) => healths.get(participant)?.reason === 'KEY_NOT_ADMITTED' && !admitted.has(participant))
    if (waiting.length > 0) {
      await admit(waiting.map(({ participant }) => participant))
      for (const { participant } of waiting) admitted.add(participant)
    } else {
      if ([...healths.values()].every(({ ready }) => ready) || Date.now() > deadline) return healths
      await wait(250)
    }
  }
}

/** Waits until an address answers 200, or throws what it heard last. */
export async function untilAnswers(url: string, withinMs: number): Promise<void> {
  for (const deadline = Date.now() + withinMs; ; await wait(100)) {
    const heard = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => (answer.ok ? undefined : `status ${answer.status}`),
      (error: unknown) => String(error),
    )
    if (heard === undefined) return
    if (Date.now() > deadline) throw new Error(`${url} does not answer: ${heard}`)
  }
}
