import { inspectRecord, typs } from '#libs/signature'
import { note, issued } from '../../libs/testing/src/builders.js'
import { modelOf } from '../../libs/testing/src/model.js'
import { happen } from '../../libs/testing/src/model-play.js'
import { participants, randomStatement, routes, type Choose } from '../../libs/testing/src/random-acts.js'
import { forwarder, uty } from '../../libs/testing/src/small-corridor.js'
import { bent, hostilePayloads } from './hostile.js'
import type { SignedCorridor, SignedRecord } from './signed-corridor.js'

/** Signed once and replayed many times: signing costs more than anything a judge does. */
export interface RecordedPlay {
  readonly subject: string
  /** In the order in which they follow each other. */
  readonly records: readonly SignedRecord[]
  /** Other statements for chain numbers that the records use. */
  readonly forks: readonly SignedRecord[]
}

export function recordPlays(choose: Choose, corridor: SignedCorridor, plays: number, length: number): readonly RecordedPlay[] {
  return Array.from({ length: plays }, (_, number) => {
    const log = corridor.log.fork()
    const route = routes[number % routes.length] ?? {}
    const subject = `01970000-0000-7000-8000-${String(number).padStart(12, '0')}`
    const model = modelOf(note(route), forwarder)
    const records: SignedRecord[] = []
    const forks: SignedRecord[] = []
    const state = (record: SignedRecord) => {
      records.push(record)
      return log.append(record.key, inspectRecord(record.value, corridor.keyOf))
    }
    const opened = state(corridor.sign(issued(route, { subject }), log))
    if (opened.verdict !== 'accepted') throw new Error(`a play begins with a note, but ${opened.code}`)
    for (let ordinal = 1; ordinal < length; ordinal++) {
      const draft = randomStatement(choose, model, subject, ordinal)
      if (!(draft.by in participants)) continue
      if (choose(8) === 0) forks.push(corridor.sign(randomStatement(choose, model, subject, ordinal + length), log))
      const record = corridor.sign(draft, log)
      if (state(record).verdict === 'accepted') happen(model, { ...draft, eventId: record.eventId }, participants)
    }
    return { subject, records, forks }
  })
}

/** Well signed, and wrong in every way a payload can be: no text, no canonical form, no envelope, or one with something in it bent. */
export function recordHostilePayloads(choose: Choose, corridor: SignedCorridor, plays: readonly RecordedPlay[], number: number): readonly SignedRecord[] {
  const originals = plays.flatMap(({ records }) => records)
  const payloads = Array.from({ length: number }, (_, index) => {
    const original = originals[choose(originals.length)]
    if (!original || index % 2 === 0) return hostilePayloads[(index / 2) % hostilePayloads.length] ?? Buffer.alloc(0)
    const payload = Buffer.from(Buffer.from(original.value).toString('latin1').split('.')[1] ?? '', 'base64url')
    return Buffer.from(JSON.stringify(bent(choose, JSON.parse(payload.toString('utf8')))))
  })
  return payloads.map((payload, index) => ({
    key: originals[index % originals.length]?.key ?? Buffer.alloc(0),
    value: corridor.signBytes(index % 3 ? forwarder : uty, index % 7 ? typs.event : typs.register, payload), eventId: '',
  }))
}
