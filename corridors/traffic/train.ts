import type { Json, JsonObject, Story, StoryStep } from '../story.js'

/** The box around which the story's hold turns; every train has it. */
const troubledBox = 'KRVU3054380'

/** As many boxes as the story has. */
export const longestTrain = 91
export const shortestTrain = 30

/** Whether a story can be cut: it is that of the copper train, in two voyages and with one troubled box. */
export function isTrain({ groups }: Story): boolean {
  return groups['V1']?.includes(troubledBox) === true && groups['V2'] !== undefined
}

/**
 * The CASCA+ story cut to a train of fewer boxes, with what terminals and railways report of each box and wagon put in between: the story itself tells
 * of the whole train (88 statements), a real one brings ten facts and more a box.
 * @param boxes 30 to 91
 */
export function trainOf(story: Story, boxes: number): Story {
  const groups = cutGroups(story, boxes)
  const all = new Set(groups['ALL'])
  const tables = Object.fromEntries(Object.entries(story.tables).map(([name, rows]) => [name, rows.filter((row) => all.has(boxOf(row)))]))
  const wagons = wagonsOf(tables['loadingsUz'] ?? [])
  const steps = story.steps.flatMap((step) => [inTotals(step, boxes), ...moves.filter(({ after }) => after === step.name).flatMap((move) => factsOf(move, step, groups, wagons))])
  return { ...story, groups, tables, steps }
}

function cutGroups({ groups }: Story, boxes: number): Readonly<Record<string, readonly string[]>> {
  const onFirstVoyage = Math.round((boxes * (groups['V1']?.length ?? 0)) / longestTrain)
  const first = (groups['V1'] ?? []).slice(0, onFirstVoyage)
  const second = (groups['V2'] ?? []).slice(0, boxes - onFirstVoyage)
  if (!first.includes(troubledBox)) throw new RangeError(`a train of ${boxes} boxes is too short for the story`)
  return { ...groups, V1: first, V2: second, ALL: [...first, ...second] }
}

function boxOf(row: Json): string {
  const { equipmentId, id } = row as { readonly equipmentId?: string; readonly id?: string } // the story's tables are rows about boxes
  return equipmentId ?? id ?? ''
}

/** The note states sums, 24 bags and 24 tonnes a box. */
function inTotals(step: StoryStep, boxes: number): StoryStep {
  const { note } = step.body as { readonly note?: JsonObject }
  if (!note) return step
  return { ...step, body: { ...step.body, note: { ...note, packageQuantity: 24 * boxes, grossMassKg: 24_000 * boxes, transportEquipmentQuantity: boxes } } }
}

/** What is reported of each box or wagon of a group after a step of the story, by whoever has them then. */
interface Move {
  readonly after: string
  readonly by: string
  readonly of: 'box' | 'wagon'
  readonly group: 'ALL' | 'V1' | 'V2'
  readonly placeId: string
  /** Codes of Recommendation 24 (UNTDID 9013): one report for each. */
  readonly statusCodes: readonly string[]
}

const unloadedAndStored = ['29', '91']
const loaded = ['48']
const sealed = ['83']
const transferred = ['98']

const moves: readonly Move[] = [
  { after: '09-loaded', by: 'uz-forwarder', of: 'box', group: 'ALL', placeId: 'uz-ahangaran', statusCodes: sealed },
  { after: '16-answer', by: 'tm-tdy', of: 'wagon', group: 'ALL', placeId: 'uz-khodjadavlet', statusCodes: transferred },
  { after: '20-unloaded', by: 'tm-port-turkmenbashi', of: 'box', group: 'ALL', placeId: 'tm-turkmenbashi-port', statusCodes: ['91'] },
  { after: '22-answer', by: 'tm-port-turkmenbashi', of: 'box', group: 'V1', placeId: 'tm-turkmenbashi-port', statusCodes: loaded },
  { after: '29-answer', by: 'az-port-alat', of: 'box', group: 'V1', placeId: 'az-alat', statusCodes: unloadedAndStored },
  { after: '34-answer-ship', by: 'tm-port-turkmenbashi', of: 'box', group: 'V2', placeId: 'tm-turkmenbashi-port', statusCodes: loaded },
  { after: '34-answer-alat', by: 'az-port-alat', of: 'box', group: 'V2', placeId: 'az-alat', statusCodes: unloadedAndStored },
  { after: '37-loaded', by: 'az-port-alat', of: 'box', group: 'ALL', placeId: 'az-alat', statusCodes: ['79'] },
  { after: '41-answer', by: 'ge-gr', of: 'wagon', group: 'ALL', placeId: 'az-boyuk-kesik', statusCodes: transferred },
  { after: '43-unloaded', by: 'ge-port-batumi', of: 'box', group: 'ALL', placeId: 'ge-batumi', statusCodes: ['91'] },
  { after: '44-answer', by: 'ge-port-batumi', of: 'box', group: 'ALL', placeId: 'ge-batumi', statusCodes: loaded },
  { after: '45-answer-terminal', by: 'bg-port-burgas', of: 'box', group: 'ALL', placeId: 'bg-burgas', statusCodes: unloadedAndStored },
]

function factsOf({ by, of, group, placeId, statusCodes }: Move, after: StoryStep, groups: Story['groups'], wagons: ReadonlyMap<string, string>): readonly StoryStep[] {
  const boxes = groups[group] ?? []
  const parts = of === 'box' ? boxes.map((box) => [box]) : byWagon(boxes, wagons)
  return statusCodes.flatMap((statusCode) => parts.map((items) => ({
    name: `${after.name}-${statusCode}-${items[0]}`, row: after.row, at: after.at, by, says: '', statement: 'MovementReported',
    body: { statusCode, placeId, time: { kind: 'actual', at: { $time: after.at } }, items },
  } satisfies StoryStep)))
}

function byWagon(boxes: readonly string[], wagons: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const loads = new Map<string, string[]>()
  for (const box of boxes) loads.set(wagons.get(box) ?? '', [...(loads.get(wagons.get(box) ?? '') ?? []), box])
  return [...loads.values()]
}

function wagonsOf(loadings: readonly Json[]): ReadonlyMap<string, string> {
  return new Map(loadings.map((row) => [boxOf(row), (row as { readonly carriedBy?: string }).carriedBy ?? '']))
}
