import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { LogError, Pace, refuseClosed, type LogBatch, type LogReader } from '#libs/exchange'
import { until } from '#libs/testing'
import { follow, type FollowSource } from './follow.js'
import { batchOf, type BatchFixture } from './record-set.fixture.js'
import type { TopicReader } from './topic-reader.js'

const statement = { key: Buffer.from('k'), value: Buffer.from('v') }

describe('following a partition', () => {
  afterEach(() => void jest.restoreAllMocks())

  it('rests at its end by how many records it was given', async () => {
    const rested = jest.spyOn(Pace.prototype, 'restAfter')
    const following = follow(await sourceOf([{ firstOffset: 0, records: [statement, statement, statement] }]), 0, noting())
    await until(() => rested.mock.calls.length > 0, 5000)
    expect(rested.mock.calls).toEqual([[expect.any(Number), 3]])
    await following.stop()
  })

  it('attaches anew before the records of a new leader', async () => {
    const log = sourceOf([
      { firstOffset: 0, records: [statement], leaderEpoch: 1 },
      { firstOffset: 1, records: [statement], leaderEpoch: 1 },
      { firstOffset: 2, records: [statement], leaderEpoch: 2 },
    ])
    const reader = noting()
    const following = follow(await log, 0, reader)
    await until(() => reader.notes.includes('next 3'), 5000)
    expect(reader.notes).toEqual(['attach', 'next 2', 'attach', 'next 3'])
    await following.stop()
  })

  it('ends when the log is shorter than what was read, though its reader did not object', async () => {
    const following = follow(await sourceOf([{ firstOffset: 0, records: [statement] }]), 2, noting())
    expect(await following.ended).toMatchObject({ code: 'LOG_REWOUND' })
  })

  it('ends when records are gone from a log that keeps them for ever', async () => {
    const following = follow(await sourceOf([{ firstOffset: 5, records: [statement] }]), 3, noting())
    expect(await following.ended).toMatchObject({ code: 'LOG_MISCONFIGURED' })
  })

  it('says which records expired and goes on with the first that did not', async () => {
    const reader = noting()
    const source = { ...(await sourceOf([{ firstOffset: 5, records: [statement] }])), keepsRecordsForEver: false }
    const following = follow(source, 3, reader)
    await until(() => reader.notes.includes('next 6'), 5000)
    expect(reader.notes).toEqual(['attach', 'RECORDS_EXPIRED', 'next 6'])
    await following.stop()
  })

  it('attaches anew before records that were asked for after a time in which nothing was', async () => {
    const reader = noting()
    const following = follow({ ...(await sourceOf([{ firstOffset: 0, records: [statement] }])), unwatchedMs: -1 }, 0, reader)
    await until(() => reader.notes.includes('next 1'), 5000)
    expect(reader.notes).toEqual(['attach', 'attach', 'next 1'])
    await following.stop()
  })

  it.each([
    ['does not attach anew where the record before them stands as it did', statement, ['attach', 'attach', 'next 1', 'next 2']],
    ['attaches anew where another record stands before them', { ...statement, value: Buffer.from('w') }, ['attach', 'attach', 'next 1', 'attach', 'next 2']],
  ])('after a time in which nothing was asked %s', async (_, before, expected) => {
    const reader = noting()
    const later = await Promise.all([{ firstOffset: 0, records: [before] }, { firstOffset: 1, records: [statement] }].map(batchOf))
    const answers = [(await batchOf({ firstOffset: 0, records: [statement] })), Buffer.concat(later)]
    const following = follow({ ...(await sourceOf([])), unwatchedMs: -1, connect: async () => answering(answers) }, 0, reader)
    await until(() => reader.notes.includes('next 2'), 5000)
    expect(reader.notes).toEqual(expected)
    await following.stop()
  })

  it('doubts records on although an empty answer came between', async () => {
    const answers = await Promise.all([{ firstOffset: 0, records: [statement] }, undefined, { firstOffset: 1, records: [statement] }].map((batch) => (batch ? batchOf(batch) : Buffer.alloc(0))))
    const reader = noting()
    const slowly = { ...reader, onBatch: async (batch: LogBatch) => reader.onBatch(batch).then(() => new Promise<void>((resolve) => setTimeout(resolve, 50))) }
    const following = follow({ ...(await sourceOf([])), unwatchedMs: 20, connect: async () => answering(answers) }, 0, slowly)
    await until(() => reader.notes.includes('next 2'), 5000)
    expect(reader.notes).toEqual(['attach', 'next 1', 'attach', 'next 2'])
    await following.stop()
  })

  it.each([
    ['doubts what was asked for only after a while, because a connection had to be made', 10_000, ['attach', 'next 1', 'attach', 'next 2']],
    ['does not doubt what another had asked for before', -10_000, ['attach', 'next 1', 'next 2']],
  ])('%s', async (_, laterMs, expected) => {
    const topic = answering(await Promise.all([0, 1].map((firstOffset) => batchOf({ firstOffset, records: [statement] }))))
    const fetch: TopicReader['fetch'] = async (offset, limits) => {
      const answer = await topic.fetch(offset, limits)
      return answer === 'out of range' ? answer : { ...answer, sentAt: answer.sentAt + offset * laterMs } // of the first at once
    }
    const reader = noting()
    const following = follow({ ...(await sourceOf([])), unwatchedMs: 5_000, connect: async () => ({ ...topic, fetch }) }, 0, reader)
    await until(() => reader.notes.includes('next 2'), 5000)
    expect(reader.notes).toEqual(expected)
    await following.stop()
  })

  it('doubts and goes on where the record before them has expired', async () => {
    const answers = ['out of range', await batchOf({ firstOffset: 1, records: [statement] })] as const
    const reader = noting()
    const following = follow({ ...(await sourceOf([])), unwatchedMs: -1, connect: async () => answering([await batchOf({ firstOffset: 0, records: [statement] }), ...answers]) }, 0, reader)
    await until(() => reader.notes.includes('next 2'), 5000)
    expect(reader.notes).toEqual(['attach', 'attach', 'next 1', 'attach', 'next 2'])
    await following.stop()
  })

  it('rests at the end of the log for twice as long as a batch took, while more may come', async () => {
    const asked: number[] = []
    let doneAt = 0
    const topic = answering([await batchOf({ firstOffset: 0, records: [statement] })])
    const connect = async () => ({ ...topic, fetch: (...fetched: Parameters<TopicReader['fetch']>) => (asked.push(performance.now()), topic.fetch(...fetched)) })
    const slowly: LogReader = {
      onAttach: async () => undefined,
      async onBatch() {
        await new Promise((resolve) => setTimeout(resolve, 50))
        doneAt = performance.now()
      },
    }
    const following = follow({ ...(await sourceOf([])), connect }, 0, slowly)
    await until(() => asked.length === 2, 5000)
    expect((asked[1] ?? 0) - doneAt).toBeGreaterThan(95) // a timer is not early by more
    await following.stop()
  })

  it('raises an alarm over records that the log did not stamp, and delivers them', async () => {
    const reader = noting()
    const following = follow(await sourceOf([{ firstOffset: 0, records: [statement], isStampedByLog: false }]), 0, reader)
    await until(() => reader.notes.includes('next 1'), 5000)
    expect(reader.notes).toEqual(['attach', 'NOT_LOG_APPEND_TIME', 'next 1'])
    await following.stop()
  })

  it('survives what is transient and ends when the settings have become wrong', async () => {
    const failures: unknown[] = []
    const faults = [new Error('no connection'), new LogError('LOG_MISSING', 'deleted'), new LogError('LOG_MISCONFIGURED', 'retention.ms is 1')]
    const source = {
      ...(await sourceOf([])),
      checkTopic: () => Promise.reject(faults.shift()),
      onFailure: (error: unknown) => failures.push(error),
    }
    expect(await follow(source, 0, noting()).ended).toMatchObject({ code: 'LOG_MISCONFIGURED' })
    expect(failures).toHaveLength(2)
  })

  it('stops while a connection hangs', async () => {
    const source = { ...(await sourceOf([])), connect: () => new Promise<never>(() => undefined) }
    const following = follow(source, 0, noting())
    await following.stop()
    expect(await following.ended).toBeUndefined()
  })
})

