import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { memoryDatabase, memoryTopic, openMemoryLedger } from '#libs/testing'
import type { Allocation } from './outbox.js'
import { Relay } from './relaying.js'

const chain = { kid: 'own', subject: '01970000-0000-7000-8000-000000000001' }

describe('the relay', () => {
  const database = memoryDatabase()
  const memory = openMemoryLedger(database)
  const topic = memoryTopic(() => Date.now())
  let looked = 0
  const ledger = { ...memory, unsent: async (maxBytes: number, sentLast?: readonly string[]) => {
    looked += 1
    const rows = await memory.unsent(maxBytes, sentLast)
    await whileLooking()
    return rows
  } }
  const troubles: unknown[] = []
  let whileLooking: () => Promise<void> = () => Promise.resolve()
  let whileSending: () => Promise<void> = () => Promise.resolve()
  const log = topic.open()
  let failing: Error | undefined
  const particulars = memoryTopic(() => Date.now()).open()
  const events: typeof log = { ...log, append: async (records) => {
    if (failing) throw failing
    const appended = await log.append(records)
    await whileSending()
    return appended
  } }
  const relay = new Relay({ ledger, events, particulars, applied: () => 0, random: (bytes) => Buffer.alloc(bytes), onTrouble: (error) => troubles.push(error) })
  let kept = 0
  let number = 0
  /** Keeps a statement as any process of the node may; the one with the relay hands it over, too. */
  const keep = async (bytes: number, jwe: string | null = null): Promise<Allocation> => {
    const eventId = `own-${(kept += 1)}`
    const statement = { ...chain, eventId, sequence: (number += 1), value: eventId.padEnd(bytes) }
    const blocks = jwe === null ? [] : [{ digest: `block of ${eventId}`, plaintext: '{}', jwe }]
    const allocation = { statement, type: 'RemarkAdded', issuer: 'ktz', occurredAt: '2026-06-01T00:00:00Z', blocks }
    await memory.submit(chain, undefined, async () => allocation)
    return allocation
  }
  /** On a chain of its own. */
  const keepElsewhere = async (): Promise<Allocation> => {
    const eventId = `own-${(kept += 1)}`
    const elsewhere = { ...chain, subject: `subject of ${eventId}` }
    const allocation = { statement: { ...elsewhere, eventId, sequence: 1, value: eventId }, type: 'RemarkAdded', issuer: 'ktz', occurredAt: '2026-06-01T00:00:00Z', blocks: [] }
    await memory.submit(elsewhere, undefined, async () => allocation)
    return allocation
  }
  const keepHere = async (bytes: number, jwe?: string) => relay.kept(await keep(bytes, jwe))
  const idsSent = async (from: number) => {
    const end = await sent()
    const records = await Promise.all(Array.from({ length: end - from }, (_, at) => log.read(from + at)))
    return records.map((record) => (typeof record === 'object' ? record.value?.toString().trim() : record))
  }
  const lastKept = (many: number) => database.outbox.slice(-many).map(({ eventId }) => eventId)
  const states = () => database.outbox.map(({ state }) => state)
  /** How many are in the log when the relay does nothing more by itself: no time goes by, so that who rests would rest for ever. */
  const sent = async () => {
    for (let turn = 0; turn < 100; turn++) await nextTurn()
    return topic.open().end()
  }

  beforeAll(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'Date', 'performance', 'hrtime'] }))
  afterAll(() => void jest.useRealTimers())
  afterEach(() => expect(troubles).toEqual([]))

  it('looks into the outbox once, and sends what is handed over later without a look', async () => {
    await keep(2_000)
    relay.start()
    expect([await sent(), looked]).toEqual([1, 1])
    const later = await keep(3_000)
    expect(await sent()).toBe(1)
    relay.kept(later)
    expect([await sent(), looked]).toEqual([2, 1])
    expect(states()).toEqual(['new', 'new'])
    jest.advanceTimersByTime(1_000)
    expect([await sent(), looked, states()]).toEqual([2, 2, ['sent', 'sent']])
  })

  it('sends what is handed over while it sends', async () => {
    whileSending = async () => {
      whileSending = () => Promise.resolve()
      await keepHere(1_000)
    }
    await keepHere(1_000)
    expect([await sent(), looked]).toEqual([4, 2])
  })

  it('sends at once what does not go out with one send', async () => {
    const kept = [await keep(300_000), await keep(300_000), await keep(300_000)]
    for (const one of kept) relay.kept(one)
    expect(await sent()).toBe(7)
  })

  it('looks by itself after a second, for what another process of the node has kept', async () => {
    await keep(1_000)
    expect(await sent()).toBe(7)
    jest.advanceTimersByTime(1_000)
    expect(await sent()).toBe(8)
  })

  it.each<[string, () => Promise<void>]>([
    ['where another process has kept the one before it on its chain', async () => {
      await keep(1_000)
      await keepHere(1_000)
    }],
    ['where blocks go first', async () => {
      await keep(1_000)
      await keepHere(1_000, 'sealed')
    }],
    ['where it has not looked for a second', async () => {
      await keep(1_000)
      const now = performance.now()
      const clock = jest.spyOn(performance, 'now').mockReturnValue(now + 1_000)
      await keepHere(1_000)
      await sent()
      clock.mockRestore()
    }],
  ])('looks, and sends what lies there in its order, %s', async (_where, keepTwo) => {
    const [before, first] = [looked, await sent()]
    await keepTwo()
    expect([await idsSent(first), looked]).toEqual([lastKept(2), before + 1])
  })

  it('sends what it found by itself once, though it is handed over thereafter', async () => {
    const first = await sent()
    const found = await keep(1_000)
    jest.advanceTimersByTime(1_000)
    expect(await sent()).toBe(first + 1)
    relay.kept(found)
    await keepHere(1_000)
    expect(await idsSent(first)).toEqual(lastKept(2))
  })

  it.each<[string, () => Promise<unknown>]>([
    ['has blocks', () => keepHere(1_000, 'sealed')],
    ['was kept before, perhaps by another process', () => keep(1_000).then(() => relay.kept(undefined))],
  ])('looks again at once for a statement that %s, told of while it was looking, whatever else is handed over', async (_which, keepOne) => {
    const first = await sent()
    whileLooking = async () => {
      whileLooking = () => Promise.resolve()
      await keepOne()
      relay.kept(await keepElsewhere())
    }
    jest.advanceTimersByTime(1_000)
    expect(new Set(await idsSent(first))).toEqual(new Set(lastKept(2)))
  })

  it('sends at once what another process has kept, however much, while others are handed over', async () => {
    const first = await sent()
    const large = [await keep(300_000), await keep(300_000), await keep(300_000)].map(({ statement }) => statement.eventId)
    let handedOver = 0
    whileSending = async () => {
      if ((handedOver += 1) > 5) whileSending = () => Promise.resolve()
      else relay.kept(await keepElsewhere())
    }
    jest.advanceTimersByTime(1_000)
    expect((await idsSent(first)).slice(0, 3)).toEqual(large)
    expect(new Set(await idsSent(first))).toEqual(new Set(lastKept(8)))
  })

  it('looks for what it could not send', async () => {
    const first = await sent()
    failing = new Error('the log cannot be reached')
    await keepHere(1_000)
    await sent()
    failing = undefined
    expect([await sent(), troubles.splice(0)]).toMatchObject([first, [{ message: 'the log cannot be reached' }]])
    await keepHere(1_000)
    expect(await idsSent(first)).toEqual(lastKept(2))
  })

  it('sends again what it sent last when the applier has returned its chain, and also while it is being sent', async () => {
    jest.advanceTimersByTime(1_000) // marks what was sent before
    await sent()
    await keepHere(1_000)
    const first = await sent()
    relay.returned()
    expect(await sent()).toBe(first + 1)
    whileSending = async () => {
      whileSending = () => Promise.resolve()
      relay.returned()
    }
    relay.returned()
    expect(await sent()).toBe(first + 3)
    expect(new Set(await idsSent(first))).toEqual(new Set(lastKept(1)))
  })

  it('ends when it is told to, and marks what it sent last', async () => {
    const end = await sent()
    expect(states().at(-1)).toBe('new')
    await relay.stop()
    expect(new Set(states())).toEqual(new Set(['sent']))
    await keep(1_000)
    jest.advanceTimersByTime(10_000)
    expect(await sent()).toBe(end)
  })

  it('ends within a second though its database does not answer', async () => {
    const node = { events: log, particulars: log, applied: () => 0, random: (bytes: number) => Buffer.alloc(bytes), onTrouble: (error: unknown) => troubles.push(error) }
    const hanging = new Relay({ ...node, ledger: { ...memory, markSent: () => new Promise<void>(() => undefined) } })
    const before = await sent()
    hanging.start()
    expect(await sent()).toBe(before + 1)
    let hasEnded = false
    const ending = hanging.stop().then(() => (hasEnded = true))
    await sent()
    expect(hasEnded).toBe(false)
    jest.advanceTimersByTime(1_000)
    await ending
  })
})
