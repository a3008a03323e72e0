import { createHash } from 'node:crypto'
import { maxBodyErrors, parseBody, parseDoorJson, type Actor, type BodyError, type RoutedType } from '#libs/documents'
import type { IdempotencyKey, SubmitRequest } from '#libs/exchange'
import { isSubject } from './new-subject.js'
import { notFound, problem, type ProblemError } from './problem.js'

/** A POST as it came over the wire. */
export interface StatementPost {
  readonly type: RoutedType
  /** Undefined for a statement that opens a consignment. */
  readonly subject: string | undefined
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

const defaultWaitSeconds = 3
const longestWaitSeconds = 30

/** Reads a statement that a person wants made, whole: bytes, JSON, schema, headers. Throws problems, the cheapest first. */
export function statementRequestOf(post: StatementPost, actor: Actor, participant: string): SubmitRequest {
  const { type, subject, headers, body } = post
  if (subject !== undefined && !isSubject(subject)) throw notFound()
  const idempotency = idempotencyOf(post, participant)
  const parsed = parseBody(type, jsonIn(body))
  if (!parsed.ok) throw schemaProblem(parsed.errors)
  return {
    type,
    ...(subject !== undefined && { subject }),
    body: parsed.value,
    actor,
    waitMs: waitMsOf(headers),
    ...(idempotency && { idempotency }),
  }
}

/** The body as JSON that two people would read the same; throws what is wrong with it. */
export function jsonIn(body: Uint8Array): unknown {
  const read = parseDoorJson(body)
  if (!read.ok) throw problem(read.code, read.message, read.pointer !== undefined ? { pointer: read.pointer } : {})
  return read.value
}

export function schemaProblem(errors: readonly BodyError[]): ProblemError {
  const [first] = errors
  return problem('SCHEMA', howWrong(errors), { errors, ...(first && { pointer: first.pointer }) })
}

export function idempotencyOf(post: Omit<StatementPost, 'type' | 'subject'>, organisation: string): IdempotencyKey | undefined {
  const key = idempotencyKeyOf(post.headers['idempotency-key'])
  return key === undefined ? undefined : { organisation, key, bodyHash: hashOf(post) }
}

export function waitMsOf(headers: StatementPost['headers']): number {
  return waitSecondsOf(headers['prefer']) * 1_000
}

/** How much is wrong, and the first of it; errors are told up to a limit, so that many may be more. */
function howWrong(errors: readonly BodyError[]): string {
  const { length } = errors
  const many = length === 1 ? 'one thing is' : `${length >= maxBodyErrors ? 'at least ' : ''}${length} things are`
  const [first] = errors
  return `${many} wrong with it${first ? `, first ${first.pointer || 'the body'}: expected ${first.expected}, found ${first.found}` : ''}`
}

function idempotencyKeyOf(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  if (typeof header !== 'string' || !/^[!-~]{1,128}$/.test(header)) throw problem('BAD_HEADER', 'Idempotency-Key: 1 to 128 visible ASCII characters, once')
  return header
}

/** A key covers method, path and the very bytes: the same key with anything else is a conflict. */
function hashOf({ method, path, body }: Pick<StatementPost, 'method' | 'path' | 'body'>): string {
  return createHash('sha256').update(`${method} ${path}\n`).update(body).digest('base64url')
}

/** A preference is a wish (RFC 7240): what cannot be read is passed over, what is too long is cut. */
function waitSecondsOf(header: string | readonly string[] | undefined): number {
  const wishes = (typeof header === 'string' ? header : (header ?? []).join(',')).split(',')
  const wait = wishes.map((wish) => /^\s*wait\s*=\s*"?([0-9]{1,6})"?\s*(?:;.*)?$/i.exec(wish)?.[1]).find((seconds) => seconds !== undefined)
  return wait === undefined ? defaultWaitSeconds : Math.min(longestWaitSeconds, Number(wait))
}
