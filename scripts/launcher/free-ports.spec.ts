import { afterEach, describe, expect, it } from '@jest/globals'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { refuseBusyPorts, type WantedPort } from './free-ports.js'

const servers: Server[] = []

afterEach(() => servers.splice(0).forEach((server) => server.close()))

describe('the ports of a corridor', () => {
  it('are complained of by number and name when one is taken', async () => {
    const [kafka] = await taken('Kafka')
    await expect(refuseBusyPorts([kafka!])).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: expect.stringMatching(new RegExp(`^Port ${kafka!.port} \\(Kafka\\) .* is taken; .*KARVAN_PORT_BASE`)),
    })
  })

  it('are not all listed when another corridor has them', async () => {
    const wanted = await taken('Kafka', 'Kafka controller', 'identity', 'uz-uty', 'tm-tdy', 'az-ady')
    const { message } = await refuseBusyPorts(wanted).then(() => Promise.reject(new Error('nothing is taken')), (error: Error) => error)
    expect(message).toMatch(/^Ports \d+ \(Kafka\), .* and \d+ more .* are taken; .*KARVAN_PORT_BASE/)
    expect(message).not.toContain('az-ady')
  })

  it('are no trouble when they are free', async () => {
    const wanted = await taken('Kafka')
    await new Promise((closed) => servers.splice(0)[0]!.close(closed))
    await refuseBusyPorts(wanted)
  })
})

async function taken(...names: readonly string[]): Promise<readonly WantedPort[]> {
  return Promise.all(
    names.map(async (name) => {
      const server = createServer()
      servers.push(server)
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      return { name, port: (server.address() as AddressInfo).port }
    }),
  )
}
