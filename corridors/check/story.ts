import { mayState } from '#libs/consignment'
import { maxBodyErrors, parseBody, parseDoorJson, referencesIn, type StatementBody } from '#libs/documents'
import type { CorridorParticipant, CorridorPlace } from '../load.js'
import { bodyOfStep, occurredAtOf, toldAt, type Json, type JsonObject, type Story, type StoryStep } from '../story.js'
import { Words, type Notebook } from './finding.js'
import { hasShape, noteRepeated, rowsOf, type Row } from './read-file.js'
import type { Known } from './register.js'
import { checkRoute } from './route.js'
import { stepErrors, storyErrors } from './shapes.js'
import { checkNumbers, escaped, walk, walkStory, writtenAt } from './story-values.js'

/** What the rest of the folder says, for a story to be held against. */
export interface Surroundings {
  readonly known: Known
  readonly participants: readonly Row<CorridorParticipant>[]
  readonly places: readonly Row<CorridorPlace>[]
  readonly outside: readonly string[]
}

const t0 = new Date('2026-06-01T00:00:00Z')

/** Holds a story against its shape, the statements' schemas, the register and itself. The story, where it has one's shape. */
export function checkStory(value: unknown, fileName: string, around: Surroundings, notes: Notebook): Story | undefined {
  if (!hasShape(value, storyErrors, notes)) return undefined
  const story = value as Story // its outer shape has just been checked, its steps are next
  if (story.story !== fileName) notes.error('/story', story.story, `${fileName}, as its file is called`)
  const rows = rowsOf<StoryStep>(story.steps, '/steps', stepErrors, notes)
  noteRepeated(rows, 'name', ({ name }) => name, notes)
  checkOrder(rows, notes)
  checkNumbers(story, notes)
  checkUse(story, rows, notes)
  const before = new Map<string, StoryStep>()
  const bodies = rows.flatMap((one) => {
    const body = checkStep(story, one, before, around, notes)
    before.set(one.row.name, one.row)
    return body ? [{ ...one, body }] : []
  })
  checkRoute(story, bodies, around, (step, pointer) => writtenAt(story, step.row.body, `${step.pointer}/body`, pointer), notes)
  return rows.length === story.steps.length ? story : undefined
}

function checkOrder(rows: readonly Row<StoryStep>[], notes: Notebook): void {
  for (const [index, { row, pointer }] of rows.entries()) {
    const former = rows[index - 1]?.row
    if (row.statedAt !== undefined && row.statedAt <= row.at) notes.error(`${pointer}/statedAt`, row.statedAt, `later than it happened: more than ${row.at}`)
    const member = row.statedAt === undefined ? 'at' : 'statedAt'
    if (former && toldAt(row) < toldAt(former)) notes.error(`${pointer}/${member}`, row[member], `not before ${former.name}, which is told earlier: at least ${toldAt(former)}`)
  }
}

function checkUse(story: Story, rows: readonly Row<StoryStep>[], notes: Notebook): void {
  const used = new Set<string>()
  walkStory({ groups: {}, tables: {}, steps: rows.map(({ row }) => row) }, (value, pointer) => {
    if (typeof value === 'string' && /\/\$(?:group|table)$/.test(pointer)) used.add(`${pointer.endsWith('group') ? 'groups' : 'tables'}/${value}`)
  })
  for (const list of ['groups', 'tables'] as const) {
    for (const name of Object.keys(story[list])) if (!used.has(`${list}/${name}`) && name !== 'ALL') notes.warning(`/${list}/${escaped(name)}`, new Words('used by no step'), 'a step that names it')
  }
}

