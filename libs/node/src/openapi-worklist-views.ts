import { standingCodes, taskCodes, wrongCodes } from '#libs/consignment'
import { count, list, object, pageOf, scalar, text, view, type Schema } from './openapi-shapes.js'

const since = object('When it began: the place in the log of the statement, and the time it gives.', {
  event: scalar('EventId'),
  offset: count,
  occurredAt: scalar('DateTime'),
})

const subject = {
  subject: scalar('ConsignmentId'),
  references: list(text),
}

const task = {
  task: { enum: taskCodes },
  since,
  'statement?': { ...text, description: 'What does it; absent where a report names somebody without saying what is expected.' },
  'answers?': { ...scalar('EventId'), description: 'The offer, decision, act or answer it is about.' },
  'lifts?': { ...scalar('EventId'), description: 'The decision it lifts.' },
  'missingSince?': { ...scalar('EventId'), description: 'The answer or report that did not find the items.' },
  'respondBy?': scalar('DateTime'),
  'contractId?': scalar('ContractId'),
  'legId?': scalar('LegId'),
  'placeId?': scalar('PlaceId'),
  'to?': { ...list(scalar('PartyId')), description: 'Any of them takes over.' },
}

/** Why goods stand and who must act; lists to work by over many consignments. */
export const worklistViews = {
  Standing: object('Why items are where they are, and who must act. Each item has one reason; nothing of it depends on the time of asking.', {
    code: { enum: standingCodes },
    sentence: { ...text, description: 'In English.' },
    actionBy: { ...list(scalar('PartyId')), description: 'Any of them; nobody while the goods are on their way or wait for the weather.' },
    items: list(scalar('ItemId')),
    since,
    'placeId?': scalar('PlaceId'),
    'statement?': text,
    'about?': { ...list(scalar('EventId')), description: 'The offer, decisions, report or answer.' },
    'legId?': scalar('LegId'),
    'contractId?': scalar('ContractId'),
    'to?': list(scalar('PartyId')),
    'statusCode?': text,
    'reasonCode?': text,
    'respondBy?': scalar('DateTime'),
  }),
  BriefStanding: object('The same in a list.', { code: { enum: standingCodes }, sentence: text, actionBy: list(scalar('PartyId')), items: count }),
  WaitingTask: object('A statement that others look out for, and who is to make it; one row for each of those of whom any may.', {
    ...task,
    by: scalar('PartyId'),
    items: count,
  }),
  TodoRow: object('Something this participant is to do.', {
    ...subject,
    ...task,
    says: { ...text, description: 'In English.' },
    items: list(scalar('ItemId')),
    heldItems: { ...count, description: 'Of them, under a hold of customs.' },
    'route?': object('To call.', { method: { const: 'POST' }, path: text }),
  }),
  TodoPage: pageOf('What waits for this participant.', view('TodoRow')),
  ExpectedItem: object('An item that is to come.', {
    id: scalar('ItemId'),
    holder: scalar('PartyId'),
    'placeId?': { ...scalar('PlaceId'), description: 'Where it was last.' },
    'carriedBy?': text,
    wrong: list(
      object('Something wrong with it.', {
        code: { enum: wrongCodes },
        says: { ...text, description: 'In English.' },
        'by?': scalar('PartyId'),
        'event?': scalar('EventId'),
      }),
    ),
  }),
  ExpectedMeans: object('What comes on one means at one time.', {
    modeCode: text,
    carrier: scalar('PartyId'),
    'means?': object('Absent while nobody has named it.', { id: text, 'typeCode?': text, 'name?': text }),
    'journeyId?': text,
    'arrival?': object('Absent while nobody has said when.', {
      kind: { enum: ['planned', 'estimated', 'actual'] },
      at: scalar('DateTime'),
      by: { ...scalar('PartyId'), description: 'Who stated it.' },
    }),
    items: count,
    consignments: list(
      object('Of one note.', {
        ...subject,
        issuer: scalar('ParticipantId'),
        legId: scalar('LegId'),
        'toldBy?': { ...scalar('EventId'), description: 'The statement with the time.' },
        items: list(view('ExpectedItem')),
      }),
    ),
  }),
  ExpectedPage: pageOf('What comes to the place, the earliest first within the page.', view('ExpectedMeans')),
} as const satisfies Readonly<Record<string, Schema>>
