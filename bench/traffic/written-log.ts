import type { Log, NewRecord } from '#libs/exchange'
import type { Story } from '../../corridors/story.js'
import type { BenchCorridor } from './founding.js'
import { openTraffic } from './traffic.js'

export interface WrittenLog {
  /** First offset of the steady traffic: below it the register, and each train's way to where it is then. */
  readonly steadyFrom: number
  readonly end: number
  /** Statements that the story has refused, one a train. */
  readonly refused: number
  readonly meanBytes: number
}

const appendedAtOnce = 500

/** Told when everything that comes before the steady traffic is in the log, and when half of that is. */
export interface WritingProgress {
  begun(): void
  halfway(): void
}

/** Signs and appends the statements of a corridor at work. */
export async function writeTraffic(log: Log, corridor: BenchCorridor, story: Story, statements: number, progress?: WritingProgress): Promise<WrittenLog> {
  const { sofar, steady } = openTraffic(corridor, story)
  for (const records of sofar) await log.append(records.map(bare))
  const steadyFrom = await log.end()
  progress?.begun()
  let refused = 0
  let bytes = 0
  for (let written = 0; written < statements; ) {
    const many = Math.min(appendedAtOnce, (written < statements / 2 ? Math.floor(statements / 2) : statements) - written)
    const records = Array.from({ length: many }, () => steady.next().value)
    await log.append(records.map(bare))
    written += many
    refused += records.filter(({ isRefused }) => isRefused).length
    bytes += records.reduce((all, { value }) => all + value.length, 0)
    if (written === Math.floor(statements / 2)) progress?.halfway()
  }
  return { steadyFrom, end: await log.end(), refused, meanBytes: Math.round(bytes / statements) }
}

const bare = ({ key, value }: NewRecord): NewRecord => ({ key, value })
