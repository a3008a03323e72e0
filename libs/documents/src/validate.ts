import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { pointerOf, tellingErrors, type Fault } from './faults.js'
import { schemas, type DocumentName } from './generated/schemas.js'
import type { Envelope, ProtectedHeader, StatementData } from './generated/types.js'
import { documentOf, isStatementType, type Statement, type StatementType } from './statement.js'

const base = 'https://karvan.example/schemas/'

/** Annotations of our schemas that ajv is to pass over. */
export const vocabulary = ['x-list', 'x-mapping', 'x-meanings', 'x-subject']

/** What both validators share. `required` in a condition names members that are described outside it. */
export const options = {
  strict: true,
  strictRequired: false,
  ownProperties: true,
  discriminator: true,
  validateSchema: false,
  addUsedSchema: false,
} as const

/**
 * The log's validator: stops at the first error, no `format`, own members only, and every schema compiled when first needed.
 * That the schemas are sound is checked by a test, not at each start.
 */
const ajv = new Ajv2020(options)
ajv.addVocabulary(vocabulary)
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

/** `$id` of a document's schema; code lists carry no version. */
export function schemaIdOf(document: DocumentName): string {
  return document.startsWith('codes/') ? `${base}${document}` : `${base}${document}/v1`
}

/** The first thing wrong with a document of that name, or undefined when it fits its schema. */
export function faultOf(document: DocumentName, value: unknown): Fault | undefined {
  return check(validatorOf(schemaIdOf(document)), value)
}

/** The first thing wrong with a statement's data (SCHEMA). */
export function dataFaultOf(type: StatementType, data: unknown): Fault | undefined {
  return faultOf(documentOf(type), data)
}

/** The first thing wrong with everything outside `data` (ENVELOPE). */
export function envelopeFaultOf(value: unknown): Fault | undefined {
  return faultOf('envelope', value)
}

/** The first thing wrong with a JWS protected header (HEADER). */
export function headerFaultOf(value: unknown): Fault | undefined {
  return faultOf('protected-header', value)
}

/** A block's plaintext as stored, salt included. */
export function blockFaultOf(name: keyof typeof blocks, value: unknown): Fault | undefined {
  return check(validatorOf(`${base}particulars/v1#/$defs/${blocks[name]}`), value)
}

/** Which definition of `particulars` shapes which block. */
export const blocks = {
  parties: 'PartiesBlock',
  goods: 'GoodsBlock',
  dangerousGoods: 'DangerousGoodsBlock',
  commercial: 'CommercialBlock',
  documentsAndInstructions: 'DocumentsAndInstructionsBlock',
  authority: 'AuthorityBlock',
} as const

export function isEnvelope(value: unknown): value is Envelope {
  return envelopeFaultOf(value) === undefined
}

/** Whether a value is a statement of a known type: ENVELOPE and SCHEMA hold. */
export function isStatement(value: unknown): value is Statement {
  return isEnvelope(value) && isStatementType(value.type) && dataFaultOf(value.type, value.data) === undefined
}

export function isProtectedHeader(value: unknown): value is ProtectedHeader {
  return headerFaultOf(value) === undefined
}

export function isDataOf<T extends StatementType>(type: T, data: unknown): data is StatementData[T] {
  return dataFaultOf(type, data) === undefined
}

const validators = new Map<string, ValidateFunction>()

/** ajv's own look-up takes as long as validating a small statement (3 µs), three times a record. */
function validatorOf(id: string): ValidateFunction {
  const known = validators.get(id)
  if (known) return known
  const validator = ajv.getSchema(id)
  if (!validator) throw new Error(`no schema ${id}`)
  validators.set(id, validator)
  return validator
}

function check(validator: ValidateFunction, value: unknown): Fault | undefined {
  if (validator(value)) return undefined
  const [error] = tellingErrors(validator.errors ?? []) // taken at once: the next call overwrites them
  return error ? { pointer: pointerOf(error), message: error.message ?? error.keyword } : { pointer: '', message: 'does not fit its schema' }
}
