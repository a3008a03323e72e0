import { isRoutedType } from '#libs/documents'
import { bodyOfStep, noteOf, occurredAtOf, type Json, type JsonObject, type Story, type StoryStep } from '../../corridors/story.js'
import type { DemoRun } from './demo-run.js'
import { post, type Outcome, type Patience } from './statement-client.js'

/** What a playing needs from outside. */
export interface Stage {
  nodeUrlOf(participant: string): string
  /** A token of somebody who may state for the participant. */
  tokenOf(participant: string): Promise<string>
  /** Told the run after each step; what it keeps is where a killed demo goes on. */
  keep(run: DemoRun): void
  readonly patience?: Patience
}

/** One step as it went. */
export interface PlayedStep {
  readonly number: number
  readonly of: number
  readonly step: StoryStep
  readonly occurredAt: string
  /** How many items it speaks of, where it names any. */
  readonly items: number | undefined
  readonly outcome: Outcome
  readonly ms: number
  /** Why this is not what the story says; the playing ends here. */
  readonly deviation?: string
}

/** Plays what a run has not played yet, step by step, through each issuer's own node. */
export async function* playStory(story: Story, run: DemoRun, stage: Stage): AsyncGenerator<PlayedStep, DemoRun> {
  let current = run
  for (const [index, step] of story.steps.entries()) {
    if (Object.hasOwn(current.events, step.name)) continue
    const played = await playStep(story, step, current, stage)
    if (played.deviation === undefined) {
      const { outcome } = played
      const event = outcome.kind === 'accepted' ? outcome.eventId : null
      const opened = outcome.kind === 'accepted' && step.statement === 'NoteIssued' ? { [step.name]: outcome.subject } : {}
      current = { ...current, subjects: { ...current.subjects, ...opened }, events: { ...current.events, [step.name]: event } }
      stage.keep(current)
    }
    yield { number: index + 1, of: story.steps.length, ...played }
    if (played.deviation !== undefined) break
  }
  return current
}

async function playStep(story: Story, step: StoryStep, run: DemoRun, stage: Stage): Promise<Omit<PlayedStep, 'number' | 'of'>> {
  const { statement, by, name, expect } = step
  if (!isRoutedType(statement)) throw new Error(`${name}: ${statement} cannot be posted`)
  const t0 = new Date(run.t0)
  const events = new Map(Object.entries(run.events).flatMap(([of, event]) => (event === null ? [] : [[of, event]])))
  const occurredAt = occurredAtOf(step, t0)
  const body = bodyOfStep(story, step, { t0, events })
  const since = performance.now()
  const outcome = await post(
    {
      nodeUrl: stage.nodeUrlOf(by),
      type: statement,
      subject: statement === 'NoteIssued' ? undefined : run.subjects[noteOf(story, step) ?? ''],
      body: { ...body, occurredAt },
      idempotencyKey: `${run.runId}-${name}`,
      token: () => stage.tokenOf(by),
    },
    stage.patience,
  )
  const deviation = deviationOf(outcome, expect)
  return { step, occurredAt, items: itemCountOf(body, story, step), outcome, ms: performance.now() - since, ...(deviation !== undefined && { deviation }) }
}

function deviationOf(outcome: Outcome, expected: StoryStep['expect']): string | undefined {
  if (outcome.kind === 'accepted') return expected && `was to be refused with ${expected.status} ${expected.code}, and was accepted`
  if (expected?.status === outcome.status && expected.code === outcome.code) return undefined
  const wanted = expected ? `${expected.status} ${expected.code}` : 'acceptance'
  return `refused with ${outcome.status} ${outcome.code}${outcome.detail && ` (${outcome.detail})`}, the story says ${wanted}`
}

/** Members by which statements name items or rows of items. */
const itemLists = ['items', 'loadings', 'changes', 'findings'] as const

/** How many items a body names; an answer names an offer, whose items are the offer's. */
function itemCountOf(body: JsonObject, story: Story, { on }: StoryStep): number | undefined {
  const note = asObject(body['note'])
  if (note) return lengthOf(note['utilizedTransportEquipment'])
  for (const member of itemLists) {
    if (body[member] === 'all') return on === undefined ? story.groups['ALL']?.length : undefined // the group is that of the first note
    const length = lengthOf(body[member])
    if (length !== undefined) return length
  }
  return undefined
}

function lengthOf(value: Json | undefined): number | undefined {
  return Array.isArray(value) ? value.length : undefined
}

function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined // a list is excluded just before
}
