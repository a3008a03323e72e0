import { schemaIdOf } from '#libs/documents'
import { termKinds } from '#libs/consignment'

/** The shapes of answers. They are the door's own: what is signed has its schemas, what is shown is described here. */

type Schema = Readonly<Record<string, unknown>>

const scalar = (name: string): Schema => ({ $ref: `${schemaIdOf('scalars')}#/$defs/${name}` })
const component = (name: string): Schema => ({ $ref: `${schemaIdOf('components')}#/$defs/${name}` })
const effect: Schema = { $ref: schemaIdOf('effects') }
const view = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const list = (items: Schema): Schema => ({ type: 'array', items })
const text: Schema = { type: 'string' }
const count: Schema = { type: 'integer', minimum: 0 }
const flag: Schema = { type: 'boolean' }
const jws: Schema = { type: 'string', description: 'JWS, compact.' }

/** Members ending in `?` may be absent. */
function object(description: string, members: Readonly<Record<string, Schema>>): Schema {
  const names = Object.keys(members)
  return {
    type: 'object',
    description,
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  }
}

function pageOf(description: string, items: Schema): Schema {
  return object(description, { items: list(items), 'next?': { ...text, description: 'Where this page ended; absent on the last one.' } })
}

const key = object('A key of the register.', {
  kid: scalar('Thumbprint'), use: { enum: ['signature', 'encryption'] }, jwk: component('PublicJwk'), since: count, 'retired?': count, 'compromisedFrom?': count, 'recovered?': flag,
})
const source = { event: scalar('EventId') }

