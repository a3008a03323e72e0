import { setTimeout as wait } from 'node:timers/promises'
import { wordsOf } from '../complaint.js'
import { healthOf, type NodeHealth } from '../node-health.js'

export interface Awaited {
  readonly participant: string
  readonly url: string
}

export interface ReadinessLimits {
  /** How long nothing may change before we go on without those that are not ready. */
  readonly stillMs: number
  readonly pauseMs: number
  /** How often those that are not ready are named while we wait. */
  readonly tellMs: number
  /** Ends the waiting with an error. */
  readonly signal?: AbortSignal
}

const patient: ReadinessLimits = { stillMs: 60_000, pauseMs: 250, tellMs: 20_000 }

type Admit = (participants: readonly string[]) => Promise<unknown>

interface Failure {
  readonly id: string
  readonly error: unknown
}

/** A node shows its keys a moment after it says they are not admitted, so the first failure need not be the last. */
const maxAttempts = 5

/**
 * Waits until every node is ready, admitting the keys of those that say theirs is not; returns what each says at the end, ready or not.
 * @param admit brings the keys of these participants into the register; throws when one cannot be admitted
 */
export async function untilReady(
  nodes: readonly Awaited[],
  admit: Admit,
  say: (line: string) => void,
  limits: Partial<ReadinessLimits> = {},
): Promise<ReadonlyMap<string, NodeHealth>> {
  const { stillMs, pauseMs, tellMs, signal } = { ...patient, ...limits }
  const attempts = new Map<string, number>()
  let seen = ''
  let changedAt = Date.now()
  let toldAt = Date.now()
  for (;;) {
    const healths = new Map(await Promise.all(nodes.map(async ({ participant, url }) => [participant, await healthOf(url)] as const)))
    if ([...healths.values()].every(isSettled)) return healths
    if (Date.now() - toldAt >= tellMs) {
      for (const line of waitingFor(healths)) say(line)
      toldAt = Date.now()
    }
    const now = JSON.stringify([...healths])
    if (now !== seen) changedAt = Date.now()
    if (Date.now() - changedAt > stillMs) return healths
    seen = now
    const unadmitted = [...healths].filter(([, { reason }]) => reason === 'KEY_NOT_ADMITTED').map(([id]) => id)
    const waiting = unadmitted.filter((id) => (attempts.get(id) ?? 0) < maxAttempts)
    for (const id of waiting) attempts.set(id, (attempts.get(id) ?? 0) + 1)
    const failed = waiting.length > 0 ? await failuresOf(waiting, admit) : []
    for (const { id, error } of failed) if (attempts.get(id) === maxAttempts) say(`  ${id}: ${wordsOf(error)}`)
    await wait(pauseMs, undefined, { signal })
  }
}

/** No waiting makes a suspended participant's node ready, and to admit it again is for a person to decide. */
function isSettled({ ready, reason }: NodeHealth): boolean {
  return ready || reason === 'PARTICIPANT_SUSPENDED'
}

function waitingFor(healths: ReadonlyMap<string, NodeHealth>): readonly string[] {
  const late = [...healths].filter(([, health]) => !isSettled(health))
  return late.map(([id, { reason = 'not ready', detail }]) => `  waiting for ${id}: ${reason}${detail === undefined ? '' : ` (${detail})`}`)
}

/** Admits all at once; if that fails each by itself, so that one does not keep the others out. */
async function failuresOf(ids: readonly string[], admit: Admit): Promise<readonly Failure[]> {
  try {
    await admit(ids)
    return []
  } catch (error) {
    const [id] = ids
    if (id !== undefined && ids.length === 1) return [{ id, error }]
    const failed: Failure[] = []
    for (const one of ids) failed.push(...(await failuresOf([one], admit)))
    return failed
  }
}

/** Waits until an address answers 200, or throws what it heard last. */
export async function untilAnswers(url: string, withinMs: number, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + withinMs; ; await wait(100, undefined, { signal })) {
    const heard = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => (answer.ok ? undefined : `status ${answer.status}`),
      (error: unknown) => String(error),
    )
    if (heard === undefined) return
    if (Date.now() > deadline) throw new Error(`${url} does not answer: ${heard}`)
  }
}
