import { parseArgs } from 'node:util'
import type { Inspection, Judgement } from '#libs/consignment'
import { inspectRecord, typs } from '#libs/signature'
import { issued, note } from '../libs/testing/src/builders.js'
import { envelopeOf, inspectionOf, recordKeyOf, type Draft } from '../libs/testing/src/draft.js'
import { journey, toldIn } from '../libs/testing/src/journey.js'
import type { JudgedLog } from '../libs/testing/src/judged-log.js'
import { modelOf, type Model } from '../libs/testing/src/model.js'
import { happen } from '../libs/testing/src/model-play.js'
import { participants, randomStatement, routes } from '../libs/testing/src/random-acts.js'
import { refusals } from '../libs/testing/src/refusals.js'
import { authority } from '../libs/testing/src/register-builders.js'
import { forwarder } from '../libs/testing/src/small-corridor.js'
import { chanceFrom, oneOf } from './fuzz/chance.js'
import { bent, damaged, hostileValues } from './fuzz/hostile.js'
import { brokenBy, brokenInDetail } from './fuzz/invariants.js'
import { recordHostilePayloads, recordPlays, type RecordedPlay } from './fuzz/recorded-plays.js'
import { foundSignedCorridor, type SignedRecord } from './fuzz/signed-corridor.js'

/**
 * node dist/bench/fuzz-judge.js --records N --seed S
 *
 * Throws N records at the judge by the whole path from bytes to effects, most of them replayed from a pool signed once, many damaged, and one in three
 * told by an inspection instead of a signature, so that the rules are reached deeply. Ends with 1 at the first record that makes it throw or breaks an
 * invariant; the seed and the record's number tell the run again.
 */
const { values } = parseArgs({ options: { records: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } } })
const records = Number(values.records)
const seed = Number(values.seed)

const choose = chanceFrom(seed)
const corridor = foundSignedCorridor(seed)
const plays = recordPlays(choose, corridor, 25, 160)
const hostile = recordHostilePayloads(choose, corridor, plays, 600)

const others = [...refusals.flatMap(({ given, states }) => [...toldIn(given), states]), ...toldIn(journey.delivered)]
  .filter(({ by }) => by === authority || by in participants)
const unopened = '01970000-0000-7000-a000-000000000000'
const kept: readonly string[] = ['SealsChanged', 'DeclarationLodged', 'RemarkAdded', 'ActDrawn', 'ActAnswered', 'ParticularsGranted', 'CarriageAgreed',
  'MeansNominated', 'CorrectionFiled']

/** What was found in the bytes of a pooled record, which never changes: three times of four it is taken from here, for checking a signature costs most. */
const inspections = new WeakMap<SignedRecord, Inspection>()

const histogram = new Map<string, number>()
let number = 0
let beyondSignature = 0
const started = process.cpuUsage()
while (number < records) playEpisode(oneOf(choose, plays))
report()

/** One play from its note on, with everything else in between; then the log is forgotten, so that memory stays flat. */
function playEpisode(play: RecordedPlay): void {
  const log = corridor.log.fork()
  const stubSubject = `01970000-0000-7000-9000-${String(choose(1_000_000)).padStart(12, '0')}`
  const route = oneOf(choose, routes)
  const model = modelOf(note(route), forwarder)
  let next = 0
  for (let ordinal = 0; ordinal < 1_200 && number < records; ordinal++) {
    const kind = choose(100)
    if (kind < 22 && next < play.records.length) replay(log, play, next++)
    else if (kind < 30) replay(log, play, choose(play.records.length))
    else if (kind < 33 && play.forks.length > 0) throwSigned(log, oneOf(choose, play.forks))
    else if (kind < 37) throwSigned(log, oneOf(choose, hostile))
    else if (kind < 60) throwDamaged(log, play)
    else tell(log, model, stubSubject, ordinal, route)
  }
}

function replay(log: JudgedLog, { records: told }: RecordedPlay, at: number): void {
  const one = told[at]
  if (one) throwSigned(log, one)
}

function throwSigned(log: JudgedLog, one: SignedRecord): void {
  const known = inspections.get(one)
  if (known && choose(4)) judged(log, one.key, known)
  else inspections.set(one, record(log, one.key, one.value))
}

function throwDamaged(log: JudgedLog, play: RecordedPlay): void {
  const [one, other] = [oneOf(choose, play.records), oneOf(choose, play.records)]
  const key = [one.key, one.key, one.key, null, Buffer.alloc(0), recordKeyOf('corridor'), Buffer.from(one.key).subarray(1)][choose(7)] ?? null
  record(log, key, choose(6) ? damaged(choose, one.value, other.value) : one.value)
}

