import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { freshTopic, sharedKafka, until } from '#libs/testing'
import { openKafkaLog } from './kafka-log.js'

const brokers = await sharedKafka()

describe('the connections of a log', () => {
  const made: Socket[] = []
  const note = (message: unknown) => void made.push((message as { readonly socket: Socket }).socket) // as `net` publishes it
  const alive = () => made.filter(({ destroyed }) => !destroyed)
  const openLog = () => openKafkaLog({ brokers, topic: freshTopic(), clientId: 'test', create: true })
  beforeEach(() => {
    made.length = 0
    subscribe('net.client.socket', note)
  })
  afterEach(() => {
    unsubscribe('net.client.socket', note)
    for (const socket of alive()) socket.destroy()
  })

  it('are few however many ask at once, and gone when it is closed', async () => {
    const log = await openLog()
    await log.append(Array.from({ length: 20 }, (_, index) => ({ key: 'k', value: `record ${index}` })))
    const before = made.length
    const records = await Promise.all(Array.from({ length: 20 }, (_, offset) => log.read(offset)))
    expect(records.map((record) => record !== 'hole' && String(record?.value))).toEqual(records.map((_, index) => `record ${index}`))
    expect(made.length - before).toBeLessThanOrEqual(3) // one to ask for the leader, one for questions, one for records
    await log.close()
    await until(() => alive().length === 0, 30_000)
  })

  it.each([0, 1, 2, 4, 8, 16])('are gone when it is closed %i ms after much was asked', async (ms) => {
    const log = await openLog()
    await log.append([{ key: 'k', value: 'first' }])
    const asked = Array.from({ length: 10 }, (_, index) => [log.read(0), log.end(), log.append([{ key: 'k', value: `record ${index}` }])]).flat()
    const answered = Promise.allSettled(asked)
    await new Promise((resolve) => setTimeout(resolve, ms))
    await log.close()
    await answered
    await until(() => alive().length === 0, 30_000)
  })
})
