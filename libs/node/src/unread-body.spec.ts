import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { unreadBodyGone } from './unread-body.js'

describe('a body that is refused for its size', () => {
  let server: Server
  let port: number

  beforeAll(async () => {
    server = createServer((request, response) => {
      void unreadBodyGone(request).then(() => response.writeHead(413, { connection: 'close' }).end('too large'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port // it listens at an address, not at a pipe
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('is answered also to a client that says everything before it listens', async () => {
    expect(await toldAfterSending(4_000_000)).toMatch(/^HTTP\/1\.1 413 .*too large/s)
  })

  it('is given up when it is far too large', async () => {
    expect(await toldAfterSending(64_000_000)).not.toMatch(/too large/)
  })

  /** What a client has read that begins to read when all is sent, or the connection is gone. */
  function toldAfterSending(bytes: number): Promise<string> {
    return new Promise((resolve) => {
      let told = ''
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
      socket.once('error', () => undefined) // `close` follows
      socket.once('close', () => resolve(told))
      socket.write(`POST / HTTP/1.1\r\nhost: karvan\r\ncontent-length: ${bytes}\r\n\r\n`)
      socket.write(Buffer.alloc(bytes, 'x'), () => socket.resume())
    })
  }
})
