import { afterEach, describe, expect, it } from '@jest/globals'
import { call, openHttpCorridor, type HttpCorridor } from './http-corridor.fixture.js'

const member = 'uz-uty'
const allowed = 3

describe('the limit of an address', () => {
  let corridor: HttpCorridor
  afterEach(() => corridor.close())

  /** What a node answers in turn to requests without a token, each with what it says of whose it is. Tests come from 127.0.0.1. */
  const statuses = async (trustedProxies: readonly string[], ...forwardedFor: readonly string[]) => {
    corridor = await openHttpCorridor([member], { requestsPerMinute: allowed, trustedProxies })
    const answers: number[] = []
    for (const header of forwardedFor) answers.push((await call(corridor, member, '/v1/consignments', { token: null, headers: { 'x-forwarded-for': header } })).status)
    return answers
  }

  it.each([[[]], [['10.0.0.0/8', 'fd00::/8']]])('is that of whoever connects, whatever they say, unless it is a trusted proxy: %j', async (trusted) => {
    expect(await statuses(trusted, '192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4')).toEqual([401, 401, 401, 429])
  })

  it.each([[['127.0.0.1']], [['127.0.0.0/8', '::1']]])('is that of whom a trusted proxy names: %j', async (trusted) => {
    expect(await statuses(trusted, '192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2')).toEqual([401, 401, 401, 429, 401])
  })

  it('is the proxy\'s where it passes on what is no address, as one with a port', async () => {
    expect(await statuses(['127.0.0.1'], '192.0.2.1:4711', '192.0.2.1:4712', '192.0.2.1:4713', '192.0.2.1:4714')).toEqual([401, 401, 401, 429])
  })

  it('is not got round by what a client says to the proxy, and is counted behind two proxies, too', async () => {
    const through = (client: string) => [`198.51.100.9, ${client}`, `198.51.100.10, ${client}`, `198.51.100.11, ${client}, 10.0.0.7`]
    expect(await statuses(['127.0.0.1', '10.0.0.7'], ...through('192.0.2.1'), '198.51.100.12, 192.0.2.1', '192.0.2.2')).toEqual([401, 401, 401, 429, 401])
  })
})
