import { describe, expect, it } from '@jest/globals'
import { emptySubject, type SubjectState } from '#libs/consignment'
import { canonicalJson } from '#libs/documents'
import { stateMembers, stateWith } from './state-members.js'

const heads = { kidB: { sequence: 2, eventId: 'b' }, kidA: { sequence: 1, eventId: 'a' } }
const items = [{ id: 'i1', holder: 'uz', stage: 0 }]
const consignment = { issuer: 'uz', version: { number: 1, hash: 'h' }, items } as unknown as NonNullable<SubjectState['consignment']> // as far as text goes
const register = { rules: { version: 1, digest: 'd' } } as unknown as NonNullable<SubjectState['register']>

const samples: readonly [string, SubjectState][] = [
  ['nothing', emptySubject],
  ['a consignment', { heads, consignment }],
  ['a consignment whose chain went on', { heads: { ...heads, kidA: { sequence: 2, eventId: 'c' } }, consignment }],
  ['the register', { register, heads }],
]

describe('the members of a state', () => {
  it.each(samples)('of %s are its canonical text', (_, state) => {
    const texts = Object.entries(stateMembers(state)).sort().map(([name, text]) => `"${name}":${text}`)
    expect(`{${texts.join(',')}}`).toBe(canonicalJson(state))
  })

  it.each(samples)('of %s are read as the state that they were written from, whatever was met before', (_, state) => {
    for (const [, other] of samples) expect(canonicalJson(stateWith(stateMembers(state), other))).toBe(canonicalJson(state))
  })

  it('are not read again where they say the same', () => {
    const [met, goneOn] = [{ heads, consignment }, { heads: { ...heads, kidA: { sequence: 2, eventId: 'c' } }, consignment }]
    const row = (state: SubjectState) => JSON.parse(JSON.stringify(stateMembers(state))) as ReturnType<typeof stateMembers> // as a database answers
    expect(stateWith(row(met), met)).toBe(met)
    const read = stateWith(row(goneOn), met)
    expect(read).not.toBe(met)
    expect(read.consignment).toBe(met.consignment)
    expect(read.heads).toEqual(goneOn.heads)
    expect(stateWith(row({ heads, register }), met)).toEqual({ heads, register })
  })

  it('that were read are the texts that were read', () => {
    const row = { consignment: '{"items":[],"kept":1}', heads: '{}' }
    expect(stateMembers(stateWith(row, emptySubject))).toEqual(row)
  })
})
