import type { Into } from '#libs/consignment'
import {
  digestOf, type ConsignmentNote, type CustomsDecisionIssued, type DecisionKind, type StatementData, type StatementType, type TenderedItem,
} from '#libs/documents'
import { draft, type Draft, type Stating } from './draft.js'
import { alat, azCustoms, consignee, forwarder, line, tdy, tmCustoms, turkmenbashi, uty, uzCustoms } from './small-corridor.js'

/** Statements with fixed values on one consignment of four boxes; what a case is about is overridden, the rest is lawful. */

export const b1 = 'KRVU3054380'
export const b2 = 'KRVU3054396'
export const b3 = 'KRVU3054400'
export const b4 = 'KRVU3054415'
/** A box of another note. */
export const b5 = 'KRVU3054420'
export const allBoxes = [b1, b2, b3, b4] as const

export const words = [{ languageId: 'en', text: 'as agreed' }]
export const goodsBlock = { name: 'goods', digest: digestOf('goods'), readers: [uty, tdy, turkmenbashi, line, alat] } as const

export const legs = { l1: leg('l1'), l2: leg('l2'), l3: leg('l3') } as const
export const delivery: Into = { kind: 'delivery' }

type Movement = ConsignmentNote['mainCarriageTransportMovement'][number]
type Equipment = ConsignmentNote['utilizedTransportEquipment'][number]
type Contract = ConsignmentNote['transportContracts'][number]

export function leg(legId: string): Into {
  return { kind: 'leg', legId }
}

export function stop(number: number): Into {
  return { kind: 'stop', stop: number }
}

export function tendered(...ids: readonly string[]): TenderedItem[] {
  return ids.map((id) => ({ id }))
}

export function box(id: string, changes: Partial<Equipment> = {}): Equipment {
  return { id, scheme: 'iso6346', categoryCode: 'CN', characteristicCode: '22G1', fullness: '5', packageQuantity: 24, grossMassKg: 24_000, ...changes }
}

export function movement(number: number, carrier: string, departureLocation: string, arrivalLocation: string, changes: Partial<Movement> = {}): Movement {
  return {
    legId: `l${number}`, sequenceNumeric: number, stageCode: '20', modeCode: '2', carrier, departureLocation, arrivalLocation, dangerousGoodsIndicator: false,
    ...changes,
  }
}

export function contract(contractId: string, contractualCarrier: string, from: string, to: string, legIds: readonly string[]): Contract {
  return {
    contractId, regime: 'SMGS', documentTypeCode: '720', negotiable: false, contractualCarrier, carrierAcceptanceLocation: from, consigneeReceiptLocation: to,
    legIds: [...legIds],
  }
}

/** Leg 1 and 2 by rail under contract 1, leg 3 by sea under contract 2; terminals at Turkmenbashi (stop 2) and Alat (stop 3). */
export function note(changes: Partial<ConsignmentNote> = {}): ConsignmentNote {
  return {
    noteVersion: 1, purposeCode: '9', legalForm: 'dataBesidePaper', signatory: { roleCode: 'GS' }, issueDateTime: '2026-06-01T08:00:00Z',
    issuePlaceId: 'uz-ahangaran',
    transportContracts: [
      contract('c1', uty, 'uz-ahangaran', 'tm-turkmenbashi-station', ['l1', 'l2']),
      contract('c2', line, 'tm-turkmenbashi-port', 'az-alat', ['l3']),
    ],
    mainCarriageTransportMovement: [
      movement(1, uty, 'uz-ahangaran', 'uz-khodjadavlet'),
      movement(2, tdy, 'uz-khodjadavlet', 'tm-turkmenbashi-station',
        { borderCrossing: ['tm-farap'], handledBy: [{ participant: turkmenbashi, end: 'arrival' }] }),
      movement(3, line, 'tm-turkmenbashi-port', 'az-alat', {
        modeCode: '1', handledBy: [{ participant: turkmenbashi, end: 'departure' }, { participant: alat, end: 'arrival' }],
      }),
    ],
    utilizedTransportEquipment: allBoxes.map((id) => box(id)),
    packageQuantity: 96, grossMassKg: 96_000, transportEquipmentQuantity: 4, consigneeSide: consignee, countriesOnRoute: ['AZ', 'TM', 'UZ'],
    particulars: { blocks: [{ ...goodsBlock, readers: [...goodsBlock.readers] }] },
    ...changes,
  }
}

type Told<T extends StatementType> = Partial<StatementData[T]> & Stating

/** Makes a builder: a statement by its usual issuer with lawful data, of which a case overrides what it is about. */
function builder<T extends StatementType>(type: T, usually: string, data: StatementData[T]): (told?: Told<T>) => Draft<T> {
  return ({ by, kid, subject, occurredAt, ...changes } = {}) => draft(type, usually, { ...data, ...changes }, { by, kid, subject, occurredAt })
}

export function issued(changes: Partial<ConsignmentNote> = {}, stating: Stating = {}): Draft<'NoteIssued'> {
  return draft('NoteIssued', forwarder, { note: note(changes) }, stating)
}

/** @param previousNoteHash hash of the version this one follows */
export function amended(previousNoteHash: string, changes: Partial<ConsignmentNote> = {}, stating: Stating = {}): Draft<'NoteAmended'> {
  return draft('NoteAmended', forwarder, { note: note({ noteVersion: 2, previousNoteHash, purposeCode: '5', ...changes }) }, stating)
}

