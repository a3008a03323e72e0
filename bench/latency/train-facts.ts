import { isRoutedType, pathOf } from '#libs/documents'
import { bodyOfStep, occurredAtOf, type Story, type StoryStep } from '../../corridors/story.js'
import { longestTrain, trainOf } from '../../corridors/traffic/train.js'

/** A statement ready to be posted by somebody of a participant. */
export interface Fact {
  readonly by: string
  readonly path: string
  readonly statement: string
}

const t0 = new Date('2026-06-01T00:00:00Z')
const telling = { t0, events: new Map<string, string>() }

/** The note of the story's train, with everybody of the corridor on its way. */
export function noteOf(story: Story): Fact {
  const step = story.steps.find(({ statement }) => statement === 'NoteIssued')
  if (!step) throw new Error('a story begins with its note')
  return factOf(story, step, undefined)
}

/**
 * What terminals and railways report of the boxes of trains under way, without end: each organisation in turn, each of the next train, so that
 * neighbours in this sequence share neither node nor consignment.
 */
export function reportsOf(story: Story, trains: readonly string[]): () => Fact {
  const train = trainOf(story, longestTrain)
  const byOrganisation = new Map<string, StoryStep[]>()
  for (const step of train.steps.filter(({ statement }) => statement === 'MovementReported')) byOrganisation.set(step.by, [...(byOrganisation.get(step.by) ?? []), step])
  const queues = [...byOrganisation.values()]
  let count = 0
  return () => {
    const [queue, turn] = [queues[count % queues.length] ?? [], Math.floor(count / queues.length)]
    const step = queue[turn % queue.length]
    const subject = trains[count % trains.length]
    if (!step) throw new Error('nobody reports anything in this story')
    count += 1
    return factOf(train, step, subject)
  }
}

function factOf(story: Story, step: StoryStep, subject: string | undefined): Fact {
  if (!isRoutedType(step.statement)) throw new Error(`${step.statement} cannot be posted`)
  const body = { ...bodyOfStep(story, step, telling), occurredAt: occurredAtOf(step, t0) }
  return { by: step.by, path: pathOf(step.statement, subject), statement: JSON.stringify(body) }
}
