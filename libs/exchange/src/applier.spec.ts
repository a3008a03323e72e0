import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { memoryDatabase, openMemoryLedger } from '#libs/testing'
import { Applier } from './applier.js'
import type { LogBatch, LogRecord } from './log-port.js'
import { StateCache } from './preparing.js'

interface Vectors {
  readonly corridor: string
  readonly records: readonly { readonly offset: number; readonly key: string; readonly value: string; readonly appendTime: number }[]
}

const { corridor, records } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/note-and-handoffs.json'), 'utf8')) as Vectors
const log = records.map(({ offset, key, value, appendTime }): LogRecord => ({ offset, key: Buffer.from(key, 'base64'), value: Buffer.from(value, 'base64'), appendTime }))

describe('an applier', () => {
  it.each([[1, 250], [5, 250], [1, 1], [5, 1], [23, 1]])('told of what comes stores what one stores that is not, in batches of %d, with %d rows at hand', async (cut, rowsKept) => {
    expect(await stored(cut, rowsKept, true)).toEqual(await stored(cut, 250, false))
  })
})

async function stored(cut: number, rowsKept: number, isTold: boolean): Promise<object> {
  const database = memoryDatabase()
  const ledger = openMemoryLedger(database)
  const applier = new Applier({ corridor, participant: 'uz-uty', ownKids: [] }, ledger, new StateCache(2_000, rowsKept))
  const batches = Array.from({ length: Math.ceil(log.length / cut) }, (_, at): LogBatch => {
    const slice = log.slice(at * cut, (at + 1) * cut)
    return { records: slice, next: at * cut + slice.length, end: log.length }
  })
  for (const [at, batch] of batches.entries()) {
    const applying = applier.apply(await ledger.cursor(), batch)
    const next = batches[at + 1]
    if (isTold && next) applier.coming(next)
    await applying
  }
  const { cursor, entries, states, dossiers } = database
  return { cursor, entries, states, dossiers }
}
