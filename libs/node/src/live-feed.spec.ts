import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FeedEntry } from '#libs/exchange'
import { until } from '#libs/testing'
import { FeedReader, type ReaderEnd } from './feed-reader.js'
import { feedLimits, LiveFeed, type FeedLimits } from './live-feed.js'
import { openStream, type StreamClient } from './stream-client.fixture.js'

const consignments = ['0197a8f0-0000-7000-8000-000000000001', '0197a8f0-0000-7000-8000-000000000002'] as const

/** A store whose offsets are visible but for every third, served to whoever asks over real sockets. */
function openFeed(told: { readonly limits?: Partial<FeedLimits>; readonly isApplying?: boolean; readonly windowOffsets?: number } = {}) {
  const { limits = {}, isApplying = true, windowOffsets = 700 } = told
  const log: FeedEntry[] = []
  const asked = { pages: 0 }
  let next = 0
  const feed = new LiveFeed(
    {
      next: async () => next,
      async page(after, limit, filter = {}) {
        asked.pages++
        const { subject, place } = filter
        await new Promise((resolve) => setImmediate(resolve))
        const before = Math.min(next, after + 1 + windowOffsets)
        const entries = log.filter(({ offset, event, effects }) => offset > after && offset < before && (subject === undefined || event.subject === subject) && (place === undefined || effects.includes(place))).slice(0, limit)
        return { entries, upTo: entries.length < limit ? Math.max(after, before - 1) : (entries.at(-1)?.offset ?? after) }
      },
      isApplying: () => isApplying,
      onTrouble: (error) => {
        throw error
      },
    },
    { ...feedLimits, ...limits },
  )
  const ends: ReaderEnd[] = []
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://node')
    const [consignment, place] = ['consignment', 'place'].map((name) => searchParams.get(name))
    const after = Number(request.headers['last-event-id'] ?? searchParams.get('after') ?? next - 1)
    response.writeHead(200, { connection: 'close' })
    const reader = new FeedReader(feed, response, { after, expiresAt: Date.now() + Number(searchParams.get('token') ?? 60_000), filter: { ...(consignment && { subject: consignment }), ...(place && { place }) } })
    void reader.run(Date.now()).then((end) => ends.push(end))
  })
  return {
    feed, asked, ends, server,
    get visible() { return log.map(({ offset }) => String(offset)) },
    of: (consignment: string) => log.filter(({ event }) => event.subject === consignment).map(({ offset }) => String(offset)),
    append(count: number, effects = '[]') {
      for (let one = 0; one < count; one++, next++) if (next % 3 !== 2) log.push(entry(next, effects))
      feed.wake()
    },
    open: async (path = '/', headers: Readonly<Record<string, string>> = {}, cutAfterBytes?: number) => openStream(`${await urlOf(server)}${path}`, headers, cutAfterBytes),
  }
}

function entry(offset: number, effects: string): FeedEntry {
  const subject = consignments[offset % 2] ?? ''
  const event = { eventId: `event-${offset}`, kid: 'k', issuer: 'ktz', subject, type: 'MovementReported', occurredAt: '2026-05-01T10:00:00Z' }
  return { offset, appendTime: 1_700_000_000_000 + offset, verdict: 'accepted', code: null, effects, event }
}

async function urlOf(server: Server): Promise<string> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const idsOf = (client: StreamClient) => client.events.flatMap(({ id }) => id ?? [])

