import { spreadOf, told } from '../ratios.js'
import type { ApplyRates } from './apply-rates.js'
import type { Round } from './gate.js'

const what: Readonly<Record<string, string>> = {
  'plain': 'Nest ServerKafka, one message at a time: jose, ajv, our rules, TypeORM save of statement and consignment in a transaction',
  'plain, upsert': 'the same with insert and upsert, which do not look before they write',
  'karvan': 'a node: batches, canonical form, signatures in parallel, rules, tree, entries, state, views, one transaction a batch',
  'ceiling': 'kafkajs eachBatch, the same signature checks, multi-row SQL of the bytes; no canonical form, schema, rules, state, views or tree',
}

/** Rows of the table: rates as they were, ratios of rates measured one after the other in the same round. */
export function applyRows({ rounds }: ApplyRates): readonly (readonly string[])[] {
  const rates = (name: string) => (rounds.get(name) ?? []).map(({ statements, ms }) => (statements * 1_000) / ms)
  const [plain, ceiling] = [rates('plain'), rates('ceiling')]
  return [
    ['applying', 'statements/s', '× plain', 'of the ceiling', 'CPU µs each', 'what it does'],
    ...[...rounds].map(([name, all]) => {
      const own = rates(name)
      const ratio = (other: readonly number[]) => told(spreadOf(own.map((rate, round) => rate / (other[round] ?? Number.NaN))))
      return [name, told(spreadOf(own)), ratio(plain), ratio(ceiling), told(spreadOf(all.map(cpuOf))), what[name] ?? '']
    }),
  ]
}

function cpuOf({ cpuMs, statements }: Round): number {
  return (cpuMs * 1_000) / statements
}

/** Whether a node is as fast as it is meant to be (issue 3, Speed). */
export function applyTargets({ rounds }: ApplyRates): readonly (readonly string[])[] {
  const ratio = (a: string, b: string) => {
    const other = rounds.get(b) ?? []
    return spreadOf((rounds.get(a) ?? []).map((round, at) => (round.statements / round.ms / ((other[at]?.statements ?? 0) / (other[at]?.ms ?? 1)))))
  }
  const [slow, fast] = [ratio('karvan', 'plain'), ratio('karvan', 'ceiling')]
  return [
    ['applying is at least 10 × the plain way', told(slow), slow.median >= 10 ? 'reached' : 'MISSED'],
    ['applying is at least half of the ceiling', told(fast), fast.median >= 0.5 ? 'reached' : 'MISSED'],
  ]
}
