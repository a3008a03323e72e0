import type { SubjectState } from '#libs/consignment'
import { emptyFrontier, type Frontier } from '#libs/signature'
import { Judging, type JudgedBatch, type JudgedRecord } from './judging.js'
import { judgeInParts } from './judging-in-parts.js'
import type { Lookups } from './preparing.js'
import { StateCache } from './state-cache.js'
import { stateMembers } from './state-members.js'
import type { LogBatch } from './log-port.js'
import type { Entry } from './ports.js'
import { canonicalJson, digestOf } from '#libs/documents'

/** Judges a log from its first record in memory, with no ledger and no node: what the audit, the authority and a newcomer do. */
export class Replay {
  readonly #states = new Map<string, SubjectState>()
  readonly #consumed = new Map<string, string>()
  readonly #entries = new Map<string, Entry>()
  readonly #cache = new StateCache(Number.MAX_SAFE_INTEGER)
  #frontier: Frontier = emptyFrontier

  constructor(private readonly corridor: string) {}

  get next(): number {
    return this.#frontier.size
  }

  get frontier(): Frontier {
    return this.#frontier
  }

  get states(): ReadonlyMap<string, SubjectState> {
    return this.#states
  }

  /** Batches must follow each other from offset 0. @param onPart told of each part of it */
  async apply(batch: LogBatch, onPart: (judged: readonly JudgedRecord[]) => void = () => undefined): Promise<JudgedBatch> {
    const judging = new Judging(this.corridor, this.#frontier)
    await judgeInParts(judging, batch, { lookups: this.lookups, cache: this.#cache }, (part) => {
      for (const { entry } of part) this.keep(entry, judging)
      onPart(part)
    })
    const judged = judging.end()
    this.#frontier = judged.frontier
    return judged
  }

  private readonly lookups: Lookups = {
    states: (subjects) => Promise.resolve(new Map(subjects.flatMap((subject) => {
      const state = this.#states.get(subject)
      return state ? [[subject, stateMembers(state)] as const] : []
    }))),
    consumed: () => Promise.resolve(this.#consumed),
    entry: (eventId) => Promise.resolve(this.#entries.get(eventId)),
  }

  private keep(entry: Entry, { states }: Judging): void {
    const { event, consumedSequence, verdict } = entry
    const state = states.get(event?.subject ?? '')
    if (event?.subject && state) this.#states.set(event.subject, state)
    if (event && consumedSequence !== undefined) this.#consumed.set(`${event.kid} ${event.subject} ${consumedSequence}`, event.eventId)
    if (event && verdict === 'accepted') this.#entries.set(event.eventId, entry)
  }

  /** Hash of the whole state: equal at all nodes that have applied the same log. */
  stateHash(): string {
    return stateHashOf(new Map([...this.#states].map(([subject, state]) => [subject, canonicalJson(state)])))
  }
}

/** base64url SHA-256 over the canonical JSON of [subject, SHA-256 of the state's canonical text], by subject in code unit order. */
export function stateHashOf(texts: ReadonlyMap<string, string>): string {
  return digestOf(canonicalJson([...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([subject, text]) => [subject, digestOf(text)])))
}
