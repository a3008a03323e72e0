import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { expectedAt, tasksOf } from '#libs/consignment'
import { stateHashOf } from '#libs/exchange'
import { until } from '#libs/testing'
import { loadCorridor, loadStory } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { openMemoryCorridor, type MemoryCorridor } from './memory-corridor.js'
import { outcomesAsTold, tellInMemory } from './tell-in-memory.js'

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian')
const t0 = new Date('2026-06-01T00:00:00Z')

/** Moments of the story, each with all that anybody is to do then; nobody else has anything to do. */
const moments: Readonly<Record<string, readonly string[]>> = {
  '01-note': ['uz-forwarder: load 91'],
  '10-offer': ['uz-uty: answerOffer 91'],
  '10-answer': ['uz-uty: acceptCarriage 91'],
  '11-departed': [],
  '19-answer': ['caspian-line: nominateMeans 91'],
  '21-nominated': ['caspian-line: nominateMeans 31', 'tm-port-turkmenbashi: offer 60'],
  '23-not-loaded': ['caspian-line: acceptCarriage 60', 'caspian-line: nominateMeans 31'],
  '31-inspection': [
    'az-customs: makeInspection 1', 'az-port-alat: load 59', 'az-port-alat: supportInspection 1', 'caspian-line: answerAct 1', 'caspian-line: nominateMeans 31',
  ],
  '35-control-result': ['az-customs: decideHold 1', 'az-port-alat: load 90', 'caspian-line: answerAct 1'],
  '43-answer': ['blacksea-line: nominateMeans 91', 'caspian-line: answerAct 1'],
  '45-offer-delivery': ['caspian-line: answerAct 1', 'consignee-side: answerOffer 91'],
  '45-answer-delivery': ['caspian-line: answerAct 1'],
}

/** What comes to the port of Alat, as its own node has it. */
const toAlat: Readonly<Record<string, readonly string[]>> = {
  '01-note': ['91 planned by uz-forwarder'],
  '21-nominated': ['60 on BALKAN BLK-DEMO-041 planned by caspian-line', '31 planned by uz-forwarder'],
  '31-inspection': ['31 planned by uz-forwarder'],
  '35-control-result': [],
}

describe('the copper train in memory', () => {
  let corridor: MemoryCorridor
  let story: Story
  let subject: string | undefined

  const settled = async () => {
    const end = await corridor.events.open().end()
    for (const node of corridor.nodes.values()) await until(async () => (await node.ledger.cursor()).next === end, 10_000)
  }
  const todo = async () => {
    const lists = await Promise.all([...corridor.nodes.values()].map(async ({ participant, exchange }) => {
      const found = await exchange.asking.search({ mustAct: [participant] }, undefined, 10)
      return found.flatMap(({ dossier }) => tasksOf(dossier)).filter(({ by }) => by === participant).map(({ by, task, items }) => `${by}: ${task} ${items.length}`)
    }))
    return lists.flat().sort()
  }
  const comingToAlat = async () => {
    const found = await corridor.node('az-port-alat').exchange.asking.search({ towards: ['az-alat'] }, undefined, 10)
    return found.flatMap(({ dossier }) => expectedAt(dossier, 'az-alat')).map(({ items, means, journeyId, arrival }) => (
      `${items.length} ${means ? `on ${means.id} ${journeyId} ` : ''}${arrival?.kind} by ${arrival?.by}`))
  }

  beforeAll(async () => {
    story = await loadStory(join(folder, 'stories', 'casca.json'))
    corridor = await openMemoryCorridor(await loadCorridor(folder))
  }, 60_000)
  afterAll(() => corridor.stop())

  it('crosses the corridor, every step decided by the log as told, and at each moment the right ones have something to do', async () => {
    const worked: Record<string, readonly string[]> = {}
    const awaited: Record<string, readonly string[]> = {}
    const told = await tellInMemory(corridor, story, t0, async ({ name }) => {
      if (name in moments || name in toAlat) await settled()
      if (name in moments) worked[name] = await todo()
      if (name in toAlat) awaited[name] = await comingToAlat()
    })
    subject = told.subject
    expect([worked, awaited]).toEqual([moments, toAlat])
    expect(told.outcomes).toEqual(outcomesAsTold(story))
  }, 120_000)

  it('leaves every box with the consignee, and every node with the same state and tree', async () => {
    await settled()
    const hashes = await Promise.all([...corridor.nodes.values()].map(async ({ database, exchange }) => `${stateHashOf(database.states)} ${(await exchange.asking.head())?.root}`))
    expect(new Set(hashes).size).toBe(1)
    const dossier = await corridor.node('uz-forwarder').exchange.asking.consignment(subject ?? '')
    expect(new Set(dossier?.items.map(({ holder }) => holder))).toEqual(new Set(['consignee-side']))
    expect(dossier?.status).toBe('delivered')
    expect([...corridor.nodes.values()].flatMap(({ alarms }) => alarms)).toEqual([])
  })

  it('gives each block of particulars to its readers and to nobody else', async () => {
    await until(async () => (await corridor.node('az-port-alat').ledger.missingBlocks()).length === 0, 10_000)
    const note = (await corridor.node('uz-forwarder').exchange.asking.consignment(subject ?? ''))?.note
    for (const block of note?.particulars.blocks ?? []) {
      for (const node of corridor.nodes.values()) {
        const mayRead = block.readers.includes(node.participant) || node.participant === 'uz-forwarder'
        expect(`${node.participant} ${block.name}: ${(await node.ledger.blocks([block.digest])).size}`).toBe(`${node.participant} ${block.name}: ${mayRead ? 1 : 0}`)
      }
    }
  })

  it('is found by container, seal, means and customs number by those who may see it', async () => {
    const forwarder = corridor.node('uz-forwarder').exchange.asking
    expect((await forwarder.search({ equipment: ['KRVU3054380'] }, undefined, 10)).map(({ dossier }) => dossier.subject)).toEqual([subject])
    expect((await corridor.node('bg-customs').exchange.asking.search({ holder: ['consignee-side'], country: ['BG'] }, undefined, 10)).length).toBe(1)
    expect(await forwarder.search({ equipment: ['KRVU0000000'] }, undefined, 10)).toEqual([])
  })
})
