import { describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { mayState } from '#libs/consignment'
import { blockFaultOf, parseBody, parseDoorJson, type ConsignmentNote } from '#libs/documents'
import { judgeStory, refusalIn } from './judge-story.js'
import { loadCorridor, loadStory } from './load.js'
import { bodyOfStep, noteOf, occurredAtOf, toldAt, type JsonObject } from './story.js'

const folder = 'corridors/trans-caspian'
const corridor = await loadCorridor(folder)
const t0 = new Date('2022-12-16T06:00:00Z')
const stories = await Promise.all(corridor.stories.map((name) => loadStory(join(folder, 'stories', `${name}.json`))))

interface Ending {
  readonly items: number
  readonly consigneeSide: string
  readonly contracts: string
  /** What a rule refuses, in the order of the story. */
  readonly refusals: readonly string[]
}

const endings: Readonly<Record<string, Ending>> = {
  casca: { items: 91, consigneeSide: 'consignee-side', contracts: 'c1,c2,c3,c4', refusals: ['HELD_BY_CUSTOMS'] },
  'altynkol-poti': { items: 40, consigneeSide: 'ge-grlt', contracts: 'c1,c2,c3', refusals: ['NOT_CONTRACTUAL_CARRIER', 'DEPARTED', 'NOT_HOLDER'] },
  'kuryk-kars': { items: 20, consigneeSide: 'tr-consignee-side', contracts: 'c1', refusals: ['NOT_HOLDER', 'HELD_BY_CUSTOMS', 'NOT_CONTRACTUAL_CARRIER'] },
}

it('has an ending noted for each story', () => {
  expect(Object.keys(endings)).toEqual([...corridor.stories])
})

describe.each(stories.map((story) => [story.story, story] as const))('the story %s', (name, story) => {
  const judged = judgeStory(corridor, story, t0)
  const events = new Map(judged.map(({ step, eventId }) => [step.name, eventId]))
  const told = story.steps.map((step) => ({ step, body: bodyOfStep(story, step, { t0, events }) }))
  const ending = endings[name]
  const end = judged.at(-1)?.judged.subject.consignment

  it('is told in order, each step under its own name, and says what is invented', () => {
    expect(story.steps.map(toldAt)).toEqual(story.steps.map(toldAt).sort((a, b) => a - b))
    expect(new Set(story.steps.map((step) => step.name)).size).toBe(story.steps.length)
    expect(story.invented.length).toBeGreaterThan(2)
  })

  it('has bodies the API takes, by those who may state them', () => {
    for (const { step, body } of told) {
      const door = parseDoorJson(Buffer.from(JSON.stringify({ ...body, occurredAt: occurredAtOf(step, t0) })))
      const row = corridor.participants.find(({ participant }) => participant === step.by)
      const isTaken = door.ok && parseBody(step.statement, door.value).ok
      expect([step.name, isTaken, row && mayState(step.statement, row)]).toEqual([step.name, true, true])
    }
  })

  it('lets those on the route read the goods, and of the prices a carrier only its own', () => {
    const { blocks, note } = opened(told[0]?.body)
    const isCustoms = (id: string) => corridor.participants.some(({ participant, roles }) => participant === id && roles.includes('customs'))
    for (const { readers, for: carrier } of blocks.filter((block) => block.name === 'commercial')) {
      expect(readers.filter((reader) => !isCustoms(reader)).sort()).toEqual([story.steps[0]?.by, carrier].sort())
    }
    const carriers = note.mainCarriageTransportMovement.map(({ carrier }) => carrier).filter((carrier) => !carrier.startsWith('outside:'))
    expect(blocks.flatMap((block) => (block.name === 'commercial' ? [block.for] : []))).toEqual(carriers)
    const handlers = note.mainCarriageTransportMovement.flatMap(({ handledBy = [] }) => handledBy.map(({ participant }) => participant))
    expect(blocks.find((block) => block.name === 'goods')?.readers).toEqual(expect.arrayContaining([...carriers, ...handlers]))
  })

  it('has blocks of particulars that fit their schemas once salted', () => {
    for (const block of told.flatMap(({ body }) => opened(body).blocks)) {
      expect([block.name, blockFaultOf(block.name, { ...block.content, salt: 'A'.repeat(43), consignmentId: '01970000-0000-7000-8000-000000000001' })]).toEqual([block.name, undefined])
    }
  })

  it('is judged as told, and refused where a rule is shown', () => {
    expect(judged.map((one) => `${one.step.name}: ${refusalIn(one) ?? 'accepted'}`)).toEqual(story.steps.map((step) => `${step.name}: ${step.expect?.code ?? 'accepted'}`))
    expect(judged.flatMap((one) => refusalIn(one) ?? [])).toEqual(ending?.refusals)
  })

  it('goes against no hold', () => {
    expect(judged.flatMap((one) => one.judged.effects).filter(({ effect }) => effect === 'breach')).toEqual([])
  })

  it('tells every part of a list that several notes share, in one order', () => {
    const lists = new Map<string, { readonly parts: number; readonly told: number[] }>()
    for (const { step, body } of told) {
      const { number, part, parts } = (body['transferList'] ?? {}) as { readonly number?: string; readonly part?: number; readonly parts?: number } // as its schema has it
      if (number === undefined || part === undefined || parts === undefined || step.expect) continue
      const list = `${number} of ${step.by} ${parts > 1 ? '' : step.name}`
      lists.set(list, { parts, told: [...(lists.get(list)?.told ?? []), part] })
    }
    for (const [list, { parts, told: found }] of lists) expect([list, found]).toEqual([list, Array.from({ length: parts }, (_, at) => at + 1)])
  })

  it('leaves nothing of its other consignments undelivered', () => {
    const last = new Map(judged.map(({ step, judged: one }) => [noteOf(story, step), one.subject.consignment]))
    for (const [note, state] of last) {
      const delivered = 2 * (state?.legs.length ?? 0) + 1
      expect([note, state?.items.filter(({ stage }) => stage !== delivered), state?.offers]).toEqual([note, [], {}])
    }
  })

  it('ends with everything delivered under all contracts, no offer open and no hold left', () => {
    const delivered = 2 * (end?.legs.length ?? 0) + 1
    expect(end?.items).toHaveLength(ending?.items ?? 0)
    expect(end?.items.filter(({ holder, stage, contracts }) => holder !== ending?.consigneeSide || stage !== delivered || contracts.join() !== ending.contracts)).toEqual([])
    expect(end?.offers).toEqual({})
    expect(Object.values(end?.decisions ?? {}).filter(({ hold }) => hold)).toEqual([])
  })
})

interface Block {
  readonly name: Parameters<typeof blockFaultOf>[0]
  readonly for?: string
  readonly readers: string[]
  readonly content: object
}

/** A body's parts at their types, as their schemas have judged them. */
function opened(body: JsonObject | undefined): { readonly blocks: readonly Block[]; readonly note: ConsignmentNote } {
  const { particulars, note } = (body ?? {}) as unknown as { readonly particulars?: { readonly blocks: readonly Block[] }; readonly note: ConsignmentNote }
  return { blocks: particulars?.blocks ?? [], note }
}
