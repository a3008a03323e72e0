import { describe, expect, it } from '@jest/globals'
import { isRoutedType, pathOf, routes } from './routes.js'

describe('where a statement is posted', () => {
  it('has a path of its own for each statement', () => {
    expect(new Set(Object.values(routes)).size).toBe(Object.keys(routes).length)
  })

  it('names the consignment, except for the note that opens it', () => {
    expect(pathOf('HandoffOffered', '01938f0a-0000-7000-8000-000000000001')).toBe('/v1/consignments/01938f0a-0000-7000-8000-000000000001/handoff-offers')
    expect(pathOf('NoteIssued', undefined)).toBe('/v1/consignment-notes')
  })

  it('lets nothing slip into the path', () => {
    expect(pathOf('RemarkAdded', '../x?y')).toBe('/v1/consignments/..%2Fx%3Fy/remarks')
    expect(() => pathOf('RemarkAdded', undefined)).toThrow('stands on a consignment')
  })

  it.each(['KeyAdded', 'ProblemRaised', 'toString'])('has none for %s', (type) => {
    expect(isRoutedType(type)).toBe(false)
  })
})
