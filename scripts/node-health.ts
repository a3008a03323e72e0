/** What a node says of itself at `GET /health/ready`. */
export interface NodeHealth {
  readonly ready: boolean
  /** Why not, as a code: KEY_NOT_ADMITTED, REBUILDING, … ; UNREACHABLE when it does not answer at all. */
  readonly reason?: string
  /** The same for people. */
  readonly detail?: string
  /** First offset it has not applied, and the root of the tree up to there. */
  readonly next?: number
  readonly root?: string
}

/** Asks a node; never throws, for a node that does not answer is an answer. */
export async function healthOf(url: string, withinMs = 5_000): Promise<NodeHealth> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(withinMs) })
    const said = (await answer.json()) as Partial<NodeHealth>
    const { next, root, reason, detail } = said
    return {
      ready: answer.status === 200,
      ...(typeof reason === 'string' && { reason }),
      ...(typeof detail === 'string' && { detail }),
      ...(typeof next === 'number' && { next }),
      ...(typeof root === 'string' && { root }),
    }
  } catch {
    return { ready: false, reason: 'UNREACHABLE' }
  }
}
