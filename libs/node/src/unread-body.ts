import type { IncomingMessage } from 'node:http'

const mostBytes = 16 * 1024 * 1024
/** Of silence: a client with a thousand connections comes back to each only now and then. */
const mostSilentMs = 5_000
const mostMs = 60_000

/**
 * Reads the rest of a body that is refused for its size, and throws it away. Who closes a connection on which more is coming resets it, and the reset
 * takes with it the answer that the client has not read yet (RFC 9112, section 9.6). What is far too large, or dribbles, gets the reset it asks for.
 */
export function unreadBodyGone(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const done = () => {
      clearTimeout(late)
      clearTimeout(silent)
      resolve()
    }
    const late = setTimeout(done, mostMs)
    // Where this process was busy itself, what has come meanwhile is read before that counts as silence.
    const silent = setTimeout(() => {
      const before = bytes
      setImmediate(() => (bytes === before ? done() : silent.refresh()))
    }, mostSilentMs)
    request.on('data', (chunk: Buffer) => {
      silent.refresh()
      bytes += chunk.length
      if (bytes > mostBytes) done()
    })
    for (const event of ['end', 'error', 'close'] as const) request.once(event, done)
    if (request.readableEnded || request.destroyed) done()
    else request.resume()
  })
}
