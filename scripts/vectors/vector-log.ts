import { sign as signBytes } from 'node:crypto'
import { emptySubject } from '#libs/consignment'
import { canonicalJson, type Envelope } from '#libs/documents'
import { Replay, type JudgedRecord } from '#libs/exchange'
import { eventIdOf, rootOf, signJws, splitJws, typs, type Typ } from '#libs/signature'
// The concrete files: the face of libs/testing also brings what only runs under jest.
import { envelopeOf, type Draft } from '../../libs/testing/src/draft.js'
import { founding as smallFounding } from '../../libs/testing/src/register-builders.js'
import { StandIns, type SigningPair } from './stand-ins.js'
import { writtenOf, type Vector, type VectorFile } from './vector-file.js'

/** What is different from the statement as an honest node would sign it. */
export interface Otherwise {
  /** Members put in place of its own; undefined leaves one out. */
  readonly envelope?: Readonly<Record<string, unknown>>
  readonly typ?: Typ
}

const unfounded = 'A'.repeat(43)
const firstAppendTime = Date.parse('2026-06-01T08:00:00Z')

/** A log in the making: statements are signed with keys made on the spot, appended and judged, and must be judged as the topic says. */
export class VectorLog {
  readonly corridor: string
  /** The founding statement as signed, not yet appended. */
  readonly founding: string
  readonly #standIns = new StandIns(firstAppendTime / 1_000)
  readonly #vectors: Vector[] = []
  readonly #replay: Replay

  constructor(private readonly name: string, founding: Draft<'CorridorFounded'>) {
    const envelope = envelopeOf(founding, unfounded, emptySubject)
    this.founding = this.sign(founding, { ...envelope, data: this.#standIns.translated(envelope.data) as Envelope['data'] }, typs.founding, 0)
    this.corridor = idOf(this.founding)
    this.#standIns.name(smallFounding.eventId, this.corridor) // what the builders' key proofs are for
    this.#replay = new Replay(this.corridor)
  }

  /** The key pair that signs where a draft names this kid. */
  keyOf(kid: string): SigningPair {
    return this.#standIns.keyOf(kid)
  }

  /** Signs a statement with the next number of its key's chain, appends it and returns the signed text. */
  async state(says: string, draft: Draft, expected = 'accepted'): Promise<string> {
    const value = this.signed(draft)
    await this.append(says, draft.subject, value, expected)
    return value
  }

  /** The signed text alone. */
  signed(draft: Draft, { envelope: changes, typ }: Otherwise = {}): string {
    const replay = this.#replay
    const real = { ...draft, kid: this.keyOf(draft.kid).kid, data: this.#standIns.translated(draft.data) } as Draft // the same shape
    const onRegister = draft.subject === 'corridor'
    const honest = envelopeOf(real, this.corridor, replay.states.get(draft.subject) ?? emptySubject)
    const asOf = onRegister ? {} : { asOf: { size: replay.next, root: rootOf(replay.frontier) } }
    const envelope = { ...honest, ...asOf, ...changes } as Envelope // or what pretends to be one
    return this.sign(draft, envelope, typ ?? (onRegister ? typs.register : typs.event), replay.next)
  }

  /** Appends whatever bytes. @param expected `accepted`, `duplicate` or the code of the refusal */
  async append(says: string, key: string | null, value: string | Buffer | null, expected: string): Promise<void> {
    const offset = this.#replay.next
    const record = { offset, key: bytesIn(key), value: bytesIn(value), appendTime: appendTimeAt(offset) }
    const judged: JudgedRecord[] = []
    await this.#replay.apply({ records: [record], next: offset + 1, end: offset + 1 }, (part) => void judged.push(...part))
    const [one] = judged
    if (!one) throw new Error(`offset ${offset} was not judged`)
    const { verdict, code, effects, event, refusal } = one.judgement
    if ((code ?? verdict) !== expected) {
      throw new Error(`${this.name}: ${says} was to be ${expected} and is ${code ?? verdict} ${JSON.stringify(refusal ?? '')}`)
    }
    this.#vectors.push({
      offset, says, key: writtenOf(record.key), value: writtenOf(record.value), appendTime: record.appendTime, verdict, code, effects,
      eventId: event?.eventId ?? null, leaf: one.entry.leaf.toString('base64url'), root: rootOf(this.#replay.frontier),
    })
  }

  /** An offset without a record, as control records leave it. */
  async hole(says: string): Promise<void> {
    const offset = this.#replay.next
    const [hole] = (await this.#replay.apply({ records: [], next: offset + 1, end: offset + 1 })).holes
    if (!hole) throw new Error(`offset ${offset} is no hole`)
    this.#vectors.push({ offset, says, hole: true, leaf: hole.leaf.toString('base64url'), root: rootOf(this.#replay.frontier) })
  }

  file(): VectorFile {
    return { name: this.name, corridor: this.corridor, records: this.#vectors }
  }

  private sign(draft: Draft, envelope: Envelope, typ: Typ, offset: number): string {
    const { kid, privateKey } = this.keyOf(draft.kid)
    const value = signJws({ typ, payload: canonicalJson(envelope), kid, privateKey, iat: firstAppendTime / 1_000 + offset })
    this.#standIns.name(draft.eventId, idOf(value))
    return value
  }
}

/** The same statement with another signature of a key. */
export function resigned(value: string, { privateKey }: SigningPair): string {
  const signingInput = value.slice(0, value.lastIndexOf('.'))
  return `${signingInput}.${signBytes('sha256', Buffer.from(signingInput), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function bytesIn(value: string | Buffer | null): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value
}

function idOf(value: string): string {
  return eventIdOf(splitJws(value)?.signingInput ?? '')
}

/** A second for each record, except that the broker's clock jumps back a year now and then: append time is recorded and never judged. */
function appendTimeAt(offset: number): number {
  return firstAppendTime + offset * 1_000 - (offset % 50 === 49 ? 31_536_000_000 : 0)
}
