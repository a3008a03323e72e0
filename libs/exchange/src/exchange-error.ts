/** What ends a flow or keeps a node from being ready; the operator's guide says what each means. */
export type ExchangeCode =
  | 'LOG_REWOUND' | 'LOG_MISCONFIGURED' | 'RULES_UNKNOWN' | 'KEY_IN_USE_ELSEWHERE' | 'KEY_NOT_ADMITTED' | 'PARTICIPANT_SUSPENDED' | 'NOT_FOUNDED' | 'CATCHING_UP' | 'REBUILDING' | 'STARTING' | 'LOG_UNAVAILABLE' | 'DATABASE_UNAVAILABLE' | 'STOPPED'

export class ExchangeError extends Error {
  constructor(readonly code: ExchangeCode, message: string) {
    super(message)
    this.name = 'ExchangeError'
  }
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