/** A statement whose signature is taken for granted, so that its rule is reached: lawful, unlawful, or with something in it bent. */
function tell(log: JudgedLog, model: Model, subject: string, ordinal: number, route: (typeof routes)[number]): void {
  if (!log.stateOf(subject).consignment) return void judgedAs(log, issued(route, { subject }))
  if (choose(5) === 0) return tellAnother(log, subject)
  const draft = randomStatement(choose, model, subject, ordinal)
  if (!(draft.by in participants)) return
  if (choose(3) === 0) return tellBent(log, draft)
  if (judgedAs(log, draft).verdict === 'accepted') happen(model, draft, participants)
}

/** Every other kind of statement, the register's too. Kept is only what leaves custody and the register as the rest of the play knows them. */
function tellAnother(log: JudgedLog, subject: string): void {
  const told = oneOf(choose, others)
  const draft = told.subject === 'corridor' ? told : { ...told, subject: told.type === 'NoteIssued' ? unopened : subject }
  if (choose(2)) tellBent(log, draft)
  else judgedAs(log, draft, kept.includes(draft.type) ? 'append' : 'preview')
}

/** What was bent may yet be accepted and change a consignment behind the model's back, so it is never kept. */
function tellBent(log: JudgedLog, draft: Draft): void {
  const kid = corridor.kidOf(draft.by)
  const envelope = envelopeOf({ ...draft, kid }, log.corridor, log.stateOf(draft.subject))
  const value = choose(3) ? { ...envelope, data: bent(choose, envelope.data) } : choose(4) ? bent(choose, envelope) : oneOf(choose, hostileValues)
  const inspection = inspectionOf({ ...draft, kid }, envelope)
  judged(log, recordKeyOf(draft.subject), { ...inspection, ...(choose(10) === 0 && { typ: typs.event }), payload: { ok: true, value } }, 'preview')
}

function judgedAs(log: JudgedLog, draft: Draft, how: 'append' | 'preview' = 'append'): Judgement {
  const kid = corridor.kidOf(draft.by)
  const envelope = envelopeOf({ ...draft, kid }, log.corridor, log.stateOf(draft.subject))
  return judged(log, recordKeyOf(draft.subject), inspectionOf({ ...draft, kid }, envelope), how)
}

function record(log: JudgedLog, key: Uint8Array | null, value: Uint8Array | null): Inspection {
  try {
    const inspection = inspectRecord(value, corridor.keyOf)
    judged(log, key, inspection)
    return inspection
  } catch (error) {
    console.error(`value ${value === null ? 'null' : Buffer.from(value).toString('base64url').slice(0, 4_000)}`)
    throw error
  }
}

function judged(log: JudgedLog, key: Uint8Array | null, inspection: Inspection, how: 'append' | 'preview' = 'append'): Judgement {
  number++
  const subject = inspection.ok && inspection.payload.ok ? String((inspection.payload.value as { subject?: unknown } | null | undefined)?.subject) : ''
  const before = log.stateOf(subject).consignment
  let broken: string | undefined
  let judgement: Judgement
  try {
    judgement = log[how](key, inspection)
    broken = brokenBy(judgement, before) ?? (number % 64 === 0 ? brokenInDetail(judgement) : undefined)
  } catch (error) {
    console.error(`record ${number} of seed ${seed} makes the judge throw: ${JSON.stringify(inspection).slice(0, 4_000)}`)
    throw error
  }
  if (broken !== undefined) throw new Error(`record ${number} of seed ${seed}: ${broken}: ${JSON.stringify(inspection).slice(0, 4_000)}`)
  const name = judgement.code ?? judgement.verdict
  histogram.set(name, (histogram.get(name) ?? 0) + 1)
  if (!['SIZE', 'FORM', 'HEADER', 'KEY', 'SIGNATURE'].includes(name)) beyondSignature++
  if (number % 500_000 === 0) console.error(`${number} …`)
  return judgement
}

function report(): void {
  const { user, system } = process.cpuUsage(started)
  const seconds = (user + system) / 1e6
  const share = ((100 * beyondSignature) / number).toFixed(1)
  console.log(`${number} records judged in ${seconds.toFixed(1)} CPU seconds, ${Math.round(number / seconds)}/s; seed ${seed}; ${share} % passed SIGNATURE`)
  for (const [name, count] of [...histogram].sort(([, a], [, b]) => b - a)) console.log(`${String(count).padStart(9)} ${name}`)
}
