/** What a caller can act on; everything else that is thrown is a bug. */
export type LedgerErrorCode =
  | 'DATABASE_UNAVAILABLE' // transient: nothing was half done, or (lost during commit) the cursor or the idempotency key tells
  | 'DATABASE_NOT_DURABLE'
  | 'CURSOR_MOVED'
  | 'SCHEMA_NOT_CURRENT'
  | 'OWNER_REQUIRED'
  | 'LEDGER_CLOSED'

export class LedgerError extends Error {
  readonly retryable: boolean

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause })
    this.name = 'LedgerError'
    this.retryable = code === 'DATABASE_UNAVAILABLE'
  }
}

/** SQLSTATE of an error the server sent; undefined for the driver's own errors. */
export function sqlStateOf(error: unknown): string | undefined {
  return textAt(error, 'severity') === undefined ? undefined : textAt(error, 'code')
}

/** Not the statement's fault, so the same call may succeed later. PostgreSQL 18, appendix A. */
export function isTransient(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state !== undefined) return transientClasses.some((start) => state.startsWith(start))
  return socketErrors.has(textAt(error, 'code') ?? '') || driverMessages.test(textAt(error, 'message') ?? '')
}

/** As the port promises it: a lost database is DATABASE_UNAVAILABLE, everything else goes through untouched. */
export function translated(error: unknown): unknown {
  if (error instanceof LedgerError || !isTransient(error)) return error
  return new LedgerError('DATABASE_UNAVAILABLE', textAt(error, 'message') || (textAt(error, 'code') ?? 'the database is away'), error)
}

/** Not by `instanceof`: errors of Node's own sockets come from another realm where the code runs in a vm, as under jest. */
function textAt(error: unknown, field: 'code' | 'message' | 'severity'): string | undefined {
  if (typeof error !== 'object' || error === null || !(field in error)) return undefined
  const text: unknown = (error as Record<string, unknown>)[field] // checked above
  return typeof text === 'string' ? text : undefined
}

/** Connections (08), deadlock and serialisation (40), resources (53), shutdown and cancellation (57), a server that only reads after fail-over, disk (58). */
const transientClasses = ['08', '40', '53', '57', '25006', '25P03', '55P03', '58030'] as const

const socketErrors: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT',
])

/** node-postgres gives these no code. */
const driverMessages = /connection (?:terminated|ended|error)|not queryable|timeout exceeded|read timeout|connection error|client was closed|ended unexpectedly/i
