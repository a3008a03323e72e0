import { canonicalJson, envelopeFaultOf, type Actor, type Envelope, type PlainBlock, type StatementBody, type StatementType } from '#libs/documents'
import { corridorSubject, emptySubject, judgeStatement, type Context, type Refusal, type Register, type SubjectState } from '#libs/consignment'
import { eventIdOf, frontierFromText, maxRecordBytes, openRecord, isPublicJwk, provesKey, rootOf, signJws, splitJws, typs, type Typ } from '#libs/signature'
import { draftBlocks, draftData, encryptFor, type DraftedBlock } from './drafting.js'
import { standingAt, statementOf, statesNow } from './preparing.js'
import type { StateCache } from './state-cache.js'
import type { PartKey } from './kept-call.js'
import type { Allocation, IdempotencyKey, OutboxStatement, SubmitOutcome } from './outbox.js'
import type { Clock, Ledger, SigningKey } from './ports.js'

export interface Command<T extends StatementType = StatementType> {
  readonly type: T
  /** A new one is made by the caller for a statement that opens a subject. */
  readonly subject: string
  readonly body: StatementBody<T>
  /** The person for whom the node signs. */
  readonly actor?: Actor
  readonly idempotency?: IdempotencyKey | PartKey
}

/** What the refusal of a mere trial says when nothing else was refused. */
const wouldPass: Preflight = { code: 'WOULD_PASS' }

/** Why preflight would not sign: a code of the judging order, and for a rule what a person needs to see. */
export interface Preflight {
  readonly code: string
  readonly refusal?: Refusal
}

