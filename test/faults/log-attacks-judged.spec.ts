import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { generateKeyPair } from '#libs/signature'
import { logAttacks, until } from '#libs/testing'
import { expectAgreement, expectAsReplayed } from './agreement.js'
import { memberPen, withOtherSignature, withSpareBits, type MemberPen, type Signed } from './member-pen.js'
import { openRealCorridor, type RealCorridor } from './real-corridor.js'
import { newConsignmentId } from './real-node.js'
import { accepted, boxes, consignee, forwarder, holdBody, noteBody, offerBody, remarkBody, uty, uzCustoms } from './short-journey.js'

/** Distinct outcomes of the attack's records, in order of appearance; none where the broker takes nothing. */
const belowTheJudge: Readonly<Record<string, readonly string[]>> = {
  'a record without key and value': ['FORM'],
  'an empty key and value': ['FORM'],
  '500 KB of garbage': ['SIZE'],
  '1 MB of garbage': [],
  '16,000 headers': ['FORM'],
  '20,000 records in one batch': ['FORM'],
  'a time of its own': ['FORM'],
  'a gzip batch': ['FORM'],
  'a gzip bomb of one record of 400 MB': [],
  'a snappy batch': ['FORM'],
  'a lz4 batch': ['FORM'],
  'a zstd batch': ['FORM'],
  'a committed transaction': ['FORM', 'hole'],
  'an aborted transaction': ['FORM', 'hole'],
  'a transaction left open': ['FORM'],
}

