import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { PlainBlock } from '#libs/documents'
import { until } from '#libs/testing'
import { caughtUp, expectAgreement, expectAsReplayed, judgedBy, stateHashAt } from './agreement.js'
import { heldBeforeApplying, openGate } from './gate.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import type { NodePorts, RealNode } from './real-node.js'
import { accepted, forwarder, holdBody, boxes, noteBody, offerBody, remarkBody, uty, uzCustoms } from './short-journey.js'

describe('a rebuild', () => {
  const applying = openGate()
  const leading = openGate()
  let corridor: RealCorridor
  let node: RealNode
  let subject: string
  let before: unknown

  beforeAll(async () => {
    const held = heldBeforeApplying(applying)
    const alter = (ports: NodePorts): NodePorts => {
      const altered = held(ports)
      return { ...altered, ledger: { ...altered.ledger, lead: () => leading.pass().then(() => ports.ledger.lead()) } }
    }
    corridor = await openRealCorridor([forwarder, uty, uzCustoms], { alter: (participant) => (participant === uty ? alter : undefined) })
    node = corridor.node(uty)
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody([goods]))).subject
    accepted(await corridor.node(forwarder).submit('HandoffOffered', offerBody(), subject))
    accepted(await corridor.node(uzCustoms).submit('CustomsDecisionIssued', holdBody([boxes[0]]), subject))
    accepted(await node.submit('RemarkAdded', remarkBody('before the rebuild'), subject))
    await corridor.log.append([{ key: 'garbage', value: 'garbage' }])
    await caughtUp(node, corridor.log)
    await until(async () => (await node.ports.ledger.missingBlocks()).length === 0, 10_000)
    before = await everythingDerived()
  }, 60_000)
  afterAll(async () => {
    applying.open()
    leading.open()
    await corridor.stop()
  })

  it('is told while it lasts, and nothing is signed meanwhile', async () => {
    applying.shut()
    node.exchange.rebuild()
    expect(node.exchange.isRebuilding).toBe(true)
    expect(await node.exchange.status()).toMatchObject({ ready: false, reason: 'REBUILDING' })
    await until(() => applying.waiting === 1, 10_000)
    const detail = expect.stringMatching(/^applied 0 of \d+ records$/)
    expect(await node.exchange.status()).toMatchObject({ ready: false, reason: 'REBUILDING', next: 0, detail })
    expect(node.exchange.isRebuilding).toBe(true)
    expect(await node.submit('RemarkAdded', remarkBody('during the rebuild'), subject)).toEqual({ kind: 'unavailable', code: 'REBUILDING' })
    expect(await judgedBy(node)).toEqual([])
  })

  it('makes everything anew from the log, and it is the same', async () => {
    applying.open()
    await ready(node)
    expect(node.exchange.isRebuilding).toBe(false)
    expect(await everythingDerived()).toEqual(before)
    await expectAsReplayed(node, corridor.id, corridor.log)
    await expectAgreement(corridor.running, corridor.log)
    expect(node.alarms).toEqual([])
  })

  it('keeps what the log does not have: own statements, keys used, particulars', async () => {
    expect((await node.exchange.asking.particulars(subject))?.map(({ content }) => content)).toEqual([goods.content])
    accepted(await node.submit('RemarkAdded', remarkBody('after the rebuild'), subject))
    await expectAgreement(corridor.running, corridor.log)
  })

  it('is done by the process that was told, even where another stands by for the database', async () => {
    const standby = await corridor.open(uty)
    standby.exchange.start()
    await ready(standby)
    leading.shut()
    node.exchange.rebuild()
    await ready(node)
    expect(await node.exchange.status()).toMatchObject({ ready: true, isApplier: true })
    expect(standby.applied).toEqual([])
    await expectAsReplayed(node, corridor.id, corridor.log)
  })

  async function everythingDerived() {
    const tables = ['dossier', 'dossier_part', 'term', '(select digest, subject, name, issuer, readers from block_need)']
    const views = await Promise.all(tables.map((table) => node.query(`select * from ${table} as one order by one::text`)))
    return { state: await stateHashAt(node), judged: await judgedBy(node), head: await node.exchange.asking.head(), views }
  }
})

const goods: PlainBlock = {
  name: 'goods', readers: [uty],
  content: {
    includedConsignmentItem: [{
      itemId: 'g1', sequenceNumeric: 1, natureIdCargo: [{ languageId: 'en', text: 'Copper concentrate' }], hs: '260300', gng: '26030000',
      package: { quantity: 96, typeCode: '43' }, marks: 'KRV/CU/1-96', grossMassKg: 96_000,
    }],
  },
}
