import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { stateHashOf } from '#libs/exchange'
import { until } from '#libs/testing'
import { loadCorridor, loadStory } from '../../corridors/load.js'
import type { Story } from '../../corridors/story.js'
import { openMemoryCorridor, type MemoryCorridor } from './memory-corridor.js'
import { outcomesAsTold, tellInMemory } from './tell-in-memory.js'

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'trans-caspian')
const t0 = new Date('2026-06-01T00:00:00Z')

describe('the copper train in memory', () => {
  let corridor: MemoryCorridor
  let story: Story
  let subject: string | undefined

  beforeAll(async () => {
    story = await loadStory(join(folder, 'stories', 'casca.json'))
    corridor = await openMemoryCorridor(await loadCorridor(folder))
  }, 60_000)
  afterAll(() => corridor.stop())

  it('crosses the corridor, every step decided by the log as told', async () => {
    const told = await tellInMemory(corridor, story, t0)
    subject = told.subject
    expect(told.outcomes).toEqual(outcomesAsTold(story))
  }, 120_000)

  it('leaves every box with the consignee, and every node with the same state and tree', async () => {
    const end = await corridor.events.open().end()
    for (const node of corridor.nodes.values()) await until(async () => (await node.ledger.cursor()).next === end, 10_000)
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
