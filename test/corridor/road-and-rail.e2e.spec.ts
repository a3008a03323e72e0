import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { stateHashIn, until } from '#libs/testing'
import { loadCorridor, loadStory } from '../../corridors/load.js'
import { openMemoryCorridor, type MemoryCorridor } from './memory-corridor.js'
import { outcomesAsTold, tellInMemory } from './tell-in-memory.js'

const folder = join(import.meta.dirname, '..', '..', 'corridors', 'ferghana')

describe('a second corridor, which is data alone', () => {
  let corridor: MemoryCorridor

  beforeAll(async () => {
    corridor = await openMemoryCorridor(await loadCorridor(folder))
  }, 60_000)
  afterAll(() => corridor.stop())

  it('brings walnuts by lorry and by rail, and leaves every node with the same state and tree', async () => {
    const story = await loadStory(join(folder, 'stories', 'walnuts.json'))
    const { subject, outcomes } = await tellInMemory(corridor, story, new Date('2026-06-01T00:00:00Z'))
    expect(outcomes).toEqual(outcomesAsTold(story))
    const end = await corridor.events.open().end()
    const nodes = [...corridor.nodes.values()]
    for (const node of nodes) await until(async () => (await node.ledger.cursor()).next === end, 10_000)
    const hashes = await Promise.all(nodes.map(async ({ database, exchange }) => `${stateHashIn(database)} ${(await exchange.asking.head())?.root}`))
    expect(new Set(hashes).size).toBe(1)
    const dossier = await corridor.node('kg-forwarder').exchange.asking.consignment(subject ?? '')
    expect(dossier?.status).toBe('delivered')
    expect(dossier?.items.map(({ holder }) => holder)).toEqual(Array(4).fill('uz-consignee'))
    expect(nodes.flatMap(({ alarms }) => alarms)).toEqual([])
  }, 60_000)
})
