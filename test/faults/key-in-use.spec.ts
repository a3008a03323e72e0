import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { freshDatabase, until } from '#libs/testing'
import { caughtUp, expectAgreement } from './agreement.js'
import { heldBeforeApplying, openGate } from './gate.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import type { RealNode } from './real-node.js'
import { accepted, forwarder, noteBody, pending, remarkBody, uty } from './short-journey.js'

const stopped = { kind: 'unavailable', code: 'KEY_IN_USE_ELSEWHERE' }

describe('one key in two databases', () => {
  const gate = openGate()
  let corridor: RealCorridor
  let subject: string
  let first: RealNode
  let second: RealNode

  beforeAll(async () => {
    corridor = await openRealCorridor([uty, forwarder], { withEncryptionKeys: false })
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    first = corridor.node(uty)
  }, 60_000)
  afterAll(async () => {
    gate.open()
    await corridor.stop()
  })

  it('is not noticed while neither has signed', async () => {
    second = await corridor.open(uty, { database: await freshDatabase(), alter: heldBeforeApplying(gate) })
    second.exchange.start()
    await ready(second)
    expect([first.alarms, second.alarms]).toEqual([[], []])
  })

  it('stops the signing of both as soon as each sees the other\'s statement', async () => {
    gate.shut()
    const mine = accepted(await first.submit('RemarkAdded', remarkBody('by the first'), subject))
    const theirs = pending(await second.submit('RemarkAdded', remarkBody('by the second'), subject, 100))
    await until(() => first.alarms.length > 0, 10_000)
    expect(first.alarms).toEqual([{ code: 'KEY_IN_USE_ELSEWHERE', detail: expect.stringContaining(theirs.eventId) }])

    gate.open()
    await until(() => second.alarms.length > 0, 10_000)
    expect(second.alarms[0]).toEqual({ code: 'KEY_IN_USE_ELSEWHERE', detail: expect.stringContaining(mine.eventId) })
    for (const node of [first, second]) expect(await node.submit('RemarkAdded', remarkBody('no more'), subject)).toEqual(stopped)
  })

  it('makes a fork of which the log takes one side, the same everywhere', async () => {
    const judged = await expectAgreement(corridor.running, corridor.log)
    expect(judged.filter(({ outcome }) => outcome === 'FORK')).toHaveLength(1)
    expect(await second.query('select verdict, code from outbox')).toEqual([{ verdict: 'refused', code: 'FORK' }])
  })

  it('lets nobody sign through a replica that stands by, nor after a start', async () => {
    const standby = await corridor.open(uty)
    standby.exchange.start()
    await ready(standby)
    expect(await standby.submit('RemarkAdded', remarkBody('through the standby'), subject)).toEqual(stopped)
    await corridor.end(first)
    await until(async () => (await standby.exchange.status()).isApplier, 10_000)
    expect(await standby.submit('RemarkAdded', remarkBody('after a start'), subject)).toEqual(stopped)
    await corridor.end(standby)
  })

  it('keeps a database that is new from signing with a key that has been used', async () => {
    const copy = await corridor.open(forwarder, { database: await freshDatabase() })
    copy.exchange.start()
    await caughtUp(copy, corridor.log)
    expect(await copy.submit('NoteIssued', noteBody())).toEqual(stopped)
    expect(copy.alarms.map(({ code }) => code)).toEqual(['KEY_IN_USE_ELSEWHERE'])
    accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody()))
  })
})
