import type { AppliedBatch, ApplyOutcome } from '#libs/exchange'
import { allOf } from './all-of.js'
import type { Database, Query } from './database.js'
import { decidedAtOnce, decideOutbox, hasOwn } from './decide-outbox.js'
import { isTransient, LedgerError, sqlStateOf } from './ledger-error.js'
import { runAll, together, type Write } from './together.js'
import { cursorMove, moveCursor, recordWrites } from './write-batch.js'
import { viewWrites, writeViews } from './write-views.js'

/** What `together` fails with (PostgreSQL, appendix A). */
const divisionByZero = '22012'

/**
 * Everything one batch changes, in one transaction: as one statement if the database takes it so. What it does not take is done again step by step,
 * which tells what was wrong and keeps everything but a view that cannot be written. If nothing was wrong then, that is an alarm: it costs every batch twice.
 * @throws CURSOR_MOVED
 */
export async function applyBatch(database: Database, batch: AppliedBatch, onAlarm: (code: string, detail: string) => void): Promise<ApplyOutcome> {
  if (batch.viewFailures.length > 0) return stepByStep(database, batch)
  try {
    return await atOnce(database, batch)
  } catch (error) {
    if (error instanceof LedgerError || sqlStateOf(error) === undefined || isTransient(error)) throw error
    const outcome = await stepByStep(database, batch)
    if (outcome.viewFailures.length === 0 && batch.from > 0) onAlarm('APPLIED_STEP_BY_STEP', `offsets ${batch.from} to ${batch.next - 1}, after: ${String(error)}`)
    return outcome
  }
}

async function atOnce(database: Database, batch: AppliedBatch): Promise<ApplyOutcome> {
  const writes = [...recordWrites(batch), ...viewWrites(batch)]
  if (!hasOwn(batch)) {
    await asOne(database.query, batch, writes)
    return { decided: [], foreign: [], viewFailures: [] }
  }
  const own = decidedAtOnce(batch)
  if (own && (await asOne(database.query, batch, [...writes, own.write]).then(() => true, otherThanExpected))) return { decided: own.decided, foreign: [], viewFailures: [] }
  return database.transaction(async (query, last) => {
    const [, { writes: decisions, ...outcome }] = await allOf([asOne(query, batch, writes), decideOutbox(query, batch)])
    for (const { values, ...write } of decisions) last(write, values)
    return { viewFailures: [], ...outcome }
  })
}

async function asOne(query: Query, batch: AppliedBatch, writes: readonly Write[]): Promise<void> {
  const { values, ...statement } = together(cursorMove(batch), writes)
  await query(statement, values)
}

/** False where rows are not as they mostly are, and nothing has been written. */
function otherThanExpected(error: unknown): false {
  if (sqlStateOf(error) === divisionByZero) return false
  throw error
}

/** The cursor goes first: its row lock lets one applier through at a time, and of a zombie nothing is kept. */
function stepByStep(database: Database, batch: AppliedBatch): Promise<ApplyOutcome> {
  return database.transaction(async (query) => {
    await moveCursor(query, batch)
    await runAll(query, recordWrites(batch))
    const { decided, foreign, writes } = await decideOutbox(query, batch)
    await runAll(query, writes)
    const viewFailures = await writeViews(query, batch)
    return { decided, foreign, viewFailures }
  })
}
