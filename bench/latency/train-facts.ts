import { isRoutedType, pathOf } from '#libs/documents'
import { bodyOfStep, occurredAtOf, type JsonObject, type Story, type StoryStep } from '../../corridors/story.js'
import { longestTrain, trainOf } from '../../corridors/traffic/train.js'

/** What somebody of a participant states. */
export interface Told {
  readonly by: string
  readonly type: string
  readonly body: JsonObject
  readonly occurredAt: string
}

/** A statement ready to be posted by somebody of a participant. */
export interface Fact {
  readonly by: string
  readonly path: string
  readonly statement: string
}

const t0 = new Date('2026-06-01T00:00:00Z')
const telling = { t0, events: new Map<string, string>() }

/** The note of the story's train, with everybody of the corridor on its way. */
export function noteOf(story: Story): Told {
  const step = story.steps.find(({ statement }) => statement === 'NoteIssued')
  if (!step) throw new Error('a story begins with its note')
  return toldIn(story, step)
}

/**
 * What terminals and railways report of the boxes of trains under way, without end: each organisation in turn, each of the next train, so that
 * neighbours in this sequence share neither node nor consignment.
 */
export function reportsOf(story: Story, trains: readonly string[]): () => Told & { readonly subject: string } {
  const train = trainOf(story, longestTrain)
  const byOrganisation = new Map<string, StoryStep[]>()
  for (const step of train.steps.filter(({ statement }) => statement === 'MovementReported')) byOrganisation.set(step.by, [...(byOrganisation.get(step.by) ?? []), step])
  const queues = [...byOrganisation.values()]
  let count = 0
  return () => {
    const [queue, turn] = [queues[count % queues.length] ?? [], Math.floor(count / queues.length)]
    const step = queue[turn % queue.length]
    const subject = trains[count % trains.length]
    if (!step || subject === undefined) throw new Error('nobody reports anything of any train')
    count += 1
    return { ...toldIn(train, step), subject }
  }
}

function toldIn(story: Story, step: StoryStep): Told {
  return { by: step.by, type: step.statement, body: bodyOfStep(story, step, telling), occurredAt: occurredAtOf(step, t0) }
}

export function factOf({ by, type, body, occurredAt }: Told, subject?: string): Fact {
  if (!isRoutedType(type)) throw new Error(`${type} cannot be posted`)
  return { by, path: pathOf(type, subject), statement: JSON.stringify({ ...body, occurredAt }) }
}
