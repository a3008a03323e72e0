import { describe, expect, it } from '@jest/globals'
import { mayState } from '#libs/consignment'
import { blockFaultOf, isValidEquipmentId, parseBody, parseDoorJson, type StatementData } from '#libs/documents'
import { loadCorridor, loadStory, type CorridorParticipant } from './load.js'
import { bodyOfStep, occurredAtOf, type JsonObject, type StoryStep } from './story.js'

const corridor = await loadCorridor('corridors/trans-caspian')
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

describe('the copper train', () => {
  it('is told in order, each step under its own name, by seventeen participants', () => {
    expect(story.steps.map((step) => step.at)).toEqual(story.steps.map((step) => step.at).sort((a, b) => a - b))
    expect(new Set(story.steps.map((step) => step.name)).size).toBe(story.steps.length)
    expect(new Set(story.steps.map((step) => step.by)).size).toBe(17)
  })

  it.each(told.map(({ step, body }) => [step.name, step, body] as const))('%s has a body the API takes, by one who may state it', (_, step, body) => {
    const request = Buffer.from(JSON.stringify({ ...body, occurredAt: occurredAtOf(step, t0) }))
    const door = parseDoorJson(request)
    expect(door).toMatchObject({ ok: true })
    expect(parseBody(step.statement, door.ok && door.value)).toMatchObject({ ok: true })
    expect(mayState(step.statement, rowOf(step.by))).toBe(true)
  })

  it('names only participants and places of the register', () => {
    const known = new Set([...corridor.participants.map((row) => row.participant), ...corridor.places.map((row) => row.placeId)])
    const looksNamed = /^(uz|tm|az|ge|bg)-[a-z-]+$|^(caspian|blacksea)-line$|^consignee-side$/
    const named = [...new Set(strings(told.map(({ body }) => body)))].filter((text) => looksNamed.test(text))
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  it('lets a port read the goods and no prices, and a carrier only its own', () => {
    const blocks = blocksOf(bodyOf('01-note'))
    for (const block of blocks.filter(({ name }) => name === 'commercial')) {
      expect(block.readers.filter((reader) => !rowOf(reader).roles.includes('customs')).sort()).toEqual(['uz-forwarder', block.for].sort())
    }
    expect(blocks.filter(({ name }) => name === 'commercial')).toHaveLength(6)
    const ports = noteOf('01-note').mainCarriageTransportMovement.flatMap(({ handledBy = [] }) => handledBy.map(({ participant }) => participant))
    expect(blocks.find(({ name }) => name === 'goods')?.readers).toEqual(expect.arrayContaining(ports))
  })

  it('has blocks of particulars that fit their schemas once salted', () => {
    for (const block of told.flatMap(({ body }) => blocksOf(body))) {
      expect([block.name, blockFaultOf(block.name, { ...block.content, salt: 'A'.repeat(43), consignmentId: '01970000-0000-7000-8000-000000000001' })]).toEqual([block.name, undefined])
    }
  })
})

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

function rowOf(participant: string): Pick<CorridorParticipant, 'roles' | 'capacities'> {
  return corridor.participants.find((row) => row.participant === participant) ?? { roles: [], capacities: [] }
}

interface Block {
  readonly name: Parameters<typeof blockFaultOf>[0]
  readonly for?: string
  readonly readers: string[]
  readonly content: object
}

function blocksOf(body: JsonObject): Block[] {
  return (body['particulars'] as { blocks: Block[] } | undefined)?.blocks ?? []
}

type Note = Omit<StatementData['NoteIssued']['note'], 'particulars'>
type Loadings = StatementData['LoadingReported']['loadings']

/** Bodies have been judged by their schemas above, so their parts are taken at their types. */
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

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}
