import 'reflect-metadata'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Controller, Module, type INestMicroservice } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { EventPattern, Payload } from '@nestjs/microservices'
import type { LogBatch } from '#libs/exchange'
import { memoryTopic, until } from '#libs/testing'
import { batchPattern, LogBatchStrategy, type BatchSource } from './batch-strategy.js'

let handled: LogBatch[] = []
let throws = 0

@Controller()
class ApplyController {
  @EventPattern(batchPattern)
  async apply(@Payload() batch: LogBatch): Promise<void> {
    handled.push(batch)
    if (throws-- > 0) throw new Error('the database is away')
  }
}

@Module({ controllers: [ApplyController] })
class NodeModule {}

@Module({})
class EmptyModule {}

describe("Nest's transport for a log", () => {
  let app: INestMicroservice | undefined
  afterEach(() => app?.close())

  const start = async (module: typeof NodeModule, source: Partial<BatchSource> = {}) => {
    handled = []
    const topic = memoryTopic()
    const strategy = new LogBatchStrategy({ log: topic.open(), position: async () => 0, onAttach: async () => undefined, ...source })
    app = await NestFactory.createMicroservice(module, { strategy, logger: false, abortOnError: false })
    return { topic, app }
  }

  it('hands whole batches of raw bytes to one handler, and again when it throws', async () => {
    throws = 1
    const { topic, app: node } = await start(NodeModule)
    const statement = { key: Buffer.from('subject'), value: Buffer.from('{"looks":"like JSON"}'), appendTime: 1 }
    topic.insert([statement, { ...statement, value: null }])
    await node.listen()
    await until(() => handled.length === 2, 2000)
    const batch = { records: [{ ...statement, offset: 0 }, { ...statement, value: null, offset: 1 }], next: 2, end: 2 }
    expect(handled).toEqual([batch, batch])
  })

  it('goes on at the position asked for', async () => {
    throws = 0
    const { topic, app: node } = await start(NodeModule, { position: async () => 1 })
    topic.insert([1, 2, 3].map((time) => ({ key: null, value: null, appendTime: time })))
    await node.listen()
    await until(() => handled.at(-1)?.next === 3, 2000)
    expect(handled.flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual([1, 2])
  })

  it('says when the following has ended', async () => {
    const ends: Error[] = []
    const rewound = Object.assign(new Error('rewound'), { code: 'LOG_REWOUND' })
    const { app: node } = await start(NodeModule, { onAttach: () => Promise.reject(rewound), onEnded: (error) => void ends.push(error) })
    await node.listen()
    await until(() => ends.length > 0, 2000)
    expect(ends).toEqual([rewound])
  })

  it('does not listen without a handler', async () => {
    const { app: node } = await start(EmptyModule)
    await expect(node.listen()).rejects.toThrow(batchPattern)
  })
})
