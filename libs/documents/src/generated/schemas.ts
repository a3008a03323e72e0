/* generated from schemas/ by `npm run generate`: do not edit */
import actAnswered from '../../../../schemas/act-answered/v1.json' with { type: 'json' }
import actDrawn from '../../../../schemas/act-drawn/v1.json' with { type: 'json' }
import amendmentAnswered from '../../../../schemas/amendment-answered/v1.json' with { type: 'json' }
import amendmentProposed from '../../../../schemas/amendment-proposed/v1.json' with { type: 'json' }
import carriageAccepted from '../../../../schemas/carriage-accepted/v1.json' with { type: 'json' }
import carriageAgreed from '../../../../schemas/carriage-agreed/v1.json' with { type: 'json' }
import checkpoint from '../../../../schemas/checkpoint/v1.json' with { type: 'json' }
import codes1001 from '../../../../schemas/codes/1001.json' with { type: 'json' }
import codes1153 from '../../../../schemas/codes/1153.json' with { type: 'json' }
import codes1225 from '../../../../schemas/codes/1225.json' with { type: 'json' }
import codes3035 from '../../../../schemas/codes/3035.json' with { type: 'json' }
import codes3227 from '../../../../schemas/codes/3227.json' with { type: 'json' }
import codes4053 from '../../../../schemas/codes/4053.json' with { type: 'json' }
import codes4343 from '../../../../schemas/codes/4343.json' with { type: 'json' }
import codes4451 from '../../../../schemas/codes/4451.json' with { type: 'json' }
import codes4517 from '../../../../schemas/codes/4517.json' with { type: 'json' }
import codes7065 from '../../../../schemas/codes/7065.json' with { type: 'json' }
import codes8051 from '../../../../schemas/codes/8051.json' with { type: 'json' }
import codes8053 from '../../../../schemas/codes/8053.json' with { type: 'json' }
import codes8067 from '../../../../schemas/codes/8067.json' with { type: 'json' }
import codes8077 from '../../../../schemas/codes/8077.json' with { type: 'json' }
import codes8169 from '../../../../schemas/codes/8169.json' with { type: 'json' }
import codes8179 from '../../../../schemas/codes/8179.json' with { type: 'json' }
import codes8273 from '../../../../schemas/codes/8273.json' with { type: 'json' }
import codes8323 from '../../../../schemas/codes/8323.json' with { type: 'json' }
import codes8339 from '../../../../schemas/codes/8339.json' with { type: 'json' }
import codes9013 from '../../../../schemas/codes/9013.json' with { type: 'json' }
import codes9303 from '../../../../schemas/codes/9303.json' with { type: 'json' }
import codes9411 from '../../../../schemas/codes/9411.json' with { type: 'json' }
import codes9415 from '../../../../schemas/codes/9415.json' with { type: 'json' }
import codes9417 from '../../../../schemas/codes/9417.json' with { type: 'json' }
import codesCustomsDecision from '../../../../schemas/codes/customs-decision.json' with { type: 'json' }
import codesDocument from '../../../../schemas/codes/document.json' with { type: 'json' }
import codesHandoffOutcome from '../../../../schemas/codes/handoff-outcome.json' with { type: 'json' }
import codesRegime from '../../../../schemas/codes/regime.json' with { type: 'json' }
import codesReservation from '../../../../schemas/codes/reservation.json' with { type: 'json' }
import codesSealAct from '../../../../schemas/codes/seal-act.json' with { type: 'json' }
import components from '../../../../schemas/components/v1.json' with { type: 'json' }
import consignmentCancelled from '../../../../schemas/consignment-cancelled/v1.json' with { type: 'json' }
import consignmentNote from '../../../../schemas/consignment-note/v1.json' with { type: 'json' }
import correctionFiled from '../../../../schemas/correction-filed/v1.json' with { type: 'json' }
import corridorFounded from '../../../../schemas/corridor-founded/v1.json' with { type: 'json' }
import customsDecisionIssued from '../../../../schemas/customs-decision-issued/v1.json' with { type: 'json' }
import declarationLodged from '../../../../schemas/declaration-lodged/v1.json' with { type: 'json' }
import effects from '../../../../schemas/effects/v1.json' with { type: 'json' }
import envelope from '../../../../schemas/envelope/v1.json' with { type: 'json' }
import epochClosed from '../../../../schemas/epoch-closed/v1.json' with { type: 'json' }
import handoffAnswered from '../../../../schemas/handoff-answered/v1.json' with { type: 'json' }
import handoffOffered from '../../../../schemas/handoff-offered/v1.json' with { type: 'json' }
import handoffVouched from '../../../../schemas/handoff-vouched/v1.json' with { type: 'json' }
import handoffWithdrawn from '../../../../schemas/handoff-withdrawn/v1.json' with { type: 'json' }
import instructionAnswered from '../../../../schemas/instruction-answered/v1.json' with { type: 'json' }
import instructionGiven from '../../../../schemas/instruction-given/v1.json' with { type: 'json' }
import keyAdded from '../../../../schemas/key-added/v1.json' with { type: 'json' }
import keyCompromised from '../../../../schemas/key-compromised/v1.json' with { type: 'json' }
import keyProof from '../../../../schemas/key-proof/v1.json' with { type: 'json' }
import keyRetired from '../../../../schemas/key-retired/v1.json' with { type: 'json' }
import loadingReported from '../../../../schemas/loading-reported/v1.json' with { type: 'json' }
import meansNominated from '../../../../schemas/means-nominated/v1.json' with { type: 'json' }
import movementReported from '../../../../schemas/movement-reported/v1.json' with { type: 'json' }
import noteAmended from '../../../../schemas/note-amended/v1.json' with { type: 'json' }
import noteIssued from '../../../../schemas/note-issued/v1.json' with { type: 'json' }
import participantAdmitted from '../../../../schemas/participant-admitted/v1.json' with { type: 'json' }
import participantSuspended from '../../../../schemas/participant-suspended/v1.json' with { type: 'json' }
import particulars from '../../../../schemas/particulars/v1.json' with { type: 'json' }
import particularsGranted from '../../../../schemas/particulars-granted/v1.json' with { type: 'json' }
import placeRegistered from '../../../../schemas/place-registered/v1.json' with { type: 'json' }
import problemAnswered from '../../../../schemas/problem-answered/v1.json' with { type: 'json' }
import problemRaised from '../../../../schemas/problem-raised/v1.json' with { type: 'json' }
import protectedHeader from '../../../../schemas/protected-header/v1.json' with { type: 'json' }
import receipt from '../../../../schemas/receipt/v1.json' with { type: 'json' }
import remarkAdded from '../../../../schemas/remark-added/v1.json' with { type: 'json' }
import rulesActivated from '../../../../schemas/rules-activated/v1.json' with { type: 'json' }
import scalars from '../../../../schemas/scalars/v1.json' with { type: 'json' }
import sealsChanged from '../../../../schemas/seals-changed/v1.json' with { type: 'json' }
import surplusLinked from '../../../../schemas/surplus-linked/v1.json' with { type: 'json' }
import surplusReported from '../../../../schemas/surplus-reported/v1.json' with { type: 'json' }