export const cancelled = builder('ConsignmentCancelled', forwarder, { reason: words })
export const carriageAgreed = builder('CarriageAgreed', uty, { contractId: 'c1', legIds: ['l1'], payerCodeKnown: true })
export const carriageAccepted = builder('CarriageAccepted', uty, {
  contractId: 'c1', carrierAssignedId: '72300901', carrierAcceptanceDateTime: '2026-06-02T08:00:00Z', carrierAcceptanceLocation: 'uz-ahangaran', items: 'all',
})
export const meansNominated = builder('MeansNominated', line, { legId: 'l3', means: { typeCode: '1511', id: '9123456' }, journeyId: 'V1', items: 'all' })
export const loaded = builder('LoadingReported', forwarder, { act: 'loaded', placeId: 'uz-ahangaran', loadings: [{ equipmentId: b1, carriedBy: '61234567' }] })
export const moved = builder('MovementReported', uty, { statusCode: '31', placeId: 'uz-ahangaran', time: { kind: 'actual', at: '2026-06-02T09:00:00Z' },
  items: 'all' })
export const sealsChanged = builder('SealsChanged', uty, {
  placeId: 'uz-ahangaran', changes: [{ equipmentId: b1, act: 'affixed', seal: { id: 'S1', sealingPartyRoleCode: 'CA' } }],
})
export const declared = builder('DeclarationLodged', forwarder, {
  country: 'UZ', customsOfficePlaceId: 'uz-ahangaran', procedureTypeCode: '1', declarantRoleCode: 'DT', references: [{ code: 'ABE', id: 'D1' }], items: 'all',
})
export const remarked = builder('RemarkAdded', uty, { code: '30-1', text: words, items: 'all' })
export const actDrawn = builder('ActDrawn', uty, { actTypeCode: 'COMMERCIAL-ACT', number: 'A1', placeId: 'uz-ahangaran',
  findings: [{ itemId: b1, causes: [{ code: 'R01' }] }] })
export const offered = builder('HandoffOffered', forwarder, {
  to: uty, into: legs.l1, items: 'all', placeId: 'uz-ahangaran', presentedAt: '2026-06-02T07:00:00Z', liabilityPasses: true,
})
export const vouched = builder('HandoffVouched', forwarder, {
  from: forwarder, to: 'outside:haulier', into: legs.l1, items: 'all', placeId: 'uz-ahangaran', transferredAt: '2026-06-02T08:00:00Z', liabilityPasses: false,
  evidence: { sha256: digestOf('paper') },
})
export const granted = builder('ParticularsGranted', uty, { digest: goodsBlock.digest, reader: uzCustoms, purpose: 'inspection' })

/** The receiver's answer: everything accepted unless told otherwise. */
export function answered(offer: Draft<'HandoffOffered'>, told: Told<'HandoffAnswered'> = {}): Draft<'HandoffAnswered'> {
  return builder('HandoffAnswered', offer.data.to, { offer: offer.eventId, transferredAt: '2026-06-02T08:00:00Z', otherwise: 'accepted' })(told)
}

export function withdrawn(offer: Draft<'HandoffOffered'>, stating: Stating = {}): Draft<'HandoffWithdrawn'> {
  return draft('HandoffWithdrawn', offer.by, { offer: offer.eventId, reason: 'timeLimit' }, stating)
}

export function actAnswered(act: Draft<'ActDrawn'>, by: string, stating: Stating = {}): Draft<'ActAnswered'> {
  return draft('ActAnswered', by, { act: act.eventId, answer: 'accepted' }, stating)
}

export function corrected(wrong: Draft, right: object, stating: Stating = {}): Draft<'CorrectionFiled'> {
  return draft('CorrectionFiled', wrong.by, { corrects: wrong.eventId, data: right as StatementData['CorrectionFiled']['data'], reason: words }, stating)
}

/** A customs decision; of Uzbekistan's customs unless told otherwise. */
export function decided(kind: DecisionKind, told: Told<'CustomsDecisionIssued'> = {}): Draft<'CustomsDecisionIssued'> {
  const by = told.by ?? uzCustoms
  const office = { [uzCustoms]: 'uz-khodjadavlet', [tmCustoms]: 'tm-farap', [azCustoms]: 'az-alat' }[by] ?? 'uz-khodjadavlet'
  const data: CustomsDecisionIssued = { kind, items: 'all', customsOfficePlaceId: office, ...(kind === 'releasedForTransit' && { mrn: 'M1' }),
    ...(kind === 'controlResult' && { result: 'conforms' }) }
  return builder('CustomsDecisionIssued', by, data)(told)
}

export function held(told: Told<'CustomsDecisionIssued'> = {}): Draft<'CustomsDecisionIssued'> {
  return decided('held', told)
}

/** Lifts holds by the authority that made the first of them. */
export function lifted(holds: readonly Draft<'CustomsDecisionIssued'>[], told: Told<'CustomsDecisionIssued'> = {}): Draft<'CustomsDecisionIssued'> {
  return decided('holdLifted', { by: holds[0]?.by ?? uzCustoms, lifts: holds.map((hold) => hold.eventId), ...told })
}
