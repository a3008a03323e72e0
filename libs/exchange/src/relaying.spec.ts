import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { memoryDatabase, memoryTopic, openMemoryLedger } from '#libs/testing'
import { Relay } from './relaying.js'

const chain = { kid: 'own', subject: '01970000-0000-7000-8000-000000000001' }

describe('the relay', () => {
  const database = memoryDatabase()
  const memory = openMemoryLedger(database)
  const topic = memoryTopic(() => Date.now())
  let looked = 0
  const ledger = { ...memory, unsent: (maxBytes: number, sentLast?: readonly string[]) => ((looked += 1), memory.unsent(maxBytes, sentLast)) }
  const troubles: unknown[] = []
  let whileSending: () => Promise<void> = () => Promise.resolve()
  const log = topic.open()
  const events: typeof log = { ...log, append: async (records) => {
    const appended = await log.append(records)
    await whileSending()
    return appended
  } }
  const relay = new Relay({ ledger, events, particulars: memoryTopic(() => Date.now()).open(), applied: () => 0, random: (bytes) => Buffer.alloc(bytes), onTrouble: (error) => troubles.push(error) })
  let sequence = 0
  const keep = (bytes: number) => memory.submit(chain, undefined, async () => {
    const eventId = `own-${(sequence += 1)}`
    return { statement: { ...chain, eventId, sequence, value: 'x'.repeat(bytes) }, type: 'RemarkAdded', issuer: 'ktz', occurredAt: '2026-06-01T00:00:00Z', blocks: [] }
  })
  const states = () => database.outbox.map(({ state }) => state)
  /** How many are in the log when the relay does nothing more by itself: no time goes by, so that who rests would rest for ever. */
  const sent = async () => {
    for (let turn = 0; turn < 100; turn++) await nextTurn()
    return topic.open().end()
  }

  beforeAll(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'Date', 'performance', 'hrtime'] }))
  afterAll(() => void jest.useRealTimers())
  afterEach(() => expect(troubles).toEqual([]))

  it('looks once into an outbox that it can send whole, and sends what comes later when it is woken', async () => {
    await keep(2_000)
    relay.start()
    expect([await sent(), looked]).toEqual([1, 1])
    await keep(3_000)
    expect(await sent()).toBe(1)
    relay.wake()
    expect([await sent(), looked]).toEqual([2, 2])
    expect(states()).toEqual(['sent', 'new'])
    jest.advanceTimersByTime(1_000)
    expect([await sent(), states()]).toEqual([2, ['sent', 'sent']])
  })

  it('is woken by what comes to lie in the outbox while it sends', async () => {
    whileSending = async () => {
      whileSending = () => Promise.resolve()
      await keep(1_000)
      relay.wake()
    }
    await keep(1_000)
    relay.wake()
    expect(await sent()).toBe(4)
  })

  it('looks again at once where there may be more than it could send', async () => {
    for (const bytes of [300_000, 300_000, 300_000]) await keep(bytes)
    relay.wake()
    expect(await sent()).toBe(7)
  })

  it('looks by itself after a second, for what another process of the node has kept', async () => {
    await keep(1_000)
    expect(await sent()).toBe(7)
    jest.advanceTimersByTime(1_000)
    expect(await sent()).toBe(8)
  })

  it('sends again what it sent last when the applier has returned its chain, and also while it is being sent', async () => {
    relay.returned()
    expect(await sent()).toBe(9)
    whileSending = async () => {
      whileSending = () => Promise.resolve()
      relay.returned()
    }
    relay.returned()
    expect(await sent()).toBe(11)
  })

  it('ends when it is told to, and marks what it sent last', async () => {
    expect(states().at(-1)).toBe('new')
    await relay.stop()
    expect(new Set(states())).toEqual(new Set(['sent']))
    await keep(1_000)
    jest.advanceTimersByTime(10_000)
    expect(await sent()).toBe(11)
  })

  it('ends within a second though its database does not answer', async () => {
    const node = { events: log, particulars: log, applied: () => 0, random: (bytes: number) => Buffer.alloc(bytes), onTrouble: (error: unknown) => troubles.push(error) }
    const hanging = new Relay({ ...node, ledger: { ...memory, markSent: () => new Promise<void>(() => undefined) } })
    hanging.start()
    expect(await sent()).toBe(12)
    let hasEnded = false
    const ending = hanging.stop().then(() => (hasEnded = true))
    await sent()
    expect(hasEnded).toBe(false)
    jest.advanceTimersByTime(1_000)
    await ending
  })
})
