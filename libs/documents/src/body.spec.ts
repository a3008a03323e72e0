import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it, test } from '@jest/globals'
import { bodySchemaOf, parseBody } from './body.js'
import { documentOf, statementTypeNames, type StatementType } from './statement.js'

const folder = new URL('../../../schemas/', import.meta.url)
const read = (path: string) => JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as Record<string, unknown>
const occurredAt = '2026-03-05T00:10:00Z'

/** The example statement as a client would post it. */
function bodyOf(type: StatementType, file = 'full.json'): Record<string, unknown> {
  const { particulars: _digests, ...data } = read(`${documentOf(type)}/v1.valid/${file}`)
  if ('note' in data) delete (data['note'] as Record<string, unknown>)['particulars']
  return { ...data, occurredAt }
}

const plain = (name: string) => {
  const { salt: _salt, consignmentId: _consignment, ...content } = read(`particulars/v1.valid/${name}.json`)
  return { name, readers: ['uz-uty', 'uz-customs'], content }
}
const errorsOf = (type: StatementType, body: unknown) => {
  const parsed = parseBody(type, body)
  return parsed.ok ? [] : parsed.errors
}
const pointersOf = (type: StatementType, body: unknown) => errorsOf(type, body).map(({ pointer }) => pointer)

describe('the body of a request', () => {
  const examples = statementTypeNames.flatMap((type) => readdirSync(new URL(`${documentOf(type)}/v1.valid/`, folder)).map((file) => [type, file] as const))
  test.each(examples)('makes a %s (%s): its data and when it happened', (type, file) => {
    const body = bodyOf(type, file)
    expect(parseBody(type, body)).toEqual({ ok: true, value: body })
    expect(pointersOf(type, { ...body, occurredAt: undefined })).toEqual(['/occurredAt'])
  })

  it('brings the particulars of a note in plaintext', () => {
    const blocks = [plain('parties'), plain('goods'), plain('dangerousGoods'), { ...plain('commercial'), for: 'uz-uty' }, plain('documentsAndInstructions')]
    expect(errorsOf('NoteIssued', { ...bodyOf('NoteIssued'), particulars: { blocks } })).toEqual([])
  })

  it('brings the reason of a decision in plaintext, and nothing of the goods', () => {
    const body = bodyOf('CustomsDecisionIssued', 'inspection-ordered.json')
    expect(errorsOf('CustomsDecisionIssued', { ...body, particulars: { blocks: [plain('authority')] } })).toEqual([])
    expect(pointersOf('CustomsDecisionIssued', { ...body, particulars: { blocks: [plain('goods')] } })).toEqual(['/particulars/blocks/0/name'])
  })

  it('brings neither salt nor digests: the node makes them', () => {
    const goods = plain('goods')
    const salted = { ...goods, content: { ...goods.content, salt: 'A'.repeat(43) } }
    expect(pointersOf('NoteIssued', { ...bodyOf('NoteIssued'), particulars: { blocks: [salted] } })).toEqual(['/particulars/blocks/0/content/salt'])
    const full = read('note-issued/v1.valid/full.json')
    expect(pointersOf('NoteIssued', { ...full, occurredAt })).toEqual(['/note/particulars'])
  })

  it('has no particulars where the statement has none', () => {
    expect(pointersOf('RemarkAdded', { ...bodyOf('RemarkAdded'), particulars: { blocks: [] } })).toEqual(['/particulars'])
  })

  it('keeps the conditions of the statement', () => {
    expect(pointersOf('CustomsDecisionIssued', { ...bodyOf('CustomsDecisionIssued', 'hold-lifted.json'), lifts: undefined })).toEqual(['/lifts'])
    const body = bodyOf('NoteIssued')
    const note = { ...(body['note'] as object), previousNoteHash: 'A'.repeat(43) }
    expect(pointersOf('NoteIssued', { ...body, note })).toEqual(['/note/previousNoteHash'])
  })
})