describe('what one member writes to the log', () => {
  let corridor: RealCorridor
  let member: MemberPen
  let stranger: MemberPen
  let impostor: MemberPen
  let honest: string
  const own = newConsignmentId()
  const last = (): Signed => member.said(member.sign(own, 'ActDrawn', act('an honest one')))

  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty, uzCustoms], { withoutNode: [consignee] })
    const keys = corridor.keysOf(consignee).signature
    member = memberPen(corridor.id, consignee, keys)
    stranger = memberPen(corridor.id, consignee, generateKeyPair())
    impostor = memberPen(corridor.id, consignee, keys, generateKeyPair())
    honest = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    await corridor.log.append([noteOf(member, own), last()].map(({ record }) => record))
    accepted(await corridor.node(uzCustoms).submit('CustomsDecisionIssued', holdBody([boxes[1]]), own))
  }, 60_000)
  afterAll(() => corridor.stop())

  const plainAttacks = logAttacks.map((attack) => [attack.name, attack] as const)
  it('is foreseen here for every attack that is known', () => {
    expect(Object.keys(belowTheJudge)).toEqual(logAttacks.map(({ name }) => name))
  })

  it.each(plainAttacks)('%s leaves all nodes of one mind, and the next honest statement is decided', async (name, attack) => {
    const withinMs = name === '20,000 records in one batch' ? 20_000 : 5_000 // three nodes on one processor's time have 60,000 rows to write first
    await attacked(belowTheJudge[name] ?? [], async () => void (await attack.write(corridor.brokers, corridor.eventsTopic)), withinMs)
  }, 60_000)

  const signedAttacks: readonly (readonly [string, readonly string[], () => readonly { readonly record: Signed['record'] }[]])[] = [
    ['a key that nobody admitted', ['KEY'], () => [stranger.sign(own, 'ActDrawn', act('by a stranger'))]],
    ['an admitted key named over another key\'s signature', ['SIGNATURE'], () => [impostor.sign(own, 'ActDrawn', act('by an impostor'))]],
    ['a statement in another\'s name', ['BINDING'], () => [member.sign(honest, 'ActDrawn', act('in another\'s name'), { issuer: forwarder })]],
    ['a replay', ['accepted', 'duplicate'], () => twice(last())],
    ['the same input with the other signature that anybody can make', ['accepted', 'duplicate'], () => twice(last(), withOtherSignature)],
    ['the same signature in another text', ['accepted', 'FORM'], () => twice(last(), withSpareBits)],
    ['the same input signed again', ['accepted', 'duplicate'], () => signedAgain()],
    ['a fork', ['accepted', 'FORK'], () => forked()],
    ['an early one', ['EARLY'], () => [member.sign(own, 'ActDrawn', act('too early'), { sequence: 99, previous: 'A'.repeat(43) })]],
    ['a version that nobody has', ['ENVELOPE'], () => [member.sign(own, 'ActDrawn', act('of the future'), { v: 99 })]],
    ['a type that nobody has', ['TYPE'], () => [member.said(member.sign(own, 'GoodsBeamedUp', {}))]],
    ['a statement under another record key', ['BINDING'], () => [{ record: { ...member.sign(own, 'ActDrawn', act('misplaced')).record, key: honest } }]],
    ['a statement on a subject that nobody opened', ['SUBJECT'], () => [member.sign(newConsignmentId(), 'ActDrawn', act('on nothing'))]],
    ['a held container offered', ['RULE:HELD_BY_CUSTOMS'], () => [member.said(member.sign(own, 'HandoffOffered', data(offerBody())))]],
  ]

  it.each(signedAttacks)('%s is judged %j by all nodes, and the next honest statement is decided', async (_name, expected, attack) => {
    await attacked(expected, () => corridor.log.append(attack().map(({ record }) => record)))
  }, 30_000)

  it('costs no node its log, its database or its readiness', async () => {
    for (const node of corridor.running) {
      expect(await node.exchange.status()).toMatchObject({ ready: true, isApplier: true })
      expect(node.alarms).toEqual([])
      await expectAsReplayed(node, corridor.id, corridor.log)
    }
  })

  /** @param expected distinct outcomes, of one record each at least */
  async function attacked(expected: readonly string[], attack: () => Promise<void>, withinMs = 5_000): Promise<void> {
    const before = await corridor.log.end()
    await attack()
    await until(async () => (await corridor.log.end()) >= before + expected.length, 5_000) // a transaction's marker comes after the answer
    const since = Date.now()
    const { offset } = accepted(await corridor.node(uty).submit('RemarkAdded', remarkBody('on time'), honest, withinMs))
    expect(Date.now() - since).toBeLessThan(withinMs)
    const judged = await expectAgreement(corridor.running, corridor.log, before)
    expect([...new Set(judged.filter((one) => one.offset < offset).map(({ outcome }) => outcome))]).toEqual(expected)
  }

  /** Two statements under one number of one key. */
  function forked(): readonly Signed[] {
    const other = member.sign(own, 'ActDrawn', act('another story'))
    return [last(), other]
  }

  /** ES256 is randomised, so the second signature differs while the event is the same. */
  function signedAgain(): readonly Signed[] {
    const first = member.sign(own, 'ActDrawn', act('signed again'))
    const second = member.said(member.sign(own, 'ActDrawn', act('signed again')))
    expect(second.record.value).not.toBe(first.record.value)
    expect(second.eventId).toBe(first.eventId)
    return [first, second]
  }
})

function noteOf(member: MemberPen, subject: string): Signed {
  const { note } = noteBody()
  return member.said(member.sign(subject, 'NoteIssued', { note: { ...note, particulars: { blocks: [] } } }))
}

function act(remark: string): object {
  return { actTypeCode: 'COMMERCIAL-ACT', number: remark, placeId: 'uz-ahangaran', findings: [{ itemId: boxes[0], causes: [{ code: 'R01' }] }] }
}

function twice({ record }: Signed, changed: (value: string) => string = (value) => value): readonly { readonly record: Signed['record'] }[] {
  return [{ record }, { record: { ...record, value: changed(record.value) } }]
}

function data(body: object): object {
  const { occurredAt: _occurredAt, ...rest } = body as { readonly occurredAt: string }
  return rest
}
