import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeStarting } from './corridor-starts.js'
import { openDoor, type Door } from './door.js'
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

  it('leaves no process behind', async () => {
    expect(await corridor.stop()).toBe(0)
    expect(corridor.living()).toEqual([])
  }, 90_000)
})
