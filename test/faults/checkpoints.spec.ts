import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { checkpointInterval } from '#libs/exchange'
import { appendLeaf, emptyFrontier, generateKeyPair, leafOf, rootOf, signCheckpoint, thumbprintOf, type KeyPair } from '#libs/signature'
import { until } from '#libs/testing'
import { expectAgreement } from './agreement.js'
import type { Answer } from './peer-server.js'
import { openRealCorridor, privateKeyFrom, type RealCorridor } from './real-corridor.js'
import type { Alarm } from './real-node.js'
import { forwarder, uty, uzCustoms } from './short-journey.js'

describe('a node that compares checkpoints over HTTP', () => {
  let corridor: RealCorridor
  let size: number

  beforeAll(async () => {
    corridor = await openRealCorridor([forwarder, uty, uzCustoms])
    const garbage = Array.from({ length: checkpointInterval }, (_, index) => ({ key: 'garbage', value: `record ${index}` }))
    await corridor.log.append(garbage) // so that leaves are asked for page by page
    await expectAgreement(corridor.running, corridor.log)
    size = await corridor.log.end()
  }, 60_000)
  beforeEach(() => {
    corridor.node(forwarder).alarms.length = 0
    for (const participant of [uty, uzCustoms]) corridor.peer(participant).lie = undefined
  })
  afterAll(() => corridor.stop())

  it('finds its twins equal, at the end and at every size before', async () => {
    for (const at of [size, checkpointInterval, 7]) expect(await compare(at)).toEqual({ [uty]: true, [uzCustoms]: true })
    expect(corridor.node(forwarder).alarms).toEqual([])
  })

  it.each([3, checkpointInterval + 5])('names leaf %i where a twin judged that record otherwise, under its own signature', async (differing) => {
    const lie = await leavesOfAlteredJudge(differing)
    corridor.peer(uty).lie = answering(lie)
    const compared = await corridor.node(forwarder).exchange.peers.compareCheckpoints(size)
    expect(compared).toContainEqual({ participant: uty, equal: false, firstDifference: differing })
    expect(compared).toContainEqual({ participant: uzCustoms, equal: true })
    expect(told().map(({ code }) => code)).toEqual(['CHECKPOINT_MISMATCH'])
    expect(told()[0]?.detail).toMatch(new RegExp(`^${uty} .*${rootOver(lie)}.*first differing leaf ${differing}$`))
  })

  it('is told by a twin that signs another root over the same leaves', async () => {
    corridor.peer(uty).lie = answering(await corridor.node(uty).ports.ledger.leaves(0, size), () => 'A'.repeat(43))
    expect(await compare(size)).toMatchObject({ [uty]: false })
    expect(told()).toMatchObject([{ code: 'CHECKPOINT_MISMATCH', detail: expect.stringContaining('its leaves do not make its root') }])
  })

  it.each([
    ['a stranger\'s key', () => checkpointBy(generateKeyPair())],
    ['another member\'s key', () => checkpointBy(corridor.keysOf(uzCustoms).signature)],
    ['nothing but text', async () => 'not a checkpoint'],
  ])('does not take for a twin\'s what is signed by %s', async (_by, checkpoint) => {
    const answer = { status: 200, body: JSON.stringify({ checkpoint: await checkpoint() }) }
    corridor.peer(uty).lie = (path) => Promise.resolve(path.startsWith('/v1/checkpoint') ? answer : undefined)
    expect(await compare(size)).toMatchObject({ [uty]: false, [uzCustoms]: true })
    expect(told()).toMatchObject([{ code: 'CHECKPOINT_UNVERIFIED', detail: expect.stringContaining(uty) }])
  })

  it('takes for a twin\'s what is signed by a key admitted after the comparison began', async () => {
    const { asking } = corridor.node(forwarder).exchange
    const now = await asking.register()
    if (!now) throw new Error('there is a register')
    const before = jest.spyOn(asking, 'register').mockResolvedValueOnce({ ...now, keys: {} })
    expect(await compare(size)).toEqual({ [uty]: true, [uzCustoms]: true })
    before.mockRestore()
    expect(corridor.node(forwarder).alarms).toEqual([])
  })

  it('says nothing of a twin that is down or behind', async () => {
    corridor.peer(uty).lie = () => Promise.resolve({ status: 503, body: '' })
    expect(await compare(size)).toEqual({ [uzCustoms]: true })
    expect(corridor.node(forwarder).alarms).toEqual([])
  })

  it('asks one after the other where it is given time, those behind itself first, and nobody once that has ended', async () => {
    const asked: { readonly participant: string; readonly at: number }[] = []
    const noting = (participant: string) => (path: string) => {
      if (path.endsWith(`size=${checkpointInterval - 1}`)) asked.push({ participant, at: performance.now() })
      return Promise.resolve(undefined)
    }
    for (const participant of [uty, uzCustoms]) corridor.peer(participant).lie = noting(participant)
    const { peers } = corridor.node(forwarder).exchange
    const [ended, begun] = [new AbortController(), performance.now()]
    expect(await peers.compareCheckpoints(checkpointInterval - 1, { withinMs: 1_000, ended: ended.signal })).toHaveLength(2)
    const behind = [forwarder, uty, uzCustoms].sort((a, b) => a.localeCompare(b))
    expect(asked.map(({ participant }) => participant)).toEqual([...behind.slice(behind.indexOf(forwarder) + 1), ...behind.slice(0, behind.indexOf(forwarder))])
    expect((asked[1]?.at ?? 0) - begun).toBeGreaterThan(320) // the second of three: the authority's row has an address, too
    const second = peers.compareCheckpoints(checkpointInterval - 1, { withinMs: 60_000, ended: ended.signal })
    ended.abort()
    expect((await second).length).toBeLessThan(2) // only the first can have been asked
    expect(asked.length).toBeLessThan(4)
  })

  it('does so by itself while the log rests', async () => {
    await corridor.log.append([{ key: 'garbage', value: 'one record more' }])
    size = await corridor.log.end()
    await expectAgreement(corridor.running, corridor.log)
    corridor.peer(uty).lie = answering(await leavesOfAlteredJudge(11))
    const alarm = await until(() => corridor.node(forwarder).alarms.find(({ code }) => code === 'CHECKPOINT_MISMATCH'), 25_000)
    expect(alarm.detail).toMatch(/first differing leaf 11$/)
  }, 30_000)

  /** The alarms at `size`, each once: the node compares by itself every seven seconds, too, at this size or at another one. */
  function told(): readonly Alarm[] {
    const alarms = corridor.node(forwarder).alarms.filter(({ detail }) => [undefined, String(size)].includes(/ for size (\d+):/.exec(detail)?.[1]))
    return [...new Map(alarms.map((alarm) => [`${alarm.code} ${alarm.detail}`, alarm])).values()]
  }

  async function compare(at: number): Promise<Readonly<Record<string, boolean>>> {
    const compared = await corridor.node(forwarder).exchange.peers.compareCheckpoints(at)
    return Object.fromEntries(compared.map(({ participant, equal }) => [participant, equal]))
  }

  /** Of a judge with one rule altered: it refuses one record that everybody else judges otherwise. */
  async function leavesOfAlteredJudge(differing: number): Promise<readonly Buffer[]> {
    const { ledger } = corridor.node(uty).ports
    const leaves = [...(await ledger.leaves(0, size))]
    const entry = await ledger.entryAt(differing)
    if (!entry) throw new Error(`there is no record at ${differing}`)
    leaves[differing] = leafOf({ ...entry, verdict: 'refused', code: 'RULE:ROLE', effects: '[]' })
    return leaves
  }

  function signedBy(keys: KeyPair, root: string, at = size): string {
    const signer = { kid: thumbprintOf(keys.publicJwk), privateKey: privateKeyFrom(keys.privateJwk), iat: 1_780_000_000 }
    return signCheckpoint({ corridor: corridor.id, epoch: corridor.epoch, size: at, root }, signer)
  }

  async function checkpointBy(keys: KeyPair): Promise<string> {
    return signedBy(keys, (await corridor.node(forwarder).exchange.asking.head(size))?.root ?? '')
  }

  /** A twin whose tree has these leaves, and that signs its root with its own key. */
  function answering(leaves: readonly Buffer[], root = rootOver): (path: string) => Promise<Answer | undefined> {
    return async (path) => {
      const { pathname, searchParams } = new URL(path, 'http://liar')
      const number = (name: string) => Number(searchParams.get(name))
      if (pathname === '/v1/checkpoint') {
        const signed = signedBy(corridor.keysOf(uty).signature, root(leaves.slice(0, number('size'))), number('size'))
        return { status: 200, body: JSON.stringify({ checkpoint: signed }) }
      }
      const page = leaves.slice(number('from'), number('to')).map((leaf) => leaf.toString('base64url'))
      return pathname === '/v1/leaves' ? { status: 200, body: JSON.stringify({ leaves: page }) } : undefined
    }
  }
})

function rootOver(leaves: readonly Buffer[]): string {
  return rootOf(leaves.reduce(appendLeaf, emptyFrontier))
}
