import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import type { Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

const node = 'ge-gr'

/** `npm run rebuild`. */
export function describeRebuilding(corridor: () => RunningCorridor, door: () => Door): void {
  describe('a node that is rebuilt', () => {
    it('says so meanwhile, reads and states nothing, and has the same state afterwards', async () => {
      await door().get(node, '/v1/consignments') // has its token from here on
      const rebuild = corridor().run('rebuild', ['--node', node])
      let isOver = false
      void rebuild.finally(() => (isOver = true))
      const said = new Set<string>()
      await until(async () => {
        const health = await fetch(`${corridor().node(node).url}/health/ready`)
        const { reason } = (await health.json()) as { reason?: string }
        said.add(`health ${health.status} ${reason ?? ''}`.trim())
        const { status, body } = await door().get(node, '/v1/consignments')
        said.add(`reading ${status} ${body.code ?? ''}`.trim())
        return isOver
      }, 120_000)
      const { code, stdout } = await rebuild
      const [before, after] = ['before', 'after'].map((when) => {
        return new RegExp(`^${when} +state after (\\d+) records: (\\S{43}) \\(root (\\S{43})\\)`, 'm').exec(stdout)?.slice(1)
      })
      expect(said).toEqual(new Set(['health 200', 'reading 200', 'health 503 REBUILDING', 'reading 503 REBUILDING']))
      expect(before).toHaveLength(3)
      expect(after).toEqual(before)
      expect(code).toBe(0)
    }, 150_000)

    it('is asked for by its name', async () => {
      const { code, stderr } = await corridor().run('rebuild', ['--node', 'nobody'])
      expect(code).toBe(2)
      expect(stderr).toContain('nodes: uz-forwarder consignee-side uz-otk ')
    }, 30_000)
  })
}
