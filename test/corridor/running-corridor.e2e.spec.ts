import { afterAll, beforeAll, describe } from '@jest/globals'
import { describeContinuing } from './continuing.js'
import { describeStarting } from './corridor-starts.js'
import { openDoor, type Door } from './door.js'
import { describeKills } from './kills.js'
import { describeAudit } from './planted-differences.js'
import { describeRebuilding } from './rebuilding.js'
import { RunningCorridor } from './running-corridor.js'
import { describeStory } from './story-told.js'

describe('a running corridor', () => {
  let corridor: RunningCorridor
  let door: Door

  beforeAll(async () => {
    corridor = await RunningCorridor.open()
    door = await openDoor(corridor)
  }, 400_000)
  afterAll(() => corridor.close(), 90_000)

  describeStarting(() => corridor, () => door)
  describeStory(() => corridor)
  describeRebuilding(() => corridor, () => door)
  describeAudit(() => corridor, () => door)
  describeKills(() => corridor, () => door)
  describeContinuing(() => corridor, () => door)
})
