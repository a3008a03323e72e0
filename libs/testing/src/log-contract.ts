import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { longestBatch, type Following, type Log, type LogBatch, type LogReader, type NewRecord } from '#libs/exchange'
import type { RawRecord } from './memory-log.js'
import { until } from './until.js'

/** A fresh, empty log, with what a test does behind its back. */
export interface LogUnderTest {
  readonly log: Log
  /** As a foreign writer would. */
  insert(records: readonly RawRecord[]): Promise<void>
  /** Leaves an offset without a record at the end; absent where the log knows none. */
  hole?(): Promise<void>
  /** Makes it end before `end`. */
  rewind(end: number): Promise<void>
  close(): Promise<void>
}

/** Records in three batches at least. */
const threeBatches = 2 * longestBatch + 500

/** What every implementation of the port Log does. */
export function describeLog(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`the log ${name}`, () => {
    let test: LogUnderTest
    beforeEach(async () => {
      test = await open()
    })
    afterEach(() => test.close())

    it('is empty at first', async () => {
      expect(await test.log.end()).toBe(0)
      expect(await test.log.read(0)).toBeUndefined()
    })

    it('keeps records in the order of appending', async () => {
      await test.log.append(numbered(0, 5))
      await test.log.append(numbered(5, 7))
      expect(await test.log.end()).toBe(7)
      for (let offset = 0; offset < 7; offset++) {
        expect(await test.log.read(offset)).toMatchObject({ offset, key: Buffer.from('subject'), value: Buffer.from(`statement ${offset}`) })
      }
      expect(await test.log.read(7)).toBeUndefined()
    })

    it('takes more at once than fits one transmission', async () => {
      await test.log.append(Array.from({ length: 12 }, (_, index) => ({ key: 'subject', value: `${index}`.padEnd(360_000, '.') })))
      const { batches } = await read(test.log, 0, 12)
      expect(valuesOf(batches).map((value) => value.replaceAll('.', ''))).toEqual(Array.from({ length: 12 }, (_, index) => `${index}`))
    })

    it('tells nothing from empty', async () => {
      await test.insert([
        { key: null, value: null },
        { key: Buffer.alloc(0), value: Buffer.alloc(0) },
      ])
      expect(await test.log.read(0)).toMatchObject({ key: null, value: null })
      expect(await test.log.read(1)).toMatchObject({ key: Buffer.alloc(0), value: Buffer.alloc(0) })
      const { batches } = await read(test.log, 0, 2)
      expect(batches.flatMap(({ records }) => records.map(({ key, value }) => [key?.length, value?.length]))).toEqual([
        [undefined, undefined],
        [0, 0],
      ])
    })

    it('states an append time in whole milliseconds that does not go back', async () => {
      await test.log.append(numbered(0, 3))
      const { batches } = await read(test.log, 0, 3)
      const times = batches.flatMap(({ records }) => records.map(({ appendTime }) => appendTime))
      expect(times.every(Number.isSafeInteger)).toBe(true)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    })

    it.each([
      ['the beginning', 0],
      ['the middle', longestBatch + 500],
      ['the last record', threeBatches - 1],
    ])('delivers everything once from %s on, in bounded batches', async (_, from) => {
      await test.log.append(numbered(0, threeBatches))
      const { batches } = await read(test.log, from, threeBatches)
      expect(offsetsOf(batches)).toEqual(Array.from({ length: threeBatches - from }, (_, index) => from + index))
      expect(Math.max(...batches.map(({ records }) => records.length))).toBeLessThanOrEqual(longestBatch)
      for (const { next, end } of batches) expect(end).toBeGreaterThanOrEqual(next)
    })

    it('delivers to who waits at the end', async () => {
      await test.log.append(numbered(0, 3))
      const reader = collecting()
      await test.log.follow(3, reader)
      await until(() => reader.attached > 0, 10_000)
      await test.log.append(numbered(3, 4))
      await until(() => reader.batches.length > 0, 5000)
      expect(offsetsOf(reader.batches)).toEqual([3])
    })

    it('delivers to each follower by itself', async () => {
      await test.log.append(numbered(0, 10))
      const stuck = { ...collecting(), onBatch: () => Promise.reject(new Error('no room')) }
      await test.log.follow(0, stuck)
      const { batches } = await read(test.log, 4, 10)
      expect(offsetsOf(batches)).toEqual([4, 5, 6, 7, 8, 9])
    })

    it('waits with the next batch for the promise of the last', async () => {
      await test.log.append(numbered(0, 1))
      const done: (() => void)[] = []
      const reader = collecting(() => new Promise<void>((resolve) => done.push(resolve)))
      await test.log.follow(0, reader)
      await until(() => done.length === 1, 10_000)
      await test.log.append(numbered(1, 3))
      expect(await test.log.end()).toBe(3)
      expect(reader.batches).toHaveLength(1)
      done[0]?.()
      await until(() => done.length === 2, 5000)
      expect(reader.batches[1]?.records[0]?.offset).toBe(1)
      done[1]?.()
    })

    it('tells of the next batches while the reader has one, and delivers just those', async () => {
      await test.log.append(numbered(0, threeBatches))
      const told: LogBatch[] = []
      const done: (() => void)[] = []
      const reader = { ...collecting(() => new Promise<void>((resolve) => done.push(resolve))), onComing: (batch: LogBatch) => void told.push(batch) }
      await test.log.follow(0, reader)
      await until(() => told.length === 2, 10_000)
      expect(reader.batches).toHaveLength(1)
      done[0]?.()
      await until(() => reader.batches.length === 2, 10_000)
      expect(reader.batches[1]).toBe(told[0])
      done[1]?.()
      await until(() => reader.batches.length === 3, 10_000)
      expect(reader.batches[2]).toBe(told[1])
      expect(offsetsOf(reader.batches)).toEqual(Array.from({ length: threeBatches }, (_, index) => index))
      done[2]?.()
    })

    it('delivers a batch again whose handler threw', async () => {
      await test.log.append(numbered(0, 3))
      let throws = 2
      const reader = collecting(async () => {
        if (throws-- > 0) throw new Error('the database is away')
      })
      await test.log.follow(0, reader)
      await until(() => reader.batches.length === 3, 10_000)
      expect(reader.batches.map(({ records }) => records.map(({ offset }) => offset))).toEqual([
        [0, 1, 2],
        [0, 1, 2],
        [0, 1, 2],
      ])
    })

    it('awaits onAttach before the first batch, and tries it again', async () => {
      await test.log.append(numbered(0, 1))
      let tries = 0
      let batchesBefore = -1
      const reader = {
        ...collecting(),
        onAttach: async () => {
          if (++tries < 3) throw new Error('the database is away')
          await test.log.end()
          batchesBefore = reader.batches.length
        },
      }
      await test.log.follow(0, reader)
      await until(() => reader.batches.length > 0, 10_000)
      expect([tries, batchesBefore]).toEqual([3, 0])
    })

    it.each(['LOG_REWOUND', 'LOG_MISCONFIGURED'])('ends a following whose onAttach says %s', async (code) => {
      await test.log.append(numbered(0, 1))
      const reader = { ...collecting(), onAttach: () => Promise.reject(Object.assign(new Error('stop'), { code })) }
      const following = await test.log.follow(0, reader)
      expect(await following.ended).toMatchObject({ code })
      expect(reader.batches).toEqual([])
    })

    it('attaches anew when it was rewound, and delivers nothing old', async () => {
      await test.log.append(numbered(0, 6))
      const reader = {
        ...collecting(),
        onAttach: async () => {
          if ((await test.log.end()) < (reader.batches.at(-1)?.next ?? 0)) throw Object.assign(new Error('shorter than read'), { code: 'LOG_REWOUND' })
        },
      }
      const following = await test.log.follow(0, reader)
      await until(() => reader.batches.at(-1)?.next === 6, 10_000)
      await test.rewind(2)
      expect(await following.ended).toMatchObject({ code: 'LOG_REWOUND' })
      expect(offsetsOf(reader.batches)).toEqual([0, 1, 2, 3, 4, 5])
    })

    it('passes over an offset without a record', async () => {
      if (test.hole === undefined) return
      await test.log.append(numbered(0, 2))
      await test.hole()
      const end = await test.log.end()
      expect(await test.log.read(end - 1)).toBe('hole')
      const reader = collecting()
      await test.log.follow(end - 1, reader)
      await until(() => reader.batches.length > 0, 10_000)
      expect(reader.batches[0]).toMatchObject({ records: [], next: end })
      await test.log.append(numbered(end, end + 1))
      await until(() => reader.batches.length > 1, 5000)
      expect(offsetsOf(reader.batches)).toEqual([end])
    })

    it('delivers nothing after stop, which waits for the handler', async () => {
      await test.log.append(numbered(0, 1))
      let done: () => void = () => undefined
      let isDone = false
      const reader = collecting(async () => {
        await new Promise<void>((resolve) => (done = resolve))
        isDone = true
      })
      const following = await test.log.follow(0, reader)
      await until(() => reader.batches.length > 0, 10_000)
      const stopped = following.stop().then(() => isDone)
      done()
      expect(await stopped).toBe(true)
      expect(await following.ended).toBeUndefined()
      await test.log.append(numbered(1, 2))
      expect(reader.batches).toHaveLength(1)
    })

    it('ends its followings when it closes, within two seconds', async () => {
      const reader = collecting()
      const following = await test.log.follow(0, reader)
      await until(() => reader.attached > 0, 10_000)
      const since = Date.now()
      await test.log.close()
      expect(await following.ended).toBeUndefined()
      expect(Date.now() - since).toBeLessThan(2500)
    })

    it('refuses whatever is asked of it from its closing on', async () => {
      await test.log.append(numbered(0, 1))
      const closing = test.log.close()
      const asked = [test.log.append(numbered(1, 2)), test.log.end(), test.log.read(0), test.log.follow(0, collecting())]
      for (const answer of await Promise.allSettled(asked)) expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'LOG_CLOSED' } })
      await closing
    })
  })
}

