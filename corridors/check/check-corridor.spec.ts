import { describe, expect, it } from '@jest/globals'
import { checkCorridor } from './check-corridor.js'

describe('the corridors that come with Karvan', () => {
  it.each(['trans-caspian'])('%s has no error, and says of each doubtful row what is doubtful', async (name) => {
    const findings = await checkCorridor(`corridors/${name}`)
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(findings.some(({ found }) => found.startsWith('unverified: '))).toBe(true)
  })
})
