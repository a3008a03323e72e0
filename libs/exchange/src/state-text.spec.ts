import { describe, expect, it } from '@jest/globals'
import { emptySubject, type SubjectState } from '#libs/consignment'
import { canonicalJson } from '#libs/documents'
import { stateMembers, stateText } from './state-text.js'

const heads = { kidB: { sequence: 2, eventId: 'b' }, kidA: { sequence: 1, eventId: 'a' } }
const consignment = { issuer: 'uz', version: { number: 1, hash: 'h' } } as unknown as NonNullable<SubjectState['consignment']> // as far as text goes
const register = { rules: { version: 1, digest: 'd' } } as unknown as NonNullable<SubjectState['register']>

describe('the text of a state', () => {
  it.each<[string, SubjectState]>([
    ['nothing', emptySubject],
    ['a consignment', { heads, consignment }],
    ['a consignment whose chain went on', { heads: { ...heads, kidA: { sequence: 2, eventId: 'c' } }, consignment }],
    ['the register', { register, heads }],
  ])('of %s is canonical', (_, state) => {
    expect(stateText(stateMembers(state))).toBe(canonicalJson(state))
  })
})
