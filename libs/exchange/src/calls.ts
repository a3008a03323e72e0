import { statementOfCall, type Actor, type BodyError, type CallBodies, type CallKind } from '#libs/documents'
import type { Refusal } from '#libs/consignment'
import type { SubmitRequest, SubmitResult } from './answering.js'
import { draftCall, pointerInCall, type CallFault, type DraftedPart, type Seeing } from './call-parts.js'
import { codeOf, type ExchangeCode } from './exchange-error.js'
import { inTurns } from './in-turns.js'
import type { KeptCall, KeptPart } from './kept-call.js'
import type { IdempotencyKey } from './outbox.js'
import type { Clock, Ledger } from './ports.js'

/** A call over many consignments, as its caller made it. */
export interface CallRequest<K extends CallKind = CallKind> {
  readonly kind: K
  readonly body: CallBodies[K]
  readonly actor?: Actor
  readonly idempotency?: IdempotencyKey
  readonly waitMs: number
}

export interface ShownPart {
  readonly part: number
  readonly subject: string
  readonly body: DraftedPart['body']
  readonly pointers: DraftedPart['pointers']
  /** `open`: not signed yet, and it will be tried again. */
  readonly outcome: { readonly kind: 'open' } | Extract<SubmitResult, { readonly kind: 'accepted' | 'pending' | 'refused' }>
}

export interface ShownCall {
  readonly callId: string
  readonly kind: CallKind
  readonly facts: Readonly<Record<string, unknown>>
  readonly madeAt: number
  readonly parts: readonly ShownPart[]
}

export type CallResult =
  | { readonly kind: 'made'; readonly call: ShownCall }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'fault'; readonly fault: CallFault }
  | { readonly kind: 'unavailable'; readonly code: ExchangeCode }

export interface CallingNode extends Seeing {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly newId: () => string
  hindrance(): Promise<ExchangeCode | undefined>
  isUpToDate(waitMs: number): Promise<boolean>
  trial(request: SubmitRequest & { readonly subject: string }): Promise<Extract<SubmitResult, { kind: 'refused' | 'notFound' }> | undefined>
  submit(request: SubmitRequest): Promise<SubmitResult>
  decision(eventId: string, waitMs: number): Promise<SubmitResult>
  onTrouble(error: unknown): void
}

/** Why a part was never signed, as it is kept. */
interface KeptRefusal {
  readonly code: string
  readonly refusal?: Refusal
}

/** What is kept of a part to make its statement from. */
interface PartRequest extends Pick<DraftedPart, 'body' | 'pointers'> {
  readonly actor?: Actor
}

const partsAtOnce = 16
const callsAtOnce = 20
const finishingMs = 2_000

/**
 * One call becomes one statement for each consignment. It is kept whole with all its parts before the first is signed; then each part goes the ordinary
 * way and has its own verdict. What a process leaves open when it dies is finished by whoever leads the database.
 */
export class Calls {
  readonly #running = new Set<string>()

  constructor(private readonly node: CallingNode) {}

  async make<K extends CallKind>(request: CallRequest<K>): Promise<CallResult> {
    const { node } = this
    const deadline = node.clock.now() + request.waitMs
    const before = await this.madeBefore(request, deadline)
    if (before) return before
    const hindrance = await node.hindrance()
    if (hindrance) return { kind: 'unavailable', code: hindrance }
    // What is seen here decides what a call is about, unless it names everything itself.
    if ((request.kind !== 'transferList' || request.body.atomic) && !(await node.isUpToDate(this.left(deadline)))) return { kind: 'unavailable', code: 'CATCHING_UP' }
    const drafted = await draftCall(request.kind, request.body, node)
    const fault = 'fault' in drafted ? drafted.fault : request.body.atomic && (await this.refusedNow(request, drafted.parts))
    if (fault) return (await this.madeBefore(request, deadline)) ?? { kind: 'fault', fault } // the same call, made meanwhile, has left nothing to do
    if ('fault' in drafted) throw new Error('a call without parts')
    const { actor } = request
    const call = {
      callId: node.newId(), kind: request.kind, facts: JSON.stringify(drafted.facts), madeAt: node.clock.now(),
      parts: drafted.parts.map(({ subject, body, pointers }) => ({ subject, request: JSON.stringify({ body, pointers, ...(actor && { actor }) } satisfies PartRequest) })),
    }
    this.#running.add(call.callId) // from before it is kept, so that nobody here finishes what has just begun
    try {
      const kept = await node.ledger.keepCall(call, request.idempotency)
      if (kept.kind === 'conflict') return kept
      if (kept.kind === 'repeated') return { kind: 'made', call: await this.shownAgain(kept.callId, deadline) }
      const whole = { ...call, parts: call.parts.map((part, index) => ({ ...part, part: index + 1 })) }
      await this.settle(whole, deadline)
    } finally {
      this.#running.delete(call.callId)
    }
    return { kind: 'made', call: await this.shown(await this.known(call.callId), deadline) }
  }

  /** A call of this node with what became of its parts; undefined for an id it does not know. */
  async show(callId: string): Promise<ShownCall | undefined> {
    const call = await this.node.ledger.call(callId)
    return call && this.shown(call, this.node.clock.now())
  }

