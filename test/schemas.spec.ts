import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import secureSchema from 'ajv/dist/refs/json-schema-secure.json' with { type: 'json' }
import { blockFaultOf, codesOf, faultOf, mappingOf, meaningOf, schemaIdOf, schemas, statementTypes } from '#libs/documents'
import type { BlockName, CodeListName, DocumentName, Fault } from '#libs/documents'

type Node = { readonly [keyword: string]: unknown }
type Invalid = { why: string; pointer: string; block?: BlockName; document: unknown }

const folder = new URL('../schemas/', import.meta.url)
const all = Object.entries(schemas) as [DocumentName, Node][]
const readJson = <T>(url: URL) => JSON.parse(readFileSync(url, 'utf8')) as T
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every subschema of a document with its place in it. */
function* subschemasOf(node: Node, place = '#'): Generator<[string, Node]> {
  yield [place, node]
  for (const key of ['items', 'contains', 'if', 'then', 'else', 'not', 'propertyNames']) {
    if (isNode(node[key])) yield* subschemasOf(node[key], `${place}/${key}`)
  }
  for (const key of ['properties', '$defs', 'allOf', 'anyOf', 'oneOf']) {
    for (const [name, child] of Object.entries((node[key] ?? {}) as Node)) if (isNode(child)) yield* subschemasOf(child, `${place}/${key}/${name}`)
  }
}
const subschemas = all.flatMap(([name, schema]) => [...subschemasOf(schema)].map(([place, node]) => ({ place: `${name} ${place}`, node })))

/** The example files of a kind: document, file, content. */
function examplesOf<T>(kind: 'v1.valid' | 'v1.invalid'): [DocumentName, string, T][] {
  return all.flatMap(([name]) => {
    const examples = new URL(`${name}/${kind}/`, folder)
    return existsSync(examples) ? readdirSync(examples).map((file) => [name, file, readJson<T>(new URL(file, examples))] as [DocumentName, string, T]) : []
  })
}

const judge = (name: DocumentName, block: BlockName | undefined, document: unknown): Fault | undefined =>
  name === 'particulars' ? blockFaultOf(block ?? 'goods', document) : faultOf(name, document)

describe('the examples', () => {
  const withExamples = all.map(([name]) => name).filter((name) => !name.startsWith('codes/') && !['scalars', 'components', 'effects'].includes(name))

  test.each(withExamples)('%s has one that is right and three that are wrong', (name) => {
    expect(examplesOf('v1.valid').filter(([document]) => document === name).length).toBeGreaterThanOrEqual(1)
    expect(examplesOf('v1.invalid').filter(([document]) => document === name).length).toBeGreaterThanOrEqual(3)
  })

  test.each(examplesOf<unknown>('v1.valid'))('%s %s is right', (name, file, document) => {
    expect(judge(name, file.replace('.json', '') as BlockName, document)).toBeUndefined()
  })

  test.each(examplesOf<Invalid>('v1.invalid'))('%s %s is wrong where it says', (name, _file, invalid) => {
    expect(judge(name, invalid.block, invalid.document)?.pointer).toBe(invalid.pointer)
  })
})

