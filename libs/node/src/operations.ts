import { kinds } from '#libs/consignment'
import { callRoutes, routes, statementOfCall, type CallKind, type RoutedType } from '#libs/documents'
import { queries, type Parameters } from './query.js'
import type { ViewName } from './openapi-views.js'

/** What a token must allow: see what this participant may see, or state in its name. */
export type Scope = 'read' | 'state'

/** A request header that an operation reads. */
export interface HeaderParameter {
  readonly name: string
  readonly required: boolean
  readonly description: string
}

/** One thing the API can be asked. */
export interface Operation {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Absent: public. */
  readonly scope?: Scope
  readonly summary: string
  readonly query: Parameters
  /** The statement that is made of the body. */
  readonly statement?: RoutedType
  /** The call over many consignments that the body makes. */
  readonly call?: CallKind
  /** What else the body is. */
  readonly body?: ViewName
  readonly answer: ViewName | 'application/jose' | 'text/event-stream' | 'nothing'
  readonly headers?: readonly HeaderParameter[]
}

const reads = { method: 'GET', scope: 'read', query: queries.none } as const
const tells = { method: 'GET', query: queries.none } as const
const consignment = '/v1/consignments/{id}'

const reading: readonly Operation[] = [
  {
    ...reads,
    id: 'searchConsignments',
    path: '/v1/consignments',
    summary: 'Consignments this participant may see, those changed last first.',
    query: queries.consignments,
    answer: 'ConsignmentPage',
  },
  {
    ...reads,
    id: 'getConsignment',
    path: consignment,
    summary: 'One consignment: who holds what, where, under what hold, why it stands, and what waits for whom.',
    answer: 'Consignment',
  },
  {
    ...reads,
    id: 'listEvents',
    path: `${consignment}/events`,
    summary: 'Its records in the order of the log, refused ones too.',
    query: queries.events,
    answer: 'EntryPage',
  },
  {
    ...reads,
    id: 'getEvent',
    path: `${consignment}/events/{eventId}`,
    summary: 'One signed statement, byte for byte as it stands in the log.',
    answer: 'application/jose',
  },
  {
    ...reads,
    id: 'getParticulars',
    path: `${consignment}/particulars`,
    summary: 'Particulars this participant may read; those not here yet are named.',
    answer: 'ParticularsView',
  },
  {
    ...reads,
    id: 'listHandoffs',
    path: '/v1/handoffs',
    summary: 'Open offers that wait for this participant. A page has that many consignments, each with all its offers.',
    query: queries.handoffs,
    answer: 'HandoffPage',
  },
  {
    ...reads,
    id: 'readStream',
    path: '/v1/stream',
    summary: 'What is stated on consignments this participant may see, refused or not, as it is applied.',
    query: queries.stream,
    answer: 'text/event-stream',
    headers: [{ name: 'Last-Event-ID', required: false, description: 'Offset of the last event that was read; it goes before `after`.' }],
  },
  {
    ...reads,
    id: 'listTodo',
    path: '/v1/todo',
    summary: 'What this participant is to do, as the statements say it. A page has that many consignments, each with all its tasks.',
    query: queries.todo,
    answer: 'TodoPage',
  },
  {
    ...reads,
    id: 'listExpected',
    path: '/v1/expected',
    summary: 'What comes to a place, by means: when, in whose hands it is now, what is wrong with it. A page reads that many consignments; those that do not come in the time asked for are left out of it.',
    query: queries.expected,
    answer: 'ExpectedPage',
  },
  {
    ...reads,
    id: 'proposeTransferList',
    path: '/v1/transfer-lists/proposal',
    summary: 'What this participant would hand over for a ship or train at a place, and what hinders the rest; each of its lists can be posted.',
    query: queries.proposal,
    answer: 'TransferListProposal',
  },
  { ...reads, id: 'getTransferList', path: '/v1/transfer-lists/{id}', summary: 'A transfer list or its answer made here, with the verdict on each part.', answer: 'CallView' },
  { ...reads, id: 'getCall', path: '/v1/calls/{id}', summary: 'A call over many consignments made here, with the verdict on each part.', answer: 'CallView' },
  { ...reads, id: 'listParticipants', path: '/v1/participants', summary: 'Participants of the register with their keys.', answer: 'ParticipantList' },
  { ...reads, id: 'listPlaces', path: '/v1/places', summary: 'Places of the register.', answer: 'PlaceList' },
  { ...reads, id: 'getSubmission', path: '/v1/submissions/{eventId}', summary: 'What became of a statement of this node.', answer: 'SubmissionView' },
]

