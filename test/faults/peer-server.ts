import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { requestHeader, type Exchange } from '#libs/exchange'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** The part of a node's HTTP that other nodes ask: checkpoints, leaves, blocks. */
export interface PeerServer {
  readonly url: string
  /** Answers in place of the honest node, where it answers at all. */
  lie: ((path: string) => Promise<Answer | undefined>) | undefined
  close(): Promise<void>
}

/** @param exchange the node that answers; none while it is down */
export async function servePeers(exchange: () => Exchange | undefined): Promise<PeerServer> {
  const server = createServer((request, response) => {
    const answered = peer.lie?.(request.url ?? '') ?? Promise.resolve(undefined)
    void answered
      .then(async (lie) => lie ?? (await honestAnswer(exchange(), request)))
      .catch((): Answer => ({ status: 500, body: '' }))
      .then(({ status, body }) => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo // listening on TCP, so never a string
  const peer: PeerServer = {
    url: `http://127.0.0.1:${port}`,
    lie: undefined,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return peer
}

const nothing: Answer = { status: 404, body: '' }

async function honestAnswer(exchange: Exchange | undefined, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://node')
  const number = (name: string) => Number(searchParams.get(name))
  if (!exchange) return { status: 503, body: '' }
  if (pathname === '/v1/checkpoint') {
    const checkpoint = await exchange.asking.checkpoint(searchParams.has('size') ? number('size') : undefined)
    return checkpoint === undefined ? nothing : { status: 200, body: JSON.stringify({ checkpoint }) }
  }
  if (pathname === '/v1/leaves') {
    const leaves = await exchange.asking.leaves(number('from'), number('to'))
    return { status: 200, body: JSON.stringify({ leaves: leaves.map((leaf) => leaf.toString('base64url')) }) }
  }
  const [, subject, digest] = /^\/v1\/consignments\/([^/]+)\/blocks\/([^/]+)$/.exec(pathname) ?? []
  const signed = request.headers[requestHeader]
  if (subject === undefined || digest === undefined || typeof signed !== 'string') return nothing
  const jwe = await exchange.peers.answerBlockRequest(subject, digest, signed)
  return jwe === undefined ? nothing : { status: 200, body: jwe }
}
