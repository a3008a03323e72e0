import { setTimeout as wait } from 'node:timers/promises'
import { Complaint } from '../complaint.js'
import { eventsIn } from './server-sent-events.js'

/** An event of `GET /v1/stream`. */
export interface FeedEvent {
  readonly offset: number
  readonly eventId: string
  readonly consignment: string
  readonly type: string
  readonly issuer: string
  readonly occurredAt: string
  readonly verdict: string
  readonly code?: string
  readonly effects: readonly Readonly<Record<string, unknown>>[]
}

export interface Watched {
  readonly url: string
  /** Parameters of the stream that cut it down. */
  readonly filter?: { readonly consignment?: string; readonly place?: string; readonly means?: string }
  /** First offset to be told; what is new from now on unless given. */
  readonly from?: number
  token(): Promise<string>
  onEvent(event: FeedEvent): void
  /** The node does not answer; it is asked again. */
  onPause(why: string): void
}

const pauseMs = 1_000

/** Follows a node's stream until the signal comes, over restarts of the node and the end of tokens: each event once. Throws what asking again does not mend. */
export async function followStream(watched: Watched, signal: AbortSignal): Promise<void> {
  let lastEventId = watched.from === undefined ? undefined : String(watched.from - 1)
  let hasBeenThere = false
  while (!signal.aborted) {
    try {
      for await (const { id, event, data } of eventsIn(await openStream(watched, lastEventId, signal))) {
        hasBeenThere = true
        lastEventId = id ?? lastEventId
        if (data !== undefined && event === undefined) watched.onEvent(JSON.parse(data) as FeedEvent) // as the node describes it
      }
    } catch (error) {
      if (signal.aborted) return
      const isFinal = error instanceof Complaint && (!hasBeenThere || error.code === 'REFUSED')
      if (isFinal) throw error
      watched.onPause(error instanceof Complaint ? error.message : 'the node does not answer')
    }
    await wait(pauseMs, undefined, { signal }).catch(() => undefined) // aborted: the loop sees it
  }
}

/** @throws Complaint REFUSED when the node will not have it, NODE_NOT_READY when it cannot yet, NODE_UNREACHABLE when it does not answer */
async function openStream({ url, filter = {}, token }: Watched, lastEventId: string | undefined, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const query = new URLSearchParams(filter)
  const headers = { authorization: `Bearer ${await token()}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) }
  const answer = await fetch(`${url}/v1/stream?${query}`, { headers, signal }).catch(() => undefined)
  if (!answer) throw new Complaint('NODE_UNREACHABLE', `the node at ${url} does not answer; is the corridor running?`)
  if (answer.ok && answer.body) return answer.body
  const { detail, code } = (await answer.json().catch(() => ({}))) as { detail?: string; code?: string }
  const said = `the node at ${url} answers ${answer.status} ${code ?? ''}: ${detail ?? ''}`
  throw answer.status >= 500 || answer.status === 429 ? new Complaint('NODE_NOT_READY', said) : new Complaint('REFUSED', said)
}
