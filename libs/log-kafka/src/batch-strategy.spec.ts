import 'reflect-metadata'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Controller, Module, type INestMicroservice } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { EventPattern, Payload } from '@nestjs/microservices'
import type { LogBatch, LogReader } from '#libs/exchange'
import { memoryTopic, until } from '#libs/testing'
import { batchPattern, LogBatchStrategy, type LogDelivery } from './batch-strategy.js'

let handled: LogBatch[] = []
let throws = 0

@Controller()
class ApplyController {
  @EventPattern(batchPattern)
  async apply(@Payload() { batch, reader }: LogDelivery): Promise<void> {
    handled.push(batch)
    if (throws-- > 0) throw new Error('the database is away')
    await reader.onBatch(batch)
  }
}

@Module({ controllers: [ApplyController] })
class NodeModule {}

@Module({})
class EmptyModule {}

describe("Nest's transport for a log", () => {
  let app: INestMicroservice | undefined
  afterEach(() => app?.close())

  const start = async (module: typeof NodeModule) => {
    handled = []
    throws = 0
    const strategy = new LogBatchStrategy()
    app = await NestFactory.createMicroservice(module, { strategy, logger: false, abortOnError: false })
    return { app, strategy }
  }
  const reading = (changes: Partial<LogReader> = {}) => {
    const read: LogBatch[] = []
    return { read, reader: { onAttach: () => Promise.resolve(), onBatch: (batch: LogBatch) => Promise.resolve(void read.push(batch)), ...changes } }
  }

  it('hands whole batches of raw bytes to one handler, and again when it throws', async () => {
    const { app: node, strategy } = await start(NodeModule)
    throws = 1
    const topic = memoryTopic()
    const statement = { key: Buffer.from('subject'), value: Buffer.from('{"looks":"like JSON"}'), appendTime: 1 }
    topic.insert([statement, { ...statement, value: null }])
    await node.listen()
    const { read, reader } = reading()
    await strategy.follow(topic.open(), 0, reader)
    await until(() => read.length === 1, 2000)
    const batch = { records: [{ ...statement, offset: 0 }, { ...statement, value: null, offset: 1 }], next: 2, end: 2 }
    expect(handled).toEqual([batch, batch])
    expect(read).toEqual([batch])
  })

  it('goes on at the position asked for, each time it is asked', async () => {
    const { app: node, strategy } = await start(NodeModule)
    const topic = memoryTopic()
    topic.insert([1, 2, 3].map((time) => ({ key: null, value: null, appendTime: time })))
    await node.listen()
    for (const from of [1, 2]) {
      const { read, reader } = reading()
      const following = await strategy.follow(topic.open(), from, reader)
      await until(() => read.at(-1)?.next === 3, 2000)
      await following.stop()
      expect(read[0]?.records[0]?.offset).toBe(from)
    }
  })

  it('says when a following has ended', async () => {
    const { app: node, strategy } = await start(NodeModule)
    await node.listen()
    const rewound = Object.assign(new Error('rewound'), { code: 'LOG_REWOUND' })
    const { reader } = reading({ onAttach: () => Promise.reject(rewound) })
    expect(await (await strategy.follow(memoryTopic().open(), 0, reader)).ended).toBe(rewound)
  })

  it('stops what it follows when the application closes', async () => {
    const { app: node, strategy } = await start(NodeModule)
    await node.listen()
    const { ended } = await strategy.follow(memoryTopic().open(), 0, reading().reader)
    await node.close()
    expect(await ended).toBeUndefined()
  })

  it('does not listen without a handler', async () => {
    const { app: node } = await start(EmptyModule)
    await expect(node.listen()).rejects.toThrow(batchPattern)
  })
})
