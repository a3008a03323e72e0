import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { noteBody, offerBody } from '../faults/short-journey.js'
import { audited } from './auditing.js'
import type { Answer, Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

const forwarder = 'uz-forwarder'

/** SIGKILL of each kind of process while people work; the launcher starts it again. */
export function describeKills(corridor: () => RunningCorridor, door: () => Door): void {
  describe('when processes are killed', () => {
    it('plays the story to its end over the death of a node process, of PostgreSQL and of Kafka, and loses nothing it acknowledged', async () => {
      const { processes } = await corridor().status()
      const demo = corridor().follow('demo', ['--json', '--no-audit'])
      const killed: number[] = []
      for (const [name, afterStep] of [['rail', 12], ['PostgreSQL', 30], ['Kafka', 50]] as const) {
        await until(() => demo.lines.length >= afterStep, 120_000)
        expect(demo.lines.length).toBeLessThan(88)
        killed.push(corridor().kill(processes, name))
      }
      expect(await demo.ended).toMatchObject({ code: 0 })
      const steps = demo.lines.slice(0, -1).map((line) => JSON.parse(line) as { outcome: { kind: string; eventId: string; subject: string } })
      const acknowledged = steps.flatMap(({ outcome }) => (outcome.kind === 'accepted' ? [outcome.eventId] : []))
      expect(steps).toHaveLength(88)

      await corridor().recovered(processes, ...killed)
      expect(await audited(corridor())).toMatchObject({ code: 0, report: { equal: true } })
      expect(await acceptedAt('bg-customs', String(steps[0]?.outcome.subject))).toEqual(acknowledged) // each of them, each once, in this order
    }, 300_000)

    it('brings back the identity provider and the guard, too', async () => {
      const { processes } = await corridor().status()
      const killed = ['identity', 'guard'].map((name) => corridor().kill(processes, name))
      await corridor().recovered(processes, ...killed)
      await until(async () => (await corridor().run('token', ['--as', 'nino'])).code === 0, 60_000)
    }, 120_000)

    it('makes one event of each statement that is repeated under its key, whenever its node died', async () => {
      const { subject } = await door().state(forwarder, 'NoteIssued', undefined, noteBody())
      const keys = Array.from({ length: 24 }, (_, index) => `${subject}-${index}`)
      const moved = (key: string) => {
        const { placeId, occurredAt } = offerBody()
        const body = { statusCode: '31', placeId, time: { kind: 'actual', at: occurredAt }, items: 'all', journeyId: key.slice(-20), occurredAt }
        return door().post(forwarder, 'MovementReported', subject, body, { 'idempotency-key': key })
      }
      const { processes } = await corridor().status()
      const early = await Promise.all(keys.slice(0, 4).map(moved))
      const inFlight = keys.slice(4).map(moved)
      const settled = Promise.allSettled(inFlight)
      await Promise.race(inFlight)
      const killed = corridor().kill(processes, 'forwarder')
      const first = [...early, ...(await settled).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))].filter(({ status }) => status === 201)

      await corridor().recovered(processes, killed)
      const again = await Promise.all(keys.map(moved))
      expect(again.map(({ status }) => status)).toEqual(keys.map(() => 201))
      const events = new Set(again.map(eventOf))
      expect(events.size).toBe(keys.length)
      expect(first.filter((answer) => !events.has(eventOf(answer)))).toEqual([])
      const [_note, ...inLog] = await acceptedAt(forwarder, subject)
      expect(new Set(inLog)).toEqual(events)
      expect(inLog).toHaveLength(keys.length)
    }, 180_000)

    /** Events on a consignment in the order of the log. */
    async function acceptedAt(node: string, subject: string): Promise<readonly string[]> {
      const text = `select event_id from entry where subject = $1 and verdict = 'accepted' order by log_offset`
      return (await corridor().sql<{ event_id: string }>(node, text, [subject])).map(({ event_id: eventId }) => eventId)
    }
  })
}

function eventOf({ body }: Answer): string | undefined {
  return body.eventId
}
