import * as http from 'node:http'
import * as https from 'node:https'
import type { PeerGet } from '#libs/exchange'

const timeoutMs = 5_000
/** A page of leaves is 50 kB, an encrypted block some hundred; nobody gets to fill our memory. */
const maxBytes = 2 * 1024 * 1024

/** Connections are kept, since the same nodes are asked again within seconds: `fetch` makes a new one each time, for twice the work. */
const doors = {
  'http:': { get: http.get, agent: new http.Agent({ keepAlive: true }) },
  'https:': { get: https.get, agent: new https.Agent({ keepAlive: true }) },
} as const

/** Asks another node over HTTP: no redirects, a bounded answer, five seconds. */
export const peerGet: PeerGet = async (url, headers = {}) => {
  const { get, agent } = doorOf(url)
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => get(url, { headers: { ...headers }, agent, signal }, resolve).on('error', reject))
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > maxBytes) throw new Error(`${url} answers with more than ${maxBytes} bytes`) // leaving the loop closes the connection
    parts.push(part)
  }
  return { status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }
}

function doorOf(url: string) {
  const { protocol } = new URL(url)
  if (protocol === 'http:' || protocol === 'https:') return doors[protocol]
  throw new Error(`${url} is no address of a node`)
}