/** Every schema by document name: `note-issued`, `codes/9013`. */
export const schemas = {
  'act-answered': actAnswered,
  'act-drawn': actDrawn,
  'amendment-answered': amendmentAnswered,
  'amendment-proposed': amendmentProposed,
  'carriage-accepted': carriageAccepted,
  'carriage-agreed': carriageAgreed,
  'checkpoint': checkpoint,
  'codes/1001': codes1001,
  'codes/1153': codes1153,
  'codes/1225': codes1225,
  'codes/3035': codes3035,
  'codes/3227': codes3227,
  'codes/4053': codes4053,
  'codes/4343': codes4343,
  'codes/4451': codes4451,
  'codes/4517': codes4517,
  'codes/7065': codes7065,
  'codes/8051': codes8051,
  'codes/8053': codes8053,
  'codes/8067': codes8067,
  'codes/8077': codes8077,
  'codes/8169': codes8169,
  'codes/8179': codes8179,
  'codes/8273': codes8273,
  'codes/8323': codes8323,
  'codes/8339': codes8339,
  'codes/9013': codes9013,
  'codes/9303': codes9303,
  'codes/9411': codes9411,
  'codes/9415': codes9415,
  'codes/9417': codes9417,
  'codes/customs-decision': codesCustomsDecision,
  'codes/document': codesDocument,
  'codes/handoff-outcome': codesHandoffOutcome,
  'codes/regime': codesRegime,
  'codes/reservation': codesReservation,
  'codes/seal-act': codesSealAct,
  'components': components,
  'consignment-cancelled': consignmentCancelled,
  'consignment-note': consignmentNote,
  'correction-filed': correctionFiled,
  'corridor-founded': corridorFounded,
  'customs-decision-issued': customsDecisionIssued,
  'declaration-lodged': declarationLodged,
  'effects': effects,
  'envelope': envelope,
  'epoch-closed': epochClosed,
  'handoff-answered': handoffAnswered,
  'handoff-offered': handoffOffered,
  'handoff-vouched': handoffVouched,
  'handoff-withdrawn': handoffWithdrawn,
  'instruction-answered': instructionAnswered,
  'instruction-given': instructionGiven,
  'key-added': keyAdded,
  'key-compromised': keyCompromised,
  'key-proof': keyProof,
  'key-retired': keyRetired,
  'loading-reported': loadingReported,
  'means-nominated': meansNominated,
  'movement-reported': movementReported,
  'note-amended': noteAmended,
  'note-issued': noteIssued,
  'participant-admitted': participantAdmitted,
  'participant-suspended': participantSuspended,
  'particulars': particulars,
  'particulars-granted': particularsGranted,
  'place-registered': placeRegistered,
  'problem-answered': problemAnswered,
  'problem-raised': problemRaised,
  'protected-header': protectedHeader,
  'receipt': receipt,
  'remark-added': remarkAdded,
  'rules-activated': rulesActivated,
  'scalars': scalars,
  'seals-changed': sealsChanged,
  'surplus-linked': surplusLinked,
  'surplus-reported': surplusReported,
} satisfies Record<string, object> as Readonly<Record<DocumentName, object>>

