import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { expectedAt, tasksOf, type Dossier, type DossierItem } from '#libs/consignment'
import { stateHashIn, until } from '#libs/testing'
import { loadCorridor, loadStory } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { openMemoryCorridor, type MemoryCorridor } from './memory-corridor.js'
import { momentsOf, type Moments } from './moments.js'
import { outcomesAsTold, tellInMemory } from './tell-in-memory.js'

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian')
const t0 = new Date('2026-06-01T00:00:00Z')

let corridor: MemoryCorridor
const stories = new Map<string, Story>()
const subjects = new Map<string, string>()

beforeAll(async () => {
  const data = await loadCorridor(folder)
  for (const name of data.stories) stories.set(name, await loadStory(join(folder, 'stories', `${name}.json`)))
  corridor = await openMemoryCorridor(data)
}, 60_000)
afterAll(() => corridor.stop())

/** Each story, and who issued its note and took delivery. */
const told = [
  ['casca', 'uz-forwarder', 'consignee-side'],
  ['altynkol-poti', 'kz-ktze', 'ge-grlt'],
  ['kuryk-kars', 'kz-ktze', 'tr-consignee-side'],
] as const

describe.each(told)('the story %s in memory', (name, issuer, consigneeSide) => {
  it('crosses the corridor, every step decided by the log as told, and at each moment the right ones have something to do', async () => {
    const story = known(stories, name)
    const { todo, coming } = moments(name)
    const worked: Record<string, readonly string[]> = {}
    const awaited: Record<string, readonly string[]> = {}
    const { outcomes, subject } = await tellInMemory(corridor, story, t0, async (step, consignment) => {
      if (step.name in todo || step.name in coming.seen) await settled()
      if (step.name in todo) worked[step.name] = await todoOf(consignment)
      if (step.name in coming.seen) awaited[step.name] = await comingTo(coming.to, coming.at, consignment)
    })
    subjects.set(name, subject ?? '')
    expect(outcomes).toEqual(outcomesAsTold(story))
    expect([worked, awaited]).toEqual([todo, coming.seen])
  }, 120_000)

  it('leaves everything with the consignee’s side, and every node with the same state and tree', async () => {
    await settled()
    const hashes = await Promise.all([...corridor.nodes.values()].map(async ({ database, exchange }) => `${stateHashIn(database)} ${(await exchange.asking.head())?.root}`))
    expect(new Set(hashes).size).toBe(1)
    const { items, status } = await dossierOf(name, issuer)
    expect(new Set(items.map(({ holder }) => holder))).toEqual(new Set([consigneeSide]))
    expect(status).toBe('delivered')
    expect([...corridor.nodes.values()].flatMap(({ alarms }) => alarms)).toEqual([])
  })

  it('gives each block of particulars to its readers and to nobody else', async () => {
    for (const node of corridor.nodes.values()) await until(async () => (await node.ledger.missingBlocks()).length === 0, 10_000)
    for (const block of (await dossierOf(name, issuer)).note.particulars.blocks) {
      const holders: string[] = []
      for (const node of corridor.nodes.values()) if ((await node.ledger.blocks([block.digest])).size > 0) holders.push(node.participant)
      expect([block.name, holders.sort()]).toEqual([block.name, [...new Set([issuer, ...block.readers])].sort()])
    }
  })
})