const linking: readonly Operation[] = [
  {
    id: 'makeLink',
    method: 'POST',
    path: `${consignment}/links`,
    scope: 'state',
    summary: 'Makes a link by which somebody without an account sees where each box is, why it stands and who must act, until it expires or is revoked.',
    query: queries.none,
    body: 'LinkRequest',
    answer: 'LinkMade',
  },
  { ...reads, id: 'listLinks', path: `${consignment}/links`, summary: 'Its links: who made them, and how often they were opened.', answer: 'LinkList' },
  {
    id: 'revokeLink',
    method: 'DELETE',
    path: `${consignment}/links/{linkId}`,
    scope: 'state',
    summary: 'Takes a link back: from now on it opens nothing.',
    query: queries.none,
    answer: 'nothing',
  },
]

const open: readonly Operation[] = [
  {
    ...tells,
    id: 'getBlock',
    path: `${consignment}/blocks/{digest}`,
    summary: 'For nodes: a block of particulars, encrypted for the node that asks by a signed request in the header karvan-request.',
    answer: 'EncryptedBlock',
    headers: [{ name: 'karvan-request', required: true, description: 'JWS over who asks whom for what, and when.' }],
  },
  {
    ...tells,
    id: 'openLink',
    path: '/links/{secret}',
    summary: 'For whoever has the link: one consignment as JSON, or as a page where text/html is accepted. What is wrong, expired or revoked is not found.',
    answer: 'LinkedConsignment',
  },
  { ...tells, id: 'isLive', path: '/health/live', summary: 'Whether the process answers.', answer: 'Live' },
  { ...tells, id: 'isReady', path: '/health/ready', summary: 'Whether the node can be worked with, and if not what is in the way.', answer: 'Health' },
  {
    ...tells,
    id: 'getCheckpoint',
    path: '/v1/checkpoint',
    summary: 'The signed head of the tree over the log as this node has judged it.',
    query: queries.checkpoint,
    answer: 'SignedCheckpoint',
    headers: [{ name: 'Prefer', required: false, description: 'wait=N: seconds to wait until a record asked for by `covers` has been applied, 0 to 30; 3 unless told (RFC 7240).' }],
  },
  { ...tells, id: 'getLeaves', path: '/v1/leaves', summary: 'Leaves of that tree, to find where two nodes differ.', query: queries.leaves, answer: 'Leaves' },
  { ...tells, id: 'getKeys', path: '/.well-known/jwks.json', summary: 'The public key this node signs with.', answer: 'KeySet' },
  { ...tells, id: 'getDescription', path: '/openapi.json', summary: 'This description.', answer: 'Description' },
]

const stating = (Object.keys(routes) as RoutedType[]).map(
  (statement): Operation => ({
    // keys of a literal
    id: `state${statement}`,
    method: 'POST',
    path: routes[statement],
    scope: 'state',
    query: queries.none,
    statement,
    answer: 'Decided',
    summary: `States ${statement} (${kinds[statement] === 'act' ? 'an act, which a rule can refuse' : 'a fact, which no rule refuses'}).`,
  }),
)

const callSummaries: Readonly<Record<CallKind, string>> = {
  transferList: 'Offers a transfer list: one offer for each consignment, under one number.',
  transferListAnswer: 'Answers every open offer of a transfer list that waits for this participant: as offered, but for the exceptions.',
  movement: 'Reports a movement of a ship or train: of everything aboard, but for the exceptions.',
  customsDecision: 'Decides on everything aboard a ship or train or nominated for it, but for the exceptions.',
  loading: 'Reports a loading list, as JSON or CSV; a row that is not clear stops all of it.',
}

const calling = (Object.keys(callRoutes) as CallKind[]).map(
  (call): Operation => ({
    // keys of a literal
    id: `call${statementOfCall[call]}`,
    method: 'POST',
    path: callRoutes[call],
    scope: 'state',
    query: call === 'loading' ? queries.loadingCsv : queries.none,
    call,
    answer: 'CallView',
    summary: callSummaries[call],
  }),
)

/** Everything the API of a node can be asked; routes and description are checked against this table. */
export const operations: readonly Operation[] = [...stating, ...calling, ...reading, ...linking, ...open]

const shapes = operations.map(({ path, method }) => ({ method, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[a-zA-Z]+\}/g, '[^/]+')}$`) }))

/** Methods that an address knows; none when there is no such address. */
export function methodsAt(path: string): readonly string[] {
  const methods = new Set(shapes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method as string))
  return methods.has('GET') ? [...methods, 'HEAD'] : [...methods]
}

/** The path in the router's own writing. */
export function routeOf(path: string): string {
  return path.replaceAll(/\{([a-zA-Z]+)\}/g, ':$1')
}
