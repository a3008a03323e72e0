import { statementTypes, type DocumentName } from './generated/schemas.js'
import type { Envelope, StatementData } from './generated/types.js'

export type StatementType = keyof StatementData

/** Everything outside `data`; frozen with `v`. */
export type EnvelopeFields = Omit<Envelope, 'type' | 'data'>

/** A statement whose data fits its type: what an envelope is once ENVELOPE, TYPE and SCHEMA hold. */
export type Statement = { [T in StatementType]: EnvelopeFields & { type: T; data: StatementData[T] } }[StatementType]

/** The statement of one type, or of some. */
export type StatementOf<T extends StatementType> = Extract<Statement, { type: T }>

export type SubjectKind = 'consignment' | 'found' | 'corridor'

/** Every statement type, in alphabetical order. */
export const statementTypeNames = Object.keys(statementTypes) as readonly StatementType[] // keys of a literal

/** Whether the active rules know this type; a type they lack is `refused(TYPE)`. */
export function isStatementType(type: string): type is StatementType {
  return Object.hasOwn(statementTypes, type)
}

/** On which kind of subject a statement stands: a consignment, found goods, or the register. */
export function subjectKindOf(type: StatementType): SubjectKind {
  return statementTypes[type].subject
}

/** The schema document that shapes a statement's data, such as `note-issued`. */
export function documentOf(type: StatementType): DocumentName {
  return statementTypes[type].document
}
