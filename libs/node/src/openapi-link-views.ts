import { linkLabelLength, linkTimePattern } from './link-request.js'
import { count, list, object, scalar, text, view, type Schema } from './openapi-shapes.js'

const time = scalar('DateTime')
const stamp: Schema = { type: 'string', description: 'In UTC.' }
const named = object('An id of the register with its English name.', { id: text, name: text })
const namedAt = { allOf: [view('Named'), object('When.', { at: time })] }
const link = {
  linkId: { ...text, description: 'To revoke it by; nothing can be read with it.' },
  'label?': text,
  state: { enum: ['open', 'expired', 'revoked'] },
  madeBy: { ...text, description: 'The person, as statements name people.' },
  madeAt: stamp,
  expiresAt: stamp,
  'revokedBy?': text,
  'revokedAt?': stamp,
  uses: { ...count, description: 'How often it was opened.' },
  'lastUsedAt?': stamp,
}

/** What is shown of links, and through them. */
export const linkViews = {
  LinkRequest: object('A link to be made; other members are refused.', {
    expiresAt: { type: 'string', pattern: linkTimePattern, description: 'In UTC, at most 366 days ahead.' },
    'label?': { type: ['string', 'null'], minLength: 1, maxLength: linkLabelLength, description: 'Who it is for, on one line.' },
  }),
  LinkMade: object('A link as it was made. The url is told this once: only a hash of what is secret in it is kept.', { ...link, url: text }),
  LinkList: object('Links of a consignment, the newest first.', { items: list(object('A link.', link)) }),
  Named: named,
  LinkedConsignment: object('What whoever has the link sees: where each box is, why it stands, who must act. For `Accept: text/html` a page of the same.', {
    consignment: scalar('ConsignmentId'),
    status: { enum: ['open', 'delivered', 'cancelled'] },
    from: view('Named'),
    to: view('Named'),
    items: list(
      object('An item.', { id: scalar('ItemId'), holder: view('Named'), 'place?': { allOf: [view('Named'), object('When it was reported there, if it was.', { 'at?': time })] }, heldBy: list(view('Named')), 'expected?': namedAt }),
    ),
    standing: list(
      object('Why these items are where they are; each item has one reason.', {
        code: text,
        sentence: { ...text, description: 'In plain English, by names alone.' },
        actionBy: list(view('Named')),
        items: list(scalar('ItemId')),
        since: time,
        'respondBy?': time,
      }),
    ),
    expiresAt: stamp,
    shownAt: stamp,
  }),
} as const satisfies Readonly<Record<string, Schema>>
