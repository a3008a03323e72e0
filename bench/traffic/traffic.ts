import type { NewRecord } from '#libs/exchange'
import type { JsonObject, Story } from '../../corridors/story.js'
import { chanceFrom } from '../../corridors/traffic/chance.js'
import { departures, type TrainUnderWay } from '../../corridors/traffic/timetable.js'
import type { BenchCorridor } from './founding.js'
import { pensOf } from './pen.js'

/** A week of the corridor's. */
const trainsOfAWeek = 32

/** One party states several things of one train in a row (a terminal tells of its boxes) before another train has its turn: 1 to this many. */
const longestTurn = 20

/** A mean train has about 700 statements; those under way at the beginning are spread over this many. */
const journeyLength = 650

export interface TrafficRecord extends NewRecord {
  /** Whether the story has it refused; one is, a train. */
  readonly isRefused: boolean
}

/** Who states what. */
export interface Told {
  readonly by: string
  readonly body: JsonObject
}

export interface TrafficOptions {
  /** How many trains are under way at a time. */
  readonly trains?: number
  /** The same told of others. */
  readonly retold?: (told: Told) => Told
}

/** The statements of a corridor at work, signed. */
export interface Traffic {
  /** To be stated first: each train's way to where it is then, one train at a time. */
  readonly sofar: Generator<readonly TrafficRecord[]>
  /** Then this, without end. */
  readonly steady: Generator<TrafficRecord, never>
}

/**
 * Trains under way, each at another place of its journey, and whenever one has been delivered the next departs. So the mix at the end is that at the
 * beginning, and whoever applies 1,000 of it meets what another meets who applies 10,000.
 */
export function openTraffic(corridor: Pick<BenchCorridor, 'id' | 'keys'>, story: Story, { trains: trainsUnderWay = trainsOfAWeek, retold = (told) => told }: TrafficOptions = {}): Traffic {
  const chance = chanceFrom(1)
  const depart = departures(story, chance)
  const penOf = pensOf(corridor)
  const state = (train: TrainUnderWay | undefined): TrafficRecord | undefined => {
    const next = train?.next()
    if (!train || !next) return undefined
    const { by, body } = retold({ by: next.step.by, body: next.body })
    const { record, eventId } = penOf(by)(train.subject, next.step.statement, body, next.occurredAt)
    train.stated(eventId)
    return { ...record, isRefused: next.step.expect !== undefined }
  }
  const trains = Array.from({ length: trainsUnderWay }, depart)

  function* sofar(): Traffic['sofar'] {
    for (const [index, train] of trains.entries()) {
      const stages = Math.floor((index * journeyLength) / trainsUnderWay)
      yield Array.from({ length: stages }, () => state(train)).filter((record) => record !== undefined)
    }
  }
  function* steady(): Traffic['steady'] {
    for (;;) {
      const index = chance.between(0, trains.length - 1)
      for (let turn = chance.between(1, longestTurn); turn > 0; turn--) {
        const record = state(trains[index])
        if (record) yield record
        else trains[index] = depart()
      }
    }
  }
  return { sofar: sofar(), steady: steady() }
}
