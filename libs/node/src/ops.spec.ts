import { afterEach, describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type HttpCorridor } from './http-corridor.fixture.js'

describe('operating a node', () => {
  let corridor: HttpCorridor | undefined
  afterEach(async () => {
    await corridor?.close()
    corridor = undefined
  })

  const ops = async (of: HttpCorridor, path: string, method = 'GET') => {
    const answer = await fetch(`${of.node('uz-uty').opsUrl}${path}`, { method })
    return { status: answer.status, text: await answer.text() }
  }
  const metric = async (of: HttpCorridor, name: string) =>
    (await ops(of, '/metrics')).text
      .split('\n')
      .find((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      ?.split(' ')
      .at(-1)

  it('listens and says what is missing while log and database are out of reach, and works once they are there', async () => {
    let isAway = true
    const reachable =
      <T>(open: () => Promise<T>, code?: string) =>
      () =>
        isAway ? Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: code ?? 'ECONNREFUSED' })) : open()
    corridor = await openHttpCorridor(['uz-uty'], {
      openers: ({ events, particulars, ledger }) => ({
        events: reachable(events),
        particulars: reachable(particulars),
        ledger: reachable(ledger, 'DATABASE_UNAVAILABLE'),
      }),
    })
    const ready = await call(corridor, 'uz-uty', '/health/ready', { token: null })
    expect([ready.status, ready.json]).toEqual([
      503,
      expect.objectContaining({ ready: false, reason: 'DATABASE_UNAVAILABLE', dependencies: { log: 'up', database: 'down' } }),
    ])
    const read = await call(corridor, 'uz-uty', '/v1/consignments')
    expect([read.status, read.json['code'], read.json['retryable'], read.headers.get('retry-after')]).toEqual([503, 'DATABASE_UNAVAILABLE', true, '2'])
    expect(JSON.parse((await ops(corridor, '/alarms')).text)).toMatchObject({
      alarms: [{ code: 'DATABASE_UNAVAILABLE', level: 'warn', detail: 'connect ECONNREFUSED' }],
    })
    expect((await ops(corridor, '/rebuild', 'POST')).status).toBe(503)
    expect(await metric(corridor, 'karvan_ready')).toBe('0')
    isAway = false
    await until(() => corridor && metric(corridor, 'karvan_applied_next').then((next) => Number(next) > 0), 10_000)
    await admitted(corridor, ['uz-uty'])
  }, 30_000)

  it('names its log, too, and a topic that is not as it must be', async () => {
    corridor = await openHttpCorridor(['uz-uty'], {
      openers: (openers) => ({ ...openers, events: () => Promise.reject(Object.assign(new Error('retention.ms is not -1'), { code: 'LOG_MISCONFIGURED' })) }),
    })
    const health = await until(async () => {
      const { json } = await call(corridor as HttpCorridor, 'uz-uty', '/health/ready', { token: null }) // set above
      return json['reason'] === 'LOG_MISCONFIGURED' ? json : undefined
    }, 5_000)
    expect(health).toMatchObject({ detail: 'retention.ms is not -1', dependencies: { log: 'down', database: 'up' } })
  }, 30_000)

  it('shows keys, counts verdicts and answers, and rebuilds to the same state', async () => {
    const open = (corridor = await openHttpCorridor(['uz-uty', 'uz-forwarder']))
    await admitted(open, ['uz-uty', 'uz-forwarder'])
    expect(JSON.parse((await ops(open, '/key-proofs')).text)).toMatchObject({
      participant: 'uz-uty',
      keys: [{ use: 'signature', proof: expect.any(String) }, { use: 'encryption' }],
    })
    await until(async () => (await metric(open, 'karvan_log_lag')) === '0', 5_000)
    const root = (await call(open, 'uz-uty', '/health/ready', { token: null })).json['root']
    expect((await ops(open, '/rebuild', 'POST')).status).toBe(202)
    const during = await call(open, 'uz-uty', '/health/ready', { token: null })
    if (during.status === 503) expect(during.json['reason']).toBe('REBUILDING')
    await until(async () => (await call(open, 'uz-uty', '/health/ready', { token: null })).status === 200, 5_000)
    expect((await call(open, 'uz-uty', '/health/ready', { token: null })).json['root']).toBe(root)
    expect(Number(await metric(open, 'karvan_verdicts_total'))).toBeGreaterThan(40)
    expect((await ops(open, '/metrics')).text).toMatch(/karvan_http_request_seconds_count\{[^}]*route="\/health\/ready",status="200"\}/)
    expect((await ops(open, '/metrics')).text).toMatch(/nodejs_eventloop_lag_seconds/)
    expect([(await ops(open, '/rebuild')).status, (await ops(open, '/v1/consignments')).status]).toEqual([404, 404])
  }, 30_000)

  it('states its encryption key once, also after a restart of the flows', async () => {
    const open = (corridor = await openHttpCorridor(['uz-uty']))
    await admitted(open, ['uz-uty'])
    await ops(open, '/rebuild', 'POST')
    await until(async () => (await call(open, 'uz-uty', '/health/ready', { token: null })).status === 200, 5_000)
    const database = open.node('uz-uty').database
    expect(database.outbox.map(({ type }) => type)).toEqual(['KeyAdded'])
  }, 30_000)

  it('turns away who asks too often, for as long as it says, and nobody else', async () => {
    const open = (corridor = await openHttpCorridor(['uz-uty'], { requestsPerMinute: 20 }))
    const person = (sub: string) => open.identity.token('uz-uty', { claims: { sub } })
    const token = await person('eager')
    const answers = await Promise.all([...Array(25).keys()].map(() => call(open, 'uz-uty', '/v1/places', { token })))
    const turnedAway = answers.filter(({ status }) => status === 429)
    expect(turnedAway).toHaveLength(5)
    expect(turnedAway[0]?.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', retryable: true })
    expect(Number(turnedAway[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await call(open, 'uz-uty', '/v1/places', { token: await person('patient') })).status).not.toBe(429)
    const guesses = await Promise.all([...Array(25).keys()].map((number) => call(open, 'uz-uty', '/v1/places', { token: `guess${number}` })))
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([401, 429]))
  }, 30_000)

  it('answers what is asked before it stops, with what it has kept where the log has not decided it, and then nothing', async () => {
    const open = (corridor = await openHttpCorridor(['uz-forwarder']))
    await admitted(open, ['uz-forwarder'])
    const { url, database } = open.node('uz-forwarder')
    open.events.cut()
    const asked = post(open, 'uz-forwarder', '/v1/consignment-notes', open.bodyOf('01-note'), { prefer: 'wait=30' })
    await until(() => database.outbox.some(({ type }) => type === 'NoteIssued'), 5_000)
    const since = performance.now()
    await open.close()
    expect((await asked).status).toBe(202)
    expect(performance.now() - since).toBeLessThan(9_000)
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
  }, 30_000)
})
