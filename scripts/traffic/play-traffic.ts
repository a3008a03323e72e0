import { setTimeout as wait } from 'node:timers/promises'
import { toldAt } from '../../corridors/story.js'
import type { Journey } from '../../corridors/traffic/journeys.js'
import { wordsOf } from '../complaint.js'
import { newRun } from '../demo/demo-run.js'
import { playStory, type Stage } from '../demo/play-story.js'
import type { TallyKeeper } from './tally.js'

export interface Traffic {
  readonly journeys: number
  /** Statements a second, all journeys together; fewer where the nodes do not answer so fast. */
  readonly rate: number
  readonly next: () => Journey
  readonly stage: Pick<Stage, 'nodeUrlOf' | 'tokenOf'>
  readonly tally: TallyKeeper
  readonly now: () => Date
  /** Told once each journey that goes otherwise than its story. */
  onStranded(why: string): void
  readonly stop: AbortSignal
}

/** As many trains as are under way on the corridor at a time. */
const mostUnderWay = 32

/** A train departs so many statements after the one before, so that all are at different places of their journeys; sooner where the rate asks for it. */
const statementsApart = 15

const hourMs = 3_600_000

/** Plays journeys beside each other, each step after the one before is decided, through the nodes' public APIs. Resolves when all have ended. */
export async function playTraffic(traffic: Traffic): Promise<void> {
  const { journeys, tally, stop } = traffic
  const pace = openPace(traffic.rate)
  const underWay = new Set<Promise<void>>()
  let departed = 0
  let changed: () => void = () => undefined
  const mayDepart = () => underWay.size === 0 || (underWay.size < mostUnderWay && (tally.statements >= departed * statementsApart || pace.isBehind()))
  while (departed < journeys && !stop.aborted) {
    if (mayDepart()) {
      departed += 1
      const journey = playJourney(traffic.next(), traffic, pace, () => changed()).finally(() => {
        underWay.delete(journey)
        changed()
      })
      underWay.add(journey)
    } else await new Promise<void>((resolve) => (changed = resolve))
  }
  await Promise.all(underWay)
}

async function playJourney({ number, story, troubles }: Journey, { stage, tally, now, onStranded, stop }: Traffic, pace: Pace, onStated: () => void): Promise<void> {
  tally.departed(troubles)
  const lastHour = Math.max(...story.steps.map(toldAt))
  const playing = playStory(story, newRun(new Date(now().getTime() - (lastHour + 1 + number) * hourMs)), { ...stage, keep: () => undefined }) // all of it lies in the past
  const strand = (why: string) => {
    tally.stranded(`${story.story} ${number + 1}: ${why}`)
    onStranded(`${story.story} ${number + 1}: ${why}`)
  }
  try {
    for (;;) {
      if (stop.aborted) return tally.stopped()
      await pace.turn()
      const { done, value } = await playing.next()
      if (done) return tally.arrived()
      tally.stated(value.step.statement, value.outcome.kind, value.ms)
      onStated()
      if (value.deviation !== undefined) return strand(`${value.step.name} of ${value.step.by} ${value.deviation}`)
    }
  } catch (error) {
    strand(wordsOf(error))
  }
}

export interface Pace {
  /** Resolves when the next statement may be made. */
  turn(): Promise<void>
  /** Whether fewer come than might: who is there waits for answers. */
  isBehind(): boolean
}

/** Lets so many through a second, one after the other; what was missed while nobody came is made up for at most a second long. */
export function openPace(perSecond: number, now: () => number = () => performance.now(), pauseFor: (ms: number) => Promise<unknown> = wait): Pace {
  const start = now()
  let next = start
  return {
    async turn() {
      next = Math.max(next, now() - 1_000)
      const pause = next - now()
      next += 1_000 / perSecond
      if (pause > 0) await pauseFor(pause)
    },
    isBehind: () => next > start && now() - next > 1_000 / perSecond,
  }
}
