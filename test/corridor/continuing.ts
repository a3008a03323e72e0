import { describe, expect, it } from '@jest/globals'
import { until } from '#libs/testing'
import { noteBody } from '../faults/short-journey.js'
import { refuseBusyPorts } from '../../scripts/launcher/free-ports.js'
import type { Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

/** Stop and start; the last of the tests, for afterwards nothing runs. */
export function describeContinuing(corridor: () => RunningCorridor, door: () => Door): void {
  describe('a corridor that is stopped', () => {
    it('leaves no process and no port behind, and continues at the next start where it was', async () => {
      const before = await until(async () => {
        const status = await corridor().status()
        return status.nodes.every(({ next }) => next === status.log.end) ? status : undefined
      }, 60_000)
      expect(await corridor().stop()).toBe(0)
      expect(corridor().living()).toEqual([])
      const serverPorts = [92, 93, 100, 432].map((offset) => corridor().portBase + offset)
      const ports = [...serverPorts, ...corridor().nodes.flatMap(({ port, opsPort }) => [port, opsPort])]
      await refuseBusyPorts(ports.map((port) => ({ name: 'left', port })))

      process.stdout.write(`warm start: ${/Up after .* s/.exec(await corridor().start())?.[0]}\n`)
      const { processes: _own, ...after } = await until(async () => {
        const status = await corridor().status() // a server that is short of breath for two seconds makes a node say so, and is asked again
        return status.nodes.every(({ ready }) => ready) ? status : undefined
      }, 60_000)
      const { processes: _former, ...kept } = before
      expect(after).toEqual(kept)
      const { offset } = await door().state('uz-forwarder', 'NoteIssued', undefined, noteBody())
      expect(offset).toBe(before.log.end)
    }, 300_000)

    it('takes everything with it when its launcher is killed', async () => {
      await corridor().killLauncher()
      await until(() => corridor().living().length === 0, 60_000)
    }, 90_000)
  })
}
