import { describe, expect, it } from '@jest/globals'
import { schemas } from './generated/schemas.js'
import { schemasDigestInput } from './rules-digest.js'

describe('what the digest of the rules covers of the schemas', () => {
  const covered = JSON.parse(schemasDigestInput()) as Record<string, Record<string, unknown>>

  it('is every document and every code list', () => {
    expect(Object.keys(covered).sort()).toEqual(Object.keys(schemas).sort())
  })

  it('is what the judge reads, not the words about it', () => {
    expect(covered['codes/8067']).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://karvan.example/schemas/codes/8067',
      type: 'string',
      maxLength: 1,
      enum: ['1', '2', '3', '8'],
    })
    expect(covered['surplus-linked']?.['x-subject']).toBe('found')
    expect(schemasDigestInput()).not.toMatch(/"(?:title|description|x-meanings)"/)
  })
})
