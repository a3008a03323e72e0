import { describe, expect, it } from '@jest/globals'
import type { RunningCorridor } from './running-corridor.js'
import type { Tally } from '../../scripts/traffic/tally.js'

/** `npm run traffic`: several journeys at once through the public APIs, as fast as the nodes answer. */
export function describeTraffic(corridor: () => RunningCorridor): void {
  describe('traffic', () => {
    it('brings two wagon ferries to their ends beside each other, each statement decided as told, and leaves every node equal', async () => {
      const { code, stdout, stderr } = await corridor().run('traffic', ['--story', 'kuryk-kars', '--trains', '2', '--rate', '1000', '--seed', '7', '--json'])
      expect(stderr).toMatch(/: every node holds the same, and what the log says$/m)
      expect(code).toBe(0)
      const tally = JSON.parse(stdout) as Tally
      expect(tally).toMatchObject({ underWay: 0, delivered: 2, stranded: [] })
      expect(tally.byType).toMatchObject({ NoteIssued: { accepted: 6, refused: 0 } }) // each ferry list is shared by three notes
      expect(Object.values(tally.byType).reduce((sum, { accepted, refused }) => sum + accepted + refused, 0)).toBe(tally.statements)
      process.stdout.write(`traffic: ${tally.statements} statements, ${tally.perSecond}/s, answered in ${tally.answeredMs.p50} ms (p50)\n`)
    }, 180_000)
  })
}
