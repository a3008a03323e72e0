import type { StatementBody } from '#libs/documents'
import { bodyOfStep, occurredAtOf, type Story } from '../../corridors/story.js'
import type { MemoryCorridor } from './memory-corridor.js'

export interface ToldInMemory {
  /** The consignment, once its note is accepted. */
  readonly subject: string | undefined
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
  let subject: string | undefined
  for (const step of story.steps) {
    const body = { ...bodyOfStep(story, step, { t0, events }), occurredAt: occurredAtOf(step, t0) } as unknown as StatementBody<typeof step.statement>
    const result = await corridor.node(step.by).submit(step.statement, body, subject)
    if (result.kind === 'accepted') {
      events.set(step.name, result.eventId)
      subject ??= result.subject
    }
    outcomes.push(`${step.name}: ${result.kind === 'refused' ? result.code.replace('RULE:', '') : result.kind}`)
    await after(step, subject ?? '')
  }
  return { subject, outcomes }
}

export function outcomesAsTold(story: Story): readonly string[] {
  return story.steps.map((step) => `${step.name}: ${step.expect?.code ?? 'accepted'}`)
}
