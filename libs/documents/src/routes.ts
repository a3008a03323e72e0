import type { statementTypes } from './generated/schemas.js'
import type { StatementType } from './statement.js'

/** Statements on a consignment that the rules do not have yet; each gets its route with its rule. */
type WithoutRoute = 'AmendmentProposed' | 'AmendmentAnswered' | 'InstructionGiven' | 'InstructionAnswered' | 'ProblemRaised' | 'ProblemAnswered'

type OnConsignment = { [T in StatementType]: (typeof statementTypes)[T]['subject'] extends 'consignment' ? T : never }[StatementType]

/** A statement that a person or system can make through a node's API. */
export type RoutedType = Exclude<OnConsignment, WithoutRoute>

/** Where each statement is posted: the collection it adds to. `{id}` is the consignment. */
export const routes = {
  NoteIssued: '/v1/consignment-notes',
  NoteAmended: '/v1/consignments/{id}/note-amendments',
  ConsignmentCancelled: '/v1/consignments/{id}/cancellations',
  CarriageAgreed: '/v1/consignments/{id}/carriage-agreements',
  LoadingReported: '/v1/consignments/{id}/loadings',
  MeansNominated: '/v1/consignments/{id}/means-nominations',
  HandoffOffered: '/v1/consignments/{id}/handoff-offers',
  HandoffAnswered: '/v1/consignments/{id}/handoff-answers',
  HandoffWithdrawn: '/v1/consignments/{id}/handoff-withdrawals',
  HandoffVouched: '/v1/consignments/{id}/vouched-handoffs',
  CarriageAccepted: '/v1/consignments/{id}/carriage-acceptances',
  MovementReported: '/v1/consignments/{id}/movements',
  SealsChanged: '/v1/consignments/{id}/seal-changes',
  DeclarationLodged: '/v1/consignments/{id}/declarations',
  CustomsDecisionIssued: '/v1/consignments/{id}/customs-decisions',
  RemarkAdded: '/v1/consignments/{id}/remarks',
  ActDrawn: '/v1/consignments/{id}/acts',
  ActAnswered: '/v1/consignments/{id}/act-answers',
  CorrectionFiled: '/v1/consignments/{id}/corrections',
  ParticularsGranted: '/v1/consignments/{id}/particulars-grants',
} as const satisfies Record<RoutedType, string>

/** The path of a statement on one consignment; a note that is only now issued has no id in its path. */
export function pathOf(type: RoutedType, consignmentId: string | undefined): string {
  const route: string = routes[type]
  if (!route.includes('{id}')) return route
  if (consignmentId === undefined) throw new Error(`${type} stands on a consignment`)
  return route.replace('{id}', encodeURIComponent(consignmentId))
}

/** Whether a statement type has a route. */
export function isRoutedType(type: string): type is RoutedType {
  return Object.hasOwn(routes, type)
}
