import { dataFaultOf, envelopeFaultOf, isStatementType, subjectKindOf, thumbprintOf, type CorridorFounded, type Envelope, type StatementData, type StatementType } from '#libs/documents'
import { judgeCarriageAccepted, judgeCarriageAgreed, judgeMeansNominated } from './carriage.js'
import { judgeCorrectionFiled, judgeParticularsGranted } from './correction.js'
import { judgeActAnswered, judgeCustomsDecision } from './customs.js'
import { evolve, partiesOf } from './evolve.js'
import { judgeActDrawn, judgeDeclarationLodged, judgeLoadingReported, judgeMovementReported, judgeRemarkAdded, judgeSealsChanged } from './facts.js'
import { judgeHandoffAnswered, judgeHandoffOffered, judgeHandoffVouched, judgeHandoffWithdrawn } from './handoff.js'
import type { Inspection } from './inspection.js'
import type { Context, JudgedEvent, Judgement, Ruling } from './judgement.js'
import { judgeConsignmentCancelled, judgeNoteAmended, judgeNoteIssued } from './note.js'
import * as register from './register.js'
import { kinds, mayState, notYetJudged, standsByCountry } from './roles.js'
import { refused as refusedByRule, type OnConsignment, type Stated } from './rule.js'
import { authorityId, type ChainHead, type SubjectState } from './state.js'

/** The register's own subject. */
export const corridorSubject = 'corridor'

/** What a founding statement names as its corridor, since its own id cannot be in it. */
const unfounded = 'A'.repeat(43)

/**
 * The verdict on one record: a pure and total function of its key, its inspected value, its offset and the state so far. The first check of the judging
 * order that fails names the code. From CHAIN on the chain number is consumed and every refusal is final.
 */
export function judge(key: Uint8Array | null, inspection: Inspection, offset: number, context: Context): Judgement {
  const refused = (code: string, event?: JudgedEvent): Judgement => ({ verdict: 'refused', code, effects: [], subject: context.subject, ...(event && { event }) })
  if (!inspection.ok) return refused(inspection.code)
  const { kid, typ, eventId, payload } = inspection
  if (!keyMayFound(context, eventId) && !(context.register && register.keyCounts(context.register, kid))) return refused('KEY')
  if (!inspection.signed) return refused('SIGNATURE')
  const signed: JudgedEvent = { eventId, kid }
  if (!payload.ok) return refused(payload.code, signed)
  if (!payload.fits && envelopeFaultOf(payload.value)) return refused('ENVELOPE', signed)
  const envelope = payload.value as Envelope // its schema has just been judged
  const event = { eventId, kid, envelope }
  if (!isBound(key, { kid, typ, eventId }, envelope, context)) return refused('BINDING', event)
  if (!isKnownSubject(envelope, context.subject)) return refused('SUBJECT', event)
  const chain = judgeChain(kid, eventId, envelope, context)
  if (chain === 'duplicate') return { ...refused('', event), verdict: 'duplicate', code: null }
  if (chain !== 'next') return refused(chain, event)
  const subject: SubjectState = { ...context.subject, heads: withHead(context.subject.heads, kid, { eventId, sequence: envelope.sequence }) }
  const { verdict, code, effects, subject: after, refusal } = judgeStatement(envelope, { eventId, kid, offset }, { ...context, subject }, payload.fits)
  return { verdict, code, effects, subject: after, event, consumedSequence: envelope.sequence, ...(refusal && { refusal }) }
}

/**
 * PARTY to RULE: what preflight asks before anything is signed, on state of its own. The subject's heads are left as they are.
 * @param fits its data are known to fit their schema
 */
