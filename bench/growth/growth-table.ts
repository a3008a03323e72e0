import { spreadOf, told, type Spread } from '../ratios.js'
import type { Growth, GrowthRound, Size } from './growth.js'
import { inAll } from './table-sizes.js'

const million = 1_000_000
const megabyte = 1_000_000
const secondsAYear = 365.25 * 24 * 3_600
const averageRate = 3
const linearWithin = 0.1
/** Of what the first statements took; of memory, of what the node had taken once it was warm. */
const flatWithin = 1.25
/** Tables that take less are told of together. */
const worthARowMb = 5

const what: Readonly<Record<string, string>> = {
  entry: 'every record with its bytes, verdict, effects and leaf, and three indexes',
  dossier_part: 'the views: a consignment, its note and each of its boxes',
  term: 'what consignments are searched by',
  state: 'what the rules read, one row a consignment',
}

/** Bytes on disk for a million statements, from what came on top of what was there. */
export function growthRows({ statements, meanBytes, sizes: [before, half, after] }: Growth): readonly (readonly string[])[] {
  const row = (name: string, bytesOf: (size: Size) => number, indexes: string, about: string) => {
    const mb = (from: Size, to: Size, count: number) => (((bytesOf(to) - bytesOf(from)) * million) / count / megabyte).toFixed(0)
    return [name, mb(before, half, statements / 2), mb(half, after, statements / 2), mb(before, after, statements), indexes, about]
  }
  const grown = (name: string, part: 'all' | 'indexes') => (((after.tables.get(name)?.[part] ?? 0) - (before.tables.get(name)?.[part] ?? 0)) * million) / statements / megabyte
  const named = [...after.tables.keys()].filter((name) => grown(name, 'all') >= worthARowMb).sort((a, b) => grown(b, 'all') - grown(a, 'all'))
  const rest = [...after.tables.keys()].filter((name) => !named.includes(name))
  const yearGb = (bytes: number) => ((bytes / statements) * averageRate * secondsAYear) / 1_000_000_000
  return [
    ['MB a million statements', 'from first half', 'second half', 'both', 'indexes', 'what it is'],
    ...named.map((name) => row(name, ({ tables }) => tables.get(name)?.all ?? 0, grown(name, 'indexes').toFixed(0), what[name] ?? '')),
    row('other tables', ({ tables }) => rest.reduce((all, name) => all + (tables.get(name)?.all ?? 0), 0), '', 'heads of the tree and the like; a node that states keeps its outbox and particulars besides'),
    row('database', databaseBytes, '', `over ${statements} statements of steady traffic; ${(after.freed / megabyte).toFixed(0)} MB more had been left by rows that were replaced; at ${averageRate} a second ${yearGb(databaseBytes(after) - databaseBytes(before)).toFixed(0)} GB a year`),
    row('log', ({ logBytes }) => logBytes, '', `the topic on one broker, ${meanBytes} bytes a statement before keys and headers; ${yearGb(after.logBytes - before.logBytes).toFixed(0)} GB a year, on three brokers three times`),
  ]
}

/** How fast the history was applied as it grew. */
export function historyRows({ statements, rounds }: Growth): readonly (readonly string[])[] {
  const fifths = inFifths(rounds)
  const each = (of: readonly GrowthRound[], ms: (round: GrowthRound) => number) => told(spreadOf(of.map((round) => (ms(round) * 1_000) / round.statements)))
  return [
    ['applying, by history', 'statements/s', 'CPU µs each: node', 'PostgreSQL', 'node, MiB', 'what was there'],
    ...fifths.map((of, index) => [
      `fifth ${index + 1}`, told(ratesOf(of)), each(of, ({ cpuMs }) => cpuMs), each(of, ({ postgresCpuMs }) => postgresCpuMs), memoryOf(of).median.toFixed(0),
      `from ${Math.round((statements * index) / fifths.length)} statements on${index === 0 ? `; in rounds, ${of.length} to a fifth, by one node that is behind and reads batches of up to 4,000` : ''}`,
    ]),
  ]
}

/** Whether it is linear in statements and flat in history (issue 4, Speed). */
export function growthTargets({ sizes: [before, half, after], rounds }: Growth): readonly (readonly string[])[] {
  const grows = (bytesOf: (size: Size) => number) => (bytesOf(after) - bytesOf(half)) / (bytesOf(half) - bytesOf(before))
  const [database, log] = [grows(databaseBytes), grows(({ logBytes }) => logBytes)]
  const fifths = inFifths(rounds)
  const [first, second, last] = [fifths[0] ?? [], fifths[1] ?? [], fifths.at(-1) ?? []]
  const [cpu, memory] = [cpuOf(last).median / cpuOf(first).median, memoryOf(last).median / memoryOf(second).median]
  const isLinear = [database, log].every((ratio) => Math.abs(ratio - 1) <= linearWithin)
  return [
    [`the second half takes as much as the first, within ${linearWithin * 100} %`, `database ${database.toFixed(2)}, log ${log.toFixed(2)}`, isLinear ? 'reached' : 'MISSED'],
    [`a statement of the last fifth takes at most ${flatWithin} × the CPU of one of the first`, cpu.toFixed(2), cpu <= flatWithin ? 'reached' : 'MISSED'],
    [`a node has at most ${flatWithin} × the memory in the last fifth that it had in the second`, memory.toFixed(2), memory <= flatWithin ? 'reached' : 'MISSED'],
  ]
}

function databaseBytes({ tables }: Size): number {
  return inAll(tables)
}

function inFifths(rounds: readonly GrowthRound[]): readonly (readonly GrowthRound[])[] {
  return Array.from({ length: 5 }, (_, index) => rounds.slice(Math.round((rounds.length * index) / 5), Math.round((rounds.length * (index + 1)) / 5)))
}

function ratesOf(rounds: readonly GrowthRound[]): Spread {
  return spreadOf(rounds.map(({ statements, ms }) => (statements * 1_000) / ms))
}

function cpuOf(rounds: readonly GrowthRound[]): Spread {
  return spreadOf(rounds.map(({ statements, cpuMs, postgresCpuMs }) => (cpuMs + postgresCpuMs) / statements))
}

function memoryOf(rounds: readonly GrowthRound[]): Spread {
  return spreadOf(rounds.map(({ residentMib }) => residentMib))
}
