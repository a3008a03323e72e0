import { rules, type Refusal, type RuleCode } from '#libs/consignment'
import type { BodyError, DoorCode } from '#libs/documents'
import type { CallFault, ExchangeCode } from '#libs/exchange'

/** Problem details (RFC 9457). `code` is stable, `detail` is for people and may change. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  /** JSON pointer (RFC 6901) into the body that was sent. */
  readonly pointer?: string
  /** Everything wrong with the body, at most 50. */
  readonly errors?: readonly BodyError[]
  readonly facts?: Readonly<Record<string, string>>
  /** The rule that refuses, in one sentence. */
  readonly says?: string
  /** Whether the very same request may succeed later. */
  readonly retryable: boolean
  /** Address of what the log has decided, where it has. */
  readonly instance?: string
}

type Kind = readonly [status: number, title: string, retryAfterSeconds?: number]

const unreadable = 'The request body cannot be read'
const notNow = 'The node cannot do this now'

/** Every code but those of the rules, which have their own table; with its status, and how long to wait where waiting helps. */
export const problemKinds = {
  BAD_UTF8: [400, unreadable],
  TOO_DEEP: [400, unreadable],
  UNREADABLE_JSON: [400, unreadable],
  DUPLICATE_KEY: [400, unreadable],
  FORBIDDEN_KEY: [400, unreadable],
  LONE_SURROGATE: [400, unreadable],
  NUL_CHARACTER: [400, unreadable],
  NOT_NFC: [400, unreadable],
  INVISIBLE_CHARACTER: [400, unreadable],
  MIXED_SCRIPT: [400, unreadable],
  UNSAFE_NUMBER: [400, unreadable],
  BAD_REQUEST: [400, 'The request cannot be read'],
  BAD_HEADER: [400, 'A request header cannot be read'],
  UNKNOWN_PARAMETER: [400, 'There is no such parameter'],
  BAD_PARAMETER: [400, 'A parameter cannot be read'],
  TOKEN_MISSING: [401, 'An access token is wanted'],
  TOKEN_INVALID: [401, 'The access token is not valid here'],
  SCOPE: [403, 'The access token does not allow this'],
  NOT_A_PARTY: [403, 'This participant is no party to it by name'],
  NOT_FOUND: [404, 'There is nothing here'],
  METHOD_NOT_ALLOWED: [405, 'The method is not allowed here'],
  TOO_MANY_LINKS: [409, 'There are too many links'],
  IDEMPOTENCY_CONFLICT: [409, 'The idempotency key was used for another request'],
  TOO_LARGE: [413, 'The request body is too large'],
  MEDIA_TYPE: [415, 'The media type or encoding is not supported'],
  UNREADABLE_CSV: [400, 'The list cannot be read'],
  NOTHING_TO_STATE: [409, 'There is nothing to state this of'],
  AMBIGUOUS_LIST: [409, 'Several lists have that number'],
  PARTS_REFUSED: [409, 'Parts of the call would be refused'],
  UNKNOWN_ITEMS: [422, 'It is not clear which items are meant'],
  TOO_BROAD: [422, 'It concerns too much at once'],
  SCHEMA: [422, 'The body does not fit its schema'],
  TOO_MANY_REQUESTS: [429, 'Too many requests', 10],
  INTERNAL: [500, 'The node has failed'],
  STARTING: [503, notNow, 2],
  CATCHING_UP: [503, notNow, 2],
  TOO_MANY_READERS: [503, notNow, 30],
  REBUILDING: [503, notNow, 5],
  STOPPED: [503, notNow, 5],
  LOG_UNAVAILABLE: [503, notNow, 2],
  LOG_MISSING: [503, notNow, 10],
  DATABASE_UNAVAILABLE: [503, notNow, 2],
  IDENTITY_UNAVAILABLE: [503, notNow, 2],
  NOT_FOUNDED: [503, notNow, 10],
  KEY_NOT_ADMITTED: [503, notNow, 10],
  PARTICIPANT_SUSPENDED: [503, notNow, 60],
  KEY_IN_USE_ELSEWHERE: [503, notNow, 60],
  LOG_REWOUND: [503, notNow, 60],
  LOG_MISCONFIGURED: [503, notNow, 60],
  RULES_UNKNOWN: [503, notNow, 60],
  DATABASE_NOT_DURABLE: [503, notNow, 60],
  SCHEMA_NOT_CURRENT: [503, notNow, 60],
} as const satisfies Record<DoorCode | ExchangeCode | CallFault['code'], Kind> & Record<string, Kind>