describe('every schema', () => {
  const meta = new Ajv2020({ strict: false })
  // draft-07, and it neither knows $defs nor prefixItems: asked of every subschema by itself
  const isSecure = new Ajv({ strict: false }).compile(secureSchema)

  test.each(all)('%s is JSON Schema 2020-12 under its own $id', (name, schema) => {
    expect(meta.validateSchema(schema)).toBe(true)
    expect(schema['$id']).toBe(schemaIdOf(name))
  })

  it('can be given untrusted data', () => {
    expect(subschemas.filter(({ node }) => !isSecure(node)).map(({ place }) => place)).toEqual([])
  })

  it('bounds strings, arrays and integers', () => {
    const isOpen = ({ node }: { node: Node }) =>
      (node['type'] === 'string' && !('$ref' in node) && !('maxLength' in node) && !('enum' in node)) ||
      (node['type'] === 'array' && !('maxItems' in node) && 'items' in node && !isRefinement(node)) ||
      (node['type'] === 'integer' && !(Number.isSafeInteger(node['minimum']) && Number.isSafeInteger(node['maximum']))) ||
      node['type'] === 'number'
    expect(subschemas.filter(isOpen).map(({ place }) => place)).toEqual([])
  })

  it('closes its objects, but for data that another schema judges, and extensions', () => {
    const isOpen = ({ node }: { node: Node }) =>
      node['type'] === 'object' && !isRefinement(node) && node['additionalProperties'] !== false && !('oneOf' in node)
    const open = subschemas.filter(isOpen).map(({ place }) => place).filter((place) => !place.startsWith('effects'))
    expect(open).toEqual([
      'correction-filed #/properties/data',
      'envelope #/properties/data',
      'particulars #/$defs/DocumentsAndInstructionsBlock/properties/extensions',
      'particulars #/$defs/AuthorityBlock/properties/extensions',
    ])
  })

  it('asks no runtime about Unicode: patterns are plain ASCII without properties, and there is no format', () => {
    const patterns = subschemas.flatMap(({ node }) => (typeof node['pattern'] === 'string' ? [node['pattern']] : []))
    expect(patterns.filter((pattern) => !/^\^[ -~]*\$$/.test(pattern) || /\\[pPwWsSbB]/.test(pattern))).toEqual([])
    expect(subschemas.filter(({ node }) => 'format' in node)).toEqual([])
  })

  /** Part of a condition: narrows an object that is described elsewhere. */
  function isRefinement(node: Node): boolean {
    return subschemas.some(({ place, node: other }) => other === node && /\/(?:allOf|if|then|else)\b/.test(place))
  }
})

describe('code lists', () => {
  const lists = all.flatMap(([name]) => (name.startsWith('codes/') ? [name.slice(6) as CodeListName] : []))
  const reference = new URL('../../shared/reference/uncefact-codelists/', import.meta.url)
  const isUn = (list: string) => /^[0-9]{4}$/.test(list)

  test.each(lists)('%s tells the meaning of each of its codes and of no other', (list) => {
    expect(codesOf(list).map((code) => meaningOf(list, code))).not.toContain(undefined)
    expect(Object.keys((schemas[`codes/${list}`] as Node)['x-meanings'] as Node).sort()).toEqual([...codesOf(list)].sort())
    expect(meaningOf(list, 'toString')).toBeUndefined()
  })

  test.each(lists.filter((list) => !isUn(list)))('%s maps to codes that the lists of the corridor have', (list) => {
    for (const code of codesOf(list)) {
      for (const [target, codes] of Object.entries(mappingOf(list, code))) {
        expect(codesOf(target as CodeListName)).toEqual(expect.arrayContaining([...codes]))
      }
    }
  })

  if (!existsSync(reference)) it.skip('are parts of the UN/CEFACT lists (reference folder absent)', () => undefined)
  else {
    // 1225 is shipped only inside other schemas
    test.each(lists.filter((list) => isUn(list) && list !== '1225'))('%s is part of the UN/CEFACT list', (list) => {
      const text = readFileSync(new URL(`UNECE_UNTDID${list}.json`, reference), 'utf8')
      expect(codesOf(list).filter((code) => !new RegExp(`"const":\\s*"${code}"`).test(text))).toEqual([])
    })
  }
})

describe('what is generated from the schemas', () => {
  it('is fresh', () => {
    const generator = fileURLToPath(new URL('../scripts/generate-types.mjs', import.meta.url))
    expect(() => execFileSync(process.execPath, [generator, '--check'], { stdio: 'pipe' })).not.toThrow()
  })

  it('knows every statement by the title of its schema', () => {
    for (const [type, { document }] of Object.entries(statementTypes)) expect((schemas[document] as Node)['title']).toBe(type)
  })
})
