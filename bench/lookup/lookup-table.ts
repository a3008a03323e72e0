import { quantile, spreadOf, told } from '../ratios.js'
import { askers, type LookUps, type Store } from './lookups.js'

const aimedP99Ms = 5
const mostRatio = 2

const what: Readonly<Record<(typeof askers)[number], string>> = {
  'uz-uty': 'a railway asks for a box, one question after the other: the register, the box among what it is a party to, and the found dossier with its parts',
  'uz-customs': 'customs ask, on two connections at once: what they are a party to and what crosses their country',
}

/** Quantiles of all questions and, in brackets, of the rounds; a ratio is that of one round's two stores. */
export function lookUpRows({ small, large }: LookUps): readonly (readonly string[])[] {
  return [
    ['look-up by equipment, ms', 'consignments', 'p50', 'p99', 'what it means'],
    ...askers.flatMap((asker) => [small, large].map((store) => [asker, count(store), quantiles(store, asker, 0.5), quantiles(store, asker, 0.99), store === small ? what[asker] : 'the same'])),
    ...askers.map((asker) => [`${asker}, ratio`, `${count(large)} : ${count(small)}`, told(ratios({ small, large }, asker, 0.5)), told(ratios({ small, large }, asker, 0.99)), 'of the two stores in one round']),
    ...[small, large].map((store) => [
      'a further note applied', count(store), told(spreadOf(store.appliedMsEach)), '',
      store === small ? 'signatures, rules, views and one transaction for a thousand; in the column of p50 a mean' : 'the same; 10,000 were made by a node, the rest are copies of them by SQL with other identifiers, without their entries',
    ]),
  ]
}

/** Whether a box is found as fast among a million consignments (issue 4, Speed). */
export function lookUpTargets({ small, large }: LookUps): readonly (readonly string[])[] {
  const [p99, two] = askers.map((asker) => quantile(questions(large, asker), 0.99)) as [number, number] // one for each
  const worst = askers.map((asker) => ratios({ small, large }, asker, 0.99)).reduce((a, b) => (b.median > a.median ? b : a))
  return [
    [`99 of 100 look-ups by equipment among ${count(large)} consignments answer within ${aimedP99Ms} ms on one connection`, `${p99.toFixed(2)} ms (customs, on two: ${two.toFixed(2)} ms)`, p99 <= aimedP99Ms ? 'reached' : 'MISSED'],
    [`and take at most ${mostRatio} × as long as among ${count(small)}`, told(worst), worst.median <= mostRatio ? 'reached' : 'MISSED'],
  ]
}

function quantiles(store: Store, asker: string, part: number): string {
  const { least, most } = spreadOf(store.asked.map((round) => quantile(round.get(asker) ?? [], part)))
  return told({ median: quantile(questions(store, asker), part), least, most })
}

function ratios({ small, large }: LookUps, asker: string, part: number) {
  const of = (store: Store, round: number) => quantile(store.asked[round]?.get(asker) ?? [], part)
  return spreadOf(large.asked.map((_, round) => of(large, round) / of(small, round)))
}

function questions({ asked }: Store, asker: string): readonly number[] {
  return asked.flatMap((round) => round.get(asker) ?? [])
}

function count({ consignments }: Store): string {
  return consignments.toLocaleString('en')
}