  /** Goes on with everything that was left open here, by whichever process. */
  async finish(): Promise<void> {
    const { ledger, clock } = this.node
    const open = (await ledger.openCalls(callsAtOnce)).filter((callId) => !this.#running.has(callId))
    if (open.length === 0 || (await this.node.hindrance())) return
    for (const callId of open) await this.settle(await this.known(callId), clock.now() + finishingMs)
  }

  private async madeBefore({ idempotency }: CallRequest, deadline: number): Promise<CallResult | undefined> {
    const before = idempotency && (await this.node.ledger.callUnder(idempotency))
    if (before === undefined || before === 'conflict') return before && { kind: 'conflict' }
    return { kind: 'made', call: await this.shownAgain(before.callId, deadline) }
  }

  /** Who repeats a call that was left half done need not wait for others to finish it. */
  private async shownAgain(callId: string, deadline: number): Promise<ShownCall> {
    const call = await this.known(callId)
    if (!call.parts.some(isOpen) || this.#running.has(callId)) return this.shown(call, deadline)
    await this.settle(call, deadline)
    return this.shown(await this.known(callId), deadline)
  }

  private async refusedNow({ kind, actor }: CallRequest, parts: readonly DraftedPart[]): Promise<CallFault | undefined> {
    const refused = await inTurns(parts, partsAtOnce, ({ subject, body }) => this.node.trial({ ...statement(kind, { body, pointers: {}, ...(actor && { actor }) }), subject, waitMs: 0 }))
    const errors = refused.flatMap((result, index): BodyError[] => {
      const { pointers = {}, subject = '' } = parts[index] ?? {}
      if (!result) return []
      const { code, refusal } = refusalIn(result)
      return [{ pointer: pointerInCall(pointers, refusal?.pointer ?? ''), expected: 'what the rules allow', found: refusal?.code ?? code, message: `${subject}: ${JSON.stringify(refusal?.facts ?? {})}` }]
    })
    return errors.length === 0 ? undefined : { code: 'PARTS_REFUSED', detail: `${errors.length} of ${parts.length} parts would be refused; nothing was made`, errors }
  }

  /** Submits what is open. A part that cannot be submitted now stays open and does not stop the others. */
  private async settle(call: KeptCall, deadline: number): Promise<void> {
    await inTurns(call.parts.filter(isOpen), partsAtOnce, async (part) => {
      try {
        const key = { callId: call.callId, part: part.part }
        const result = await this.node.submit({ ...statement(call.kind as CallKind, requestOf(part)), subject: part.subject, idempotency: key, waitMs: this.left(deadline) })
        const isRefusedHere = result.kind === 'notFound' || (result.kind === 'refused' && result.eventId === undefined)
        if (isRefusedHere) await this.node.ledger.refusePart(key, JSON.stringify(refusalIn(result)))
      } catch (error) {
        if (codeOf(error) !== 'DATABASE_UNAVAILABLE') this.node.onTrouble(error) // that one has its own alarm
      }
    })
  }

  private async shown(call: KeptCall, deadline: number): Promise<ShownCall> {
    const parts = await inTurns(call.parts, partsAtOnce, async (part): Promise<ShownPart> => {
      const { body, pointers } = requestOf(part)
      return { part: part.part, subject: part.subject, body, pointers, outcome: await this.outcomeOf(part, deadline) }
    })
    return { callId: call.callId, kind: call.kind as CallKind, facts: JSON.parse(call.facts) as ShownCall['facts'], madeAt: call.madeAt, parts } // kept by us
  }

  private async outcomeOf({ eventId, refusal }: KeptPart, deadline: number): Promise<ShownPart['outcome']> {
    if (refusal !== undefined) return { kind: 'refused', ...(JSON.parse(refusal) as KeptRefusal) } // kept by us
    if (eventId === undefined) return { kind: 'open' }
    const result = await this.node.decision(eventId, this.left(deadline))
    if (result.kind === 'accepted' || result.kind === 'pending' || result.kind === 'refused') return result
    throw new Error(`the statement ${eventId} of a part is not in the outbox`)
  }

  private async known(callId: string): Promise<KeptCall> {
    const call = await this.node.ledger.call(callId)
    if (!call) throw new Error(`the call ${callId} was kept and is not there`)
    return call
  }

  private left(deadline: number): number {
    return Math.max(0, deadline - this.node.clock.now())
  }
}

function isOpen({ eventId, refusal }: KeptPart): boolean {
  return eventId === undefined && refusal === undefined
}

function requestOf({ request }: KeptPart): PartRequest {
  return JSON.parse(request) as PartRequest // kept by us
}

function statement(kind: CallKind, { body, actor }: PartRequest): Pick<SubmitRequest, 'type' | 'body' | 'actor'> {
  return { type: statementOfCall[kind], body: body as unknown as SubmitRequest['body'], ...(actor && { actor }) } // read by the body's schema before it was kept
}

function refusalIn(result: SubmitResult): KeptRefusal {
  return result.kind === 'refused' ? { code: result.code, ...(result.refusal && { refusal: result.refusal }) } : { code: 'NOT_FOUND' }
}
