import { callViews } from './openapi-call-views.js'
import { consignmentViews } from './openapi-consignment-views.js'
import { worklistViews } from './openapi-worklist-views.js'
import { linkViews } from './openapi-link-views.js'
import { component, count, flag, jws, list, object, scalar, text, type Schema } from './openapi-shapes.js'

/** The shapes of answers. They are the door's own: what is signed has its schemas, what is shown is described here. */

const key = object('A key of the register.', {
  kid: scalar('Thumbprint'),
  use: { enum: ['signature', 'encryption'] },
  jwk: component('PublicJwk'),
  since: count,
  'retired?': count,
  'compromisedFrom?': count,
  'recovered?': flag,
})

export const views = {
  Decided: object('Decided by the log, as this node judged it. The receipt is signed after the commit.', {
    eventId: scalar('EventId'),
    subject: scalar('ConsignmentId'),
    offset: count,
    receipt: jws,
  }),
  Pending: object('Kept here and on its way to the log; what becomes of it stands at /v1/submissions.', {
    eventId: scalar('EventId'),
    subject: scalar('ConsignmentId'),
  }),
  SubmissionView: object('A statement of this node.', {
    eventId: scalar('EventId'),
    subject: scalar('Subject'),
    type: text,
    state: { enum: ['new', 'sent', 'decided'], description: 'sent: to the log, which has not decided for a second or so.' },
    'verdict?': { enum: ['accepted', 'refused', 'duplicate'] },
    'code?': { ...text, description: "Of the judging order, with the rule's code after a colon." },
    'offset?': count,
    'receipt?': { ...jws, description: 'Once the log has decided.' },
  }),
  ...consignmentViews,
  ...linkViews,
  ...worklistViews,
  ...callViews,
  ParticipantList: object('Of the register.', {
    items: list(
      object('A participant.', {
        participant: scalar('ParticipantId'),
        roles: list(component('Role')),
        capacities: list(text),
        country: text,
        'territory?': text,
        names: { type: 'array', items: { type: 'object' } },
        url: text,
        'suspended?': flag,
        keys: list(key),
      }),
    ),
  }),
  PlaceList: object('Of the register.', {
    items: list(object('A place.', { placeId: scalar('PlaceId'), kind: text, country: text, customsTerritory: text, timeZone: text })),
  }),
  EncryptedBlock: { type: 'object', description: 'General JWE JSON (RFC 7516 section 7.2.1) for the node that asked.' },
  Live: object('The process answers.', { live: { const: true } }),
  Health: object('How the node is.', {
    ready: flag,
    'reason?': text,
    'detail?': text,
    isApplier: flag,
    next: { ...count, description: 'First offset not applied.' },
    root: { ...text, description: 'Of the tree over all before.' },
    dependencies: object('What it needs.', { log: { enum: ['up', 'down'] }, database: { enum: ['up', 'down'] } }),
  }),
  SignedCheckpoint: object('A checkpoint.', { checkpoint: jws }),
  Leaves: object('In order; fewer where the node has not applied so many.', { leaves: list(scalar('Digest')) }),
  KeySet: object('RFC 7517.', { keys: list({ type: 'object', required: ['kty', 'crv', 'x', 'y', 'kid', 'alg', 'use'] }) }),
  Description: { type: 'object', description: 'OpenAPI 3.1.' },
  Problem: object('Problem details (RFC 9457).', {
    type: text,
    title: text,
    status: { type: 'integer' },
    code: { ...text, description: 'Stable.' },
    detail: text,
    'pointer?': { ...text, description: 'JSON pointer into the body.' },
    'errors?': { ...list(object('One thing wrong.', { pointer: text, expected: text, found: text, message: text })), maxItems: 50 },
    'facts?': { type: 'object', additionalProperties: text },
    'says?': text,
    retryable: flag,
    'instance?': text,
  }),
} as const satisfies Readonly<Record<string, Schema>>

export type ViewName = keyof typeof views
