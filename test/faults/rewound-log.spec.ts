import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ConfigResourceTypes } from 'kafkajs'
import type { NewRecord } from '#libs/exchange'
import { openKafkaLog } from '#libs/log-kafka'
import { until } from '#libs/testing'
import { caughtUp, judgedBy } from './agreement.js'
import { heldBeforeApplying, openGate } from './gate.js'
import { asKafkaAdmin } from './kafka-admin.js'
import { endLeadershipOf } from './leadership.js'
import { openRealCorridor, type RealCorridor } from './real-corridor.js'
import type { RealNode } from './real-node.js'
import { accepted, forwarder, noteBody, remarkBody, uty } from './short-journey.js'

describe('a topic that is not the one that was applied', () => {
  let corridor: RealCorridor
  let subject: string
  let judged: Awaited<ReturnType<typeof judgedBy>>
  let records: readonly NewRecord[]

  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty])
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
    await caughtUp(corridor.node(uty), corridor.log)
    judged = await judgedBy(corridor.node(uty))
    records = await Promise.all(judged.map(async ({ offset }) => recordAt(offset)))
  }, 60_000)
  afterAll(() => corridor.stop())

  it('stops who was following it: deleted and made again, shorter', async () => {
    await recreate(corridor, records.slice(0, 10))
    await until(async () => (await statusOf(corridor.node(uty))).reason === 'LOG_REWOUND', 15_000)
    await expectNothingApplied(corridor.node(uty), /the log ends at \d+, but/)
  })

  it('stops who comes back to it: made again with other records up to beyond the cursor', async () => {
    await recreate(corridor, Array.from({ length: records.length + 20 }, (_, index) => ({ key: 'garbage', value: `another history ${index}` })))
    await restarted(async (node) => {
      await until(async () => (await statusOf(node)).reason === 'LOG_REWOUND', 15_000)
      await expectNothingApplied(node, new RegExp(`another record at ${records.length - 1}`))
    })
  })

  it('stops who comes back to it: the same records but for the last applied', async () => {
    await recreate(corridor, [...records.slice(0, -1), { key: subject, value: 'another end' }])
    await restarted(async (node) => {
      await until(async () => (await statusOf(node)).reason === 'LOG_REWOUND', 15_000)
      await expectNothingApplied(node, new RegExp(`another record at ${records.length - 1}`))
    })
  })

  it('stops who comes back to it: the very same records, stamped anew', async () => {
    await recreate(corridor, records)
    await restarted(async (node) => {
      await until(async () => (await statusOf(node)).reason === 'LOG_REWOUND', 15_000)
      await expectNothingApplied(node, new RegExp(`another record at ${records.length - 1}`))
    })
  })

  const statusOf = (node: RealNode) => node.exchange.status()

  async function expectNothingApplied(node: RealNode, detail: RegExp): Promise<void> {
    expect(await statusOf(node)).toMatchObject({ ready: false, isApplier: false, next: judged.length, detail: expect.stringMatching(detail) })
    expect(node.alarms.filter(({ code }) => code === 'LOG_REWOUND')).toHaveLength(1)
    expect(await node.submit('RemarkAdded', remarkBody('on another log'), subject)).toEqual({ kind: 'unavailable', code: 'LOG_REWOUND' })
    expect(await judgedBy(node)).toEqual(judged)
  }

  /** The node's process ends and another one comes up on its database. */
  async function restarted(expectations: (node: RealNode) => Promise<void>): Promise<void> {
    for (const node of corridor.running.filter(({ participant }) => participant === uty)) await corridor.end(node)
    const node = await corridor.open(uty)
    node.exchange.start()
    await expectations(node)
  }

  async function recordAt(offset: number): Promise<NewRecord> {
    const record = await corridor.log.read(offset)
    if (record === undefined || record === 'hole') throw new Error(`no record at ${offset}`)
    return { key: String(record.key), value: String(record.value) }
  }

})

describe('a topic that was made again while a node was busy', () => {
  const gate = openGate()
  let corridor: RealCorridor
  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty], { alter: (participant) => (participant === uty ? heldBeforeApplying(gate) : undefined) })
  }, 60_000)
  afterAll(async () => {
    gate.open()
    await corridor.stop()
  })

  it('stops it before the first record of the other history', async () => {
    const node = corridor.node(uty)
    gate.shut()
    accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody()))
    await until(() => gate.waiting === 1, 5_000)
    const end = await corridor.log.end()
    await recreate(corridor, Array.from({ length: end + 20 }, (_, index) => ({ key: 'garbage', value: `another history ${index}` })))
    gate.open()
    await until(async () => (await node.exchange.status()).reason === 'LOG_REWOUND', 10_000)
    expect(await node.exchange.status()).toMatchObject({ ready: false, next: end })
    expect((await judgedBy(node)).at(-1)).toMatchObject({ offset: end - 1, outcome: 'accepted' })
  })
})

describe('a topic whose settings somebody changes', () => {
  let corridor: RealCorridor
  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty])
  }, 60_000)
  afterAll(() => corridor.stop())

  it('stops a node as soon as it attaches anew, with the name of the setting', async () => {
    const node = corridor.node(uty)
    const { brokers, eventsTopic: name } = corridor
    const configEntries = await asKafkaAdmin(brokers, async (admin) => {
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name }] })
      return (resources[0]?.configEntries ?? []).map(({ configName, configValue }) => ({ name: configName, value: configValue }))
    })
    for (const entry of configEntries) if (entry.name === 'retention.ms') entry.value = '604800000'
    await asKafkaAdmin(brokers, (admin) => admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries }] }))
    await endLeadershipOf(node)
    await until(async () => (await node.exchange.status()).reason === 'LOG_MISCONFIGURED', 15_000)
    const detail = expect.stringContaining('retention.ms is 604800000, must be -1')
    expect(await node.exchange.status()).toMatchObject({ ready: false, isApplier: false, detail })
    expect(node.alarms.map(({ code }) => code)).toEqual(['LOG_MISCONFIGURED'])

    const before = await judgedBy(node)
    await corridor.log.append([{ key: 'garbage', value: 'not applied' }])
    await caughtUp(corridor.node(forwarder), corridor.log)
    expect(await node.submit('NoteIssued', noteBody())).toEqual({ kind: 'unavailable', code: 'LOG_MISCONFIGURED' })
    expect(await judgedBy(node)).toEqual(before)
  })

  it('keeps a node from opening it', async () => {
    await expect(corridor.open(uty)).rejects.toMatchObject({ code: 'LOG_MISCONFIGURED', message: expect.stringContaining('retention.ms') })
  })
})

async function recreate({ brokers, eventsTopic: topic }: RealCorridor, filling: readonly NewRecord[]): Promise<void> {
  await asKafkaAdmin(brokers, async (admin) => {
    await admin.deleteTopics({ topics: [topic] })
    await until(async () => !(await admin.listTopics()).includes(topic), 10_000) // the broker answers before it has gone
  })
  const log = await until(() => openKafkaLog({ brokers, topic, clientId: 'administrator', create: true }).catch(() => undefined), 10_000)
  await log.append(filling)
  await log.close()
}
