import { authorityId, corridorSubject, rulesDigest, rulesVersion, type Register } from '#libs/consignment'
import { canonicalJson, type Envelope, type StatementData, type StatementType } from '#libs/documents'
import type { Clock, Log, NewRecord } from '#libs/exchange'
import { eventIdOf, signJws, typs } from '#libs/signature'
import { setTimeout as wait } from 'node:timers/promises'
import { Complaint } from '../complaint.js'
import type { AuthorityKeys } from './authority-keys.js'
import { refuseFutile } from './preflight.js'
import { readRegister, unread, type RegisterReading } from './register-reading.js'

/** What the authority can state: the register's statements. */
export type AuthorityStatement = {
  [T in StatementType]: { readonly type: T; readonly data: StatementData[T]; /** For whom a refusal is reported. */ readonly about: string }
}['ParticipantAdmitted' | 'ParticipantSuspended' | 'KeyAdded' | 'KeyRetired' | 'KeyCompromised' | 'PlaceRegistered' | 'RulesActivated']

/** The authority at work on one corridor: it knows its chain from the log and writes the next numbers of it. */
export interface AuthorityPen {
  readonly corridor: string
  /** The register as read last. */
  register(): Register
  /**
   * Signs, appends and waits until the log shows every statement accepted. Throws the complaint REFUSED: with nothing appended when the register as read
   * refuses one already, else naming those that the log refused.
   */
  state(statements: readonly AuthorityStatement[]): Promise<void>
}

export interface PenOptions {
  readonly log: Log
  readonly keys: Pick<AuthorityKeys, 'signing' | 'publicJwks'>
  readonly clock: Clock
  /** How long an appended statement may take to come back. */
  readonly withinMs?: number
}

/** What a founding statement names as its corridor, for its own id cannot be in it. */
const unfounded = 'A'.repeat(43)

/** As much as goes into one append: the broker takes batches of 524,288 bytes. */
const maxAppendBytes = 400_000

/** Signs the statement that founds a corridor. Its event id is the corridor's id, so it is signed once, kept, and appended until the log has it. */
export function signFounding(options: Pick<PenOptions, 'keys' | 'clock'>, corridor: { readonly name: string; readonly epoch: number; readonly topic: string }): string {
  const data = { ...corridor, authorityKeys: [...options.keys.publicJwks], rulesVersion, rulesDigest: rulesDigest() } satisfies StatementData['CorridorFounded']
  return signed(options, { corridor: unfounded, type: 'CorridorFounded', data, sequence: 1 }).record.value
}

/** Founds a corridor on an empty log, or finds that this founding statement is in it already. Throws the complaint LOG_NOT_EMPTY. */
export async function found(options: PenOptions, founding: string): Promise<AuthorityPen> {
  const eventId = eventIdOf(founding.slice(0, founding.lastIndexOf('.')))
  const record = { key: corridorSubject, value: founding }
  if ((await options.log.end()) === 0) await options.log.append([record])
  else if ((await readRegister(options.log, eventId)).outcomes.get(eventId) !== 'accepted') {
    const sentence = 'the topic already holds records, of a corridor whose data folder is elsewhere; have the log elsewhere (KAFKA_BROKERS, DATABASE_URL), or give KARVAN_TOPIC.'
    throw new Complaint('LOG_NOT_EMPTY', sentence)
  }
  const reading = await awaited(options, eventId, unread, [{ eventId, type: 'CorridorFounded', about: 'the corridor', record }])
  return penOf(options, eventId, reading)
}

/** Takes up the pen of a corridor that was founded before: reads the whole log. Throws the complaints ANOTHER_LOG and NOT_THE_AUTHORITY. */
export async function takeUpPen(options: PenOptions, corridor: string): Promise<AuthorityPen> {
  const reading = await readRegister(options.log, corridor)
  if (!reading.subject.register) throw new Complaint('ANOTHER_LOG', `this log does not hold corridor ${corridor}, which this data folder belongs to.`)
  const key = reading.subject.register.keys[options.keys.signing.kid]
  if (key?.participant !== authorityId || key.retired !== undefined) {
    throw new Complaint('NOT_THE_AUTHORITY', `the log does not know this key as one of the authority of corridor ${corridor}.`)
  }
  return penOf(options, corridor, reading)
}

function penOf(options: PenOptions, corridor: string, first: RegisterReading): AuthorityPen {
  let reading = first
  return {
    corridor,
    register: () => {
      if (!reading.subject.register) throw new Error('a founded corridor has a register')
      return reading.subject.register
    },
    async state(statements) {
      let head = reading.subject.heads[options.keys.signing.kid]
      const written = statements.map(({ type, data, about }) => {
        const next = signed(options, { corridor, type, data, sequence: (head?.sequence ?? 0) + 1, previous: head?.eventId })
        head = { sequence: (head?.sequence ?? 0) + 1, eventId: next.eventId }
        return { ...next, about }
      })
      refuseFutile(written.map((one) => ({ ...one, kid: options.keys.signing.kid })), corridor, reading)
      for (const batch of batchesOf(written)) await options.log.append(batch)
      reading = await awaited(options, corridor, reading, written)
    },
  }
}

interface Written {
  readonly eventId: string
  readonly type: string
  readonly about: string
  readonly record: NewRecord
}

interface Unsigned {
  readonly corridor: string
  readonly type: StatementType
  readonly data: object
  readonly sequence: number
  readonly previous?: string | undefined
}

function signed({ keys, clock }: Pick<PenOptions, 'keys' | 'clock'>, { corridor, type, data, sequence, previous }: Unsigned) {
  const occurredAt = new Date(clock.now()).toISOString()
  const chain = { sequence, ...(previous !== undefined && { previous }) }
  // The cast: an interface has no index signature.
  const envelope = { v: 1, corridor, subject: corridorSubject, type, issuer: authorityId, ...chain, occurredAt, data } as Envelope
  const typ = type === 'CorridorFounded' ? typs.founding : typs.register
  const value = signJws({ ...keys.signing, typ, payload: canonicalJson(envelope), iat: Math.floor(clock.now() / 1000) })
  return { eventId: eventIdOf(value.slice(0, value.lastIndexOf('.'))), type, envelope, record: { key: corridorSubject, value } }
}

/** Reads on until the log has shown every statement; what else came meanwhile is judged, too. */
async function awaited({ log, withinMs = 30_000 }: PenOptions, corridor: string, from: RegisterReading, written: readonly Written[]): Promise<RegisterReading> {
  const deadline = Date.now() + withinMs
  let reading = from
  while (!written.every(({ eventId }) => reading.outcomes.has(eventId))) {
    if (Date.now() > deadline) {
      throw new Complaint('NOT_READ_BACK', `the log does not show what was appended to it within ${withinMs / 1000} s; run the command again.`)
    }
    const before = reading.next
    reading = await readRegister(log, corridor, reading)
    if (reading.next === before) await wait(50)
  }
  const refused = written.filter(({ eventId }) => reading.outcomes.get(eventId) !== 'accepted')
  if (refused.length > 0) {
    throw new Complaint('REFUSED', refused.map(({ type, about, eventId }) => `${type} of ${about} was refused: ${reading.outcomes.get(eventId)}.`).join(' '))
  }
  return reading
}

function* batchesOf(written: readonly Written[]): Generator<readonly NewRecord[]> {
  let batch: NewRecord[] = []
  let bytes = 0
  for (const { record } of written) {
    if (batch.length > 0 && bytes + record.value.length > maxAppendBytes) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(record)
    bytes += record.value.length
  }
  if (batch.length > 0) yield batch
}