export type ProblemCode = keyof typeof problemKinds

/** Codes that the judge gives before a rule, and rules that are no conflict with the state of things. */
const refusedStatus: Readonly<Record<string, number>> = { ROLE: 403, SCHEMA: 422 }

/** Codes of the judging order that no rule explains, told in a sentence. */
const judged: Readonly<Record<string, string>> = {
  SIZE: 'the statement is larger than the log takes',
  FORM: 'the statement is no signed text',
  HEADER: 'the header of the signature does not fit its schema',
  KEY: 'the key of this node is not in the register, or not valid now',
  SIGNATURE: 'the signature does not hold',
  UTF8: 'the statement is not valid UTF-8',
  DEPTH: 'the statement nests deeper than the log takes',
  CANONICAL: 'the statement is not in its canonical form',
  ENVELOPE: 'what the node adds to the body does not fit its schema',
  BINDING: 'the statement is of another corridor, or its key is not its issuer\'s',
  SUBJECT: 'a statement of this type does not stand on such a subject',
  CHAIN: 'the statement does not follow the one this node stated before',
  PARTY: 'this participant is no party to the consignment',
  TYPE: 'the active rules do not know statements of this type',
  SCHEMA: 'the statement does not fit its schema',
}

type More = Partial<Pick<Problem, 'pointer' | 'errors' | 'facts' | 'instance'>>

/** An answer that is a problem, thrown from wherever it is found. */
export class ProblemError extends Error {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.detail)
    this.name = 'ProblemError'
  }
}

export function problem(code: ProblemCode, detail: string, more: More = {}, headers: Readonly<Record<string, string>> = {}): ProblemError {
  const [status, title, retryAfterSeconds] = problemKinds[code] as Kind
  const retryable = retryAfterSeconds !== undefined
  const wait = retryable ? { 'retry-after': String(retryAfterSeconds) } : undefined
  return new ProblemError({ type: typeOf(code), title, status, code, detail, ...more, retryable }, { ...wait, ...headers })
}

/** Refused by the judge, here before signing or by the log. @param code of the judging order, with the rule's code after a colon */
export function refusedProblem(code: string, refusal: Refusal | undefined, instance?: string): ProblemError {
  const ruleCode = refusal?.code ?? (code.startsWith('RULE:') ? code.slice('RULE:'.length) : code)
  const says = isRuleCode(ruleCode) ? rules[ruleCode].says : undefined
  const facts = refusal && Object.keys(refusal.facts).length > 0 ? refusal.facts : undefined
  const sentence = says ?? (Object.hasOwn(judged, ruleCode) ? judged[ruleCode] : undefined) ?? `the statement was refused: ${ruleCode}`
  const told = facts ? ` (${Object.entries(facts).map(([name, value]) => `${wordsOf(name)} ${value}`).join(', ')})` : ''
  return new ProblemError({
    type: typeOf(ruleCode),
    title: says === undefined ? 'Refused by the log' : 'Refused by a rule',
    status: refusedStatus[ruleCode] ?? 409,
    code: ruleCode,
    detail: `${sentence}${told}`,
    ...(refusal && refusal.pointer !== '' && { pointer: refusal.pointer }),
    ...(facts && { facts }),
    ...(says !== undefined && { says }),
    retryable: false,
    ...(instance !== undefined && { instance }),
  })
}

/** Unknown, and known but not for this participant, look the same. */
export function notFound(): ProblemError {
  return problem('NOT_FOUND', 'it is unknown here, or this participant is no party to it')
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemKinds, code)
}

/** `takenFrom` → `taken from`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function isRuleCode(code: string): code is RuleCode {
  return Object.hasOwn(rules, code)
}

function typeOf(code: string): string {
  return `https://karvan.example/problems/${code}`
}
