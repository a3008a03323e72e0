import { describe, expect, it } from '@jest/globals'
import { loadCorridor } from '../corridors/load.js'
import { opsUrlOf, planNodes } from './process-config.js'
import { readSettings } from './settings.js'

describe('the operations port of a node', () => {
  it('is at the host of its API, or at the one that its configuration has for it', () => {
    expect(opsUrlOf({ host: '127.0.0.1', opsPort: 4203 })).toBe('http://127.0.0.1:4203')
    expect(opsUrlOf({ host: '10.0.0.5', opsHost: '127.0.0.1', opsPort: 4203 })).toBe('http://127.0.0.1:4203')
  })
})

describe('the address of a node in the register', () => {
  it('is what the data say, or else its host and port', async () => {
    const settings = readSettings({ KARVAN_CORRIDOR: 'ferghana', KARVAN_PORT_BASE: '21000' })
    const corridor = await loadCorridor(settings.corridorDir)
    const behindProxy = { ...corridor, participants: corridor.participants.map((row) => (row.participant === 'uz-rail' ? { ...row, url: 'https://karvan.rail.example/' } : row)) }
    const urls = new Map(planNodes(behindProxy, settings).map(({ participant, url }) => [participant, url]))
    expect([urls.get('uz-rail'), urls.get('kg-customs')]).toEqual(['https://karvan.rail.example', 'http://127.0.0.1:21105'])
  })
})
