import type { PeerGet } from '#libs/exchange'

const timeoutMs = 5_000
/** A page of leaves is 50 kB, an encrypted block some hundred; nobody gets to fill our memory. */
const maxBytes = 2 * 1024 * 1024

/** Asks another node over HTTP: no redirects, a bounded answer, five seconds. */
export const peerGet: PeerGet = async (url, headers = {}) => {
  const answer = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > maxBytes) throw new Error(`${url} answers with more than ${maxBytes} bytes`)
    parts.push(part)
  }
  return { status: answer.status, body: Buffer.concat(parts).toString('utf8') }
}
