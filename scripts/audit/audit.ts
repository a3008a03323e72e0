import type { Log } from '#libs/exchange'
import { setTimeout as wait } from 'node:timers/promises'
import { firstDifference, type Difference } from './compare.js'
import { cursorOf, readNodeRecord, type NodeRecord } from './node-database.js'
import { replayLog } from './replayed-log.js'

export interface AuditedNode {
  readonly id: string
  readonly next: number
  readonly root: string
  /** Records this node refused. */
  readonly refusals: number
  readonly stateHash: string
  readonly equal: boolean
  readonly firstDifference: Difference | null
  /** Set where the database could not be read or lags behind the log's end. */
  readonly lag?: string
}

export interface AuditReport {
  readonly corridor: string
  readonly topic: string
  readonly end: number
  readonly equal: boolean
  readonly nodes: readonly AuditedNode[]
}

export interface AuditedDatabase {
  readonly id: string
  readonly databaseUrl: string
}

/** Compares what each node's database says with what judging the raw log anew says, each at that node's own cursor. */
export async function audit(log: Log, corridor: string, topic: string, databases: readonly AuditedDatabase[], waitMs = 30_000): Promise<AuditReport> {
  const end = await log.end()
  const read = await Promise.all(databases.map(async (database) => ({ id: database.id, ...(await readWhenThere(database, end, waitMs)) })))
  const there = read.filter((node): node is { id: string; record: NodeRecord } => 'record' in node)
  const replayed = await replayLog(log, corridor, there.map(({ record }) => record.next))
  const nodes = read.map((node): AuditedNode => {
    if (!('record' in node)) return { id: node.id, next: node.next, root: '', refusals: 0, stateHash: '', equal: false, firstDifference: null, lag: node.lag }
    const { next, root, stateHash, offsets } = node.record
    const difference = firstDifference(replayed, node.record)
    const refusals = [...offsets.values()].filter(({ verdict }) => verdict === 'refused').length
    return { id: node.id, next, root, refusals, stateHash, equal: difference === undefined, firstDifference: difference ?? null }
  })
  return { corridor, topic, end, equal: nodes.every(({ equal }) => equal), nodes }
}

/** 0 equal, 1 different, 2 a node lags behind the log's end seen at the start. */
export function exitCodeOf(report: AuditReport): 0 | 1 | 2 {
  if (report.nodes.some(({ firstDifference }) => firstDifference !== null)) return 1
  return report.equal ? 0 : 2
}

async function readWhenThere({ databaseUrl }: AuditedDatabase, end: number, waitMs: number): Promise<{ readonly record: NodeRecord } | { readonly lag: string; readonly next: number }> {
  const deadline = Date.now() + waitMs
  let next = 0
  let trouble = ''
  for (;;) {
    try {
      next = await cursorOf(databaseUrl)
      if (next >= end) return { record: await readNodeRecord(databaseUrl) }
      trouble = `stands at ${next} of ${end}`
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
    }
    if (Date.now() >= deadline) return { lag: trouble, next }
    await wait(200)
  }
}
