import type { ErrorObject } from 'ajv/dist/2020.js'

/** Where a document is wrong (RFC 6901) and how. */
export type Fault = { readonly pointer: string; readonly message: string }

/** The pointer a person would look at: the missing, surplus or misnamed member itself, not the object around it. */
export function pointerOf(error: ErrorObject): string {
  const member = error.params['missingProperty'] ?? error.params['additionalProperty'] ?? error.params['propertyName'] ?? (error.keyword === 'discriminator' ? error.params['tag'] : undefined)
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
    const further = kept.some((error) => error !== alternative && !isBare(error) && (error.instancePath === path || error.instancePath.startsWith(`${path}/`)))
    kept = kept.filter((error) => !isBare(error) && !(further && error === alternative))
  }
  return kept
}
