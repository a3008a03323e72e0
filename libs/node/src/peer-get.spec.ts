import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { until } from '#libs/testing'
import { peerGet } from './peer-get.js'

describe('asking another node', () => {
  let server: Server
  let answer: RequestListener
  let open: number
  let url: string

  beforeEach(async () => {
    open = 0
    server = createServer((request, response) => answer(request, response)).on('connection', (socket) => {
      open += 1
      socket.once('close', () => (open -= 1))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/checkpoint`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('gives status and body, and carries what the question says of itself', async () => {
    answer = ({ headers }, response) => void response.writeHead(404).end(`no ${String(headers['karvan-request'])} Ş`)
    expect(await peerGet(url, { 'karvan-request': 'abc' })).toEqual({ status: 404, body: 'no abc Ş' })
  })

  it('asks anew where its connection is gone', async () => {
    answer = (_request, response) => void response.end('{}')
    await peerGet(url)
    server.closeAllConnections()
    await until(() => open === 0, 5_000)
    expect(await until(() => peerGet(url).catch(() => undefined), 5_000)).toEqual({ status: 200, body: '{}' })
  })

  it('follows nobody elsewhere', async () => {
    let asked = 0
    answer = (_request, response) => {
      asked += 1
      response.writeHead(302, { location: url }).end()
    }
    await expect(peerGet(url)).rejects.toThrow()
    expect(asked).toBe(1)
  })

  it('reads no more than two mebibytes, and closes', async () => {
    answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    }
    await expect(peerGet(url)).rejects.toThrow('more than 2097152 bytes')
    await until(() => open === 0, 5_000)
  })

  it('waits five seconds for who says nothing, and for who says little', async () => {
    answer = ({ url: path }, response) => (path === '/little' ? void response.write('{') : undefined)
    const outcomes = await Promise.allSettled([peerGet(url), peerGet(new URL('/little', url).href)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  }, 30_000)

  it.each([
    ['speaks another protocol from now on', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n'],
    ['says something else', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ])('waits in vain for nobody who %s', async (_what, text) => {
    const strange = createSocketServer((socket) => void socket.on('error', () => undefined).once('data', () => socket.write(text)))
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
    await expect(peerGet(`http://127.0.0.1:${(strange.address() as AddressInfo).port}/v1/checkpoint`)).rejects.toThrow()
    strange.close()
  }, 30_000)

  it('tells of who is not there', async () => {
    server.close()
    await expect(peerGet(url)).rejects.toThrow()
  })
})