export function judgeStatement(
  envelope: Envelope, at: { readonly eventId: string; readonly kid: string; readonly offset: number }, context: Context, fits = false,
): Omit<Judgement, 'event' | 'consumedSequence'> {
  const { subject } = context
  const refused = (code: string): Omit<Judgement, 'event'> => ({ verdict: 'refused', code, effects: [], subject })
  if (!isKnownSubject(envelope, subject)) return refused('SUBJECT')
  if (!isParty(envelope, context)) return refused('PARTY')
  const { type } = envelope
  if (!isStatementType(type) || notYetJudged.includes(type) || (subjectKindOf(type) === 'corridor') !== (envelope.subject === corridorSubject)) return refused('TYPE')
  if (!fits && dataFaultOf(type, envelope.data)) return refused('SCHEMA')
  const ruling = rule(type, envelope, at, context)
  if ('refusal' in ruling) return { ...refused(`RULE:${ruling.refusal.code}`), refusal: ruling.refusal }
  return { verdict: 'accepted', code: null, effects: ruling.effects, subject: ruling.effects.reduce(evolve, subject) }
}

/** Until the pinned founding statement has been judged, only that very statement may speak. Its id covers its key. */
function keyMayFound(context: Context, eventId: string): boolean {
  return context.register === undefined && eventId === context.corridor
}

const typs: Readonly<Record<string, (envelope: Envelope) => boolean>> = {
  'karvan-founding+jws': ({ type }) => type === 'CorridorFounded',
  'karvan-register+jws': ({ type, subject }) => type !== 'CorridorFounded' && subject === corridorSubject,
  'karvan-event+jws': ({ type, subject }) => type !== 'CorridorFounded' && subject !== corridorSubject,
}

/** The founding statement cannot name its own id as its corridor; read again it is bound as it was at first, and then a duplicate. */
function isBound(key: Uint8Array | null, { kid, typ, eventId }: { readonly kid: string; readonly typ: string; readonly eventId: string }, envelope: Envelope, context: Context): boolean {
  if (key === null || !equalsAscii(key, envelope.subject) || !(Object.hasOwn(typs, typ) && typs[typ]?.(envelope))) return false
  if (eventId === context.corridor) return isFoundedBy(kid, envelope)
  return context.register !== undefined && envelope.corridor === context.corridor && register.keyOf(context.register, kid)?.participant === envelope.issuer
}

/** The founding statement is signed by one of the keys it names; its shape is not judged yet, so nothing of it is taken for granted. */
function isFoundedBy(kid: string, { corridor, issuer, subject, data }: Envelope): boolean {
  const keys = (data as Partial<CorridorFounded>).authorityKeys as unknown
  return corridor === unfounded && issuer === authorityId && subject === corridorSubject && Array.isArray(keys) && keys.some((jwk) => isJwk(jwk) && thumbprintOf(jwk) === kid)
}

function isJwk(value: unknown): value is CorridorFounded['authorityKeys'][number] {
  return typeof value === 'object' && value !== null && ['crv', 'kty', 'x', 'y'].every((name) => typeof (value as Record<string, unknown>)[name] === 'string')
}

function equalsAscii(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== text.charCodeAt(at)) return false
  return true
}

/** An unknown subject admits only a statement that opens one. */
function isKnownSubject({ subject, type }: Envelope, state: SubjectState): boolean {
  return subject === corridorSubject || state.consignment !== undefined || type === 'NoteIssued' || type === 'SurplusReported'
}

/** The next number with the right previous consumes; a consumed number is a duplicate or a fork; anything else comes too early and is forgotten. */
function judgeChain(kid: string, eventId: string, { subject, sequence, previous }: Envelope, context: Context): 'next' | 'duplicate' | 'FORK' | 'EARLY' {
  const head = Object.hasOwn(context.subject.heads, kid) ? context.subject.heads[kid] : undefined
  if (sequence <= (head?.sequence ?? 0)) return context.consumedBy(kid, subject, sequence) === eventId ? 'duplicate' : 'FORK'
  return sequence === (head?.sequence ?? 0) + 1 && previous === head?.eventId ? 'next' : 'EARLY'
}

