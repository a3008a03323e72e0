import { spreadOf, told } from '../ratios.js'
import type { BatchCosts } from './batches.js'

/** What a statement costs a node and its database, by how many come in one batch. */
export function batchRows({ trains, boxes, statements, costs }: BatchCosts): readonly (readonly string[])[] {
  const [bulk] = [...costs].reverse()
  const inAll = (cost: BatchCosts['costs'][number] | undefined) => spreadOf(cost?.nodeUs ?? []).median + spreadOf(cost?.postgresUs ?? []).median
  return [
    ['applying, CPU µs a statement', 'node', 'PostgreSQL', 'of the longest', 'what it is'],
    ...costs.map((cost, index) => [
      `batches of ${cost.length}`, told(spreadOf(cost.nodeUs)), told(spreadOf(cost.postgresUs)), `${(inAll(cost) / inAll(bulk)).toFixed(1)} ×`,
      index === 0 ? `reports on ${trains} trains of ${boxes} boxes in turn, one batch after the other, ${statements} statements a round; what a node of its own takes with all its threads` : '',
    ]),
  ]
}
