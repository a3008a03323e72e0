import { occurredAtOf, bodyOfStep, type JsonObject, type Story, type StoryStep } from '../story.js'
import type { Chance } from './chance.js'
import { longestTrain, shortestTrain, trainOf } from './train.js'

/** A train under way: what it states next, and what became of what it stated. */
export interface TrainUnderWay {
  readonly subject: string
  /** The next statement, or undefined when the train has been delivered. */
  next(): { readonly step: StoryStep; readonly body: JsonObject; readonly occurredAt: string } | undefined
  /** The statement got this id, or none because it was not made; the next one's turn. */
  stated(eventId: string | undefined): void
}

const t0 = new Date('2026-06-01T00:00:00Z')

/** Trains of 30 to 91 boxes, each telling the story once. */
export function departures(story: Story, chance: Chance): () => TrainUnderWay {
  let departed = 0
  return () => {
    departed += 1
    return underWay(trainOf(story, chance.between(shortestTrain, longestTrain)), subjectOf(departed), new Date(t0.getTime() + departed * 3_600_000))
  }
}

function underWay(story: Story, subject: string, start: Date): TrainUnderWay {
  const events = new Map<string, string>()
  let at = 0
  return {
    subject,
    next() {
      const step = story.steps[at]
      return step && { step, body: bodyOfStep(story, step, { t0: start, events }), occurredAt: occurredAtOf(step, start) }
    },
    stated(eventId) {
      const step = story.steps[at]
      if (step && eventId !== undefined) events.set(step.name, eventId)
      at += 1
    },
  }
}

/** UUIDv7 by number: the same in every run. */
function subjectOf(number: number): string {
  return `01970000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}
