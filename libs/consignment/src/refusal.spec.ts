import { describe, expect, it, test } from '@jest/globals'
import { given, refusals } from '#libs/testing'
import { rules } from './refusal.js'

describe('a statement', () => {
  test.each(refusals.map((one) => [`${one.states.type} is refused ${one.code} when ${one.when}`, one] as const))('%s',
    (_, { given: story, states, code, pointer }) => {
    given(story).when(states).refuses(code, pointer)
  })

  it('meets every rule in one case at least', () => {
    const met = new Set<string>(refusals.map(({ code }) => code))
    expect(Object.keys(rules).filter((code) => !met.has(code))).toEqual([])
  })
})
