import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshTopic, sharedKafka } from '#libs/testing'
import { loadCorridor, type Corridor } from '../../corridors/load.js'
import { kafkaOf } from '../corridor-log.js'
import { readSettings, type Settings } from '../settings.js'
import { registerPlaces } from './authority-acts.js'
import { asAuthority, foundByCommand } from './founding.js'

const folder = mkdtempSync(join(tmpdir(), 'karvan-founding-'))
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))

let brokers: string
let corridor: Corridor
beforeAll(async () => {
  brokers = (await sharedKafka()).join()
  corridor = await loadCorridor(readSettings({ KARVAN_CORRIDOR: 'ferghana' }).corridorDir)
}, 150_000)

describe('an authority that founds a corridor by a command', () => {
  it('goes on where it was cut short', async () => {
    const settings = freshSettings()
    const [authority, first] = corridor.participants
    const cutShort = { ...corridor, participants: [authority!, first!], places: [] }
    const { id } = await foundByCommand(settings, cutShort, kafkaOf(settings))
    const whole = await foundByCommand(settings, corridor, kafkaOf(settings))
    expect(whole.id).toBe(id)
    expect(await asAuthority(settings, whole, (pen) => Promise.resolve(Object.keys(pen.register().participants)))).toHaveLength(corridor.participants.length)
    expect(await asAuthority(settings, whole, (pen) => registerPlaces(pen, corridor))).toBe(0)
  }, 30_000)

  it('is told by its data folder alone, later on, which data and which ports were meant', async () => {
    const settings = freshSettings()
    await foundByCommand(settings, corridor, kafkaOf(settings))
    const later = readSettings({ KARVAN_DATA: settings.dataDir })
    expect([later.corridorDir, later.portBase]).toEqual([settings.corridorDir, 21_000])
  }, 30_000)

  it('does not put the data of another corridor into the register', async () => {
    const settings = freshSettings()
    const file = await foundByCommand(settings, corridor, kafkaOf(settings))
    const other = { ...settings, corridorDir: readSettings({ KARVAN_CORRIDOR: 'trans-caspian' }).corridorDir }
    await expect(foundByCommand(other, await loadCorridor(other.corridorDir), kafkaOf(other))).rejects.toMatchObject({ code: 'OTHER_CORRIDOR' })
    expect(readSettings({ KARVAN_DATA: settings.dataDir }).corridorDir).toBe(settings.corridorDir)
    expect(await asAuthority(settings, file, (pen) => Promise.resolve(Object.keys(pen.register().places)))).toHaveLength(corridor.places.length)
  }, 30_000)
})

function freshSettings(): Settings {
  const stem = freshTopic().replace(/\.events$/, '')
  return readSettings({ KARVAN_DATA: mkdtempSync(join(folder, 'data-')), KARVAN_CORRIDOR: 'ferghana', KARVAN_PORT_BASE: '21000', KARVAN_TOPIC: stem, KAFKA_BROKERS: brokers })
}