/** Every type of statement: the document that shapes its data, and the kind of subject it stands on. */
export const statementTypes = {
  ActAnswered: { document: 'act-answered', subject: 'consignment' },
  ActDrawn: { document: 'act-drawn', subject: 'consignment' },
  AmendmentAnswered: { document: 'amendment-answered', subject: 'consignment' },
  AmendmentProposed: { document: 'amendment-proposed', subject: 'consignment' },
  CarriageAccepted: { document: 'carriage-accepted', subject: 'consignment' },
  CarriageAgreed: { document: 'carriage-agreed', subject: 'consignment' },
  ConsignmentCancelled: { document: 'consignment-cancelled', subject: 'consignment' },
  CorrectionFiled: { document: 'correction-filed', subject: 'consignment' },
  CorridorFounded: { document: 'corridor-founded', subject: 'corridor' },
  CustomsDecisionIssued: { document: 'customs-decision-issued', subject: 'consignment' },
  DeclarationLodged: { document: 'declaration-lodged', subject: 'consignment' },
  EpochClosed: { document: 'epoch-closed', subject: 'corridor' },
  HandoffAnswered: { document: 'handoff-answered', subject: 'consignment' },
  HandoffOffered: { document: 'handoff-offered', subject: 'consignment' },
  HandoffVouched: { document: 'handoff-vouched', subject: 'consignment' },
  HandoffWithdrawn: { document: 'handoff-withdrawn', subject: 'consignment' },
  InstructionAnswered: { document: 'instruction-answered', subject: 'consignment' },
  InstructionGiven: { document: 'instruction-given', subject: 'consignment' },
  KeyAdded: { document: 'key-added', subject: 'corridor' },
  KeyCompromised: { document: 'key-compromised', subject: 'corridor' },
  KeyRetired: { document: 'key-retired', subject: 'corridor' },
  LoadingReported: { document: 'loading-reported', subject: 'consignment' },
  MeansNominated: { document: 'means-nominated', subject: 'consignment' },
  MovementReported: { document: 'movement-reported', subject: 'consignment' },
  NoteAmended: { document: 'note-amended', subject: 'consignment' },
  NoteIssued: { document: 'note-issued', subject: 'consignment' },
  ParticipantAdmitted: { document: 'participant-admitted', subject: 'corridor' },
  ParticipantSuspended: { document: 'participant-suspended', subject: 'corridor' },
  ParticularsGranted: { document: 'particulars-granted', subject: 'consignment' },
  PlaceRegistered: { document: 'place-registered', subject: 'corridor' },
  ProblemAnswered: { document: 'problem-answered', subject: 'consignment' },
  ProblemRaised: { document: 'problem-raised', subject: 'consignment' },
  RemarkAdded: { document: 'remark-added', subject: 'consignment' },
  RulesActivated: { document: 'rules-activated', subject: 'corridor' },
  SealsChanged: { document: 'seals-changed', subject: 'consignment' },
  SurplusLinked: { document: 'surplus-linked', subject: 'found' },
  SurplusReported: { document: 'surplus-reported', subject: 'found' },
} as const

