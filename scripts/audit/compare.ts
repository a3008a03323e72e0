import type { NodeRecord } from './node-database.js'
import type { Expected, ReplayedLog } from './replayed-log.js'

export interface Difference {
  readonly offset: number | null
  readonly field: string
  readonly expected: string | null
  readonly found: string | null
}

const fields = ['verdict', 'code', 'keyHash', 'valueHash', 'effects', 'leaf'] as const satisfies readonly (keyof Expected)[]

/** The first thing in a node's database that judging the log anew does not say, or undefined when they are equal. */
export function firstDifference(log: ReplayedLog, node: NodeRecord): Difference | undefined {
  for (let offset = 0; offset < node.next; offset++) {
    const expected = log.offsets[offset]
    const found = node.offsets.get(offset)
    if (!expected || !found) return { offset, field: 'entry', expected: expected?.verdict ?? null, found: found?.verdict ?? null }
    const field = fields.find((name) => expected[name] !== found[name])
    if (field) return { offset, field, expected: expected[field], found: found[field] }
  }
  const beyond = [...node.offsets.keys()].find((offset) => offset >= node.next)
  if (beyond !== undefined) return { offset: beyond, field: 'entry', expected: null, found: node.offsets.get(beyond)?.verdict ?? null }
  const truth = log.milestones.get(node.next)
  if (!truth) return { offset: node.next, field: 'cursor', expected: null, found: String(node.next) }
  if (truth.root !== node.root) return { offset: null, field: 'root', expected: truth.root, found: node.root }
  for (const subject of [...new Set([...truth.states.keys(), ...node.states.keys()])].sort()) {
    const [expected, found] = [truth.states.get(subject) ?? null, node.states.get(subject) ?? null]
    if (expected !== found) return { offset: null, field: `state of ${subject}`, expected, found }
  }
  return truth.stateHash === node.stateHash ? undefined : { offset: null, field: 'stateHash', expected: truth.stateHash, found: node.stateHash }
}
