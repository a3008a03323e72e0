import { expect, test } from '@jest/globals'
import type { RoutedType, StatementBody } from '#libs/documents'
import { pointerInBody } from './body-pointer.js'

const blocks = [{ name: 'parties' }, { name: 'goods', readers: ['uz-uty'] }]
const exceptions = [{ itemId: 'KRVU1000001' }, { itemId: 'KRVU1000002' }]

test.each<[string, RoutedType, string, object, string]>([
  ['a block of a note', 'NoteIssued', '/note/particulars/blocks/1', { note: {}, particulars: { blocks } }, '/particulars/blocks/1'],
  ['the readers of a block of a new version', 'NoteAmended', '/note/particulars/blocks/1/readers', { note: {}, particulars: { blocks } }, '/particulars/blocks/1/readers'],
  ['the digest of a block, which the node has made', 'NoteIssued', '/note/particulars/blocks/1/digest', { note: {}, particulars: { blocks } }, '/particulars/blocks/1'],
  ['a block of a decision', 'CustomsDecisionIssued', '/particulars/blocks/1/readers', { particulars: { blocks } }, '/particulars/blocks/1/readers'],
  ['an item with an exception', 'HandoffAnswered', '/items', { otherwise: 'accepted', exceptions }, '/exceptions/1'],
  ['an item without one', 'HandoffAnswered', '/items', { otherwise: 'accepted', exceptions: exceptions.slice(0, 1) }, '/otherwise'],
  ['an item where there are none', 'HandoffAnswered', '/items', { otherwise: 'accepted' }, '/otherwise'],
  ['an item of the offer', 'HandoffAnswered', '/offer/3', { offer: 'x', otherwise: 'accepted' }, '/offer'],
  ['an item of a list', 'MovementReported', '/items/1', { items: ['KRVU1000001', 'KRVU1000002'] }, '/items/1'],
  ['a member that is not there', 'NoteIssued', '/note/grossMassKg', { note: {} }, '/note'],
  ['the length of a list', 'MovementReported', '/items/length', { items: ['KRVU1000001'] }, '/items'],
  ['a member that objects inherit', 'NoteIssued', '/constructor', { note: {} }, ''],
  ['a name that is escaped', 'CorrectionFiled', '/data/a~1b/c~0d/e', { data: { 'a/b': { 'c~d': 1 } } }, '/data/a~1b/c~0d'],
  ['nothing in particular', 'CustomsDecisionIssued', '', { items: 'all' }, ''],
])('a refusal of %s points into the body that was sent', (_, type, pointer, body, expected) => {
  const refusal = { code: 'UNKNOWN_REFERENCE', pointer, facts: { item: 'KRVU1000002' } } as const
  expect(pointerInBody(type, body as StatementBody<RoutedType>, refusal)).toBe(expected) // only what pointers lead to
})
