import { bodySchemaOf, maxBodyErrors, type StatementBody } from './body.js'
import type { BodyError } from './faults.js'
import { schemas } from './generated/schemas.js'
import type { ConsignmentId, HandoffAnswered, HandoffOffered, Ident, ItemId, LoadingReported, Means } from './generated/types.js'
import type { RoutedType } from './routes.js'
import { tellerOf } from './telling.js'

/** Where each call over many consignments is posted. Each becomes one statement for every consignment it concerns. */
export const callRoutes = {
  transferList: '/v1/transfer-lists',
  transferListAnswer: '/v1/transfer-lists/answers',
  movement: '/v1/movements',
  customsDecision: '/v1/customs-decisions',
  loading: '/v1/loadings',
} as const

export type CallKind = keyof typeof callRoutes

/** The statement that a call becomes. */
export const statementOfCall = {
  transferList: 'HandoffOffered',
  transferListAnswer: 'HandoffAnswered',
  movement: 'MovementReported',
  customsDecision: 'CustomsDecisionIssued',
  loading: 'LoadingReported',
} as const satisfies Record<CallKind, RoutedType>

/** Consignments of one call. */
export const maxCallParts = 200

/** Rows of one loading list, and exceptions of one call. */
export const maxCallRows = 1_000

interface Atomic {
  /** Nothing is made when a part would be refused as things stand. What is made is decided part by part all the same. */
  readonly atomic?: 'preflight'
}

interface OfMeans {
  readonly means: Means
  readonly journeyId?: Ident
  /** Items left out. */
  readonly exceptions?: readonly ItemId[]
}

/** An item in any consignment; the consignment is named where several have an item of that name. */
interface InSubject {
  readonly subject?: ConsignmentId
}

type Answered = StatementBody<'HandoffAnswered'>
type Decided = StatementBody<'CustomsDecisionIssued'>

/** What is posted for a call. */
export interface CallBodies {
  readonly transferList: Atomic & Pick<StatementBody<'HandoffOffered'>, 'occurredAt' | 'to' | 'placeId' | 'presentedAt' | 'liabilityPasses' | 'takesOverFor'> & {
    readonly number: Ident
    readonly parts: readonly ({ readonly subject: ConsignmentId } & Pick<HandoffOffered, 'into' | 'items' | 'delivers' | 'deviationReason'>)[]
  }
  readonly transferListAnswer: Atomic & Omit<Answered, 'offer' | 'surplus' | 'exceptions'> & {
    readonly number: Ident
    /** Whose list, where several waiting ones have that number. */
    readonly from?: string
    readonly exceptions?: readonly (InSubject & NonNullable<HandoffAnswered['exceptions']>[number])[]
  }
  readonly movement: Atomic & OfMeans & Omit<StatementBody<'MovementReported'>, 'items' | 'legId' | 'means' | 'journeyId'>
  readonly customsDecision: Atomic & OfMeans & Omit<Decided, 'items' | 'lifts' | 'withdraws'> & { readonly lifts?: 'own' }
  readonly loading: Atomic & Omit<StatementBody<'LoadingReported'>, 'loadings'> & { readonly loadings: readonly (InSubject & LoadingReported['loadings'][number])[] }
}

type Schema = { readonly [keyword: string]: unknown; readonly required: readonly string[]; readonly properties: Readonly<Record<string, unknown>>; readonly allOf?: readonly object[] }

const base = 'https://karvan.example/schemas/'
const scalar = (name: string) => ({ $ref: `${base}scalars/v1#/$defs/${name}` })
const named = { type: 'array', minItems: 1, maxItems: maxCallRows, uniqueItems: true, items: { type: 'string', ...scalar('ItemId') } }
const ofMeans = { means: { $ref: `${base}components/v1#/$defs/Means` }, journeyId: scalar('Ident'), exceptions: { ...named, description: 'Items left out.' } }
const atomic = { const: 'preflight', description: 'Nothing is made when a part would be refused as things stand.' }

const changes: { readonly [K in CallKind]: (statement: Schema) => Schema } = {
  transferList: (statement) => {
    const { into, items, delivers, deviationReason } = statement.properties
    const part = {
      type: 'object', required: ['subject', 'into', 'items'], additionalProperties: false,
      properties: { subject: scalar('ConsignmentId'), into, items, delivers, deviationReason },
    }
    const without = altered(statement, ['into', 'items', 'delivers', 'deviationReason', 'transferList'], {})
    return altered(without, [], { number: scalar('Ident'), parts: { type: 'array', minItems: 1, maxItems: maxCallParts, items: part } }, ['number', 'parts'])
  },
  transferListAnswer: (statement) => {
    const exceptions = rowsWithSubject(statement.properties['exceptions'])
    return altered(statement, ['offer', 'surplus'], { number: scalar('Ident'), from: scalar('ParticipantId'), exceptions }, ['number'])
  },
  movement: (statement) => altered(statement, ['items', 'legId'], ofMeans, ['means']),
  customsDecision: (statement) => {
    const kinds = (schemas['codes/customs-decision'] as { enum: readonly string[] }).enum // a code list is an enum
    const kind = { type: 'string', enum: kinds.filter((one) => one !== 'withdrawn') }
    const lifts = { const: 'own', description: 'All own open holds on what the decision names.' }
    const conditions = (statement.allOf ?? []).filter((condition) => !JSON.stringify(condition).includes('"withdrawn"'))
    return { ...altered(statement, ['items', 'withdraws'], { ...ofMeans, kind, lifts }, ['means']), allOf: conditions }
  },
  loading: (statement) => altered(statement, [], { loadings: rowsWithSubject(statement.properties['loadings']) }),
}

/** The JSON Schema of the body of a call, derived from the body of its statement so that they cannot drift apart. */
export function callSchemaOf(kind: CallKind): object {
  const statement = structuredClone(bodySchemaOf(statementOfCall[kind])) as Schema // every body is an object with required members
  const { title: _title, ...call } = altered(changes[kind](statement), [], { atomic }) as Schema & { title?: string }
  return call
}

export type ParsedCall<K extends CallKind> = { readonly ok: true; readonly value: CallBodies[K] } | { readonly ok: false; readonly errors: readonly BodyError[] }

const tellers = new Map<CallKind, ReturnType<typeof tellerOf>>()

/** Reads the body of a call: typed, or everything that is wrong with it, at most 50 errors. */
export function parseCall<K extends CallKind>(kind: K, value: unknown): ParsedCall<K> {
  let errorsOf = tellers.get(kind)
  if (!errorsOf) tellers.set(kind, (errorsOf = tellerOf(callSchemaOf(kind))))
  const errors = errorsOf(value)
  return errors.length > 0 ? { ok: false, errors: errors.slice(0, maxBodyErrors) } : { ok: true, value: value as CallBodies[K] } // its schema says so
}

function altered(schema: Schema, without: readonly string[], more: Readonly<Record<string, unknown>>, required: readonly string[] = []): Schema {
  const kept = Object.entries(schema.properties).filter(([name]) => !without.includes(name))
  return { ...schema, properties: { ...Object.fromEntries(kept), ...more }, required: [...new Set([...schema.required.filter((name) => !without.includes(name)), ...required])] }
}

function rowsWithSubject(rows: unknown): object {
  const { items, ...list } = rows as { readonly items: Schema } // a list of rows
  return { ...list, maxItems: maxCallRows, items: altered(items, [], { subject: { ...scalar('ConsignmentId'), description: 'Where several consignments have an item of that name.' } }) }
}
