import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { callRoutes, statementOfCall, type CallKind } from '#libs/documents'
import { until } from '#libs/testing'
import { boxesOf, noteOf, occurredAt } from '../../libs/node/src/calls.fixture.js'
import { applied, type Answer, type Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

const [forwarder, railway, customs] = ['uz-forwarder', 'uz-uty', 'uz-customs']
const each = 4
/** Parts of each call that are held: a node has three places for submitters, and two calls at once leave one for the parts that are not. */
const held = 1
const train = { means: { typeCode: '2302', id: '8801' }, journeyId: 'KILLED-1' }

/** SIGKILL of every node that is in the middle of a call over many consignments: between its parts, held there by a lock of the test's own. */
export function describeCallsKilled(corridor: () => RunningCorridor, door: () => Door): void {
  describe('when nodes are killed between the parts of a call', () => {
    it('decides each part of every kind of call exactly once, and never makes one twice', async () => {
      const subjects = await Promise.all(Array.from({ length: 3 * each }, async (_, index) => (await door().state(forwarder, 'NoteIssued', undefined, noteOf(index))).subject))
      const [offered, answered, moving] = [0, 1, 2].map((group) => subjects.slice(group * each, (group + 1) * each)) as [string[], string[], string[]]
      await caughtUp()
      await made(forwarder, 'transferList', listOf('KILLED-B', answered))
      await made(forwarder, 'transferList', listOf('KILLED-C', moving))
      await caughtUp()
      await made(railway, 'transferListAnswer', answerOf('KILLED-C'))
      await caughtUp()
      for (const subject of moving) await door().state(railway, 'MeansNominated', subject, { ...train, legId: 'l1', items: 'all', occurredAt })
      await caughtUp()

      const calls: readonly (readonly [participant: string, kind: CallKind, subjects: readonly string[], body: object])[] = [
        [forwarder, 'transferList', offered, listOf('KILLED-A', offered)],
        [railway, 'transferListAnswer', answered, answerOf('KILLED-B')],
        [railway, 'movement', moving, { ...train, occurredAt, statusCode: '24', placeId: 'uz-ahangaran', time: { kind: 'actual', at: occurredAt } }],
        [customs, 'customsDecision', moving, { ...train, occurredAt, kind: 'held', customsOfficePlaceId: 'uz-customs-khodjadavlet' }],
        [forwarder, 'loading', offered, { occurredAt, act: 'loaded', placeId: 'uz-ahangaran', loadings: offered.flatMap((subject, index) => boxesOf(index).map((equipmentId) => ({ equipmentId, subject }))) }],
      ]
      const before = await counted(calls)
      const locks = await Promise.all([[forwarder, offered], [railway, answered], [railway, moving], [customs, moving]].map(([who, of]) => locked(String(who), (of ?? []).slice(-held) as string[])))
      const { processes } = await corridor().status()
      const inFlight = Promise.allSettled(calls.map(([who, kind, , body]) => taken(who, kind, body)))
      for (const who of [forwarder, railway, customs]) await until(async () => (await open(who)).every(({ left }) => left === held) && (await open(who)).length === calls.filter(([by]) => by === who).length, 30_000)
      const killed = ['forwarder', 'rail', 'customs'].map((name) => corridor().kill(processes, name))
      await Promise.all(locks.map((release) => release()))
      expect((await inFlight).map(({ status }) => status)).toEqual(calls.map(() => 'rejected'))
      for (const who of [forwarder, railway, customs]) expect((await open(who)).every(({ left }) => left > 0)).toBe(true)

      await corridor().recovered(processes, ...killed)
      for (const who of [forwarder, railway, customs]) await until(async () => (await open(who)).length === 0, 30_000)
      const again = await Promise.all(calls.map(([who, kind, , body]) => post(who, kind, body)))
      expect(again.map(({ status, body }) => [status, (body['parts'] as { subject: string; state: string }[]).map(({ subject, state }) => [subject, state])])).toEqual(
        calls.map(([, , of]) => [201, expect.arrayContaining(of.map((subject) => [subject, 'accepted']))]),
      )
      await caughtUp()
      const after = await counted(calls)
      expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual(calls.map(() => each))
    }, 180_000)

    const keyOf = (kind: CallKind) => ({ 'idempotency-key': `killed-${kind}` })
    const post = (who: string, kind: CallKind, body: object): Promise<Answer> => door().postTo(who, callRoutes[kind], body, keyOf(kind))
    /** As a caller does who is told to try again: a node that has not applied what the others just stated makes no call from what it sees. */
    const taken = async (who: string, kind: CallKind, body: object): Promise<Answer> => {
      for (;;) {
        const answer = await post(who, kind, body)
        if (answer.status !== 503) return answer
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    }
    const made = async (who: string, kind: CallKind, body: object) => {
      const answer = await door().postTo(who, callRoutes[kind], body)
      if (answer.status !== 201) throw new Error(`${kind}: ${answer.status} ${JSON.stringify(answer.body)}`)
    }

    /** Keeps a participant's next statement on these consignments from being made, as a slow disk would; answers how to let go. */
    async function locked(who: string, of: readonly string[]): Promise<() => Promise<void>> {
      const client = new pg.Client({ connectionString: corridor().node(who).databaseOwnerUrl })
      client.on('error', () => undefined) // the query tells
      await client.connect()
      await client.query('begin')
      const { keys } = (await (await fetch(`${corridor().node(who).url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }
      for (const subject of of) {
        await client.query('insert into chain_head (kid, subject, sequence, event_id) values ($1, $2, 0, null) on conflict (kid, subject) do update set sequence = chain_head.sequence', [keys[0]?.kid, subject])
      }
      return async () => {
        await client.query('rollback')
        await client.end()
      }
    }

    const open = (who: string) => corridor().sql<{ call_id: string; left: number }>(who, 'select call_id, count(*)::int as left from call_part where event_id is null and refusal is null group by call_id')

    /** Accepted statements of each call's type on its consignments, as somebody else's node has them. */
    const counted = (calls: readonly (readonly [string, CallKind, readonly string[], object])[]) => Promise.all(calls.map(async ([, kind, of]) => {
      const text = `select count(*)::int as n from entry where subject = any($1) and type = $2 and verdict = 'accepted'`
      return (await corridor().sql<{ n: number }>('tm-customs', text, [of, statementOfCall[kind]]))[0]?.n ?? 0
    }))

    async function caughtUp(): Promise<void> {
      const end = (await corridor().status()).log.end ?? 0
      for (const who of [forwarder, railway, customs, 'tm-customs']) await applied(corridor(), who, end)
    }
  })
}

function listOf(number: string, subjects: readonly string[]) {
  const parts = subjects.map((subject) => ({ subject, into: { kind: 'leg', legId: 'l1' }, items: 'all' }))
  return { number, to: railway, placeId: 'uz-ahangaran', presentedAt: occurredAt, liabilityPasses: true, occurredAt, parts }
}

function answerOf(number: string) {
  return { number, transferredAt: occurredAt, otherwise: 'accepted', occurredAt }
}