describe('a wrong body', () => {
  it('is told everything at once, each with what was expected and found', () => {
    const body = { ...bodyOf('HandoffOffered'), to: 'UTY', liabilityPasses: 'yes', remark: 'x' }
    expect(errorsOf('HandoffOffered', body)).toEqual([
      expect.objectContaining({ pointer: '/remark', expected: 'no such member here', found: '"x"' }),
      expect.objectContaining({ pointer: '/to', expected: 'the id of a participant or of a party outside, such as uz-uty or outside:tm-forwarder', found: '"UTY"' }),
      expect.objectContaining({ pointer: '/liabilityPasses', expected: 'boolean', found: '"yes"' }),
    ])
  })

  test.each([
    ['a wrong item of a list, not a wrong "all"', { items: [{ id: 'krvu' }] }, ['/items/0/id']],
    ['neither all nor a list', { items: 'some' }, ['/items']],
    ['an empty list', { items: [] }, ['/items']],
    ['a leg without its id', { into: { kind: 'leg' } }, ['/into/legId']],
    ['a handoff into nowhere', { into: { kind: 'nowhere' } }, ['/into/kind']],
    ['a name that needs escaping', { 'a/b~c': 1 }, ['/a~1b~0c']],
  ])('%s', (_, change, pointers) => {
    expect(pointersOf('HandoffOffered', { ...bodyOf('HandoffOffered'), ...change })).toEqual(pointers)
  })

  test.each([
    ['a time', { occurredAt: 'yesterday' }, '/occurredAt', 'an RFC 3339 time in UTC ending in Z, such as 2026-11-24T08:00:00Z', '"yesterday"'],
    ['a time at length', { occurredAt: '2026'.repeat(10) }, '/occurredAt', expect.stringMatching(/^an RFC 3339 time/), expect.any(String)],
    ['an unknown kind', { into: { kind: 'ship' } }, '/into/kind', 'one of leg, stop, delivery', '"ship"'],
    ['no kind', { into: {} }, '/into/kind', 'one of leg, stop, delivery', 'nothing'],
    ['too many figures', { items: [{ id: 'KRVU1000004', grossMassKg: 1e9 }] }, '/items/0/grossMassKg', 'at most 999999999', '1000000000'],
    ['a contract twice', { delivers: ['c1', 'c1'] }, '/delivers', 'nothing twice', '["c1","c1"]'],
  ])('is told once, in words: %s', (_, change, pointer, expected, found) => {
    const errors = errorsOf('HandoffOffered', { ...bodyOf('HandoffOffered'), ...change })
    expect(errors).toEqual([{ pointer, expected, found, message: expect.not.stringMatching(/[\^]|oneOf/) }])
  })

  it('names the blocks there are, and few of many codes', () => {
    const blocks = [{ ...plain('goods'), name: 'gods' }]
    expect(errorsOf('NoteIssued', { ...bodyOf('NoteIssued'), particulars: { blocks } })).toEqual([
      {
        pointer: '/particulars/blocks/0/name',
        expected: 'one of parties, goods, dangerousGoods, commercial, documentsAndInstructions',
        found: '"gods"',
        message: 'name: one of parties, goods, dangerousGoods, commercial, documentsAndInstructions',
      },
    ])
    const [error] = errorsOf('HandoffAnswered', { ...bodyOf('HandoffAnswered'), reasonCode: 'wet' })
    expect(error?.expected).toMatch(/^one of the \d\d values of Code9013, such as (?:\w+, ){2}\w+$/)
  })

  it.each([null, [], 'x', 1])('%j is no body', (body) => {
    expect(pointersOf('RemarkAdded', body)).toEqual([''])
  })

  it('is told at most fifty errors, and never at length', () => {
    const errors = errorsOf('HandoffOffered', { ...bodyOf('HandoffOffered'), items: Array.from({ length: 200 }, () => ({ id: 'x'.repeat(500) })) })
    expect(errors).toHaveLength(50)
    expect(Math.max(...errors.map(({ found }) => found.length))).toBeLessThanOrEqual(120)
  })

  it('keeps its errors while the next body is read', () => {
    const first = parseBody('RemarkAdded', {})
    const before = structuredClone(first)
    parseBody('RemarkAdded', bodyOf('RemarkAdded'))
    expect(first).toEqual(before)
  })

  it('is stopped when the log would not take its nesting or its numbers', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])
    const proposal = (value: unknown) => ({ ...bodyOf('AmendmentProposed'), patch: [{ op: 'add', path: '/x', value }] })
    expect(errorsOf('AmendmentProposed', proposal(nested(12)))).toEqual([]) // envelope, data, patch, operation and twelve
    expect(errorsOf('AmendmentProposed', proposal(nested(13)))).toMatchObject([{ found: 'DEPTH' }])
    expect(errorsOf('AmendmentProposed', proposal(0.5))).toMatchObject([{ found: 'CANONICAL' }])
    expect(errorsOf('AmendmentProposed', proposal('\ud800'))).toMatchObject([{ found: 'CANONICAL' }])
  })

  it('has extensions of at most 8 KiB', () => {
    const block = plain('documentsAndInstructions')
    const extended = { ...block, content: { ...block.content, extensions: { 'karvan:trial': 'x'.repeat(8192) } } }
    expect(pointersOf('NoteIssued', { ...bodyOf('NoteIssued'), particulars: { blocks: [extended] } })).toEqual(['/particulars/blocks/0/content/extensions'])
  })
})

describe('the schema of a body', () => {
  it('refers to shared schemas by their absolute address only, so that it can stand in an API description', () => {
    for (const type of statementTypeNames) {
      const references = JSON.stringify(bodySchemaOf(type)).match(/"\$ref":"[^"]*"/g) ?? []
      expect(references.filter((reference) => !reference.startsWith('"$ref":"https://karvan.example/schemas/'))).toEqual([])
    }
  })
})
