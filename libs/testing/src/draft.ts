import type { Inspection, SubjectState } from '#libs/consignment'
import { canonicalJson, digestOf, subjectKindOf, thumbprintOf, type Envelope, type PublicJwk, type StatementData, type StatementType } from '#libs/documents'

/**
 * A statement before it has its place in a chain. Its event id is fixed by its content, so that an answer can name it before anything is judged;
 * on a real log the id is the hash of what was signed.
 */
export interface Draft<T extends StatementType = StatementType> {
  readonly by: string
  readonly kid: string
  readonly type: T
  readonly subject: string
  readonly occurredAt: string
  readonly data: StatementData[T]
  readonly eventId: string
}

/** What every builder takes beside the statement's data. */
export interface Stating {
  readonly by?: string | undefined
  /** Which of the participant's keys signs. */
  readonly kid?: string | undefined
  readonly subject?: string | undefined
  readonly occurredAt?: string | undefined
}

export const consignmentId = '01970000-0000-7000-8000-000000000001'

/** A statement as it would be signed: by this participant, with its first key, unless told otherwise. */
export function draft<T extends StatementType>(type: T, by: string, data: StatementData[T], stating: Stating = {}): Draft<T> {
  const issuer = stating.by ?? by
  const told = {
    by: issuer,
    kid: stating.kid ?? kidOf(issuer),
    type,
    subject: stating.subject ?? (subjectKindOf(type) === 'corridor' ? 'corridor' : consignmentId),
    occurredAt: stating.occurredAt ?? '2026-06-01T08:00:00Z',
    data,
  }
  return { ...told, eventId: digestOf(canonicalJson(told)) }
}

/** The n-th public key of a participant: of the right form, and nobody's, for nothing is signed here. */
export function jwkOf(participant: string, number = 1): PublicJwk {
  return { kty: 'EC', crv: 'P-256', x: digestOf(`x ${participant} ${number}`), y: digestOf(`y ${participant} ${number}`) }
}

export function kidOf(participant: string, number = 1): string {
  return thumbprintOf(jwkOf(participant, number))
}

/** A statement with the next number of its key's chain. */
export function envelopeOf({ by, kid, type, subject, occurredAt, data }: Draft, corridor: string, { heads }: SubjectState): Envelope {
  const head = heads[kid]
  return {
    v: 1, corridor, subject, type, issuer: by, sequence: (head?.sequence ?? 0) + 1, ...(head && { previous: head.eventId }),
    occurredAt, data: { ...data },
  }
}

/** What inspecting the signed statement would have found. */
export function inspectionOf({ kid, type, subject, eventId }: Draft, envelope: Envelope): Extract<Inspection, { ok: true }> {
  const typ = type === 'CorridorFounded' ? 'karvan-founding+jws' : subject === 'corridor' ? 'karvan-register+jws' : 'karvan-event+jws'
  return { ok: true, kid, typ, eventId, signed: true, payload: { ok: true, value: envelope } }
}

/** The key a record of this statement has. */
export function recordKeyOf(subject: string): Buffer {
  return Buffer.from(subject, 'latin1')
}
