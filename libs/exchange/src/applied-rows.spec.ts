import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Dossier, SubjectState } from '#libs/consignment'
import { AppliedDossier } from './applied-dossier.js'
import { AppliedRows } from './applied-rows.js'

const state = (sequence: number): SubjectState => ({ heads: { kid: { sequence, eventId: 'e' } } })
const dossier = (subject: string) => new AppliedDossier({ subject } as Dossier) // nothing else of it is read here

describe('the rows an applier met last', () => {
  let rows: AppliedRows
  beforeEach(() => {
    rows = new AppliedRows()
    rows.asOf(10)
    rows.moved(20, new Map([['train', state(1)]]), new Map([['train', dossier('train')]]))
  })

  it('stand while the cursor stands where it was left', () => {
    expect(rows.asOf(20).state('train')).toEqual(state(1))
    expect(rows.asOf(20).dossier('train')).toEqual(dossier('train'))
  })

  it.each([['further on', 30], ['back at the beginning, for a rebuild', 0]])('are forgotten when the cursor stands %s', (_, next) => {
    expect(rows.asOf(next).state('train')).toBeUndefined()
    expect(rows.asOf(20).dossier('train')).toBeUndefined()
  })

  it('are those of the last batch on the same subject', () => {
    rows.moved(30, new Map([['train', state(2)]]), new Map())
    expect(rows.asOf(30).state('train')).toEqual(state(2))
  })

  it('do not hold a view that the database did not take', () => {
    rows.forgetDossier('train')
    expect(rows.asOf(20).dossier('train')).toBeUndefined()
    expect(rows.asOf(20).state('train')).toEqual(state(1))
  })

  it('are at most 100, and those met last stay', () => {
    rows.keepStates(new Map(Array.from({ length: 99 }, (_, index) => [`other ${index}`, state(index)])))
    expect(rows.state('train')).toEqual(state(1))
    rows.keepStates(new Map([['one more', state(0)]]))
    expect(rows.state('train')).toEqual(state(1))
    expect(rows.state('other 0')).toBeUndefined()
  })
})
