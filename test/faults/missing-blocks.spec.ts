import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { PlainBlock } from '#libs/documents'
import { blockPath, requestHeader } from '#libs/exchange'
import { newNonce, signRequest, thumbprintOf, type NodeRequest } from '#libs/signature'
import { until } from '#libs/testing'
import { caughtUp } from './agreement.js'
import { asKafkaAdmin } from './kafka-admin.js'
import { bytesOfTopic, columnsWith, tracesOf } from './plaintext-search.js'
import { openRealCorridor, privateKeyFrom, ready, type RealCorridor } from './real-corridor.js'
import type { NodePorts, RealNode } from './real-node.js'
import { accepted, forwarder, noteBody, uty, uzCustoms } from './short-journey.js'

const secrets = { marks: 'KRV/MARKS/5Q9ZX2', price: '73125517.41', contract: 'CONTRACT-W8K3-PYTHIA' }

describe('a block of particulars', () => {
  let corridor: RealCorridor
  let reader: RealNode
  let isLosing = false
  const subjects: string[] = []

  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty, uzCustoms], { alter: (participant) => (participant === forwarder ? losing : undefined) })
    reader = corridor.node(uty)
  }, 60_000)
  afterAll(() => corridor.stop())

  it('comes to its readers over the second topic', async () => {
    const subject = await issued()
    await until(async () => (await contents(reader, subject))?.every(({ content }) => content !== undefined), 10_000)
    expect(await contents(corridor.node(forwarder), subject)).toEqual(await contents(reader, subject))
    expect(await contents(corridor.node(uzCustoms), subject)).toEqual([])
  })

  it('that never reached the topic is shown as missing, and had from its issuer by a signed request', async () => {
    corridor.peer(forwarder).lie = down
    isLosing = true
    const subject = await issued()
    isLosing = false
    await caughtUp(reader, corridor.log)
    expect(await missingAt(reader, subject)).toEqual(['commercial', 'goods'])
    expect(await reader.exchange.peers.fetchMissingBlocks()).toBe(0)

    corridor.peer(forwarder).lie = undefined
    await reader.exchange.peers.fetchMissingBlocks()
    expect(await contents(reader, subject)).toEqual(await contents(corridor.node(forwarder), subject))
    expect(await reader.ports.ledger.missingBlocks()).toEqual([])
    expect(await corridor.node(uzCustoms).ports.ledger.missingBlocks()).toEqual([])
  })

  const asked: readonly (readonly [string, string, Partial<NodeRequest>, string])[] = [
    ['a member who is no reader', uzCustoms, {}, ''],
    ['a member in a reader\'s name', uzCustoms, { issuer: uty }, ''],
    ['a reader, but another node', uty, { audience: uzCustoms }, ''],
    ['a reader, but for another block', uty, { path: blockPath('another', 'A'.repeat(43)) }, ''],
    ['a reader, but ten minutes ago', uty, { iat: Math.floor(Date.now() / 1_000) - 600 }, ''],
    ['a reader, but in another corridor', uty, { corridor: 'A'.repeat(43) }, ''],
    ['a reader whose signature was lengthened', uty, {}, 'A'],
  ]

  it.each(asked)('is not handed out when asked for by %s', async (_who, signer, changes, tail) => {
    expect(await answerTo(signer, changes, tail)).toEqual({ status: 404, body: '' })
  })

  it('is handed out to its reader, encrypted for him alone', async () => {
    const { status, body } = await answerTo(uty, {}, '')
    expect(status).toBe(200)
    const { recipients } = JSON.parse(body) as { recipients: readonly { readonly header: { readonly kid: string } }[] }
    expect(recipients.map(({ header }) => header.kid)).toEqual([thumbprintOf(corridor.keysOf(uty).encryption.publicJwk)])
  })

  it.each(Object.entries(secrets))('leaves no trace of its %s where nobody may read it: no other database, neither topic', async (_what, secret) => {
    const traces = tracesOf(secret)
    expect(await columnsWith(corridor.node(forwarder), traces)).toEqual(['block.plaintext'])
    expect(await columnsWith(reader, traces)).toEqual(['block.plaintext'])
    expect(await columnsWith(corridor.node(uzCustoms), traces)).toEqual([])
    const topics = await Promise.all([corridor.eventsTopic, corridor.particularsTopic].map((topic) => bytesOfTopic(corridor.brokers, topic)))
    expect(traces.filter((trace) => topics.some((bytes) => bytes.includes(trace)))).toEqual([])
  })

  it('would be found by that search wherever a statement carried it', async () => {
    const traces = tracesOf('uz-khodjadavlet') // in the clear in every note
    expect(await columnsWith(corridor.node(uzCustoms), traces)).toEqual(expect.arrayContaining(['dossier_part.body', 'entry.value']))
    const bytes = await bytesOfTopic(corridor.brokers, corridor.eventsTopic)
    expect(traces.some((trace) => bytes.includes(trace))).toBe(true)
  })

  it('that was removed from the topic before its reader came back is missed and had in the same way', async () => {
    await corridor.end(reader)
    corridor.peer(forwarder).lie = down
    const subject = await issued()
    const all = { topic: corridor.particularsTopic, partitions: [{ partition: 0, offset: '-1' }] }
    await asKafkaAdmin(corridor.brokers, async (admin) => {
      await admin.fetchTopicOffsets(corridor.particularsTopic) // tells kafkajs who leads the topic
      await admin.deleteTopicRecords(all)
    })
    reader = await corridor.open(uty)
    reader.exchange.start()
    await ready(reader)
    await until(() => reader.alarms.some(({ code }) => code === 'RECORDS_EXPIRED'), 10_000)
    expect(await missingAt(reader, subject)).toEqual(['commercial', 'goods'])

    corridor.peer(forwarder).lie = undefined
    await reader.exchange.peers.fetchMissingBlocks()
    expect(await contents(reader, subject)).toEqual(await contents(corridor.node(forwarder), subject))
  })

  function losing(ports: NodePorts): NodePorts {
    return { ...ports, particulars: { ...ports.particulars, append: (records) => (isLosing ? Promise.resolve() : ports.particulars.append(records)) } }
  }

  async function issued(): Promise<string> {
    const { subject } = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody(blocks)))
    subjects.push(subject)
    return subject
  }

  async function answerTo(signer: string, changes: Partial<NodeRequest>, tail: string): Promise<{ readonly status: number; readonly body: string }> {
    const [subject = ''] = subjects
    const [block] = (await contents(reader, subject)) ?? []
    const path = blockPath(subject, block?.digest ?? '')
    const iat = Math.floor(Date.now() / 1_000)
    const request = { corridor: corridor.id, issuer: signer, audience: forwarder, method: 'GET', path, iat, nonce: newNonce(randomBytes), ...changes }
    const { publicJwk, privateJwk } = corridor.keysOf(signer).signature
    const signed = signRequest(request, { kid: thumbprintOf(publicJwk), privateKey: privateKeyFrom(privateJwk) })
    const answer = await fetch(`${corridor.peer(forwarder).url}${path}`, { headers: { [requestHeader]: signed + tail } })
    return { status: answer.status, body: await answer.text() }
  }
})

const down = () => Promise.resolve({ status: 503, body: '' })

const blocks: readonly PlainBlock[] = [
  {
    name: 'goods', readers: [uty],
    content: {
      includedConsignmentItem: [{
        itemId: 'g1', sequenceNumeric: 1, natureIdCargo: [{ languageId: 'en', text: 'Copper concentrate' }], hs: '260300', gng: '26030000',
        package: { quantity: 96, typeCode: '43' }, marks: secrets.marks, grossMassKg: 96_000,
      }],
    },
  },
  {
    name: 'commercial', for: uty, readers: [uty],
    content: { invoiceAmount: { amount: secrets.price, currencyCode: 'USD' }, contractReference: [secrets.contract] },
  },
]

/** Names of the blocks that a node names and does not have. */
async function missingAt(node: RealNode, subject: string): Promise<readonly string[]> {
  return ((await contents(node, subject)) ?? []).filter(({ content }) => content === undefined).map(({ name }) => name)
}

/** In the order of their names: a node lists its own before those it was named a reader of. */
async function contents(node: RealNode, subject: string) {
  const kept = await node.exchange.asking.particulars(subject)
  return kept && [...kept].sort((a, b) => (a.name < b.name ? -1 : 1))
}