/** The step's body with every reference put in, where all of it fits. */
function checkStep(story: Story, { row: step, pointer }: Row<StoryStep>, before: ReadonlyMap<string, StoryStep>, around: Surroundings, notes: Notebook): JsonObject | undefined {
  const actor = around.participants.find(({ row }) => row.participant === step.by)?.row
  if (!around.known.participants.has(step.by)) notes.error(`${pointer}/by`, step.by, 'a participant of participants.json')
  else if (actor && step.expect?.code !== 'ROLE' && !mayState(step.statement, actor)) notes.error(`${pointer}/by`, step.by, `one who may state ${step.statement}; this one is ${[...actor.roles, ...actor.capacities].join(', ')}`)
  const opener = step.on === undefined ? undefined : before.get(step.on)
  if (step.on !== undefined && (step.statement === 'NoteIssued' || opener?.statement !== 'NoteIssued' || opener.expect)) notes.error(`${pointer}/on`, step.on, 'the name of a step before this one that issues a note; none for a note itself')
  if (!checkReferences(story, step, `${pointer}/body`, before, notes)) return undefined
  const events = new Map([...before.keys()].map((name) => [name, name.padEnd(43, '0').slice(0, 43)]))
  const body = { ...bodyOfStep(story, step, { t0, events }), occurredAt: occurredAtOf(step, t0) }
  const at = (within: string) => writtenAt(story, step.body, `${pointer}/body`, within)
  const read = parseDoorJson(Buffer.from(JSON.stringify(body)))
  if (!read.ok) notes.error(at(read.pointer ?? ''), new Words(read.message), 'a body that the API takes')
  const parsed = parseBody(step.statement, body)
  if (!parsed.ok) {
    for (const error of parsed.errors) notes.error(at(error.pointer), new Words(error.found), error.expected)
    if (parsed.errors.length === maxBodyErrors) notes.error(`${pointer}/body`, new Words(`${maxBodyErrors} errors and more`), 'a body that the API takes')
    return undefined
  }
  for (const { kind, id, pointer: within } of namesIn(step, parsed.value)) {
    const isKnown = kind === 'place' ? around.known.places.has(id) : around.known.participants.has(id) || (kind === 'party' && id.startsWith('outside:'))
    if (!isKnown) notes.error(at(within), id, kind === 'place' ? 'a place of places.json' : kind === 'party' ? 'a participant of participants.json, or outside:…' : 'a participant of participants.json')
  }
  return body
}

/** A step that is told to be refused for a stranger may name one. */
function namesIn(step: StoryStep, body: StatementBody<StoryStep['statement']>) {
  return step.expect?.code === 'UNKNOWN_REFERENCE' ? [] : referencesIn(step.statement, body)
}

/** Whether every reference leads to a group, a table, a time or an accepted step before this one. */
function checkReferences(story: Story, step: StoryStep, pointer: string, before: ReadonlyMap<string, StoryStep>, notes: Notebook): boolean {
  let isSound = true
  const wrong = (at: string, found: Json, expected: string) => {
    notes.error(at, found, expected)
    isSound = false
  }
  walk(step.body, pointer, (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return
    const members = Object.entries(value as JsonObject) // a list is excluded just before
    const reference = members.find(([member]) => member.startsWith('$'))
    if (!reference) return
    const [kind, name] = reference
    if (members.length > 1) return wrong(at, value, `${kind} with nothing beside it`)
    const fault = referenceFault(story, kind, name, before)
    if (fault !== undefined) wrong(`${at}/${kind}`, name, fault)
  })
  return isSound
}

function referenceFault(story: Story, kind: string, name: Json, before: ReadonlyMap<string, StoryStep>): string | undefined {
  switch (kind) {
    case '$group': return typeof name === 'string' && Object.hasOwn(story.groups, name) ? undefined : 'the name of a group of the story'
    case '$table': return typeof name === 'string' && Object.hasOwn(story.tables, name) ? undefined : 'the name of a table of the story'
    case '$time': return typeof name === 'number' ? undefined : 'hours from T0, as a number'
    case '$event': {
      const step = typeof name === 'string' ? before.get(name) : undefined
      return step && !step.expect ? undefined : step ? 'a step that is accepted: this one is told to be refused' : 'the name of a step before this one'
    }
    default: return 'one of $group, $table, $event, $time'
  }
}
