import { describe, expect, it } from '@jest/globals'
import { isValidEquipmentId, type StatementData } from '#libs/documents'
import { loadStory } from './load.js'
import { bodyOfStep, type JsonObject, type StoryStep } from './story.js'

const story = await loadStory('corridors/trans-caspian/stories/casca.json')
const t0 = new Date('2022-12-16T06:00:00Z')
const told = tell()

/** Every step with its body, as if each statement had been made in its turn. */
function tell() {
  const events = new Map<string, string>()
  return story.steps.map((step) => {
    const body = bodyOfStep(story, step, { t0, events })
    if (!step.expect) events.set(step.name, step.name.padEnd(43, '0'))
    return { step, body }
  })
}

describe('the 91 boxes', () => {
  const { ALL: all, V1: first, V2: second } = story.groups as Record<string, string[]>
  const note = noteOf('01-note')

  it('have valid numbers, and so have the wagons under them', () => {
    const wagons = ['09-loaded', '37-loaded'].flatMap((name) => loadingsOf(name).flatMap(({ carriedBy }) => carriedBy ?? []))
    expect(all?.filter((id) => !isValidEquipmentId('iso6346', id))).toEqual([])
    expect(wagons.filter((id) => !isValidEquipmentId('wagon1520', id))).toEqual([])
    expect(new Set(wagons).size).toBe(92)
  })

  it('balance with the note', () => {
    expect(all).toEqual([...first ?? [], ...second ?? []])
    expect([all?.length, first?.length, second?.length]).toEqual([91, 60, 31])
    expect(note.utilizedTransportEquipment.map(({ id }) => id)).toEqual(all)
    expect(sumOf(note.utilizedTransportEquipment)).toEqual({ packageQuantity: 2184, grossMassKg: 2_184_000 })
    expect(sumOf(note.itemAllocations ?? [])).toEqual(sumOf(note.utilizedTransportEquipment))
    expect(sumOf([note])).toEqual(sumOf(note.utilizedTransportEquipment))
    expect(sumOf(loadingsOf('09-loaded'))).toEqual(sumOf(note.utilizedTransportEquipment))
    expect(loadingsOf('09-loaded').reduce((sum, { verifiedGrossMassKg = 0 }) => sum + verifiedGrossMassKg, 0)).toBe(2_384_200)
  })

  it('ride two on a wagon and one on the last, paired anew after the sea', () => {
    const [before, after] = ['09-loaded', '37-loaded'].map((name) => pairsOf(loadingsOf(name)))
    expect(before?.map((pair) => pair.length).sort()).toEqual([1, ...Array<number>(45).fill(2)])
    expect(after?.map((pair) => pair.length).sort()).toEqual([1, ...Array<number>(45).fill(2)])
    expect(before?.filter((pair) => pair.length === 2).filter((pair) => after?.some((other) => other.join() === pair.join()))).toEqual([])
    expect(before?.slice(0, 30).flat()).toEqual(first)
  })

  it('carry the seals of their loading to the end, but for the one that customs replaced', () => {
    const seals = new Map<string, string>()
    for (const { step, body } of told) {
      for (const { id, seal } of sealsStated(step, body)) expect([step.name, id, seal]).toEqual([step.name, id, seals.get(id) ?? seal])
      for (const { id, seal } of sealsAffixed(step, body)) seals.set(id, seal)
    }
    expect([...seals.keys()].sort()).toEqual([...all ?? []].sort())
    expect(new Set(seals.values()).size).toBe(91)
    expect([...seals.values()].filter((seal) => seal.startsWith('AZGK'))).toHaveLength(1)
  })
})

function bodyOf(name: string): JsonObject {
  return told.find(({ step }) => step.name === name)?.body ?? {}
}

type Note = Omit<StatementData['NoteIssued']['note'], 'particulars'>
type Loadings = StatementData['LoadingReported']['loadings']

/** Bodies are judged by their schemas in stories.spec, so their parts are taken at their types. */
function noteOf(name: string): Note {
  return bodyOf(name)['note'] as unknown as Note
}

function loadingsOf(name: string): Loadings {
  return bodyOf(name)['loadings'] as unknown as Loadings
}

function pairsOf(loadings: Loadings): string[][] {
  const wagons = new Map<string, string[]>()
  for (const { equipmentId, carriedBy = '' } of loadings) wagons.set(carriedBy, [...wagons.get(carriedBy) ?? [], equipmentId])
  return [...wagons.values()]
}

function sumOf(rows: readonly { packageQuantity?: number; grossMassKg?: number }[]) {
  return rows.reduce<{ packageQuantity: number; grossMassKg: number }>(
    (sum, row) => ({ packageQuantity: sum.packageQuantity + (row.packageQuantity ?? 0), grossMassKg: sum.grossMassKg + (row.grossMassKg ?? 0) }),
    { packageQuantity: 0, grossMassKg: 0 },
  )
}

interface SealedItem { readonly id: string; readonly seal: string }
type Sealed = { readonly affixedSeal?: readonly { readonly id: string }[] }

function sealsOn(id: string, { affixedSeal = [] }: Sealed): SealedItem[] {
  return affixedSeal.map((seal) => ({ id, seal: seal.id }))
}

/** Seals a statement says are on a box: tendered, found at an answer or by an act, or taken off. */
function sealsStated({ statement }: StoryStep, body: JsonObject): SealedItem[] {
  const data = body as unknown as StatementData[keyof StatementData]
  switch (statement) {
    case 'HandoffOffered': {
      const { items } = data as StatementData['HandoffOffered']
      return items === 'all' ? [] : items.flatMap((item) => sealsOn(item.id, item))
    }
    case 'HandoffAnswered': return ((data as StatementData['HandoffAnswered']).exceptions ?? []).flatMap((one) => sealsOn(one.itemId, one))
    case 'ActDrawn': return (data as StatementData['ActDrawn']).findings.flatMap((one) => sealsOn(one.itemId, one.found ?? {}))
    case 'SealsChanged': return changesOf(data).flatMap(({ equipmentId: id, oldSealId: seal }) => (seal ? [{ id, seal }] : []))
    default: return []
  }
}

function sealsAffixed({ statement }: StoryStep, body: JsonObject): SealedItem[] {
  const data = body as unknown as StatementData[keyof StatementData]
  switch (statement) {
    case 'LoadingReported': return (data as StatementData['LoadingReported']).loadings.flatMap((one) => sealsOn(one.equipmentId, one))
    case 'SealsChanged': return changesOf(data).flatMap(({ equipmentId: id, seal }) => (seal ? [{ id, seal: seal.id }] : []))
    default: return []
  }
}

function changesOf(data: StatementData[keyof StatementData]): StatementData['SealsChanged']['changes'] {
  return (data as StatementData['SealsChanged']).changes
}
