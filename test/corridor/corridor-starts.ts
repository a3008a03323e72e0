import { describe, expect, it } from '@jest/globals'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

const hash = /^[A-Za-z0-9_-]{43}$/

/** What a user meets after `npm start`. */
export function describeStarting(corridor: () => RunningCorridor, door: () => Door): void {
  describe('after its start', () => {
    it('tells its status in one shape, with all nodes ready and in agreement', async () => {
      const { code, stdout } = await corridor().run('status', ['--json'])
      expect(code).toBe(0)
      const status = JSON.parse(stdout) as { nodes: { next: number; root: string }[] }
      const { portBase } = corridor()
      const node = {
        id: expect.any(String), role: expect.stringMatching(/^(forwarder|rail|sea|port|customs)$/), country: expect.stringMatching(/^[A-Z]{2}$/),
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), ready: true, next: expect.any(Number), root: expect.stringMatching(hash),
      }
      const process = { name: expect.any(String), pid: expect.any(Number) }
      expect(status).toEqual({
        corridor: expect.stringMatching(hash),
        log: { kind: 'kafka', brokers: [`127.0.0.1:${portBase + 92}`], topic: 'trans-caspian.1.events', end: expect.any(Number) },
        processes: Array(9).fill(process),
        nodes: Array(34).fill(node),
      })
      expect(new Set(status.nodes.map(({ root }) => root)).size).toBe(new Set(status.nodes.map(({ next }) => next)).size)
    }, 60_000)

    it('lists its users, and gives each a token that the node of their organisation takes and no other', async () => {
      const { code, stdout } = await corridor().run('token', ['--list'])
      expect(code).toBe(0)
      for (const { user, organisation } of door().people) expect(stdout).toMatch(new RegExp(`^${user} +${organisation} `, 'm'))
      const jasur = await corridor().run('token', ['--as', 'jasur'])
      expect(jasur).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
      const headers = { authorization: `Bearer ${jasur.stdout}` }
      expect((await fetch(`${corridor().node('uz-uty').url}/v1/consignments`, { headers })).status).toBe(200)
      expect((await fetch(`${corridor().node('tm-tdy').url}/v1/consignments`, { headers })).status).toBe(401)
    }, 60_000)

    it('is not started a second time on its data', async () => {
      const { code, stderr } = await corridor().run('start')
      expect(code).toBe(1)
      const who = /^karvan: a corridor already runs in \S+ \(process \d+, since [^)]+\); /
      expect(stderr).toMatch(who)
      expect(stderr.replace(who, '')).toBe('stop that one, or give KARVAN_DATA and KARVAN_PORT_BASE for a second one.\n')
    }, 60_000)

    it('keeps its ports: another corridor is told which are taken and what to do, and leaves nothing running', async () => {
      const other = mkdtempSync(join(tmpdir(), 'karvan-other-'))
      try {
        const { portBase } = corridor()
        const { code, stderr } = await corridor().run('start', [], { KARVAN_DATA: other, KARVAN_PORT_BASE: String(portBase) })
        expect(code).toBe(1)
        expect(stderr).toBe(
          `karvan: Ports ${portBase + 432} (PostgreSQL), ${portBase + 92} (Kafka), ${portBase + 93} (Kafka controller), ${portBase + 100} (identity) ` +
            'and 68 more on 127.0.0.1 are taken; end what holds them, or move all ports with KARVAN_PORT_BASE, say 14000.\n',
        )
        expect(corridor().living(other)).toEqual([])
        expect(readdirSync(other)).not.toContain('postgres')
      } finally {
        rmSync(other, { recursive: true, maxRetries: 20, retryDelay: 100 })
      }
    }, 60_000)
  })
}