/** The same numbers at every run. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe('a live feed', () => {
  let feed: ReturnType<typeof openFeed>
  afterEach(async () => {
    await feed.feed.stop()
    feed.server.closeAllConnections()
    await new Promise((resolve) => feed.server.close(resolve))
  })

  it('tells what is new, each event with its offset, and its effects in the very text they were judged to', async () => {
    feed = openFeed()
    feed.append(5)
    const client = await feed.open()
    feed.append(2, '[{"b":1,"a":2}]')
    await until(() => client.events.length === 1, 5_000)
    expect(client.events).toEqual([{
      id: '6',
      data: `{"offset":6,"eventId":"event-6","consignment":"${consignments[0]}","type":"MovementReported","issuer":"ktz","occurredAt":"2026-05-01T10:00:00Z","appendTime":"2023-11-14T22:13:20.006Z","verdict":"accepted","effects":[{"b":1,"a":2}]}`,
    }])
  })

  it('serves who is far behind from the store and then live, without a gap or a repeat, of one consignment where that is asked', async () => {
    feed = openFeed()
    feed.append(5_000)
    const clients = await Promise.all([feed.open('/?after=-1'), feed.open(`/?after=-1&consignment=${consignments[1]}`)])
    for (let more = 0; more < 50; more++) {
      feed.append(10)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => clients[0].events.length >= feed.visible.length, 10_000)
    await until(() => clients[1].events.length >= feed.of(consignments[1]).length, 10_000)
    expect(clients.map(idsOf)).toEqual([feed.visible, feed.of(consignments[1])])
  })

  it('asks its store for what has to do with a place, once for all who ask the same and only when there is news', async () => {
    feed = openFeed()
    feed.append(300, '["kz-aktau"]')
    const clients = await Promise.all(Array.from({ length: 50 }, () => feed.open('/?after=-1&place=az-alat')))
    await until(() => feed.feed.readers === 50, 5_000)
    for (const effects of ['["az-alat"]', '["kz-aktau"]', '["az-alat"]']) feed.append(3, effects)
    await until(() => clients.every((client) => idsOf(client).length === 4), 5_000)
    expect(new Set(clients.map((client) => idsOf(client).join(' ')))).toEqual(new Set(['300 301 306 307']))
    const before = feed.asked.pages
    feed.feed.wake()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(feed.asked.pages - before).toBeLessThanOrEqual(1) // the feed itself has looked, nobody for a reader
    const again = await feed.open('/?place=az-alat', { 'last-event-id': '301' })
    await until(() => idsOf(again).length === 2, 5_000)
    expect(idsOf(again)).toEqual(['306', '307'])
  })

  it.each([1, 2, 3])('tells a reader that is cut anywhere, again and again, every visible offset once (chance %s)', async (seed) => {
    feed = openFeed({ limits: { heartbeatMs: 20 } })
    const below = chance(seed)
    feed.append(below(2_500))
    const got: string[] = []
    let lastEventId = '-1'
    for (let left = 600; ; ) {
      const client = await feed.open('/', { 'last-event-id': lastEventId }, below(3) === 0 ? below(400) : below(200_000))
      for (const burst = Date.now() + below(30); Date.now() < burst && !client.isOver; ) {
        const count = Math.min(left, below(40))
        left -= count
        feed.append(count)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      if (below(3) > 0) await until(() => client.isOver || Number(client.lastEventId) >= Number(feed.visible.at(-1)), 10_000)
      got.push(...idsOf(client))
      lastEventId = client.lastEventId ?? lastEventId
      client.cut()
      if (left === 0 && got.at(-1) === feed.visible.at(-1)) break
    }
    expect(got).toEqual(feed.visible)
  }, 30_000)

  it('cuts a reader that does not take what waits for it, which then goes on without a gap', async () => {
    feed = openFeed({ limits: { slowMs: 200 } })
    const slow = await feed.open()
    slow.pause()
    const effects = JSON.stringify(['x'.repeat(100_000)])
    for (let one = 0; one < 40; one++) {
      feed.append(9, effects)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await until(() => feed.ends.length === 1, 10_000)
    expect(feed.ends).toEqual(['cut'])
    expect(feed.feed.readers).toBe(0)
    slow.resume()
    await until(() => slow.isOver, 5_000)
    expect(slow.events.length).toBeLessThan(feed.visible.length)
    const got = [...idsOf(slow)]
    for (let lastEventId = slow.lastEventId; got.at(-1) !== feed.visible.at(-1); ) {
      const again = await feed.open('/', { 'last-event-id': lastEventId ?? '-1' })
      await until(() => again.isOver || idsOf(again).at(-1) === feed.visible.at(-1), 10_000) // on a busy machine this one may be cut, too
      again.cut()
      got.push(...idsOf(again))
      lastEventId = again.lastEventId
    }
    expect(got).toEqual(feed.visible)
  })

  it('asks its store once for a thousand readers', async () => {
    feed = openFeed()
    feed.append(300)
    const clients = await Promise.all(Array.from({ length: 1_000 }, () => feed.open('/?after=199')))
    await until(() => feed.feed.readers === 1_000, 10_000)
    const before = feed.asked.pages
    feed.append(30)
    await until(() => clients.every((client) => idsOf(client).at(-1) === '328'), 20_000)
    expect(feed.asked.pages - before).toBeLessThanOrEqual(3)
    expect(feed.asked.pages).toBeLessThanOrEqual(10)
    expect(clients.every((client) => client.events.length === feed.visible.filter((offset) => Number(offset) > 199).length)).toBe(true)
  }, 60_000)

  it('says where a reader is that has nothing to see, so that it need not be led there again', async () => {
    feed = openFeed({ limits: { heartbeatMs: 20 } })
    feed.append(3)
    const client = await feed.open(`/?consignment=${consignments[1]}`)
    feed.append(1) // offset 3 is the other's
    feed.append(1) // 4 is not
    await until(() => client.lastEventId === '4', 5_000)
    expect(idsOf(client)).toEqual(['3'])
    expect(client.text).toContain(': alive\nid: 4\n\n')
  })

  it('hears of news without being told where another process applies the log', async () => {
    feed = openFeed({ isApplying: false })
    const client = await feed.open('/?after=-1')
    await until(() => feed.feed.readers === 1, 5_000)
    const { wake } = feed.feed
    feed.feed.wake = () => undefined
    feed.append(2)
    await until(() => idsOf(client).length === 2, 5_000)
    feed.feed.wake = wake
  })

  it('ends with the token, and with the node at once', async () => {
    feed = openFeed()
    const [short, long] = await Promise.all([feed.open('/?token=50'), feed.open()])
    await until(() => short.isOver, 5_000)
    expect(short.events).toEqual([{ event: 'end', data: '{"code":"TOKEN_EXPIRED"}' }])
    const before = performance.now()
    await feed.feed.stop()
    await until(() => long.isOver, 5_000)
    expect(performance.now() - before).toBeLessThan(300)
    expect(long.events).toEqual([{ event: 'end', data: '{"code":"STOPPED"}' }])
    const late = await feed.open()
    await until(() => late.isOver, 5_000)
    expect(late.events).toEqual([{ event: 'end', data: '{"code":"STOPPED"}' }])
  })
})