/** Follows until everything before `end` has come. */
async function read(log: Log, from: number, end: number): Promise<{ readonly batches: readonly LogBatch[]; readonly following: Following }> {
  const reader = collecting()
  const following = await log.follow(from, reader)
  await until(() => reader.batches.at(-1)?.next === end, 15_000)
  await following.stop()
  return { batches: reader.batches, following }
}

function collecting(onBatch: (batch: LogBatch) => Promise<void> = async () => undefined): LogReader & { readonly batches: LogBatch[]; attached: number } {
  const reader = {
    batches: [] as LogBatch[],
    attached: 0,
    onAttach: async () => {
      reader.attached++
    },
    onBatch: async (batch: LogBatch) => {
      reader.batches.push(batch)
      await onBatch(batch)
    },
  }
  return reader
}

function numbered(from: number, to: number): NewRecord[] {
  return Array.from({ length: to - from }, (_, index) => ({ key: 'subject', value: `statement ${from + index}`, headers: { ce_type: 'test' } }))
}

function offsetsOf(batches: readonly LogBatch[]): number[] {
  return batches.flatMap(({ records }) => records.map(({ offset }) => offset))
}

function valuesOf(batches: readonly LogBatch[]): string[] {
  return batches.flatMap(({ records }) => records.map(({ value }) => String(value)))
}