describe('after the stories', () => {
  it('the copper train is found by container and holder by those who may see it', async () => {
    const forwarder = corridor.node('uz-forwarder').exchange.asking
    expect((await forwarder.search({ equipment: ['KRVU3054380'] }, undefined, 10)).map(({ dossier }) => dossier.subject)).toEqual([known(subjects, 'casca')])
    expect((await corridor.node('bg-customs').exchange.asking.search({ holder: ['consignee-side'], country: ['BG'] }, undefined, 10)).length).toBe(1)
    expect(await forwarder.search({ equipment: ['KRVU0000000'] }, undefined, 10)).toEqual([])
    expect(await corridor.node('tr-customs').exchange.asking.search({ equipment: ['KRVU3054380'] }, undefined, 10)).toEqual([])
  })

  it('the box from Xi’an that was found a voyage later came under an SMGS note of its own, with the wagons of both gauges in its history', async () => {
    const { LATE: [late = ''] = [], REST: rest = [] } = known(stories, 'altynkol-poti').groups
    const { items, contracts, corrections, acts } = await dossierOf('altynkol-poti', 'kz-ktze')
    expect(itemOf(items, late)).toMatchObject({ carriedByHistory: ['5261155', '94863230', '94795408'] })
    expect(itemOf(items, late).missing).toBeUndefined()
    expect(contracts.find(({ contractId }) => contractId === 'c1')).toMatchObject({ carrier: 'outside:china-railway', accepted: [{ carrierAssignedId: 'CR-SMGS-DEMO-0040', items: 40 }] })
    expect(contracts.find(({ contractId }) => contractId === 'c3')?.accepted.map((part) => part.items)).toEqual([rest.length, 1])
    expect(corrections).toEqual([expect.objectContaining({ by: 'kz-kmtf' })])
    expect(acts.map(({ answer }) => answer)).toEqual(['accepted'])
  })

  it('the wheat of twenty wagons is in twenty others, under one note whose law changes at Akhalkalaki', async () => {
    const { items, contracts, note, transferLists } = await dossierOf('kuryk-kars', 'kz-ktze')
    expect(new Set(items.map(({ carriedBy }) => carriedBy)).size).toBe(20)
    expect(items.filter(({ carriedBy = '' }) => !/^3175[0-9]{8}$/.test(carriedBy))).toEqual([])
    expect(items.filter(({ figures: { grossMassKg = 0 } }) => grossMassKg >= 65_000)).toEqual([])
    expect(note.transportContracts).toEqual([expect.objectContaining({ regime: 'CIM-SMGS', regimeChangePlaceId: 'ge-akhalkalaki' })])
    expect(contracts).toEqual([expect.objectContaining({ carrier: 'kz-ktz', accepted: [expect.objectContaining({ items: 20 })], delivered: 20 })])
    expect(transferLists).toEqual(expect.arrayContaining(['FL-KUR-DEMO-118', 'FL-KUR-DEMO-119']))
    const shared = await corridor.node('az-asco').exchange.asking.search({ transferList: ['FL-KUR-DEMO-118'] }, undefined, 10)
    expect(shared.map(({ dossier }) => [dossier.items.length, dossier.status])).toEqual([[12, 'delivered'], [16, 'delivered'], [20, 'delivered']])
    const found = await corridor.node('az-asco').exchange.asking.search({ equipment: [items[0]?.carriedBy ?? ''] }, undefined, 10)
    expect(found.map(({ dossier }) => dossier.subject)).toEqual([known(subjects, 'kuryk-kars')])
  })
})

async function settled(): Promise<void> {
  const end = await corridor.events.open().end()
  for (const node of corridor.nodes.values()) await until(async () => (await node.ledger.cursor()).next === end, 10_000)
}

/** What everybody is to do about a consignment, each as their own node tells them. */
async function todoOf(consignment: string): Promise<readonly string[]> {
  const lists = await Promise.all([...corridor.nodes.values()].map(async ({ participant, exchange }) => {
    const found = await exchange.asking.search({ mustAct: [participant] }, undefined, 10)
    return found.filter(({ dossier }) => dossier.subject === consignment).flatMap(({ dossier }) => tasksOf(dossier)).filter(({ by }) => by === participant)
  }))
  return lists.flat().map(({ by, task, items }) => `${by}: ${task} ${items.length}`).sort()
}

async function comingTo(placeId: string, participant: string, consignment: string): Promise<readonly string[]> {
  const found = await corridor.node(participant).exchange.asking.search({ towards: [placeId] }, undefined, 10)
  return found.filter(({ dossier }) => dossier.subject === consignment).flatMap(({ dossier }) => expectedAt(dossier, placeId)).map(({ items, means, journeyId, arrival }) => (
    `${items.length} ${means ? `on ${means.id} ${journeyId} ` : ''}${arrival?.kind} by ${arrival?.by}`))
}

function moments(name: string): Moments {
  const found = momentsOf[name]
  if (!found) throw new Error(`no moments of ${name} are noted`)
  return found
}

async function dossierOf(name: string, participant: string): Promise<Dossier> {
  const dossier = await corridor.node(participant).exchange.asking.consignment(known(subjects, name))
  if (!dossier) throw new Error(`${participant} does not see ${name}`)
  return dossier
}

function itemOf(items: readonly DossierItem[], id: string): DossierItem {
  const item = items.find((one) => one.id === id)
  if (!item) throw new Error(`no item is called ${id}`)
  return item
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new Error(`${name} was not told`)
  return found
}
