import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SubmitResult } from '#libs/exchange'
import { privatePostgres, until } from '#libs/testing'
import { expectAgreement, expectAsReplayed } from './agreement.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import { accepted, forwarder, noteBody, remarkBody, uty } from './short-journey.js'

describe('a node whose database is killed in the middle of the traffic', () => {
  let postgres: Awaited<ReturnType<typeof privatePostgres>>
  let corridor: RealCorridor
  let subject: string
  const count = 40
  const answers: (SubmitResult | Error)[] = []

  beforeAll(async () => {
    postgres = await privatePostgres()
    corridor = await openRealCorridor([forwarder, uty], { postgresOf: (participant) => (participant === uty ? postgres.current().adminUrl : undefined) })
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    accepted(await submit(-1))
  }, 90_000)
  afterAll(async () => {
    await corridor.stop()
    await postgres.current().stop()
  }, 30_000)

  it('acknowledges nothing meanwhile, with a reason that says to try again', async () => {
    const traffic = (async () => {
      for (let index = 0; index < count; index++) answers.push(await submit(index).catch((error: Error) => error))
    })()
    await until(() => answers.length >= 10, 10_000)
    await postgres.current().kill()
    await traffic
    const failures = answers.filter((answer) => answer instanceof Error)
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    const dependencies = { log: 'up', database: 'down' }
    expect(await corridor.node(uty).exchange.status()).toMatchObject({ ready: false, reason: 'DATABASE_UNAVAILABLE', dependencies })
  }, 30_000)

  it('holds up nobody else', async () => {
    accepted(await corridor.node(forwarder).submit('ActDrawn', act, subject))
  })

  it('goes on by itself when the database is back, and has everything that was acknowledged', async () => {
    await postgres.start()
    await ready(corridor.node(uty), 30_000)
    for (const answer of answers) {
      if (answer instanceof Error) continue
      expect(['accepted', 'pending']).toContain(answer.kind)
      const eventId = 'eventId' in answer ? (answer.eventId ?? '') : ''
      const { offset } = accepted(await corridor.node(uty).exchange.decision(eventId, 15_000))
      if (answer.kind === 'accepted') expect(offset).toBe(answer.offset)
    }
  }, 60_000)

  it('keeps a statement once however often it is asked for under its key', async () => {
    const repeated = await Promise.all(Array.from({ length: count }, (_, index) => submit(index, 15_000)))
    expect(repeated.map(({ kind }) => kind)).toEqual(repeated.map(() => 'accepted'))
    const remarks = await corridor.node(uty).query(`select from outbox where type = 'RemarkAdded'`)
    expect(remarks).toHaveLength(count + 1)
  }, 30_000)

  it('has judged as everybody else', async () => {
    await expectAgreement(corridor.running, corridor.log)
    await expectAsReplayed(corridor.node(uty), corridor.id, corridor.log)
  })

  function submit(index: number, waitMs = 1_000): Promise<SubmitResult> {
    const idempotency = { organisation: uty, key: `remark ${index}`, bodyHash: String(index) }
    return corridor.node(uty).exchange.submit({ type: 'RemarkAdded', subject, body: remarkBody(`remark ${index}`), idempotency, waitMs })
  }
})

const act = {
  actTypeCode: 'COMMERCIAL-ACT' as const, number: 'A1', placeId: 'uz-ahangaran', findings: [{ itemId: 'KRVU3054380', causes: [{ code: 'R01' as const }] }],
  occurredAt: '2026-06-01T08:00:00Z',
}
