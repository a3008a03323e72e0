import { sqlStateOf } from './ledger-error.js'

/** Of a statement behind the one that failed: it tells nothing of why. */
const inFailedTransaction = '25P02'

/**
 * Waits for everything that was sent together, whatever becomes of one of it: nothing may still send its next statement when the transaction, or what
 * lies behind a savepoint, has been taken back. Throws what made it fail.
 */
export async function allOf<T extends readonly unknown[]>(work: readonly [...{ [K in keyof T]: Promise<T[K]> | undefined }]): Promise<T> {
  const outcomes = await Promise.allSettled(work)
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  if (failures.length > 0) throw failures.find((error) => sqlStateOf(error) !== inFailedTransaction) ?? failures[0]
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as unknown as T // none was rejected
}
