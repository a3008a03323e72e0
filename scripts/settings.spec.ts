import { describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataFolder, rememberCorridor, rememberPortBase } from './launcher/data-folder.js'
import { refuseBusyPorts } from './launcher/free-ports.js'
import { issuerOf, portsOf, readSettings, relocated } from './settings.js'

describe('the settings of a corridor', () => {
  it('need nothing', () => {
    const settings = readSettings({ KARVAN_DATA: '/nowhere' })
    expect(settings).toMatchObject({ portBase: 4000, brokers: undefined, databaseUrl: undefined, oidcIssuer: undefined })
    expect(portsOf(settings)).toEqual({ kafka: 4092, kafkaController: 4093, postgres: 4432, identity: 4100 })
    expect(issuerOf(settings)).toBe('http://127.0.0.1:4100')
  })

  it('move every port by one number, so that two corridors run side by side', () => {
    const settings = readSettings({ KARVAN_PORT_BASE: '14000' })
    expect(portsOf(settings)).toEqual({ kafka: 14092, kafkaController: 14093, postgres: 14432, identity: 14100 })
    expect(relocated(4217, settings)).toBe(14217)
  })

  it('remember the port base and the corridor of a data folder, so that other commands need not be told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'karvan-settings-'))
    const dataDir = join(folder, 'data')
    openDataFolder(dataDir)
    expect(readSettings({ KARVAN_DATA: dataDir }).portBase).toBe(4000)
    expect(readSettings({ KARVAN_DATA: dataDir }).corridorDir).toMatch(/\/corridors\/trans-caspian$/)
    rememberPortBase(dataDir, 14_000)
    rememberCorridor(readSettings({ KARVAN_DATA: dataDir, KARVAN_CORRIDOR: 'ferghana' }))
    expect(readSettings({ KARVAN_DATA: dataDir }).corridorDir).toMatch(/\/corridors\/ferghana$/)
    expect(readSettings({ KARVAN_DATA: dataDir }).portBase).toBe(14_000)
    expect(readSettings({ KARVAN_DATA: dataDir, KARVAN_PORT_BASE: '24000' }).portBase).toBe(24_000)
    const elsewhere = join(folder, 'corridor')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'corridor.json'), '{}')
    rememberCorridor(readSettings({ KARVAN_DATA: dataDir, KARVAN_CORRIDOR: elsewhere }))
    expect(readSettings({ KARVAN_DATA: dataDir }).corridorDir).toBe(elsewhere)
    rmSync(folder, { recursive: true, maxRetries: 20, retryDelay: 100 })
  })

  it('take servers that are there already', () => {
    const env = { KAFKA_BROKERS: 'k1:9092, k2:9092', DATABASE_URL: 'postgres://admin:x@db/postgres', OIDC_ISSUER: 'https://id.example' }
    expect(readSettings(env)).toMatchObject({ brokers: ['k1:9092', 'k2:9092'], databaseUrl: env.DATABASE_URL })
    expect(issuerOf(readSettings(env))).toBe('https://id.example')
  })

  it('are complained about all at once, without showing a secret', () => {
    const env = { KARVAN_PORT_BASE: '80', KARVAN_CORRIDOR: 'silk-road', KAFKA_BROKERS: 'k1', DATABASE_URL: 'mysql://admin:secret@db', OIDC_ISSUER: 'id' }
    const complaint = catchFrom(() => readSettings(env))
    for (const name of Object.keys(env)) expect(complaint.message).toContain(name)
    expect(complaint.message).not.toContain('secret')
  })
})

describe('a busy port', () => {
  it('is named with what wanted it and the variable that moves it', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const wanted = [{ name: 'Kafka', port }, { name: 'identity', port: 0 }]
    await expect(refuseBusyPorts(wanted)).rejects.toMatchObject({
      code: 'PORT_BUSY',
      message: `Port ${port} (Kafka) on 127.0.0.1 is taken; end what holds it, or move all ports with KARVAN_PORT_BASE, say 14000.`,
    })
    await new Promise((resolve) => holder.close(resolve))
    await refuseBusyPorts(wanted)
  })
})

function catchFrom(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing was complained about')
}
