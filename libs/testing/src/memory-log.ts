import { endsFollowing, longestBatch, untilClosed, type Following, type Log, type LogBatch, type LogReader, type LogRecord, type NewRecord } from '#libs/exchange'

export interface RawRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly appendTime?: number
}

/** A topic in memory: several nodes open it, and a test does to it what brokers and foreign writers do. */
export interface MemoryTopic {
  open(): Log
  /** Appends as a foreign writer would: any bytes, none too. */
  insert(records: readonly RawRecord[]): void
  /** Leaves an offset without a record, as a transaction's marker does. */
  hole(): void
  /** Breaks every connection: appends and questions fail, followers attach anew once it is restored. */
  cut(): void
  restore(): void
  /** Forgets everything from an offset on, and breaks the connections for a moment, as the fail-over that lost it does. */
  rewind(end: number): void
}

/** @param now gives the append time; by default it counts up @param maxRecords that a batch has at most */
export function memoryTopic(now: () => number = counter(), maxRecords = longestBatch): MemoryTopic {
  let records: (LogRecord | 'hole')[] = []
  let isCut = false
  /** Counts the connections broken so far. */
  let breaks = 0
  let wake: () => void = () => undefined
  let changed = new Promise<void>((resolve) => (wake = resolve))

  const change = () => {
    wake()
    changed = new Promise((resolve) => (wake = resolve))
  }
  const insert = (raw: readonly RawRecord[]) => {
    for (const { key, value, appendTime = now() } of raw) records.push({ offset: records.length, key, value, appendTime })
    change()
  }
  const connected = () => {
    if (isCut) throw new Error('the connection is cut')
  }
  const open = (): Log => {
    const followings = new Set<Following>()
    return untilClosed({
      kind: 'memory',
      append: async (added) => {
        connected()
        insert(added.map(toRaw))
      },
      end: async () => {
        connected()
        return records.length
      },
      read: async (offset) => {
        connected()
        return records[offset]
      },
      follow: async (from, reader) => {
        const following = follow(from, reader)
        followings.add(following)
        return following
      },
      close: async () => {
        await Promise.all([...followings].map((following) => following.stop()))
      },
    })
  }

  const follow = (from: number, reader: LogReader): Following => {
    let isStopped = false
    let position = from
    const batchFrom = (offset: number): LogBatch => {
      const slice = records.slice(offset, offset + maxRecords)
      return { records: slice.filter((record) => record !== 'hole'), next: offset + slice.length, end: records.length }
    }
    const pass = async () => {
      const coming: LogBatch[] = []
      const attachedAt = breaks
      connected()
      await reader.onAttach()
      while (!isStopped && attachedAt === breaks) {
        if (position >= records.length) {
          await changed
          continue
        }
        const batch = coming.shift() ?? batchFrom(position)
        const applied = reader.onBatch(batch)
        for (let last = coming.at(-1) ?? batch; coming.length < 2 && last.next < records.length; last = coming.at(-1) ?? batch) {
          coming.push(batchFrom(last.next))
          reader.onComing?.(coming.at(-1) ?? batch)
        }
        await applied
        position = batch.next
      }
    }
    const run = async (): Promise<Error | undefined> => {
      while (!isStopped) {
        try {
          await pass()
        } catch (error) {
          if (endsFollowing(error)) return error
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }
      return undefined
    }
    const ended = run()
    return {
      ended,
      stop: async () => {
        isStopped = true
        change()
        await ended
      },
    }
  }

  return {
    open,
    insert,
    hole: () => {
      records.push('hole')
      change()
    },
    cut: () => {
      isCut = true
      breaks++
      change()
    },
    restore: () => {
      isCut = false
    },
    rewind: (end) => {
      records = records.slice(0, end)
      breaks++
      change()
    },
  }
}

function toRaw({ key, value }: NewRecord): RawRecord {
  return { key: Buffer.from(key), value: Buffer.from(value) }
}

function counter(): () => number {
  let time = Date.UTC(2026, 0, 1)
  return () => time++
}
