import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { unreadBodyGone } from './unread-body.js'

describe('a body that is refused for its size', () => {
  let server: Server
  let port: number
  /** Whether all of the body had come when it was refused: what has not is what a reset connection takes the answer with. */
  let wasWhole: boolean | undefined

  beforeAll(async () => {
    server = createServer((request, response) => {
      const refuse = () => {
        wasWhole = request.complete
        response.writeHead(413, { connection: 'close' }).end('too large')
      }
      if (request.url === '/read') void unreadBodyGone(request).then(refuse)
      else refuse()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port // it listens at an address, not at a pipe
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('is answered also to a client that says everything before it listens', async () => {
    expect(await toldAfterSending('/read', 4_000_000)).toMatch(/^HTTP\/1\.1 413 .*too large/s)
    expect(wasWhole).toBe(true)
    await toldAfterSending('/unread', 4_000_000)
    expect(wasWhole).toBe(false) // why it is read; whether the answer is lost then is the kernel's to say
  })

  it('is given up when it is far too large', async () => {
    expect(await toldAfterSending('/read', 64_000_000)).not.toMatch(/too large/)
    expect(wasWhole).toBe(false)
  })

  /** What a client has read that begins to read when all is sent, or the connection is gone. */
  function toldAfterSending(path: string, bytes: number): Promise<string> {
    return new Promise((resolve) => {
      let told = ''
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.on('data', (chunk: Buffer) => (told += chunk.toString()))
      socket.once('error', () => undefined) // `close` follows
      socket.once('close', () => resolve(told))
      socket.write(`POST ${path} HTTP/1.1\r\nhost: karvan\r\ncontent-length: ${bytes}\r\n\r\n`)
      socket.write(Buffer.alloc(bytes, 'x'), () => socket.resume())
    })
  }
})