export const views = {
  Decided: object('Decided by the log, as this node judged it. The receipt is signed after the commit.', { eventId: scalar('EventId'), subject: scalar('ConsignmentId'), offset: count, receipt: jws }),
  Pending: object('Kept here and on its way to the log; what becomes of it stands at /v1/submissions.', { eventId: scalar('EventId'), subject: scalar('ConsignmentId') }),
  SubmissionView: object('A statement of this node.', {
    eventId: scalar('EventId'), subject: scalar('Subject'), type: text, state: { enum: ['new', 'sent', 'decided'] },
    'verdict?': { enum: ['accepted', 'refused', 'duplicate'] }, 'code?': { ...text, description: 'Of the judging order, with the rule\'s code after a colon.' }, 'offset?': count,
  }),
  ConsignmentSummary: object('A consignment in a list.', {
    subject: scalar('ConsignmentId'), status: { enum: ['open', 'delivered', 'cancelled'] }, issuer: scalar('ParticipantId'), noteVersion: count,
    'from?': scalar('PlaceId'), 'to?': scalar('PlaceId'), countries: list(scalar('Country')), references: list(text), items: count,
    holders: list(object('Who has how many.', { holder: scalar('PartyId'), items: count })),
    heldItems: count, openOffers: count, dangerousGoods: flag, issuedAt: scalar('DateTime'), lastOffset: count,
  }),
  ConsignmentPage: pageOf(`Found by terms (${termKinds.slice(0, 12).join(', ')}).`, view('ConsignmentSummary')),
  ItemView: object('An item: where it is, who has it, what keeps it.', {
    id: scalar('ItemId'), holder: scalar('PartyId'), stage: { ...count, description: '2i at stop i, 2i − 1 on leg i, 2n + 1 delivered.' }, custodyEvent: scalar('EventId'),
    'heldFor?': scalar('PartyId'), 'liable?': scalar('PartyId'), 'offer?': scalar('EventId'), 'lastOutcome?': text, 'carriedBy?': text, carriedByHistory: list(text), contracts: list(scalar('ContractId')),
    seals: list(component('Seal')), holds: list(object('A decision of customs that blocks.', { decision: scalar('EventId'), authority: scalar('ParticipantId'), kind: text })),
    reservations: list({ type: 'object' }), figures: { type: 'object' },
    'position?': object('Last reported.', { event: scalar('EventId'), statusCode: text, placeId: scalar('PlaceId'), kind: { enum: ['planned', 'estimated', 'actual'] }, at: scalar('DateTime'), 'means?': text, 'journeyId?': text, 'reasonCode?': text, 'actionBy?': text }),
  }),
  OpenOffer: object('An open offer.', {
    offer: scalar('EventId'), from: scalar('ParticipantId'), to: scalar('PartyId'), into: component('Into'), items: list(scalar('ItemId')), placeId: scalar('PlaceId'), 'transferList?': component('TransferList'),
  }),
  Consignment: object('Everything this node knows of one consignment.', {
    subject: scalar('ConsignmentId'), status: { enum: ['open', 'delivered', 'cancelled'] }, issuer: scalar('ParticipantId'),
    version: object('Of the note.', { number: count, hash: scalar('Digest') }), note: { $ref: schemaIdOf('consignment-note') }, parties: list(scalar('PartyId')), items: list(view('ItemView')),
    contracts: list(object('A contract of carriage.', { contractId: scalar('ContractId'), regime: text, carrier: scalar('PartyId'), agreedBy: list(scalar('ParticipantId')), accepted: list({ type: 'object' }), delivered: count })),
    legs: list(object('A leg, and how many items are before, on and after it.', {
      legId: scalar('LegId'), modeCode: text, carrier: scalar('PartyId'), departureLocation: scalar('PlaceId'), arrivalLocation: scalar('PlaceId'), 'contractId?': scalar('ContractId'),
      nominated: list({ type: 'object' }), itemsBefore: count, itemsOn: count, itemsAfter: count,
    })),
    waiting: list(object('A statement that others look out for.', {
      statement: text, 'by?': scalar('PartyId'), 'answers?': scalar('EventId'), 'lifts?': scalar('EventId'), 'contractId?': scalar('ContractId'), items: count,
    })),
    means: list({ type: 'object' }), offers: list(view('OpenOffer')),
    decisions: list(object('Of customs.', { decision: scalar('EventId'), authority: scalar('ParticipantId'), kind: text, items: count, open: flag, 'mrn?': text, 'timeLimit?': scalar('DateTime'), 'addressee?': text })),
    declarations: list({ type: 'object' }), acts: list({ type: 'object' }), remarks: list({ type: 'object' }),
    breaches: list(object('A reported fact that contradicts a hold.', { ...source, inBreachOf: list(scalar('EventId')), items: list(scalar('ItemId')) })),
    corrections: list(object('Both stay.', { ...source, corrects: scalar('EventId') })), transferLists: list(text),
    opened: object('By the note.', { ...source, offset: count, occurredAt: scalar('DateTime') }), lastOffset: count,
  }),
  EntryView: object('A record of the log as this node judged it.', {
    offset: count, 'eventId?': scalar('EventId'), 'type?': text, 'issuer?': text, 'occurredAt?': scalar('DateTime'), appendTime: { type: 'string', description: 'Of the log; never judged.' },
    verdict: { enum: ['accepted', 'refused', 'duplicate'] }, 'code?': text, effects: effect,
  }),
  EntryPage: pageOf('In the order of the log.', view('EntryView')),
  ParticularsView: object('Blocks of particulars of one consignment that this participant reads.', {
    blocks: list(object('A block; without content it has not come here yet.', { name: component('BlockName'), 'for?': scalar('PartyId'), digest: scalar('Digest'), issuer: scalar('ParticipantId'), 'content?': { type: 'object' } })),
    missing: list(scalar('Digest')),
  }),
  HandoffPage: pageOf('Open offers that wait for this participant.', { allOf: [view('OpenOffer'), object('Whose it is.', { subject: scalar('ConsignmentId'), heldItems: count })] }),
  ParticipantList: object('Of the register.', {
    items: list(object('A participant.', {
      participant: scalar('ParticipantId'), roles: list(component('Role')), capacities: list(text), country: text, 'territory?': text, names: { type: 'array', items: { type: 'object' } }, url: text, 'suspended?': flag, keys: list(key),
    })),
  }),
  PlaceList: object('Of the register.', { items: list(object('A place.', { placeId: scalar('PlaceId'), kind: text, country: text, customsTerritory: text, timeZone: text })) }),
  EncryptedBlock: { type: 'object', description: 'General JWE JSON (RFC 7516 section 7.2.1) for the node that asked.' },
  Live: object('The process answers.', { live: { const: true } }),
  Health: object('How the node is.', {
    ready: flag, 'reason?': text, 'detail?': text, isApplier: flag, next: { ...count, description: 'First offset not applied.' }, root: { ...text, description: 'Of the tree over all before.' },
    dependencies: object('What it needs.', { log: { enum: ['up', 'down'] }, database: { enum: ['up', 'down'] } }),
  }),
  SignedCheckpoint: object('A checkpoint.', { checkpoint: jws }),
  Leaves: object('In order; fewer where the node has not applied so many.', { leaves: list(scalar('Digest')) }),
  KeySet: object('RFC 7517.', { keys: list({ type: 'object', required: ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use'] }) }),
  Description: { type: 'object', description: 'OpenAPI 3.1.' },
  Problem: object('Problem details (RFC 9457).', {
    type: text, title: text, status: { type: 'integer' }, code: { ...text, description: 'Stable.' }, detail: text, 'pointer?': { ...text, description: 'JSON pointer into the body.' },
    'errors?': { ...list(object('One thing wrong.', { pointer: text, expected: text, found: text, message: text })), maxItems: 50 },
    'facts?': { type: 'object', additionalProperties: text }, 'says?': text, retryable: flag, 'instance?': text,
  }),
} as const satisfies Readonly<Record<string, Schema>>

export type ViewName = keyof typeof views
