import { maxCallParts, parseBody, statementOfCall, type BodyError, type CallBodies, type CallKind, type RoutedType, type StatementBody } from '#libs/documents'
import type { Asking } from './asking.js'
import { answersOf, offersOf } from './list-parts.js'
import { loadingsOf } from './loading-parts.js'
import { decisionsOf, movementsOf } from './means-parts.js'

/** One statement of a call, before it is kept. */
export interface DraftedPart {
  readonly subject: string
  readonly body: Readonly<Record<string, unknown>>
  /** Where in the call a place in this statement came from: the longest beginning counts, what is not here stands in the call under the same name. */
  readonly pointers: Readonly<Record<string, string>>
}

export interface CallFault {
  readonly code: 'NOTHING_TO_STATE' | 'TOO_BROAD' | 'UNKNOWN_ITEMS' | 'AMBIGUOUS_LIST' | 'SCHEMA' | 'PARTS_REFUSED'
  readonly detail: string
  readonly errors?: readonly BodyError[]
}

/** What a call becomes, with what is shown of it beside its parts. */
export type DraftedCall = { readonly facts: Readonly<Record<string, unknown>>; readonly parts: readonly DraftedPart[] } | { readonly fault: CallFault }

/** Where parts are made from: what this participant sees. */
export interface Seeing {
  readonly participant: string
  readonly asking: Pick<Asking, 'search' | 'consignment'>
}

const drafters: { readonly [K in CallKind]: (body: CallBodies[K], seeing: Seeing) => Promise<DraftedCall> } = {
  transferList: async (body) => offersOf(body),
  transferListAnswer: answersOf,
  movement: movementsOf,
  customsDecision: decisionsOf,
  loading: loadingsOf,
}

/** The statements of a call. What each says was said by the caller or is seen here; whether it may be said is the judge's to decide. */
export async function draftCall<K extends CallKind>(kind: K, body: CallBodies[K], seeing: Seeing): Promise<DraftedCall> {
  const drafted = await drafters[kind](body, seeing)
  if ('fault' in drafted) return drafted
  if (drafted.parts.length > maxCallParts) return { fault: { code: 'TOO_BROAD', detail: `it concerns ${drafted.parts.length} consignments; a call has at most ${maxCallParts}` } }
  const errors = drafted.parts.flatMap((part) => errorsOf(statementOfCall[kind], part))
  return errors.length > 0 ? { fault: { code: 'SCHEMA', detail: 'a statement made of it does not fit its schema', errors } } : drafted
}

/** A place in the call for a place in one of its statements. */
export function pointerInCall(pointers: DraftedPart['pointers'], pointer: string): string {
  const [start] = Object.keys(pointers).filter((one) => pointer === one || (one !== '' && pointer.startsWith(`${one}/`))).sort((a, b) => b.length - a.length)
  return start === undefined ? pointer : `${pointers[start]}${pointer.slice(start.length)}`
}

/** The statement as the door would read it from its own address, so that nothing is kept that could not be posted there. */
function errorsOf(type: RoutedType, { body, pointers }: DraftedPart): readonly BodyError[] {
  const parsed = parseBody(type, body)
  return parsed.ok ? [] : parsed.errors.map((error) => ({ ...error, pointer: pointerInCall(pointers, error.pointer) }))
}

export type CallStatement = StatementBody<RoutedType>
