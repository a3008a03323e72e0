import { canonicalBytes, maxDepth, parseCanonical } from './canonical.js'
import type { BodyError } from './faults.js'
import { schemas } from './generated/schemas.js'
import type * as Documents from './generated/types.js'
import type { BlockName, ConsignmentNote, DateTime, ParticipantId, PartyId, StatementData } from './generated/types.js'
import { documentOf, type StatementType } from './statement.js'
import { tellerOf } from './telling.js'
import { blocks } from './validate.js'

type Contents = {
  parties: Documents.PartiesBlock
  goods: Documents.GoodsBlock
  dangerousGoods: Documents.DangerousGoodsBlock
  commercial: Documents.CommercialBlock
  documentsAndInstructions: Documents.DocumentsAndInstructionsBlock
  authority: Documents.AuthorityBlock
}

/** A block of particulars in plaintext, as it comes in over HTTP: the node adds the salt and the consignment. */
export type PlainBlock = { [N in BlockName]: { name: N; for?: PartyId; readers: ParticipantId[]; content: Omit<Contents[N], 'salt' | 'consignmentId'> } }[BlockName]

type PlainParticulars = { particulars?: { blocks: PlainBlock[] } }
type PlainData<D> = D extends { note: ConsignmentNote }
  ? Omit<D, 'note'> & { note: Omit<ConsignmentNote, 'particulars'> } & PlainParticulars
  : D extends { particulars?: unknown } ? Omit<D, 'particulars'> & PlainParticulars : D

/** What a client posts to have a statement made: its data with particulars in plaintext, and when it happened. */
export type StatementBody<T extends StatementType> = PlainData<StatementData[T]> & { occurredAt: DateTime }

export type ParsedBody<T extends StatementType> = { ok: true; value: StatementBody<T> } | { ok: false; errors: BodyError[] }

/** Errors told of one body; whoever sends more has another problem. */
export const maxBodyErrors = 50

const base = 'https://karvan.example/schemas/'
const maxExtensionsBytes = 8192

type Schema = { readonly [keyword: string]: unknown; required?: string[]; allOf?: object[]; properties: Record<string, unknown> }

const tellers = new Map<StatementType, ReturnType<typeof tellerOf>>()

/**
 * The JSON Schema of the body for one type of statement. Derived, so that the API cannot drift from the log: `data` without
 * the digests of its particulars, plus `occurredAt`, plus the particulars in plaintext where the statement carries any.
 * References to shared schemas are absolute.
 */
export function bodySchemaOf(type: StatementType): object {
  const data = schemas[documentOf(type)] as Schema // each has properties: a statement's data is an object
  const body = withoutDigests(data)
  if ('note' in data.properties) {
    body.properties['note'] = withoutDigests(schemas['consignment-note'] as Schema)
    body.properties['particulars'] = plainParticulars(['parties', 'goods', 'dangerousGoods', 'commercial', 'documentsAndInstructions'])
  } else if ('particulars' in data.properties) body.properties['particulars'] = plainParticulars(['authority', 'documentsAndInstructions'])
  body.properties['occurredAt'] = { $ref: `${base}scalars/v1#/$defs/DateTime` }
  return { title: `${type}Body`, ...body, required: ['occurredAt', ...body.required] }
}

/** Reads the body of a request for one type of statement: typed, or everything that is wrong with it, at most 50 errors. */
export function parseBody<T extends StatementType>(type: T, value: unknown): ParsedBody<T> {
  let errorsOf = tellers.get(type)
  if (!errorsOf) tellers.set(type, (errorsOf = tellerOf(bodySchemaOf(type))))
  const misshapen = errorsOf(value)
  if (misshapen.length > 0) return { ok: false, errors: misshapen.slice(0, maxBodyErrors) }
  const errors = wireErrors(value as PlainParticulars) // its shape has just been checked
  return errors.length ? { ok: false, errors } : { ok: true, value: value as StatementBody<T> }
}

function withoutDigests(schema: Schema) {
  const { particulars: _digests, ...properties } = structuredClone(schema.properties)
  const kept = Object.entries(schema).filter(([keyword]) => !/^(?:[$]|x-|title$|allOf$)/.test(keyword))
  const conditions = (schema.allOf ?? []).filter((condition) => 'if' in condition) // the others speak of digests
  const required = (schema.required ?? []).filter((name) => name !== 'particulars')
  return { ...Object.fromEntries(kept), properties, required, ...(conditions.length && { allOf: conditions }) }
}

/** Members of a block that the node adds to what a client posts. */
const addedByNode: readonly string[] = ['salt', 'consignmentId']

function plainParticulars(names: readonly BlockName[]): object {
  const definitions = (schemas['particulars'] as { $defs: Record<string, Schema> }).$defs // the document is made of definitions only
  const shape = (name: BlockName) => {
    const content = structuredClone(definitions[blocks[name]]) as Schema // `blocks` names existing definitions, a test walks them
    content.properties = Object.fromEntries(Object.entries(content.properties).filter(([member]) => !addedByNode.includes(member)))
    return {
      type: 'object',
      required: ['name', 'readers', 'content'],
      properties: {
        name: { const: name },
        for: { $ref: `${base}scalars/v1#/$defs/PartyId` },
        readers: { type: 'array', minItems: 1, maxItems: 40, uniqueItems: true, items: { type: 'string', $ref: `${base}scalars/v1#/$defs/ParticipantId` } },
        content: { ...content, required: (content.required ?? []).filter((member) => !addedByNode.includes(member)) },
      },
      additionalProperties: false,
    }
  }
  const items = { type: 'object', required: ['name'], discriminator: { propertyName: 'name' }, oneOf: names.map(shape) }
  return { type: 'object', required: ['blocks'], properties: { blocks: { type: 'array', maxItems: 40, items } }, additionalProperties: false }
}

/**
 * What no schema can say but the log refuses: nesting, numbers, characters; and the size of extensions (tables 3.1).
 * A statement signed with such data would be refused before CHAIN and take its whole chain down, so it is stopped here.
 */
function wireErrors(body: PlainParticulars): BodyError[] {
  const { particulars, ...data } = body
  const errors = unwritable('', data, maxDepth - 1) // `data` is the second level of the envelope
  for (const [index, { content }] of (particulars?.blocks ?? []).entries()) {
    const pointer = `/particulars/blocks/${index}/content`
    errors.push(...unwritable(pointer, content, maxDepth))
    const bytes = 'extensions' in content ? Buffer.byteLength(JSON.stringify(content.extensions)) : 0
    if (bytes > maxExtensionsBytes) {
      const expected = `at most ${maxExtensionsBytes} bytes`
      errors.push({ pointer: `${pointer}/extensions`, expected, found: `${bytes} bytes`, message: 'extensions are too large' })
    }
  }
  return errors
}

function unwritable(pointer: string, value: unknown, depth: number): BodyError[] {
  let code: string
  try {
    const read = parseCanonical(canonicalBytes(value), depth)
    if (read.ok) return []
    code = read.code
  } catch {
    code = 'CANONICAL'
  }
  const expected = code === 'DEPTH' ? `at most ${depth} levels` : 'integers within ±(2^53−1), whole characters, no member called __proto__'
  return [{ pointer, expected, found: code, message: 'has no canonical form that the log takes' }]
}
