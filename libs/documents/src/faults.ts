import type { ErrorObject } from 'ajv/dist/2020.js'

/** Where a document is wrong (RFC 6901) and how. */
export type Fault = { readonly pointer: string; readonly message: string }

/** One thing wrong with the body of a request: where, what was expected and what stood there. */
export type BodyError = { pointer: string; expected: string; found: string; message: string }

/** The pointer a person would look at: the missing, surplus or misnamed member itself, not the object around it. */
export function pointerOf(error: ErrorObject): string {
  const { missingProperty, additionalProperty, tag } = error.params
  const member = missingProperty ?? additionalProperty ?? error.propertyName ?? (error.keyword === 'discriminator' ? tag : undefined)
  return typeof member === 'string' ? `${error.instancePath}/${escapeToken(member)}` : error.instancePath
}

/** One reference token of RFC 6901. */
export function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

/**
 * ajv reports every branch of an alternative and both ends of a condition; this keeps what helps. In an alternative the branch
 * that got further is meant: `items: ["x"]` is a wrong item, not a wrong "all".
 */
export function tellingErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept = errors.filter((error) => error.keyword !== 'if')
  for (const alternative of errors.filter((error) => error.keyword === 'anyOf')) {
    const path = alternative.instancePath
    const isBare = (error: ErrorObject) => error.instancePath === path && ['const', 'enum', 'type', 'maxLength', 'pattern'].includes(error.keyword)
    const isWithin = (error: ErrorObject) => error.instancePath === path || error.instancePath.startsWith(`${path}/`)
    const further = kept.some((error) => error !== alternative && !isBare(error) && isWithin(error))
    kept = kept.filter((error) => !isBare(error) && !(further && error === alternative))
  }
  return kept
}

/** An error of a validator that runs with `verbose`, told to a person. */
export function bodyErrorOf(error: ErrorObject): BodyError {
  return { pointer: pointerOf(error), expected: expectedBy(error), found: foundBy(error), message: error.message ?? error.keyword }
}

function expectedBy(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as { title?: string; description?: string; enum?: unknown[]; pattern?: string }
  const named = schema.description ?? schema.title
  switch (error.keyword) {
    case 'required': return 'a value'
    case 'additionalProperties':
    case 'false schema': return 'no such member here'
    case 'propertyNames': return 'another name'
    case 'enum': return `one of ${(schema.enum ?? []).join(', ')}`
    case 'const': return JSON.stringify(error.params['allowedValue'])
    case 'type': return String(error.params['type'])
    case 'pattern': return named ? `${named} (${schema.pattern})` : String(schema.pattern)
    default: return named ?? error.message ?? error.keyword
  }
}

function foundBy(error: ErrorObject): string {
  const extra = error.params['additionalProperty'] as string | undefined // a string wherever ajv sets it
  if (error.keyword === 'required') return 'nothing'
  const found = extra === undefined ? error.data : (error.data as Record<string, unknown>)[extra]
  const text = JSON.stringify(found) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
