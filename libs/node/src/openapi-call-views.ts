import { callRoutes, type CallKind } from '#libs/documents'
import { component, count, flag, jws, list, object, scalar, text, type Schema } from './openapi-shapes.js'

const kinds = Object.keys(callRoutes) as CallKind[] // keys of a literal
const named: Schema = { anyOf: [{ const: 'all' }, list(scalar('ItemId'))] }

/** What is shown of calls over many consignments. */
export const callViews = {
  CallView: object('A call over many consignments, with the verdict on each of its statements.', {
    callId: scalar('ConsignmentId'),
    kind: { enum: kinds },
    statement: { ...text, description: 'What each part states.' },
    madeAt: scalar('DateTime'),
    'number?': { ...text, description: 'Of the transfer list.' },
    'to?': text,
    'from?': text,
    'placeId?': text,
    'means?': text,
    'journeyId?': text,
    'statusCode?': text,
    'decision?': { ...text, description: 'Kind of the decision of customs.' },
    'customsOfficePlaceId?': text,
    'act?': text,
    'rows?': count,
    counts: object('Parts by state.', { accepted: count, refused: count, pending: count, open: count }),
    parts: list(
      object('One consignment.', {
        part: { ...count, description: 'From 1; of a transfer list, part i of n.' },
        subject: scalar('ConsignmentId'),
        state: { enum: ['open', 'pending', 'accepted', 'refused'], description: 'open: not signed yet, and tried again; pending: signed, and on its way to the log.' },
        'items?': named,
        'eventId?': scalar('EventId'),
        'offset?': count,
        'receipt?': jws,
        'code?': { ...text, description: 'Why it was refused.' },
        'detail?': text,
        'says?': text,
        'pointer?': { ...text, description: 'JSON pointer into the body of the call.' },
        'facts?': { type: 'object', additionalProperties: text },
      }),
    ),
  }),
  TransferListProposal: object('What would be handed over for a ship or train at a place.', {
    means: text,
    placeId: scalar('PlaceId'),
    lists: {
      ...list(
        object('By receiver, of what nothing hinders: with number, occurredAt, presentedAt and liabilityPasses it can be posted.', {
          to: scalar('PartyId'),
          placeId: scalar('PlaceId'),
          parts: list(
            object('One consignment.', { subject: scalar('ConsignmentId'), into: component('Into'), items: component('TenderedItems'), 'delivers?': list(scalar('ContractId')) }),
          ),
        }),
      ),
    },
    consignments: list(
      object('Of one consignment, by where it leads.', {
        subject: scalar('ConsignmentId'),
        references: list(text),
        to: scalar('PartyId'),
        into: component('Into'),
        ready: list(scalar('ItemId')),
        hindered: list(
          object('An item that is not on the list, and why.', {
            itemId: scalar('ItemId'),
            hindrances: list(
              object('One thing in the way.', {
                code: { enum: ['held', 'offered', 'notNominated', 'notThere', 'missing'] },
                'decisions?': list(scalar('EventId')),
                'offer?': scalar('EventId'),
                'to?': text,
                'means?': text,
                'journeyId?': text,
                'placeId?': text,
                'event?': scalar('EventId'),
              }),
            ),
          }),
        ),
        isWhole: { ...flag, description: 'These are all items of the consignment.' },
      }),
    ),
  }),
} as const satisfies Readonly<Record<string, Schema>>
