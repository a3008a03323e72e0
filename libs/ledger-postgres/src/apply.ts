import type { AppliedBatch, ApplyOutcome } from '#libs/exchange'
import { allOf } from './all-of.js'
import type { Database } from './database.js'
import { decideOutbox } from './decide-outbox.js'
import { moveCursor, writeEntries, writeHeads, writeHoles, writeStates } from './write-batch.js'
import { writeViews } from './write-views.js'

/**
 * Everything one batch changes, in one transaction, sent without waiting for each answer. The cursor goes first: its row lock lets one applier through at a time, and of a
 * zombie nothing is kept.
 */
export function applyBatch(database: Database, batch: AppliedBatch): Promise<ApplyOutcome> {
  return database.transaction(async (query) => {
    const moved = moveCursor(query, batch)
    if (batch.from === 0) await moved // a cursor emptied by hand takes two statements
    await allOf([moved, writeEntries(query, batch.entries), writeHoles(query, batch.holes), writeStates(query, batch.states), writeHeads(query, batch.heads)])
    const { decided, foreign } = await decideOutbox(query, batch)
    const viewFailures = await writeViews(query, batch)
    return { decided, foreign, viewFailures }
  })
}
