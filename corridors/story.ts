import type { StatementType } from '#libs/documents'

/**
 * A story: a journey along the corridor as single statements, told in hours from a moment T0; mostly of one consignment, the first whose note is issued,
 * beside others where they share a ship's list. Bodies name what is only known when the story is played
 * (event ids, times) or what would repeat itself (lists of boxes) by reference; `bodyOfStep` puts it in. Pure, so that tests and players tell the same story.
 */
export interface Story {
  readonly story: string
  readonly title: string
  /** What was made up for the demo and what no source confirms. */
  readonly invented: readonly string[]
  /** What T0 is. */
  readonly t0: string
  /** Named lists of item ids. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** Named lists of rows. */
  readonly tables: Readonly<Record<string, readonly Json[]>>
  readonly steps: readonly StoryStep[]
}

export interface StoryStep {
  readonly name: string
  /** Row of the domain's event list that this step belongs to. */
  readonly row: number
  /** Hours from T0. */
  readonly at: number
  /** Hours from T0 when it was stated, where that came so much later that others spoke meanwhile: a ship without a connection. */
  readonly statedAt?: number
  /** The participant that states it. */
  readonly by: string
  readonly statement: StatementType
  /** Where the story tells several consignments: the step whose note opened the one this is stated on. Without it, the first note of the story. */
  readonly on?: string
  readonly invented?: true
  /** One line for whoever watches. */
  readonly says: string
  /** The statement's data; blocks of particulars stand beside it in plaintext, because digests come into being with the salt. */
  readonly body: JsonObject
  /** The refusal this step is there to show. Without it the statement is accepted. */
  readonly expect?: { readonly status: number; readonly code: string }
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject { readonly [member: string]: Json }

/** What a story needs from whoever plays it. */
export interface Telling {
  readonly t0: Date
  /** Event ids by the name of the step that made them. */
  readonly events: ReadonlyMap<string, string>
}

/** A body names a group, table, step or time that does not exist, or a step that has not been stated yet. */
export class StoryReferenceError extends Error {
  readonly code = 'STORY_REFERENCE'

  constructor(readonly step: string, readonly reference: string) {
    super(`step ${step} refers to ${reference}, which is not there`)
    this.name = 'StoryReferenceError'
  }
}

const hourMs = 3_600_000

/** Hours from T0 when a step is told: steps stand in this order, which is the order of the log, and not in that of what happened. */
export function toldAt({ at, statedAt = at }: Pick<StoryStep, 'at' | 'statedAt'>): number {
  return statedAt
}

/** The step whose note opened the consignment that a step is stated on: a note opens its own. Undefined in a story without a note. */
export function noteOf({ steps }: Pick<Story, 'steps'>, { name, statement, on }: Pick<StoryStep, 'name' | 'statement' | 'on'>): string | undefined {
  return statement === 'NoteIssued' ? name : (on ?? steps.find((step) => step.statement === 'NoteIssued')?.name)
}

/** When a step happens; the statement's `occurredAt`. */
export function occurredAtOf(step: StoryStep, t0: Date): string {
  return timeAt(t0, step.at)
}

/**
 * A step's body with every reference put in: `{"$group": name}` → item ids, `{"$table": name}` → rows, `{"$event": step}` → that step's event id,
 * `{"$time": hours}` → RFC 3339 in UTC. Throws `StoryReferenceError` for a reference that leads nowhere.
 */
export function bodyOfStep(story: Story, step: StoryStep, telling: Telling): JsonObject {
  const resolve = (value: Json): Json => {
    if (isList(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    const members = Object.entries(value)
    const reference = members.find(([name]) => name.startsWith('$'))
    if (!reference) return mapped(members)
    const found = members.length === 1 ? lookUp(story, telling, reference) : undefined
    if (found === undefined) throw new StoryReferenceError(step.name, JSON.stringify(value))
    return found
  }
  const mapped = (members: readonly (readonly [string, Json])[]) => Object.fromEntries(members.map(([name, member]) => [name, resolve(member)]))
  return mapped(Object.entries(step.body))
}

function lookUp(story: Story, { t0, events }: Telling, [kind, name]: readonly [string, Json]): Json | undefined {
  if (kind === '$time') return typeof name === 'number' && Number.isFinite(name) ? timeAt(t0, name) : undefined
  if (typeof name !== 'string') return undefined
  switch (kind) {
    case '$group': return own(story.groups, name)
    case '$table': return own(story.tables, name)
    case '$event': return events.get(name)
    default: return undefined
  }
}

function own<T>(lists: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(lists, name) ? lists[name] : undefined
}

function timeAt(t0: Date, hours: number): string {
  return new Date(t0.getTime() + Math.round(hours * hourMs)).toISOString()
}

/** `Array.isArray` does not narrow readonly lists. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
