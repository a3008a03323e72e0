// Makes libs/documents/src/generated from schemas/. `node scripts/generate-types.mjs` writes, `--check` only compares.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { compile } from 'json-schema-to-typescript'

const root = new URL('../', import.meta.url)
const base = 'https://karvan.example/schemas/'
const banner = '/* generated from schemas/ by `npm run generate`: do not edit */'

/** Every schema by document name: `note-issued`, `codes/9013`. */
function readSchemas() {
  const folders = readdirSync(new URL('schemas/', root), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const names = folders.flatMap((folder) =>
    folder === 'codes' ? readdirSync(new URL('schemas/codes/', root)).map((file) => `codes/${file.replace('.json', '')}`) : [folder],
  )
  return new Map(names.sort().map((name) => [name, { file: fileOf(name), schema: JSON.parse(readFileSync(new URL(fileOf(name), root), 'utf8')) }]))
}

const fileOf = (name) => `schemas/${name}${name.startsWith('codes/') ? '' : '/v1'}.json`

/** Keywords that say nothing about the type, or narrow values in a way TypeScript would show as an intersection. */
const untyped = new Set(['$defs', '$id', '$schema', 'allOf', 'if', 'then', 'else', 'discriminator', 'minItems', 'maxItems'])

/** One flat set of definitions named by title, so that a shared object becomes one type wherever it is used. */
function definitionsOf(schemas) {
  const definitions = {}
  const define = (schema) => {
    if (!schema.title) throw new Error(`no title: ${JSON.stringify(schema).slice(0, 80)}`)
    if (schema.title in definitions) throw new Error(`two schemas are called ${schema.title}`)
    definitions[schema.title] = schema
  }
  const titleOf = (reference, document) => {
    const [url, pointer] = reference.split('#')
    const schema = url === '' ? document : schemas.get(url.replace(base, '').replace(/\/v1$/, ''))?.schema
    const target = pointer ? schema?.$defs?.[pointer.replace('/$defs/', '')] : schema
    if (!target?.title) throw new Error(`${reference} leads nowhere`)
    return target.title
  }
  const plain = (node, document) => {
    if (Array.isArray(node)) return node.map((item) => plain(item, document))
    if (node === null || typeof node !== 'object') return node
    if (node.$ref) return { $ref: `#/definitions/${titleOf(node.$ref, document)}` }
    const typed = Object.entries(node).filter(([key]) => !untyped.has(key) && !key.startsWith('x-'))
    return Object.fromEntries(typed.map(([key, value]) => [key, plain(value, document)]))
  }
  for (const { schema } of schemas.values()) {
    for (const definition of Object.values(schema.$defs ?? {})) define(plain(definition, schema))
    if (schema.type || schema.oneOf || schema.anyOf) define(plain(schema, schema))
  }
  return definitions
}

function statementsOf(schemas) {
  return [...schemas].filter(([, { schema }]) => schema['x-subject']).map(([name, { schema }]) => ({ name, type: schema.title, subject: schema['x-subject'] }))
}

async function typesText(schemas) {
  const types = statementsOf(schemas).map(({ type }) => type)
  const rootSchema = {
    title: 'StatementData',
    description: 'What each type of statement carries as `data`.',
    type: 'object',
    additionalProperties: false,
    required: types,
    properties: Object.fromEntries(types.map((type) => [type, { $ref: `#/definitions/${type}` }])),
    definitions: definitionsOf(schemas),
  }
  const text = await compile(rootSchema, 'StatementData', {
    bannerComment: banner,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    customName: (schema) => schema.title,
    style: { semi: false, singleQuote: true, printWidth: 160 },
  })
  // its remarks on which definition refers to which say nothing here: drop them, and the comments that are empty without them
  const remark = /^ \* This (?:interface|type) was referenced by `StatementData`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/gm
  return text.replace(remark, '').replace(/ \*\n \*\//g, ' */').replace(/^\/\*\*\n \*\/\n/gm, '')
}

function schemasText(schemas) {
  const variable = (name) => name.replace(/[-/](.)/g, (_, next) => next.toUpperCase())
  const lines = [banner]
  for (const [name, { file }] of schemas) lines.push(`import ${variable(name)} from '../../../../${file}' with { type: 'json' }`)
  lines.push('', '/** Every schema by document name: `note-issued`, `codes/9013`. */', 'export const schemas = {')
  for (const name of schemas.keys()) lines.push(`  '${name}': ${variable(name)},`)
  lines.push('} satisfies Record<string, object> as Readonly<Record<DocumentName, object>>', '')
  lines.push('/** Every type of statement: the document that shapes its data, and the kind of subject it stands on. */', 'export const statementTypes = {')
  for (const { name, type, subject } of statementsOf(schemas)) lines.push(`  ${type}: { document: '${name}', subject: '${subject}' },`)
  lines.push('} as const', '', 'export type DocumentName =')
  for (const name of schemas.keys()) lines.push(`  | '${name}'`)
  return lines.join('\n') + '\n'
}

const schemas = readSchemas()
const files = { 'types.ts': await typesText(schemas), 'schemas.ts': schemasText(schemas) }
for (const [file, text] of Object.entries(files)) {
  const url = new URL(`libs/documents/src/generated/${file}`, root)
  if (!process.argv.includes('--check')) writeFileSync(url, text)
  else if (readFileSync(url, 'utf8') !== text) {
    process.stderr.write(`libs/documents/src/generated/${file} is stale: run npm run generate\n`)
    process.exitCode = 1
  }
}
