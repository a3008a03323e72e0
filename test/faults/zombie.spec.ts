import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { codeOf, type NodeStatus } from '#libs/exchange'
import { until } from '#libs/testing'
import { caughtUp, expectAgreement, expectAsReplayed } from './agreement.js'
import { heldBeforeApplying, openGate } from './gate.js'
import { endLeadershipOf } from './leadership.js'
import { openRealCorridor, ready, type RealCorridor } from './real-corridor.js'
import type { NodePorts, RealNode } from './real-node.js'
import { accepted, forwarder, noteBody, remarkBody, uty } from './short-journey.js'

describe('two processes on one database', () => {
  const gate = openGate()
  const turnedAway: unknown[] = []
  const noteTurnedAway = (error: unknown) => void turnedAway.push(codeOf(error))
  let corridor: RealCorridor
  let first: RealNode
  let second: RealNode
  const opened: RealNode[] = []
  let subject: string

  beforeAll(async () => {
    corridor = await openRealCorridor([uty, forwarder], {
      alter: (participant) => (participant === uty ? heldBeforeApplying(gate, noteTurnedAway) : undefined),
    })
    first = corridor.node(uty)
    second = await started()
    opened.push(first)
    subject = accepted(await corridor.node(forwarder).submit('NoteIssued', noteBody())).subject
  }, 60_000)
  afterAll(async () => {
    gate.open()
    await corridor.stop()
  })

  it('have one applier: the other stands by, and what is submitted through it is decided too', async () => {
    await caughtUp(first, corridor.log)
    expect(await appliers()).toEqual([true, false])
    accepted(await second.submit('RemarkAdded', remarkBody('through the standby'), subject))
    expect(second.applied).toEqual([])
  })

  it('leave an applier that lost its lock in the middle of a batch without effect, while the standby goes on', async () => {
    gate.shut()
    const statement = await corridor.node(forwarder).submit('ActDrawn', act('while the applier hangs'), subject)
    await until(() => gate.waiting === 1, 5_000)
    const [held] = first.applied.slice(-1)
    await endLeadershipOf(first)
    await until(async () => (await second.exchange.status()).isApplier, 5_000)
    await caughtUp(second, corridor.log)
    const { offset } = accepted(statement)
    await until(() => second.applied.at(-1)?.[1] === offset + 1, 5_000) // told when the database has answered, after others can see it

    gate.open()
    await until(() => turnedAway.length > 0, 5_000)
    expect(turnedAway).toEqual(['CURSOR_MOVED'])
    expect(first.applied.slice(-1)).toEqual([held])
    await until(async () => !(await first.exchange.status()).isApplier, 5_000)
    await expectEveryBatchOnce()
    expect(await appliers()).toEqual([false, true])
  })

  it('decide what is submitted through either of them', async () => {
    const results = await Promise.all([first, second, first].map((node, index) => node.submit('RemarkAdded', remarkBody(`after the change ${index}`), subject)))
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted'])
    await expectEveryBatchOnce()
  })

  it('change places again when the applier ends', async () => {
    const waiting = first.submit('RemarkAdded', remarkBody('nobody applies'), subject)
    await corridor.end(second)
    accepted(await waiting)
    expect((await first.exchange.status()).isApplier).toBe(true)
    accepted(await first.submit('RemarkAdded', remarkBody('alone'), subject))
    await expectEveryBatchOnce()
    await expectAgreement(corridor.running, corridor.log)
  })

  it('sign nothing before the database has what the log had when they started', async () => {
    await corridor.end(first)
    accepted(await corridor.node(forwarder).submit('ActDrawn', act('while nobody applies'), subject))
    const standby = await started(leadingNever)
    expect(await standby.exchange.status()).toMatchObject({ ready: false, reason: 'CATCHING_UP' })
    expect(await standby.submit('RemarkAdded', remarkBody('knowing too little'), subject)).toEqual({ kind: 'unavailable', code: 'CATCHING_UP' })
    first = await started(heldBeforeApplying(gate, noteTurnedAway))
    await ready(standby)
    accepted(await standby.submit('RemarkAdded', remarkBody('knowing enough'), subject))
    await corridor.end(standby)
  })

  it('store every record once even where the lock is broken and both believe that they lead', async () => {
    const otherGate = openGate()
    const zombie = await started((ports) => withoutLock(heldBeforeApplying(otherGate, noteTurnedAway)(ports)))
    for (const node of [first, zombie]) await until(async () => isReadyApplier(await node.exchange.status()), 10_000)
    turnedAway.length = 0
    const [byFirst, byZombie] = [first.applied.length, zombie.applied.length]
    for (const [held, going] of [[gate, zombie], [otherGate, first], [gate, zombie]] as const) {
      held.shut()
      accepted(await going.submit('RemarkAdded', remarkBody('while the other is held up'), subject))
      await until(() => held.waiting === 1, 5_000)
      held.open()
    }
    await until(() => turnedAway.length === 3, 10_000)
    expect(turnedAway).toEqual(['CURSOR_MOVED', 'CURSOR_MOVED', 'CURSOR_MOVED'])
    expect([first.applied.length - byFirst, zombie.applied.length - byZombie].every((batches) => batches > 0)).toBe(true)

    const submit = (node: RealNode, index: number) => node.submit('RemarkAdded', remarkBody(`both at once ${index}`), subject, 500)
    const statements = Array.from({ length: 20 }, (_, index) => submit(index % 2 ? first : zombie, index))
    for (const { kind } of await Promise.all(statements)) expect(['accepted', 'pending']).toContain(kind)
    await until(async () => !(await first.ports.ledger.hasUndecided()), 10_000)
    expect(await first.query(`select from outbox where verdict <> 'accepted'`)).toEqual([])
    await expectEveryBatchOnce()
    await expectAgreement(corridor.running, corridor.log)
  })

  async function started(alter?: (ports: NodePorts) => NodePorts): Promise<RealNode> {
    const node = await corridor.open(uty, { alter })
    opened.push(node)
    node.exchange.start()
    return node
  }

  function appliers(): Promise<readonly boolean[]> {
    return Promise.all([first, second].map(async (node) => (await node.exchange.status()).isApplier))
  }

  /** The batches of all processes together are the log, without gap or overlap, and the database holds what the log says. */
  async function expectEveryBatchOnce(): Promise<void> {
    await expectAsReplayed(first, corridor.id, corridor.log)
    const end = await corridor.log.end()
    await until(() => opened.some(({ applied }) => applied.at(-1)?.[1] === end), 5_000)
    const batches = opened.flatMap(({ applied }) => applied).sort(([a], [b]) => a - b)
    expect(batches.map(([from]) => from)).toEqual([0, ...batches.map(([, next]) => next)].slice(0, -1))
    expect(batches.at(-1)?.[1]).toBe(end)
  }
})

function isReadyApplier({ ready, isApplier }: NodeStatus): boolean {
  return ready && isApplier
}

function leadingNever(ports: NodePorts): NodePorts {
  return { ...ports, ledger: { ...ports.ledger, lead: () => new Promise(() => undefined) } }
}

function withoutLock(ports: NodePorts): NodePorts {
  return { ...ports, ledger: { ...ports.ledger, lead: () => Promise.resolve({ lost: new Promise(() => undefined), release: () => Promise.resolve() }) } }
}

function act(number: string) {
  return {
    actTypeCode: 'COMMERCIAL-ACT' as const, number, placeId: 'uz-ahangaran', findings: [{ itemId: 'KRVU3054380', causes: [{ code: 'R01' as const }] }],
    occurredAt: '2026-06-01T08:00:00Z',
  }
}
