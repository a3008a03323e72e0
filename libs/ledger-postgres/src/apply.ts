import type { AppliedBatch, ApplyOutcome } from '#libs/exchange'
import type { Database } from './database.js'
import { decideOutbox } from './decide-outbox.js'
import { moveCursor, writeEntries, writeHeads, writeHoles, writeStates } from './write-batch.js'
import { writeViews } from './write-views.js'

/**
 * Everything one batch changes, in one transaction. The cursor goes first: its row lock lets one applier through at a time, and a zombie is turned
 * away before it has written anything.
 */
export function applyBatch(database: Database, batch: AppliedBatch): Promise<ApplyOutcome> {
  return database.transaction(async (query) => {
    await moveCursor(query, batch)
    await writeEntries(query, batch.entries)
    await writeHoles(query, batch.holes)
    await writeStates(query, batch.states)
    await writeHeads(query, batch.heads)
    const { decided, foreign } = await decideOutbox(query, batch)
    const viewFailures = await writeViews(query, batch)
    return { decided, foreign, viewFailures }
  })
}
