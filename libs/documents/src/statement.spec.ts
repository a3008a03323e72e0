import { describe, expect, it } from '@jest/globals'
import { documentOf, isStatementType, statementTypeNames, subjectKindOf } from './statement.js'

describe('the types of statement', () => {
  it('stand on a consignment, on found goods or on the register', () => {
    const found = statementTypeNames.filter((type) => subjectKindOf(type) === 'found')
    const register = statementTypeNames.filter((type) => subjectKindOf(type) === 'corridor')
    expect(found).toEqual(['SurplusLinked', 'SurplusReported'])
    expect(register).toEqual([
      'CorridorFounded', 'EpochClosed', 'KeyAdded', 'KeyCompromised', 'KeyRetired',
      'ParticipantAdmitted', 'ParticipantSuspended', 'PlaceRegistered', 'RulesActivated',
    ])
  })

  it('are shaped by a document of their own', () => {
    expect(documentOf('HandoffOffered')).toBe('handoff-offered')
    expect(new Set(statementTypeNames.map(documentOf)).size).toBe(statementTypeNames.length)
  })

  it.each(['NoteBurnt', 'noteIssued', 'toString', '__proto__', ''])('%j is none of them', (type) => {
    expect(isStatementType(type)).toBe(false)
  })
})
