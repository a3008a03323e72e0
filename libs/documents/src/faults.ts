import type { ErrorObject } from 'ajv/dist/2020.js'
import { expectationOf } from './expectations.js'

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

/** One error for each place: a text that is too long also misses its pattern, and a missing tag is also no known one. The tag says more. */
export function onePerPlace(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const byPlace = new Map<string, ErrorObject>()
  for (const error of errors) {
    const place = pointerOf(error)
    if (!byPlace.has(place) || error.keyword === 'discriminator') byPlace.set(place, error)
  }
  return [...byPlace.values()]
}

/** An error of a validator that runs with `verbose`, told to a person. */
export function bodyErrorOf(error: ErrorObject): BodyError {
  const expected = expectedBy(error)
  return { pointer: pointerOf(error), expected, found: foundBy(error), message: messageOf(error, expected) }
}

type Shown = { title?: string; description?: string; enum?: unknown[]; pattern?: string; oneOf?: { properties?: Record<string, { const?: unknown }> }[] }

/** Longer lists of codes are in the description of the API. */
const longestList = 24

function expectedBy(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as Shown // as `verbose` gives it
  const { limit } = error.params as { limit?: number }
  switch (error.keyword) {
    case 'required': return 'a value'
    case 'additionalProperties':
    case 'false schema': return 'no such member here'
    case 'propertyNames': return 'another name'
    case 'enum': return oneOf(schema.enum ?? [], schema.title)
    case 'discriminator': return oneOf((schema.oneOf ?? []).map(({ properties }) => properties?.[String(error.params['tag'])]?.const))
    case 'const': return JSON.stringify(error.params['allowedValue'])
    case 'type': return String(error.params['type'])
    case 'pattern': return expectationOf(schema)
    case 'maxLength': return schema.pattern === undefined ? `at most ${limit} characters` : expectationOf(schema)
    case 'minimum':
    case 'minItems': return `at least ${limit}`
    case 'maximum':
    case 'maxItems': return `at most ${limit}`
    case 'uniqueItems': return 'nothing twice'
    default: return schema.description ?? schema.title ?? error.message ?? error.keyword
  }
}

function oneOf(values: readonly unknown[], title?: string): string {
  if (values.length <= longestList) return `one of ${values.join(', ')}`
  return `one of the ${values.length} values of ${title ?? 'its list'}, such as ${values.slice(0, 3).join(', ')}`
}

/** ajv's own sentence, but where it would show a pattern or leave out what is allowed. */
function messageOf(error: ErrorObject, expected: string): string {
  switch (error.keyword) {
    case 'pattern':
    case 'maxLength':
    case 'enum': return `must be ${expected}`
    case 'discriminator': return `${String(error.params['tag'])}: ${expected}`
    default: return error.message ?? error.keyword
  }
}

function foundBy(error: ErrorObject): string {
  const extra = error.params['additionalProperty'] as string | undefined // a string wherever ajv sets it
  if (error.keyword === 'required') return 'nothing'
  const found = error.keyword === 'discriminator' ? error.params['tagValue'] : extra === undefined ? error.data : (error.data as Record<string, unknown>)[extra]
  const text = JSON.stringify(found) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