/** In order of key ids, as canonical text has them: it is written for every statement. */
function withHead(heads: SubjectState['heads'], kid: string, head: ChainHead): SubjectState['heads'] {
  if (Object.hasOwn(heads, kid)) return { ...heads, [kid]: head }
  return Object.fromEntries([...Object.entries(heads), [kid, head] as const].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** On the route, customs of one of its countries, the consignee's side, or drawn in; on the register the authority, and everybody for keys of its own. */
function isParty({ subject, issuer, type, data }: Envelope, context: Context): boolean {
  if (subject === corridorSubject) return issuer === authorityId || (type.startsWith('Key') && data['participant'] === issuer)
  const { consignment } = context.subject
  if (!consignment) return true
  if (partiesOf(consignment).includes(issuer)) return true
  const participant = context.register?.participants[issuer]
  return participant !== undefined && standsByCountry(participant) && consignment.countries.includes(participant.country)
}

function rule<T extends StatementType>(type: T, envelope: Envelope, at: { readonly eventId: string; readonly kid: string; readonly offset: number }, context: Context): Ruling {
  if (type === 'CorridorFounded') return register.judgeCorridorFounded({ data: envelope.data as unknown as CorridorFounded, eventId: at.eventId, offset: at.offset, context })
  const row = context.register?.participants[envelope.issuer]
  if (!context.register || !row || !mayState(type, row)) return refusedByRule('ROLE', '', { participant: envelope.issuer, statement: type })
  if (context.register.epochClosed) return refusedByRule('EPOCH_CLOSED', '')
  const stated: Stated<T> = {
    type, ...at, issuer: envelope.issuer, participant: row, subject: envelope.subject, occurredAt: envelope.occurredAt,
    data: envelope.data as unknown as StatementData[T], context, register: context.register, // SCHEMA has been judged
  }
  const { consignment } = context.subject
  if (consignment?.closed && type !== 'NoteIssued' && kinds[type] === 'act') return refusedByRule('CONSIGNMENT_CLOSED', '')
  return rulings[type](consignment ? { consignment, ...stated } as OnConsignment<T> : stated as OnConsignment<T>)
}

const notJudged = (): Ruling => {
  throw new Error('TYPE refuses this before')
}

/** One rule a statement. A statement on a consignment is only judged where SUBJECT found one. */
const rulings: { readonly [T in StatementType]: (stated: OnConsignment<T>) => Ruling } = {
  CorridorFounded: register.judgeCorridorFounded,
  ParticipantAdmitted: register.judgeParticipantAdmitted,
  ParticipantSuspended: register.judgeParticipantSuspended,
  PlaceRegistered: register.judgePlaceRegistered,
  KeyAdded: register.judgeKeyAdded,
  KeyRetired: register.judgeKeyRetired,
  KeyCompromised: register.judgeKeyCompromised,
  RulesActivated: register.judgeRulesActivated,
  EpochClosed: register.judgeEpochClosed,
  NoteIssued: judgeNoteIssued,
  NoteAmended: judgeNoteAmended,
  ConsignmentCancelled: judgeConsignmentCancelled,
  CarriageAgreed: judgeCarriageAgreed,
  LoadingReported: judgeLoadingReported,
  MeansNominated: judgeMeansNominated,
  HandoffOffered: judgeHandoffOffered,
  HandoffAnswered: judgeHandoffAnswered,
  HandoffWithdrawn: judgeHandoffWithdrawn,
  HandoffVouched: judgeHandoffVouched,
  CarriageAccepted: judgeCarriageAccepted,
  MovementReported: judgeMovementReported,
  SealsChanged: judgeSealsChanged,
  DeclarationLodged: judgeDeclarationLodged,
  CustomsDecisionIssued: judgeCustomsDecision,
  RemarkAdded: judgeRemarkAdded,
  ActDrawn: judgeActDrawn,
  ActAnswered: judgeActAnswered,
  CorrectionFiled: judgeCorrectionFiled,
  ParticularsGranted: judgeParticularsGranted,
  AmendmentProposed: notJudged,
  AmendmentAnswered: notJudged,
  InstructionGiven: notJudged,
  InstructionAnswered: notJudged,
  ProblemRaised: notJudged,
  ProblemAnswered: notJudged,
  SurplusReported: notJudged,
  SurplusLinked: notJudged,
}