export interface SubmittingNode {
  readonly corridor: string
  readonly participant: string
  readonly key: SigningKey
  readonly ledger: Ledger
  readonly cache: StateCache
  readonly clock: Clock
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Command → draft → judge (preflight) → sign → outbox, in one transaction under the chain's lock. Nothing is signed that local state, evolved by this
 * database's own undecided statements of the subject, would refuse. What has been kept is told with the outcome.
 */
export async function submit(node: SubmittingNode, command: Command, isTrial = false): Promise<SubmitOutcome<Preflight> & { readonly allocation?: Allocation | undefined }> {
  const { ledger, cache, key } = node
  const { subject } = command
  const register = (await statesNow(ledger, cache, [corridorSubject])).get(corridorSubject)?.register
  if (!register) return { kind: 'refused', refusal: { code: 'KEY' } }
  const blocks = await draftBlocks((command.body as { particulars?: { blocks: PlainBlock[] } }).particulars?.blocks ?? [], subject, register, node.participant, node.random)
  const data = draftData(command.body, blocks)
  const corrected = command.type === 'CorrectionFiled' ? await ledger.entry(String(data['corrects'])) : undefined
  let allocation: Allocation | undefined
  const outcome = await ledger.submit({ kid: key.kid, subject }, command.idempotency, async (head, undecided, cursorThen) => {
    const { states, cursor } = await standingAt(cursorThen, ledger, cache, [corridorSubject, subject])
    const context = contextOf(node, states, subject, new Map(statementOf(corrected)))
    const frontier = frontierFromText(cursor.frontier)
    const envelope: Envelope = {
      v: 1, corridor: node.corridor, subject, type: command.type, issuer: node.participant, ...(command.actor && { actor: command.actor }),
      sequence: (head?.sequence ?? 0) + 1, ...(head && { previous: head.eventId }),
      ...(frontier && { asOf: { size: frontier.size, root: rootOf(frontier) } }), occurredAt: command.body.occurredAt, data,
    }
    const refused = preflight(cache, envelope, key.kid, cursor.next, context, undecided)
    if (refused ?? isTrial) return { refusal: refused ?? wouldPass }
    allocation = allocationOf(node, envelope, blocks, await regranted(node, register, envelope))
    return allocation.statement.value.length > maxRecordBytes ? { refusal: { code: 'SIZE' } } : allocation
  })
  return outcome.kind === 'allocated' ? { ...outcome, allocation } : outcome
}

/** What preflight would refuse now, with nothing signed or kept. */
export async function refusalNow(node: SubmittingNode, command: Command): Promise<Preflight | undefined> {
  const outcome = await submit(node, command, true)
  return outcome.kind === 'refused' && outcome.refusal !== wouldPass ? outcome.refusal : undefined
}

function contextOf(node: SubmittingNode, rows: ReadonlyMap<string, SubjectState>, subject: string, accepted: ReadonlyMap<string, { readonly subject: string; readonly issuer: string; readonly type: string }>): Context {
  return {
    corridor: node.corridor, register: rows.get(corridorSubject)?.register, subject: rows.get(subject) ?? emptySubject,
    consumedBy: () => undefined, accepted: (eventId) => accepted.get(eventId), provesKey, isOnCurve: isPublicJwk,
  }
}

/**
 * PARTY to RULE on local state evolved by what this database has signed and the log has not decided yet. ENVELOPE and SIZE are asked too: refused by the
 * log before CHAIN, such a statement would end its whole chain.
 */
function preflight(cache: StateCache, envelope: Envelope, kid: string, offset: number, context: Context, undecided: readonly OutboxStatement[]): Preflight | undefined {
  if (envelopeFaultOf(envelope)) return { code: 'ENVELOPE' }
  const subject = ahead(cache, envelope.subject, offset, context, undecided)
  const register = envelope.subject === corridorSubject ? subject.register : context.register
  const { verdict, code, refusal } = judgeStatement(envelope, { eventId: 'A'.repeat(43), kid, offset }, { ...context, register, subject })
  return verdict === 'accepted' ? undefined : { code: code ?? '', ...(refusal && { refusal }) }
}

/** State of a subject after what this database has signed and the log has not decided; what was evolved for the statement before is not judged again. */
function ahead(cache: StateCache, name: string, offset: number, context: Context, undecided: readonly OutboxStatement[]): SubjectState {
  const known = cache.aheadOf(name)
  const goesOn = known !== undefined && known.from === context.subject && known.eventIds.every((eventId, index) => undecided[index]?.eventId === eventId)
  let subject = goesOn ? known.state : context.subject
  for (const statement of undecided.slice(goesOn ? known.eventIds.length : 0)) {
    const opened = openRecord(Buffer.from(statement.value))
    if (!opened.ok || !opened.payload.ok) continue
    const judged = judgeStatement(opened.payload.value as Envelope, { eventId: statement.eventId, kid: statement.kid, offset }, { ...context, subject }) // signed by us
    if (judged.verdict === 'accepted') subject = judged.subject
  }
  cache.keepAhead(name, undecided.length === 0 ? undefined : { from: context.subject, eventIds: undecided.map(({ eventId }) => eventId), state: subject })
  return subject
}

function allocationOf(node: SubmittingNode, envelope: Envelope, blocks: readonly DraftedBlock[], granted: Allocation['blocks']): Allocation {
  return {
    statement: signStatement(node, envelope), type: envelope.type, issuer: envelope.issuer, occurredAt: envelope.occurredAt,
    blocks: [...blocks.map(({ reference, plaintext, jwe }) => ({ digest: reference.digest, plaintext, jwe })), ...granted],
  }
}

/** Signs an envelope as it stands. The event id covers header and payload, never the signature. */
export function signStatement({ key, clock }: Pick<SubmittingNode, 'key' | 'clock'>, envelope: Envelope): OutboxStatement {
  const value = signJws({ typ: typOf(envelope), payload: canonicalJson(envelope), kid: key.kid, privateKey: key.privateKey, iat: Math.floor(clock.now() / 1_000) })
  const eventId = eventIdOf(splitJws(value)?.signingInput ?? '')
  return { eventId, kid: key.kid, subject: envelope.subject, sequence: envelope.sequence, value }
}

function typOf({ type, subject }: Envelope): Typ {
  if (type === 'CorridorFounded') return typs.founding
  return subject === corridorSubject ? typs.register : typs.event
}

/** A grant encrypts the block anew for its new reader; the digest in the log stays. */
async function regranted({ ledger }: SubmittingNode, register: Register, { type, data }: Envelope): Promise<Allocation['blocks']> {
  if (type !== 'ParticularsGranted') return []
  const digest = String(data['digest'])
  const plaintext = (await ledger.blocks([digest])).get(digest)
  if (plaintext === undefined) return []
  return [{ digest, plaintext, jwe: await encryptFor(plaintext, register, [String(data['reader'])]) }]
}
