import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { peerGet } from './peer-get.js'

describe('asking another node', () => {
  let server: Server
  let answer: RequestListener
  let connections: number
  let url: string

  beforeEach(async () => {
    connections = 0
    server = createServer((request, response) => answer(request, response)).on('connection', () => (connections += 1))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/checkpoint`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('gives status, body and what the question says of itself', async () => {
    answer = ({ headers }, response) => void response.writeHead(404).end(`no ${String(headers['karvan-request'])} Ş`)
    expect(await peerGet(url, { 'karvan-request': 'abc' })).toEqual({ status: 404, body: 'no abc Ş' })
  })

  it('keeps its connection for the next question', async () => {
    answer = (_request, response) => void response.end('{}')
    for (let time = 0; time < 3; time++) await peerGet(url)
    expect(connections).toBe(1)
  })

  it('asks anew where a kept connection is gone', async () => {
    answer = (_request, response) => void response.end('{}')
    await peerGet(url)
    server.closeAllConnections()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await peerGet(url)).toEqual({ status: 200, body: '{}' })
    expect(connections).toBe(2)
  })

  it('follows nobody elsewhere', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: url }).end()
    expect(await peerGet(url)).toMatchObject({ status: 302 })
  })

  it('reads no more than two mebibytes', async () => {
    let isClosed: (value: true) => void
    const closed = new Promise<true>((resolve) => (isClosed = resolve))
    answer = (_request, response) => {
      response.on('close', () => isClosed(true))
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    }
    await expect(peerGet(url)).rejects.toThrow('more than 2097152 bytes')
    expect(await closed).toBe(true)
  })

  it('waits five seconds for who says nothing, and for who says little', async () => {
    answer = () => undefined
    await expect(peerGet(url)).rejects.toMatchObject({ name: 'AbortError' })
    answer = (_request, response) => void response.write('{')
    await expect(peerGet(url)).rejects.toMatchObject({ message: 'aborted' })
  }, 30_000)

  it('tells of who is not there, and of what is no address', async () => {
    server.close()
    await expect(peerGet(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await expect(peerGet('ftp://127.0.0.1/v1/checkpoint')).rejects.toThrow('no address of a node')
  })
})
