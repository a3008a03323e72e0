import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { codeOf } from '#libs/exchange'
import type { Alarms } from './alarms.js'
import type { ShownKeys } from './key-store.js'
import type { Metrics } from './metrics.js'
import type { NodeRuntime } from './node-runtime.js'

export interface Listening {
  readonly host: string
  readonly port: number
}

export interface OpsNode {
  readonly runtime: NodeRuntime
  readonly alarms: Alarms
  readonly metrics: Metrics
  shown(): ShownKeys
}

type Answer = readonly [status: number, type: string, body: string]

/**
 * The operator's port, apart from the API and without tokens: it is bound to an address that only operators reach. `GET /metrics`, `GET /alarms`,
 * `GET /key-proofs` (for the authority, before the node is anybody), `POST /rebuild`.
 */
export async function openOps({ host, port }: Listening, node: OpsNode): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void respond(node, request, response))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const bound = server.address() as AddressInfo // it listens at an address, not at a pipe
  return {
    url: `http://${host}:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(node: OpsNode, request: IncomingMessage, response: ServerResponse): Promise<void> {
  request.resume() // no request here has a body worth reading
  const [status, type, body] = await answerTo(node, request).catch(
    (error: unknown): Answer => json(503, { code: codeOf(error) ?? 'INTERNAL', detail: error instanceof Error ? error.message : String(error) }),
  )
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}

async function answerTo({ runtime, alarms, metrics, shown }: OpsNode, { method, url }: IncomingMessage): Promise<Answer> {
  switch (`${method} ${url}`) {
    case 'GET /metrics':
      return [200, 'text/plain; version=0.0.4; charset=utf-8', await metrics.text(runtime)]
    case 'GET /alarms':
      return json(200, { alarms: alarms.recent() })
    case 'GET /key-proofs':
      return json(200, shown())
    case 'POST /rebuild':
      if (!runtime.parts.canRebuild) return json(409, { code: 'OWNER_REQUIRED', detail: 'this node was not told the address of the owner of its database' })
      runtime.exchange.rebuild()
      return json(202, { code: 'REBUILDING' })
    default:
      return json(404, { code: 'NOT_FOUND' })
  }
}

function json(status: number, body: object): Answer {
  return [status, 'application/json', `${JSON.stringify(body)}\n`]
}
