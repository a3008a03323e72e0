import { envelopeOf, inspectionOf, recordKeyOf, type Draft, type JudgedLog } from '#libs/testing'
import type { Inspection } from './inspection.js'

export type Read = Extract<Inspection, { ok: true }>
export type Faults = Readonly<Record<string, unknown>>

/** A subject that nobody has opened. */
export const another = '01970000-0000-7000-8000-000000000002'

export interface Wrong {
  /** Members of the envelope; undefined leaves one out. */
  readonly envelope?: Faults
  readonly inspection?: Partial<Read>
  readonly payload?: Read['payload']
  readonly key?: Uint8Array | null
}

/** A record of a statement, with what is wrong with it put over what is right. */
export function record(log: JudgedLog, statement: Draft, { envelope, inspection, payload, key }: Wrong = {}) {
  const right = envelopeOf(statement, log.corridor, log.stateOf(statement.subject))
  const value = { ...right, ...envelope }
  return {
    key: key === undefined ? recordKeyOf(String(value.subject)) : key,
    inspection: { ...inspectionOf(statement, right), payload: payload ?? { ok: true as const, value }, ...inspection },
  }
}

export function codeOf(log: JudgedLog, statement: Draft, wrong: Wrong = {}) {
  const { key, inspection } = record(log, statement, wrong)
  return log.append(key, inspection).code
}
