import { describe, expect, it } from '@jest/globals'
import { audited } from './auditing.js'
import type { RunningCorridor } from './running-corridor.js'

const hash = /^[A-Za-z0-9_-]{43}$/

/** `npm run demo`, and what the audit says afterwards. */
export function describeStory(corridor: () => RunningCorridor): void {
  describe('the copper train', () => {
    it('crosses the corridor and ends with an audit that finds every node equal', async () => {
      const { code, stdout } = await corridor().run('demo')
      expect(stdout).toMatch(/^ +40\/88 .* refused as told: 409 HELD_BY_CUSTOMS$/m)
      expect(stdout).toMatch(/^ +88\/88 .* accepted$/m)
      expect(stdout).toMatch(/is delivered; held, as the node of uz-forwarder has it, by\n +consignee-side +91 items$/m)
      expect(stdout).toMatch(/: every node holds the same, and what the log says$/m)
      expect(code).toBe(0)
    }, 300_000)

    it('is followed by boxes whose ship was silent: what she stated late is taken, and an offer whose boxes had left is not taken back', async () => {
      const { code, stdout } = await corridor().run('demo', ['--story', 'altynkol-poti', '--no-audit'])
      expect(stdout).toMatch(/ HandoffWithdrawn .* refused as told: 409 DEPARTED$/m)
      expect(stdout).toMatch(/all 40 taken over\. \(stated 37 h late\)/)
      expect(stdout).toMatch(/^ +91\/91 .* accepted$/m)
      expect(stdout).toMatch(/is delivered; held, as the node of kz-ktze has it, by\n +ge-grlt +40 items$/m)
      expect(code).toBe(0)
    }, 300_000)

    it('leaves the same tree and state at every node', async () => {
      const { code, report } = await audited(corridor())
      expect(code).toBe(0)
      const { nodes } = await corridor().status()
      const root = nodes[0]?.root
      const { end } = report
      const stateHash = report.nodes[0]?.stateHash
      const node = { id: expect.any(String), next: end, root, refusals: expect.any(Number), stateHash, equal: true, firstDifference: null }
      expect(report).toEqual({ corridor: expect.stringMatching(hash), topic: 'trans-caspian.1.events', end, equal: true, nodes: Array(34).fill(node) })
      expect(nodes.map((one) => one.root)).toEqual(Array(34).fill(root))
      expect(stateHash).toMatch(hash)
    }, 60_000)
  })
}
