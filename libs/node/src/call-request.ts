import { callRoutes, parseCall, type Actor, type BodyError, type CallKind } from '#libs/documents'
import type { CallRequest } from '#libs/exchange'
import { errorsInCsv, readLoadingCsv, type LoadingList } from './loading-csv.js'
import { problem, type ProblemError } from './problem.js'
import { queries, readQuery } from './query.js'
import { idempotencyOf, jsonIn, schemaProblem, waitMsOf, type StatementPost } from './statement-request.js'

/** A call as it came over the wire. */
export interface CallPost extends Omit<StatementPost, 'type' | 'subject'> {
  readonly kind: CallKind
  readonly query: unknown
}

/** Turns errors in the body's terms into those of what was sent. */
type Telling = (errors: readonly BodyError[]) => readonly BodyError[]

export interface ReadCall {
  readonly request: CallRequest
  readonly tell: Telling
}

/** Reads a call that a person wants made, whole: bytes, JSON or CSV, schema, headers. Throws problems, the cheapest first. */
export function callRequestOf(post: CallPost, actor: Actor, participant: string): ReadCall {
  const { kind, headers, body, query } = post
  const idempotency = idempotencyOf(post, participant)
  const csv = kind === 'loading' && isCsv(headers) ? readLoadingCsv(body) : undefined
  if (!csv) readQuery(queries.none, query)
  const tell: Telling = (errors) => (csv ? errorsInCsv(errors, csv) : errors)
  const parsed = parseCall(kind, csv ? loadingOf(csv, query) : jsonIn(body))
  if (!parsed.ok) throw wrongBody(tell(parsed.errors), csv)
  return { request: { kind, body: parsed.value, actor, waitMs: waitMsOf(headers), ...(idempotency && { idempotency }) }, tell }
}

export function isCsv(headers: StatementPost['headers']): boolean {
  return /^text\/csv\b/i.test(String(headers['content-type'] ?? ''))
}

/** Media types that an address takes beside JSON. */
export function takesCsv(route: string | undefined): boolean {
  return route === callRoutes.loading
}

function loadingOf({ loadings }: LoadingList, query: unknown): object {
  const { statusCodes, ...asked } = readQuery(queries.loadingCsv, query)
  return { ...asked, ...(statusCodes !== undefined && { statusCodes: statusCodes.split(',') }), loadings }
}

function wrongBody(errors: readonly BodyError[], csv: LoadingList | undefined): ProblemError {
  if (!csv) return schemaProblem(errors)
  const [first] = errors
  const more = errors.length > 1 ? `${errors.length} things are wrong with the list, first ` : ''
  return problem('SCHEMA', `${more}${first?.message}, found ${first?.found}`, { errors, ...(first && { pointer: first.pointer }) })
}
