import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { freePort, until } from '#libs/testing'
import { Complaint } from '../complaint.js'
import { lineOf } from './event-line.js'
import { followStream, type FeedEvent } from './follow-stream.js'
import { readWatchArguments } from './watch-arguments.js'
import { eventsIn } from './server-sent-events.js'

const event = (offset: number, changes: Partial<FeedEvent> = {}): FeedEvent => ({
  offset, eventId: 'e', consignment: '0197a8f0-0000-7000-8000-000000000001', type: 'HandoffOffered', issuer: 'uz-forwarder', occurredAt: '2026-11-24T09:00:00Z',
  verdict: 'accepted', effects: [], ...changes,
})
const told = (offset: number) => `id: ${offset}\ndata: ${JSON.stringify(event(offset))}\n\n`

async function read(...pieces: readonly string[]): Promise<readonly unknown[]> {
  const events: unknown[] = []
  for await (const one of eventsIn((async function* () { for (const piece of pieces) yield Buffer.from(piece) })())) events.push(one)
  return events
}

describe('server-sent events', () => {
  it('are read from pieces cut anywhere; what is not ended is no event, and comments say nothing', async () => {
    expect(await read('retry: 2000\nid: 4', '\n\n: alive\nid:5\n', '\ndata: {"a"', ':1}\ndata: 2\nid: 6\n\nevent: end\r\n', 'data: x\r\n\r\nid: 7\ndata: lost\n')).toEqual([
      { id: '4' }, { id: '5' }, { id: '6', data: '{"a":1}\n2' }, { event: 'end', data: 'x' },
    ])
  })
})

describe('what is to be watched', () => {
  it.each<[string, ReturnType<typeof readWatchArguments>]>([
    ['--as jasur', { user: 'jasur', filter: {} }],
    ['--as jasur --from 0', { user: 'jasur', filter: {}, from: 0 }],
    ['--as jasur --from -1', { user: 'jasur', filter: {}, from: 0 }],
    ['--from=-1 --as jasur', { user: 'jasur', filter: {}, from: 0 }],
    ['--as jasur --from 1250 --place az-alat --means TOUR-BLK --consignment x', { user: 'jasur', filter: { place: 'az-alat', means: 'TOUR-BLK', consignment: 'x' }, from: 1250 }],
    ['--as jasur --from=-2', undefined],
    ['--as jasur --from 1e3', undefined],
    ['--from 3', undefined],
  ])('is told by %s', (line, told) => {
    expect(readWatchArguments(line.split(' '))).toEqual(told)
  })
})

describe('what is watched', () => {
  let server: Server | undefined
  const ending = new AbortController()
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })
  const listen = async (port: number, answer: (lastEventId: string | undefined, response: ServerResponse, url: string | undefined) => void) => {
    server = createServer((request, response) => answer(request.headers['last-event-id'] as string | undefined, response, request.url))
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
  }

  it('goes on by itself where it was when the node comes back, each event once, until it is ended', async () => {
    const port = await freePort()
    const asked: (string | undefined)[] = []
    await listen(port, (lastEventId, response) => {
      asked.push(lastEventId)
      response.write(`${told(7)}${told(9)}id: 11\n\nid: 12\ndata: {"half`)
      setTimeout(() => response.destroy(), 20)
    })
    const offsets: number[] = []
    const pauses: string[] = []
    const watching = followStream({
      url: `http://127.0.0.1:${port}`, from: 5, token: async () => 'token', onEvent: ({ offset }) => offsets.push(offset), onPause: (why) => pauses.push(why),
    }, ending.signal)
    await until(() => pauses.length > 0, 5_000)
    server?.close()
    await until(() => pauses.length > 1, 10_000)
    await listen(port, (lastEventId, response) => {
      asked.push(lastEventId)
      response.write(told(12))
    })
    await until(() => offsets.length === 3, 10_000)
    ending.abort()
    await watching
    expect(offsets).toEqual([7, 9, 12])
    expect([asked[0], asked.at(-1)]).toEqual(['4', '11'])
  }, 30_000)

  it('is cut down to what has to do with a place and a ship, and begins where the log does', async () => {
    const port = await freePort()
    const asked: unknown[] = []
    const ended = new AbortController()
    await listen(port, (lastEventId, response, url) => {
      asked.push([lastEventId, url])
      response.write(told(0))
    })
    const watching = followStream({
      url: `http://127.0.0.1:${port}`, filter: { place: 'az-alat', means: 'MV BALKAN' }, from: 0, token: async () => 'token', onEvent: () => ended.abort(), onPause: () => undefined,
    }, ended.signal)
    await watching
    expect(asked).toEqual([['-1', '/v1/stream?place=az-alat&means=MV+BALKAN']])
  })

  it('is a complaint where the node refuses, or is not there from the start', async () => {
    const port = await freePort()
    const watched = { url: `http://127.0.0.1:${port}`, token: async () => 'token', onEvent: () => undefined, onPause: () => undefined }
    await expect(followStream(watched, new AbortController().signal)).rejects.toMatchObject({ code: 'NODE_UNREACHABLE' })
    await listen(port, (_, response) => response.writeHead(404).end(JSON.stringify({ code: 'NOT_FOUND', detail: 'it is unknown here' })))
    const refused = followStream(watched, new AbortController().signal)
    await expect(refused).rejects.toBeInstanceOf(Complaint)
    await expect(refused).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('404 NOT_FOUND: it is unknown here') })
  })

  it('is a line for each event, of what it changed or why it was refused', () => {
    const items = ['KRVU3054204', 'KRVU3054225']
    const offered = event(31, { effects: [{ effect: 'offer', to: 'uz-uty', placeId: 'uz-ahangaran', items }, { effect: 'drawnIn', participant: 'uz-uty' }] })
    expect(lineOf(offered)).toBe('    31  2026-11-24 09:00  …000000000001  uz-forwarder           HandoffOffered         2 items offered to uz-uty at uz-ahangaran')
    const held = event(32, { type: 'CustomsDecisionIssued', issuer: 'uz-customs', effects: [{ effect: 'decision', kind: 'inspectionOrdered', authority: 'uz-customs', items: items.slice(1) }] })
    expect(lineOf(held)).toMatch(/ {2}KRVU3054225 inspection ordered by uz-customs$/)
    expect(lineOf(event(33, { verdict: 'refused', code: 'RULE:NOT_HOLDER' }))).toMatch(/ {2}refused RULE:NOT_HOLDER$/)
  })
})
