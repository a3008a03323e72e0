import { expect } from '@jest/globals'
import { Replay, stateHashOf, type Log } from '#libs/exchange'
import { rootOf } from '#libs/signature'
import { until } from '#libs/testing'
import { stateTexts } from '../../scripts/audit/node-database.js'
import type { RealNode } from './real-node.js'

/** What a node has made of one offset, as its own database has it. */
export interface JudgedOffset {
  readonly offset: number
  /** A refusal's code, else the verdict, or `hole`. */
  readonly outcome: string
  readonly leaf: string
}

/** Offsets from one on, in order. */
export async function judgedBy(node: RealNode, from = 0): Promise<readonly JudgedOffset[]> {
  return node.query<JudgedOffset>(
    `select log_offset::float8 as offset, coalesce(code, verdict) as outcome, encode(leaf, 'hex') as leaf from entry where log_offset >= $1
    union all select log_offset::float8, 'hole', encode(leaf, 'hex') from hole where log_offset >= $1 order by 1`,
    [from],
  )
}

export async function stateHashAt(node: RealNode): Promise<string> {
  const rows = await node.query<{ subject: string; text: string }>(stateTexts)
  return stateHashOf(new Map(rows.map(({ subject, text }) => [subject, text])))
}

/** Waits until a node has applied the log to the end it has now. */
export async function caughtUp(node: RealNode, log: Log, withinMs = 20_000): Promise<void> {
  const end = await log.end()
  await until(async () => (await node.ports.ledger.cursor()).next >= end, withinMs)
}

/**
 * All nodes stand at the log's end with the same verdict, code and leaf for every offset from one on, the same root and the same state. Returns what
 * they made of these offsets.
 */
export async function expectAgreement(nodes: readonly RealNode[], log: Log, from = 0): Promise<readonly JudgedOffset[]> {
  await Promise.all(nodes.map((node) => caughtUp(node, log)))
  const sayingOf = async (node: RealNode) => {
    const [judged, head, state] = await Promise.all([judgedBy(node, from), node.exchange.asking.head(), stateHashAt(node)])
    return { judged, root: head?.root, state }
  }
  const [first, ...others] = await Promise.all(nodes.map(sayingOf))
  if (!first) throw new Error('agreement needs a node')
  for (const other of others) expect(other).toEqual(first)
  expect(first.judged.map(({ offset }) => offset)).toEqual(first.judged.map((_, index) => from + index))
  return first.judged
}

/** The log judged anew in memory, with no node and no database. */
export async function replayOf(corridor: string, log: Log): Promise<{ readonly root: string; readonly state: string; readonly next: number }> {
  const replay = new Replay(corridor)
  const end = await log.end()
  const following = await log.follow(0, {
    onAttach: () => Promise.resolve(),
    onBatch: async (batch) => void (await replay.apply(batch)),
  })
  await until(() => replay.next >= end, 20_000)
  await following.stop()
  return { root: rootOf(replay.frontier), state: replay.stateHash(), next: replay.next }
}

/** A node's database holds exactly what the log says. */
export async function expectAsReplayed(node: RealNode, corridor: string, log: Log): Promise<void> {
  await caughtUp(node, log)
  const { root, state, next } = await replayOf(corridor, log)
  const head = await node.exchange.asking.head()
  expect({ root: head?.root, next: head?.size, state: await stateHashAt(node) }).toEqual({ root, next, state })
}
