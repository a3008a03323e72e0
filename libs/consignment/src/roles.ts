import type { StatementType } from '#libs/documents'

/** What each kind of participant, and each capacity it was admitted in, may state. This table is the only place where they differ. */

const custody = ['HandoffOffered', 'HandoffAnswered', 'HandoffWithdrawn', 'HandoffVouched'] as const
const found = ['SurplusReported', 'SurplusLinked'] as const
const everybody = ['CorrectionFiled', 'ProblemRaised', 'ProblemAnswered', 'ParticularsGranted', 'ActDrawn', 'ActAnswered'] as const
const consignorsAgent = ['NoteIssued', 'NoteAmended', 'ConsignmentCancelled', 'AmendmentProposed', 'InstructionGiven'] as const
const carrier = [
  ...custody, ...found, ...everybody, ...consignorsAgent,
  'CarriageAgreed', 'CarriageAccepted', 'MeansNominated', 'LoadingReported', 'MovementReported', 'SealsChanged', 'RemarkAdded',
  'AmendmentAnswered', 'InstructionAnswered',
] as const
const ownKeys = ['KeyAdded', 'KeyRetired', 'KeyCompromised'] as const

export const roles = {
  authority: ['CorridorFounded', 'ParticipantAdmitted', 'ParticipantSuspended', 'PlaceRegistered', 'RulesActivated', 'EpochClosed', ...ownKeys],
  forwarder: [...custody, ...everybody, ...consignorsAgent, ...ownKeys, 'LoadingReported', 'MovementReported', 'SealsChanged'],
  rail: [...carrier, ...ownKeys],
  sea: [...carrier, ...ownKeys],
  port: [...custody, ...found, ...everybody, ...consignorsAgent, ...ownKeys, 'LoadingReported', 'MovementReported', 'SealsChanged', 'RemarkAdded'],
  customs: [...everybody, ...ownKeys, 'CustomsDecisionIssued', 'SealsChanged'],
} as const satisfies Record<string, readonly StatementType[]>

export const capacities = {
  declarant: ['DeclarationLodged'],
  agent: ['CarriageAgreed', 'MeansNominated', 'DeclarationLodged'],
  operator: ['CarriageAgreed', 'MeansNominated', 'CarriageAccepted'],
  consigneeSide: ['InstructionGiven', 'AmendmentProposed'],
} as const satisfies Record<string, readonly StatementType[]>

export type Role = keyof typeof roles
export type Capacity = keyof typeof capacities

/** Whether a participant admitted in these roles and capacities may make a statement of this type at all. */
export function mayState(type: StatementType, held: { readonly roles: readonly Role[]; readonly capacities: readonly Capacity[] }): boolean {
  const rows: readonly (readonly StatementType[])[] = [...held.roles.map((role) => roles[role]), ...held.capacities.map((capacity) => capacities[capacity])]
  return rows.some((row) => row.includes(type))
}

/** Roles that are a party to a consignment by a country on its route, not by name: who of them may state and see is decided by the note's places. */
const territorialRoles: readonly Role[] = ['customs']

export function standsByCountry(held: { readonly roles: readonly Role[] }): boolean {
  return held.roles.some((role) => territorialRoles.includes(role))
}

/** Acts can be refused by a rule; facts only by SCHEMA, PARTY, ROLE or UNKNOWN_REFERENCE. */
export const kinds = {
  CorridorFounded: 'act', ParticipantAdmitted: 'act', ParticipantSuspended: 'act', KeyAdded: 'act', KeyRetired: 'act', KeyCompromised: 'act',
  PlaceRegistered: 'act', RulesActivated: 'act', EpochClosed: 'act',
  NoteIssued: 'act', NoteAmended: 'act', ConsignmentCancelled: 'act', AmendmentProposed: 'act', AmendmentAnswered: 'act', CarriageAgreed: 'act',
  LoadingReported: 'fact', MeansNominated: 'act', HandoffOffered: 'act', HandoffAnswered: 'act', HandoffWithdrawn: 'act', HandoffVouched: 'act',
  CarriageAccepted: 'act', MovementReported: 'fact', SealsChanged: 'fact', DeclarationLodged: 'fact', CustomsDecisionIssued: 'act', RemarkAdded: 'fact',
  ActDrawn: 'fact', ActAnswered: 'act', InstructionGiven: 'act', InstructionAnswered: 'act', CorrectionFiled: 'act', ProblemRaised: 'fact',
  ProblemAnswered: 'fact', ParticularsGranted: 'act', SurplusReported: 'fact', SurplusLinked: 'act',
} as const satisfies Record<StatementType, 'act' | 'fact'>

/** Statements whose rules these rules version 1 do not have yet: refused with TYPE, never half-handled. */
export const notYetJudged: readonly StatementType[] = [
  'AmendmentProposed', 'AmendmentAnswered', 'InstructionGiven', 'InstructionAnswered', 'ProblemRaised', 'ProblemAnswered', 'SurplusReported', 'SurplusLinked',
]
