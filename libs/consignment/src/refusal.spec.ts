import { describe, expect, it, test } from '@jest/globals'
import { statementTypeNames } from '#libs/documents'
import { given, refusals } from '#libs/testing'
import { rules } from './refusal.js'
import { kinds, notYetJudged } from './roles.js'

describe('a statement', () => {
  test.each(refusals.map((one) => [`${one.states.type} is refused ${one.code} when ${one.when}`, one] as const))('%s',
    (_, { given: story, states, code, pointer }) => {
    given(story).when(states).refuses(code, pointer)
  })

  it('that tells a fact is refused only for who states it, for what nobody can know of, and once the epoch is over', () => {
    const facts = refusals.filter(({ states }) => kinds[states.type] === 'fact').map(({ code }) => code)
    expect([...new Set(facts)].sort()).toEqual(['EPOCH_CLOSED', 'ROLE', 'UNKNOWN_REFERENCE'])
  })

  it('of every kind that is judged has a case', () => {
    const told = new Set(refusals.map(({ states }) => states.type))
    expect(statementTypeNames.filter((type) => !notYetJudged.includes(type) && !told.has(type))).toEqual([])
  })

  it('meets every rule in one case at least', () => {
    const met = new Set<string>(refusals.map(({ code }) => code))
    expect(Object.keys(rules).filter((code) => !met.has(code))).toEqual([])
  })
})
