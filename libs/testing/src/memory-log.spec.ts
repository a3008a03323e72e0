import { describe, expect, it } from '@jest/globals'
import { describeLog } from './log-contract.js'
import { memoryTopic } from './memory-log.js'
import { until } from './until.js'

describeLog('in memory', async () => {
  const topic = memoryTopic()
  const log = topic.open()
  return {
    log,
    insert: async (records) => topic.insert(records),
    hole: async () => topic.hole(),
    rewind: async (end) => topic.rewind(end),
    close: () => log.close(),
  }
})

describe('a topic in memory', () => {
  it('is cut for all at once, and followers attach anew when it is restored', async () => {
    const topic = memoryTopic()
    const [writer, log] = [topic.open(), topic.open()]
    let attached = 0
    let next = 0
    const following = await log.follow(0, {
      onAttach: async () => void attached++,
      onBatch: async (batch) => {
        next = batch.next
      },
    })
    await writer.append([{ key: 'a', value: '1' }])
    await until(() => next === 1, 1000)
    topic.cut()
    await expect(writer.append([{ key: 'a', value: '2' }])).rejects.toThrow()
    await expect(log.end()).rejects.toThrow()
    topic.restore()
    await writer.append([{ key: 'a', value: '2' }])
    await until(() => next === 2, 1000)
    expect(attached).toBe(2)
    await following.stop()
  })
})
