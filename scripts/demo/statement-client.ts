import { setTimeout as wait } from 'node:timers/promises'
import { pathOf, type RoutedType } from '#libs/documents'
import { Complaint } from '../complaint.js'

/** One statement to be made at a node. */
export interface Posting {
  readonly nodeUrl: string
  readonly type: RoutedType
  /** The consignment it stands on; none for a note that opens one. */
  readonly subject: string | undefined
  readonly body: object
  /** The same key again is the same statement: what makes every retry safe. */
  readonly idempotencyKey: string
  token(): Promise<string>
}

/** How a node answered in the end. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly eventId: string; readonly subject: string }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly detail: string }

export interface Patience {
  /** How long a node may be away (restarting, its log or database down) before it is given up. */
  readonly awayMs: number
  readonly pauseMs: number
}

const patient: Patience = { awayMs: 60_000, pauseMs: 500 }

interface Said {
  readonly eventId?: string
  readonly subject?: string
  readonly state?: string
  readonly verdict?: string
  readonly code?: string
  readonly detail?: string
  readonly title?: string
}

/**
 * Posts a statement and waits for its verdict: 201 is decided, 202 is asked after at /v1/submissions, 429 and 503 are tried again when the node says
 * so, a node that cannot be reached until it can. Throws when patience ends.
 */
export async function post(posting: Posting, patience: Patience = patient): Promise<Outcome> {
  const url = `${posting.nodeUrl}${pathOf(posting.type, posting.subject)}`
  const headers = { 'content-type': 'application/json', 'idempotency-key': posting.idempotencyKey, prefer: 'wait=10' }
  const { status, said } = await persistently(url, posting, patience, { method: 'POST', headers, body: JSON.stringify(posting.body) })
  if (status === 200 || status === 201) return accepted(said, posting)
  if (status === 202) return decided(posting, said, patience)
  return { kind: 'refused', status, code: said.code ?? '', detail: said.detail ?? said.title ?? '' }
}

/** Asks a node for something of a consignment, with the same patience. */
export async function ask<T>(url: string, token: () => Promise<string>, patience: Patience = patient): Promise<T> {
  const { status, said } = await persistently(url, { token }, patience, { method: 'GET' })
  if (status !== 200) throw new Error(`${url} answers ${status} ${said.code ?? ''}`)
  return said as T
}

async function decided(posting: Posting, first: Said, patience: Patience): Promise<Outcome> {
  const url = `${posting.nodeUrl}/v1/submissions/${first.eventId}`
  for (const deadline = Date.now() + patience.awayMs; ; await wait(patience.pauseMs)) {
    const { status, said } = await persistently(url, posting, patience, { method: 'GET' })
    if (status === 200 && said.state === 'decided') {
      if (said.verdict === 'accepted') return accepted({ ...first, ...said }, posting)
      return { kind: 'refused', status: 409, code: said.code?.replace(/^RULE:/, '') ?? '', detail: `decided after 202: ${said.verdict}` }
    }
    if (Date.now() > deadline) throw new Complaint('UNDECIDED', `${url} is not decided: ${status} ${said.state ?? ''}; npm run demo -- --resume asks again.`)
  }
}

function accepted({ eventId, subject = undefined }: Said, posting: Posting): Outcome {
  const of = subject ?? posting.subject
  if (eventId === undefined || of === undefined) throw new Error(`${posting.nodeUrl} accepted ${posting.type} and named no eventId or subject`)
  return { kind: 'accepted', eventId, subject: of }
}

/** Complaints about something that comes back by itself; an unknown user does not. */
const passing: ReadonlySet<string> = new Set(['IDENTITY_UNREACHABLE', 'NO_TOKEN'])

async function persistently(url: string, { token }: Pick<Posting, 'token'>, { awayMs, pauseMs }: Patience, request: RequestInit) {
  for (const deadline = Date.now() + awayMs; ; ) {
    let pause = pauseMs
    let trouble: string
    try {
      const headers = { ...(request.headers as Record<string, string>), authorization: `Bearer ${await token()}` }
      const answer = await fetch(url, { ...request, headers, signal: AbortSignal.timeout(30_000) })
      const said = (await answer.json().catch(() => ({}))) as Said
      if (![429, 502, 503, 504].includes(answer.status)) return { status: answer.status, said }
      trouble = `${answer.status} ${said.code ?? ''}`
      pause = Math.max(pause, Number(answer.headers.get('retry-after') ?? 0) * 1_000)
    } catch (error) {
      if (error instanceof Complaint && !passing.has(error.code)) throw error
      trouble = error instanceof Error ? String(error.cause ?? error.message) : String(error)
    }
    if (Date.now() + pause > deadline) {
      throw new Complaint('NODE_AWAY', `${url} does not come back: ${trouble}; once it does, npm run demo -- --resume goes on.`)
    }
    await wait(pause)
  }
}
