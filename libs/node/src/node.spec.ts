import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { admitted, openHttpCorridor, type HttpCorridor } from './http-corridor.fixture.js'

const members = ['uz-forwarder', 'uz-uty', 'uz-customs']

describe('a node over HTTP', () => {
  let corridor: HttpCorridor

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
  }, 30_000)
  afterAll(() => corridor.close())

  it('is live at once, and not ready until the authority has admitted its key', async () => {
    const { url } = corridor.node('uz-uty')
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ live: true })
    const health = await until(async () => {
      const answer = await fetch(`${url}/health/ready`)
      const said = (await answer.json()) as { reason: string }
      return answer.status === 503 && said.reason === 'KEY_NOT_ADMITTED' ? said : undefined
    }, 5_000)
    expect(health).toMatchObject({ ready: false, isApplier: true, dependencies: { log: 'up', database: 'up' } })
    await admitted(corridor, members)
    console.log(corridor.node('uz-uty').lines, await (await fetch(`${corridor.node('uz-uty').opsUrl}/metrics`)).text().then((t) => t.split('\n').filter((l) => l.startsWith('karvan')).join('\n')))
  }, 30_000)

  it('states a note', async () => {
    const token = await corridor.identity.token('uz-forwarder')
    const answer = await fetch(`${corridor.node('uz-forwarder').url}/v1/consignment-notes`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(corridor.bodyOf('01-note')) })
    console.log(answer.status, answer.headers, await answer.text())
    const list = await fetch(`${corridor.node('uz-forwarder').url}/v1/consignments?holder=uz-forwarder`, { headers: { authorization: `Bearer ${token}` } })
    console.log(list.status, await list.text())
    for (const p of ['/nothing', '/v1/handoffs?awaiting=you', '/v1/consignments?x=1', '/v1/consignment-notes', '/%zz'])  { const a = await fetch(`${corridor.node('uz-forwarder').url}${p}`, { headers: { authorization: `Bearer ${token}` } }); console.log(p, a.status, a.headers.get('content-type'), await a.text()) }
  })
})