/** A broker that has these batches. */
async function sourceOf(batches: readonly BatchFixture[]): Promise<FollowSource> {
  const set = Buffer.concat(await Promise.all(batches.map(batchOf)))
  const last = batches.at(-1)
  const start = batches[0]?.firstOffset ?? 0
  const end = last === undefined ? 0 : last.firstOffset + last.records.length
  const connect = async (): Promise<TopicReader> => {
    let isClosed = false
    return {
      bounds: async () => ({ start, end }),
      fetch: async (offset) => {
        refuseClosed(isClosed) // or it would be asked every ten milliseconds as long as the process lives
        if (offset > end) return 'out of range'
        if (offset === end) await new Promise((resolve) => setTimeout(resolve, 10))
        return { set: offset === end ? Buffer.alloc(0) : set, end, sentAt: Date.now() }
      },
      close: async () => void (isClosed = true),
    }
  }
  return {
    connect,
    checkTopic: async () => undefined,
    keepsRecordsForEver: true,
    unwatchedMs: Number.POSITIVE_INFINITY,
    onFailure: () => undefined,
  }
}

/** A broker that answers one fetch after the other so, and then nothing more. */
function answering(answers: readonly (Buffer | 'out of range')[]): TopicReader {
  const sets = [...answers]
  return {
    bounds: async () => ({ start: 0, end: 0 }),
    fetch: async (offset) => {
      const set = sets.shift() ?? (await new Promise<Buffer>(() => undefined))
      return set === 'out of range' ? set : { set, end: offset + 1, sentAt: Date.now() }
    },
    close: async () => undefined,
  }
}

function noting(): LogReader & { readonly notes: string[] } {
  const notes: string[] = []
  return {
    notes,
    onAttach: async () => void notes.push('attach'),
    onBatch: async ({ next }) => void notes.push(`next ${next}`),
    onAlarm: (code) => notes.push(code),
  }
}
