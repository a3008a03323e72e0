import type { StatementBody } from '#libs/documents'
import { bodyOfStep, noteOf, occurredAtOf, type Story } from '../../corridors/story.js'
import type { MemoryCorridor } from './memory-corridor.js'

export interface ToldInMemory {
  /** The first consignment, once its note is accepted. */
  readonly subject: string | undefined
  /** Each, by the step that issued its note. */
  readonly subjects: ReadonlyMap<string, string>
  /** `step: accepted`, or the code of its refusal. */
  readonly outcomes: readonly string[]
}

/**
 * Makes every statement of a story at its issuer's node, each after the one before is decided.
 * @param after what is looked at when a step is decided
 */
export async function tellInMemory(
  corridor: MemoryCorridor, story: Story, t0: Date, after: (step: Story['steps'][number], subject: string) => Promise<void> = () => Promise.resolve(),
): Promise<ToldInMemory> {
  const events = new Map<string, string>()
  const outcomes: string[] = []
  const subjects = new Map<string, string>()
  const first = () => [...subjects.values()][0]
  for (const step of story.steps) {
    const body = { ...bodyOfStep(story, step, { t0, events }), occurredAt: occurredAtOf(step, t0) } as unknown as StatementBody<typeof step.statement>
    const result = await corridor.node(step.by).submit(step.statement, body, step.statement === 'NoteIssued' ? undefined : subjects.get(noteOf(story, step) ?? ''))
    if (result.kind === 'accepted') {
      events.set(step.name, result.eventId)
      if (step.statement === 'NoteIssued') subjects.set(step.name, result.subject)
    }
    outcomes.push(`${step.name}: ${result.kind === 'refused' ? result.code.replace('RULE:', '') : result.kind}`)
    await after(step, first() ?? '')
  }
  return { subject: first(), subjects, outcomes }
}

export function outcomesAsTold(story: Story): readonly string[] {
  return story.steps.map((step) => `${step.name}: ${step.expect?.code ?? 'accepted'}`)
}
