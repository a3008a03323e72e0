import { expect, test } from '@jest/globals'
import { bodySchemaOf } from './body.js'
import { expectationOf } from './expectations.js'
import { schemas } from './generated/schemas.js'
import { isRoutedType } from './routes.js'
import { statementTypeNames } from './statement.js'

type Json = { readonly [keyword: string]: unknown }

/** Everything with a pattern that a body can be measured by, through all references. */
function patternsBelow(value: unknown, seen: Set<string>): readonly Json[] {
  if (typeof value !== 'object' || value === null) return []
  const schema = value as Json
  const reference = schema['$ref']
  const below = Object.values(schema).flatMap((part) => patternsBelow(part, seen))
  if (typeof reference === 'string' && !seen.has(reference)) {
    seen.add(reference)
    const [id, definition] = reference.split('#/$defs/')
    const document = (Object.values(schemas) as readonly Json[]).find((one) => one['$id'] === id)
    below.push(...patternsBelow(definition === undefined ? document : (document?.['$defs'] as Json)[definition], seen))
  }
  return typeof schema['pattern'] === 'string' ? [schema, ...below] : below
}

test.each(statementTypeNames.filter(isRoutedType))('every pattern of a %s is told in words', (type) => {
  const told = patternsBelow(bodySchemaOf(type), new Set()).map(expectationOf)
  expect(told.length).toBeGreaterThan(0)
  expect(told.filter((words) => /[\^]/.test(words))).toEqual([])
})

test('a pattern that nobody has said in words stands as it is', () => {
  expect(expectationOf({ pattern: '^[0-7]{3}$' })).toBe('a text that matches ^[0-7]{3}$')
  expect(expectationOf({ title: 'constructor', pattern: '^[0-7]{3}$' })).toBe('a text that matches ^[0-7]{3}$')
})
