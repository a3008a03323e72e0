import { digestOf } from '#libs/documents'
import { actAnswered, actDrawn, b1, b2, b5, cancelled, corrected, decided, delivery, granted, held, issued, leg, lifted, loaded, moved, remarked } from '../builders.js'
import { journey } from '../journey.js'
import { azCustoms, forwarder, freeZone, line, tmCustoms, uty, uzCustoms } from '../small-corridor.js'
import { refusedWhen, type RefusalCase } from './refusal-case.js'

const hold = held()
const release = decided('registered')
const nowhere = 'uz-nowhere'
const cancelledNote = [journey.issued, cancelled()]

const decisions: readonly RefusalCase[] = [
  refusedWhen('ROLE', 'a railway decides', journey.issued, held({ by: uty })),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, hold),
  refusedWhen('TERRITORY_NOT_ON_ROUTE', 'the route does not touch its territory', journey.issued, held({ by: freeZone })),
  refusedWhen('UNKNOWN_REFERENCE', 'a box is not on the note', journey.issued, held({ items: [b5] }), '/items/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'its office is not registered', journey.issued, held({ customsOfficePlaceId: nowhere }), '/customsOfficePlaceId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the office of destination is not registered', journey.issued,
    decided('releasedForTransit', { destinationOfficePlaceId: nowhere }), '/destinationOfficePlaceId'),
  refusedWhen('UNKNOWN_REFERENCE', 'the addressee is no participant', journey.issued, decided('documentsWanted', { addressee: 'uz-nobody' }), '/addressee'),
  refusedWhen('UNKNOWN_REFERENCE', 'a permitted move leads to nobody known', journey.issued, held({ permittedMoves: [{ to: 'uz-nobody', into: delivery }] }),
    '/permittedMoves/0/to'),
  refusedWhen('UNKNOWN_REFERENCE', 'a permitted move leads onto a leg the note lacks', journey.issued,
    held({ permittedMoves: [{ to: uty, into: leg('l9') }] }), '/permittedMoves/0/into'),
  refusedWhen('UNKNOWN_REFERENCE', 'a reader of its reasons is no participant', journey.issued,
    held({ particulars: { blocks: [{ name: 'authority', digest: digestOf('risk'), readers: ['uz-nobody'] }] } }), '/particulars/blocks/0/readers'),
  refusedWhen('DECISION_CLOSED', 'the hold it lifts was never made', journey.issued, lifted([hold]), '/lifts/0'),
  refusedWhen('DECISION_CLOSED', 'the hold it lifts is lifted', [journey.issued, hold, lifted([hold])], lifted([hold], { occurredAt: '2026-06-03T08:00:00Z' })),
  refusedWhen('DECISION_CLOSED', 'the hold it lifts is withdrawn', [journey.issued, hold, decided('withdrawn', { withdraws: hold.eventId })], lifted([hold])),
  refusedWhen('DECISION_CLOSED', 'the decision it lifts holds nothing', [journey.issued, release], lifted([release]), '/lifts/0'),
  refusedWhen('DECISION_CLOSED', 'the decision it withdraws is withdrawn', [journey.issued, release, decided('withdrawn', { withdraws: release.eventId })],
    decided('withdrawn', { withdraws: release.eventId, occurredAt: '2026-06-03T08:00:00Z' }), '/withdraws'),
  refusedWhen('DECISION_NOT_OWN', 'another authority made the hold', [journey.issued, hold], lifted([hold], { by: tmCustoms }), '/lifts/0'),
  refusedWhen('DECISION_NOT_OWN', 'one of two holds is another authority\'s', [journey.issued, hold, held({ by: tmCustoms })],
    lifted([held({ by: tmCustoms }), hold]), '/lifts/1'),
  refusedWhen('OFFICE_NOT_OWN', 'the office is in another territory', journey.issued, held({ customsOfficePlaceId: 'tm-farap' }), '/customsOfficePlaceId'),
  refusedWhen('NOT_AUTHORITY', 'a railway would read the reasons', journey.issued,
    held({ particulars: { blocks: [{ name: 'authority', digest: digestOf('risk'), readers: [tmCustoms, uty] }] } }), '/particulars/blocks/0/readers'),
  refusedWhen('LIFTS_NOTHING', 'the hold has none of the boxes named', [journey.issued, held({ items: [b1] })], lifted([held({ items: [b1] })], { items: [b2] }), '/lifts/0'),
  refusedWhen('DECISION_NOT_OWN', 'another authority made the decision', [journey.issued, release],
    decided('withdrawn', { by: azCustoms, withdraws: release.eventId }), '/withdraws'),
]

const act = actDrawn()
const drawn = [journey.onLeg1, act]
const remark = remarked()
const elsewhere = issued({}, { subject: '01970000-0000-7000-8000-000000000002' })

const answers: readonly RefusalCase[] = [
  refusedWhen('ACT_CLOSED', 'no such act was drawn', journey.onLeg1, actAnswered(act, forwarder), '/act'),
  refusedWhen('ACT_CLOSED', 'the act is answered', [drawn, actAnswered(act, forwarder)], actAnswered(act, forwarder)),
  refusedWhen('NOT_OTHER_SIDE', 'whoever drew it answers itself', drawn, actAnswered(act, uty), '/act'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, actAnswered(act, forwarder)),
]

const corrections: readonly RefusalCase[] = [
  refusedWhen('UNKNOWN_REFERENCE', 'there is no such statement', journey.onLeg1, corrected(remark, remark.data), '/corrects'),
  refusedWhen('UNKNOWN_REFERENCE', 'the statement is of another consignment', [journey.onLeg1, elsewhere], corrected(elsewhere, elsewhere.data), '/corrects'),
  refusedWhen('NOT_OWN', 'it is another\'s statement', [journey.onLeg1, remark], corrected(remark, remark.data, { by: line }), '/corrects'),
  refusedWhen('CORRECTION_INVALID', 'the right data lack what such a statement needs', [journey.onLeg1, remark], corrected(remark, { code: '30-1' }),
    '/data/text'),
  refusedWhen('CORRECTION_INVALID', 'the right data are those of another kind of statement', [journey.onLeg1, remark], corrected(remark, moved().data)),
  refusedWhen('UNKNOWN_REFERENCE', 'the right data name a box that is not on the note', [journey.onLeg1, moved()],
    corrected(moved(), { ...moved().data, items: [b5] }), '/data/items/0'),
  refusedWhen('UNKNOWN_REFERENCE', 'the right data name a place that is not registered', [journey.onLeg1, loaded()],
    corrected(loaded(), { ...loaded().data, placeId: nowhere }), '/data/placeId'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, corrected(journey.issued, journey.issued.data)),
]

const grants: readonly RefusalCase[] = [
  refusedWhen('UNKNOWN_REFERENCE', 'there is no such block', journey.issued, granted({ digest: digestOf('none') }), '/digest'),
  refusedWhen('NOT_READER', 'it has not got the block', journey.issued, granted({ by: uzCustoms }), '/digest'),
  refusedWhen('UNKNOWN_REFERENCE', 'the reader is no participant', journey.issued, granted({ reader: 'uz-nobody' }), '/reader'),
  refusedWhen('CONSIGNMENT_CLOSED', 'the consignment was cancelled', cancelledNote, granted()),
]

/** What refuses customs decisions, and answers, corrections and grants. */
export const refusalsOfDecisions: readonly RefusalCase[] = [...decisions, ...answers, ...corrections, ...grants]