export type DocumentName =
  | 'act-answered'
  | 'act-drawn'
  | 'amendment-answered'
  | 'amendment-proposed'
  | 'carriage-accepted'
  | 'carriage-agreed'
  | 'checkpoint'
  | 'codes/1001'
  | 'codes/1153'
  | 'codes/1225'
  | 'codes/3035'
  | 'codes/3227'
  | 'codes/4053'
  | 'codes/4343'
  | 'codes/4451'
  | 'codes/4517'
  | 'codes/7065'
  | 'codes/8051'
  | 'codes/8053'
  | 'codes/8067'
  | 'codes/8077'
  | 'codes/8169'
  | 'codes/8179'
  | 'codes/8273'
  | 'codes/8323'
  | 'codes/8339'
  | 'codes/9013'
  | 'codes/9303'
  | 'codes/9411'
  | 'codes/9415'
  | 'codes/9417'
  | 'codes/customs-decision'
  | 'codes/document'
  | 'codes/handoff-outcome'
  | 'codes/regime'
  | 'codes/reservation'
  | 'codes/seal-act'
  | 'components'
  | 'consignment-cancelled'
  | 'consignment-note'
  | 'correction-filed'
  | 'corridor-founded'
  | 'customs-decision-issued'
  | 'declaration-lodged'
  | 'effects'
  | 'envelope'
  | 'epoch-closed'
  | 'handoff-answered'
  | 'handoff-offered'
  | 'handoff-vouched'
  | 'handoff-withdrawn'
  | 'instruction-answered'
  | 'instruction-given'
  | 'key-added'
  | 'key-compromised'
  | 'key-proof'
  | 'key-retired'
  | 'loading-reported'
  | 'means-nominated'
  | 'movement-reported'
  | 'note-amended'
  | 'note-issued'
  | 'participant-admitted'
  | 'participant-suspended'
  | 'particulars'
  | 'particulars-granted'
  | 'place-registered'
  | 'problem-answered'
  | 'problem-raised'
  | 'protected-header'
  | 'receipt'
  | 'remark-added'
  | 'rules-activated'
  | 'scalars'
  | 'seals-changed'
  | 'surplus-linked'
  | 'surplus-reported'
