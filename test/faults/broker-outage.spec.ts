import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { SubmitResult } from '#libs/exchange'
import { privateKafka, until } from '#libs/testing'
import { expectAgreement, expectAsReplayed } from './agreement.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import { accepted, forwarder, noteBody, offerBody, pending, remarkBody, uty } from './short-journey.js'

describe('a broker that is killed in the middle of the traffic', () => {
  let kafka: Awaited<ReturnType<typeof privateKafka>>
  let corridor: RealCorridor
  let subject: string
  const results: SubmitResult[] = []

  beforeAll(async () => {
    kafka = await privateKafka()
    corridor = await openRealCorridor([forwarder, uty], { brokers: kafka.current().brokers })
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
  }, 90_000)
  afterAll(async () => {
    await corridor.stop()
    await kafka.current().stop()
  }, 30_000)

  it('delays what is submitted meanwhile, and refuses nothing of it', async () => {
    const traffic = (async () => {
      for (let index = 0; index < 40; index++) {
        const waitMs = index < 10 ? 5_000 : 100 // the first ten are decided while there is a broker, however busy the machine is
        results.push(await corridor.node(uty).submit('RemarkAdded', remarkBody(`remark ${index}`), subject, waitMs))
      }
    })()
    await until(() => results.length >= 10, 10_000)
    await kafka.current().kill()
    await traffic
    const kinds = results.map(({ kind }) => kind)
    expect(new Set(kinds)).toEqual(new Set(['accepted', 'pending']))
    expect(kinds.lastIndexOf('accepted')).toBeLessThan(kinds.lastIndexOf('pending'))
  }, 30_000)

  it('is named by a node that is not ready, and nothing is refused for good', async () => {
    expect(await corridor.node(uty).exchange.status()).toMatchObject({ ready: false, reason: 'LOG_UNAVAILABLE', dependencies: { log: 'down', database: 'up' } })
    const { eventId } = pending(await corridor.node(forwarder).submit('HandoffOffered', offerBody(), subject, 100))
    expect(await corridor.node(forwarder).exchange.asking.submission(eventId)).toMatchObject({ state: 'new' })
    expect(await corridor.node(uty).submit('HandoffOffered', offerBody(), subject, 100)).toEqual({ kind: 'unavailable', code: 'CATCHING_UP' })
  }, 30_000)

  it('comes back, and everything that was acknowledged is decided, in the order in which it was said', async () => {
    await kafka.start()
    await Promise.all(corridor.running.map((node) => ready(node, 30_000)))
    const eventIds = results.map((result) => ('eventId' in result ? (result.eventId ?? '') : ''))
    const decisions = await Promise.all(eventIds.map((eventId) => corridor.node(uty).exchange.decision(eventId, 20_000)))
    const offsets = decisions.map((decision) => accepted(decision).offset)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
    for (const [index, result] of results.entries()) if (result.kind === 'accepted') expect(offsets[index]).toBe(result.offset)
    expect(await corridor.node(uty).query(`select from outbox where state <> 'decided' or verdict <> 'accepted'`)).toEqual([])
  }, 90_000)

  it('leaves all nodes with what the log says', async () => {
    await until(async () => (await corridor.node(uty).exchange.asking.consignment(subject))?.offers.length === 1, 10_000)
    accepted(await corridor.node(uty).submit('RemarkAdded', remarkBody('after all'), subject))
    const judged = await expectAgreement(corridor.running, corridor.log)
    expect(judged.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'accepted' && outcome !== 'duplicate')).toEqual([])
    for (const node of corridor.running) await expectAsReplayed(node, corridor.id, corridor.log)
  })
})
