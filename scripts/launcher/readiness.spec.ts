import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { untilReady, type Awaited } from './readiness.js'

const limits = { stillMs: 200, pauseMs: 5, tellMs: 3_600_000 }
const servers: Server[] = []
const said: string[] = []

afterEach(() => {
  said.splice(0)
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

describe('waiting for the nodes', () => {
  it('admits the key of each node that says it is not admitted', async () => {
    const admitted = new Set<string>()
    const nodes = await Promise.all([
      node('uz-uty', () => waitingFor(admitted, 'uz-uty')),
      node('tm-tdy', () => waitingFor(admitted, 'tm-tdy')),
      node('az-ady', () => 'ready'),
    ])
    const calls: (readonly string[])[] = []
    const admit = (ids: readonly string[]) => (calls.push(ids), ids.forEach((id) => admitted.add(id)), Promise.resolve())
    const healths = await untilReady(nodes, admit, () => undefined, limits)
    expect([...healths.values()].every(({ ready }) => ready)).toBe(true)
    expect(calls).toEqual([['uz-uty', 'tm-tdy']])
  })

  it('does not let one that cannot be admitted keep the others out, and says why', async () => {
    const admitted = new Set<string>()
    const nodes = [await node('uz-uty', () => waitingFor(admitted, 'uz-uty')), await node('tm-tdy', () => 'KEY_NOT_ADMITTED')]
    const admit = (ids: readonly string[]) => {
      if (ids.includes('tm-tdy')) return Promise.reject(new Error('has a key already'))
      ids.forEach((id) => admitted.add(id))
      return Promise.resolve()
    }
    const healths = await untilReady(nodes, admit, (line) => said.push(line), { ...limits, stillMs: 2_000 }) // five attempts take longer on a busy machine
    expect([...healths].map(([id, { ready, reason }]) => [id, ready, reason])).toEqual([['uz-uty', true, undefined], ['tm-tdy', false, 'KEY_NOT_ADMITTED']])
    expect(said).toEqual([expect.stringContaining('tm-tdy: Error: has a key already')])
  })

  it('names each node that is late, and what it says is in the way', async () => {
    const nodes = [await node('uz-uty', () => 'CATCHING_UP'), await node('az-ady', () => 'ready'), { participant: 'tm-tdy', url: 'http://127.0.0.1:1' }]
    await untilReady(nodes, () => Promise.resolve(), (line) => said.push(line), { ...limits, tellMs: 50 })
    expect(said.slice(0, 2)).toEqual(['  waiting for uz-uty: CATCHING_UP (says why)', '  waiting for tm-tdy: UNREACHABLE'])
  })

  it('neither waits for a suspended participant nor admits it again', async () => {
    const calls: (readonly string[])[] = []
    const nodes = [await node('uz-uty', () => 'PARTICIPANT_SUSPENDED'), await node('az-ady', () => 'ready')]
    const healths = await untilReady(nodes, (ids) => (calls.push(ids), Promise.resolve()), (line) => said.push(line), { ...limits, stillMs: 3_600_000 })
    expect(healths.get('uz-uty')).toMatchObject({ ready: false, reason: 'PARTICIPANT_SUSPENDED' })
    expect([calls, said]).toEqual([[], []])
  })

  it('goes on without a node that stays silent', async () => {
    const healths = await untilReady([{ participant: 'uz-uty', url: 'http://127.0.0.1:1' }], () => Promise.resolve(), () => undefined, limits)
    expect(healths.get('uz-uty')).toEqual({ ready: false, reason: 'UNREACHABLE' })
  })
})

function waitingFor(admitted: ReadonlySet<string>, id: string): string {
  return admitted.has(id) ? 'ready' : 'KEY_NOT_ADMITTED'
}

async function node(participant: string, state: () => string): Promise<Awaited> {
  const server = createServer((_request, response) => {
    const reason = state()
    response.writeHead(reason === 'ready' ? 200 : 503).end(JSON.stringify({ ready: reason === 'ready', ...(reason !== 'ready' && { reason, detail: 'says why' }), next: 7 }))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { participant, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
