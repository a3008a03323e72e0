import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { within } from './within.js'

const never = new Promise<string>(() => undefined)

describe('an answer within a time', () => {
  it('is what comes of the question', async () => {
    expect(await within(Promise.resolve('head'), 1_000)).toBe('head')
  })

  it('is nothing where the question fails, or is not answered in time', async () => {
    const since = performance.now()
    expect(await within(Promise.reject(new Error('down')), 60_000)).toBeUndefined()
    expect(await within(never, 100)).toBeUndefined()
    expect(performance.now() - since).toBeGreaterThanOrEqual(95)
  })

  it('counts no time in which this process took no turn', async () => {
    const asked = within(readFile(import.meta.filename, 'utf8'), 200)
    const until = performance.now() + 600
    while (performance.now() < until) continue
    expect(await asked).toContain('took no turn')
  })
})
