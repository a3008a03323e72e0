import { afterAll, beforeAll, describe } from '@jest/globals'
import { describeCallsKilled } from './calls-killed.js'
import { describeContinuing } from './continuing.js'
import { describeStarting } from './corridor-starts.js'
import { describeCrowd } from './crowd.js'
import { openDoor, type Door } from './door.js'
import { describeKills } from './kills.js'
import { describeAudit } from './planted-differences.js'
import { describePrivacy } from './privacy.js'
import { describeRebuilding } from './rebuilding.js'
import { RunningCorridor } from './running-corridor.js'
import { describeStory } from './story-told.js'
import { describeTraffic } from './traffic.js'

describe('a running corridor', () => {
  let opened: { readonly corridor: RunningCorridor; readonly door: Door } | undefined
  const corridor = () => opened?.corridor ?? missing()
  const door = () => opened?.door ?? missing()

  beforeAll(async () => {
    const running = await RunningCorridor.open()
    opened = { corridor: running, door: await openDoor(running) }
  }, 400_000)
  afterAll(() => opened?.corridor.close(), 90_000)

  describeStarting(corridor, door)
  describeStory(corridor)
  describeTraffic(corridor)
  describePrivacy(corridor, door)
  describeCrowd(corridor, door)
  describeRebuilding(corridor, door)
  describeAudit(corridor, door)
  describeKills(corridor, door)
  describeCallsKilled(corridor, door)
  describeContinuing(corridor, door)
})

function missing(): never {
  throw new Error('the corridor did not start')
}
