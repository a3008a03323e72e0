import { describe, expect, it } from '@jest/globals'
import { Alarms } from './alarms.js'
import { jsonLog, nestLogger } from './json-log.js'

describe('alarms', () => {
  it('are told once a minute however often they come, counted, and shown newest first without stacks', () => {
    const told: string[] = []
    const counted: string[] = []
    let now = Date.UTC(2026, 5, 1)
    const alarms = new Alarms(
      (level, message, facts) => void told.push(`${level} ${String(facts?.['code'])} ${message}`),
      { now: () => now },
      (code) => void counted.push(code),
    )
    for (let i = 0; i < 3; i++) {
      alarms.raise('LOG_UNAVAILABLE', 'refused')
      now += 10_000
    }
    alarms.raise('CHECKPOINT_MISMATCH', 'ge-gr signed another root\n    at somewhere')
    now += 60_000
    alarms.raise('LOG_UNAVAILABLE', 'refused')
    expect(told).toEqual([
      'warn LOG_UNAVAILABLE refused',
      'error CHECKPOINT_MISMATCH ge-gr signed another root\n    at somewhere',
      'warn LOG_UNAVAILABLE refused',
    ])
    expect(alarms.recent()).toEqual([
      { code: 'LOG_UNAVAILABLE', detail: 'refused', level: 'warn', firstAt: '2026-06-01T00:00:00.000Z', lastAt: '2026-06-01T00:01:30.000Z', times: 4 },
      {
        code: 'CHECKPOINT_MISMATCH',
        detail: 'ge-gr signed another root',
        level: 'error',
        firstAt: '2026-06-01T00:00:30.000Z',
        lastAt: '2026-06-01T00:00:30.000Z',
        times: 1,
      },
    ])
    expect(counted).toHaveLength(5)
  })

  it('keep to a bound', () => {
    const alarms = new Alarms(() => undefined, { now: () => 0 })
    for (let i = 0; i < 1_000; i++) alarms.raise('VIEW_FAILED', `record ${i}`)
    expect(alarms.recent()).toHaveLength(200)
    expect(alarms.recent()[0]?.detail).toBe('record 999')
  })
})

describe('the log of a process', () => {
  it("has one JSON object a line, Nest's warnings too and its chatter not", () => {
    const lines: string[] = []
    const say = jsonLog({ app: 'rail' }, (line) => void lines.push(line))
    say('info', 'up', { nodes: 4 })
    const nest = nestLogger(say)
    nest.log('Mapped {/v1/places, GET} route', 'RouterExplorer')
    nest.error(new Error('two\nlines'), undefined, 'ExceptionsHandler')
    expect(lines).toHaveLength(2)
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 'info', app: 'rail', nodes: 4, message: 'up' }),
      expect.objectContaining({ level: 'error', context: 'ExceptionsHandler', message: expect.stringContaining('two\nlines') }),
    ])
  })
})
