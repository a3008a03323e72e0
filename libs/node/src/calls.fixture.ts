import { afterAll, beforeAll } from '@jest/globals'
import type { StatementBody } from '#libs/documents'
import { box, contract, movement, note, until } from '#libs/testing'
import { admitted, call, openHttpCorridor, post, type Answer, type HttpCorridor } from './http-corridor.fixture.js'

/** Boxes with right check digits, two for each note. */
const numbers = [
  'KRVU3054204', 'KRVU3054225', 'KRVU3054230', 'KRVU3054246', 'KRVU3054251', 'KRVU3054267', 'KRVU3054272', 'KRVU3054288', 'KRVU3054293', 'KRVU3054307',
  'KRVU3054312', 'KRVU3054328', 'KRVU3054333', 'KRVU3054349', 'KRVU3054354', 'KRVU3054375', 'KRVU3054380', 'KRVU3054396', 'KRVU3054415', 'KRVU3054420',
  'KRVU3054436', 'KRVU3054441', 'KRVU3054457', 'KRVU3054462', 'KRVU3054478', 'KRVU3054483', 'KRVU3054499', 'KRVU3054502', 'KRVU3054518', 'KRVU3054523',
] as const

export const lists = '/v1/transfer-lists'
export const occurredAt = '2026-06-01T08:00:00Z'
export const train = { means: { typeCode: '2302', id: '1501' }, journeyId: '7230-016-7308' } as const

/** The two boxes of a note, by its place among the notes of a test. */
export function boxesOf(index: number): readonly [string, string] {
  return [numbers[2 * index] ?? '', numbers[2 * index + 1] ?? '']
}

/** Two boxes by two railways from Ahangaran over Khodjadavlet to Turkmenbashi. */
export function noteOf(index: number): StatementBody<'NoteIssued'> {
  const boxes = boxesOf(index)
  const { particulars: _digests, ...plain } = note({
    transportContracts: [contract('c1', 'uz-uty', 'uz-ahangaran', 'tm-turkmenbashi-rail', ['l1', 'l2'])],
    mainCarriageTransportMovement: [movement(1, 'uz-uty', 'uz-ahangaran', 'uz-khodjadavlet'), movement(2, 'tm-tdy', 'uz-khodjadavlet', 'tm-turkmenbashi-rail')],
    utilizedTransportEquipment: boxes.map((id) => box(id)), packageQuantity: 48, grossMassKg: 48_000, transportEquipmentQuantity: 2,
    consigneeSide: 'consignee-side', countriesOnRoute: ['TM', 'UZ'],
  })
  return { note: plain, occurredAt }
}

/** A part of a call as it is shown. */
interface Part {
  readonly part: number
  readonly subject: string
  readonly state: string
  readonly eventId?: string
  readonly code?: string
  readonly pointer?: string
  readonly items?: unknown
}

const notes = 12

/** For a describe: a corridor with a dozen notes and its members' calls, opened before its tests and closed after them; `shown` is every call that was answered. */
export function openCalls(members: readonly string[]) {
  let corridor: HttpCorridor
  const subjects: string[] = []
  const shown: Answer['json'][] = []
  const subject = (index: number) => subjects[index] ?? ''
  const partsIn = ({ json }: Answer) => json['parts'] as readonly Part[]
  const statesIn = (answer: Answer) => partsIn(answer).map(({ subject: of, state, code }) => [subjects.indexOf(of), state, ...(code ? [code] : [])])
  const state = async (participant: string, path: string, body: object, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await post(corridor, participant, path, { occurredAt, ...body }, { prefer: 'wait=30', ...headers })
    if ('callId' in answer.json) shown.push(answer.json)
    const offsets = [answer.json['offset'], ...(partsIn(answer) ?? []).map((part) => (part as { offset?: number }).offset)].filter((offset) => typeof offset === 'number')
    for (const member of offsets.length > 0 ? members : []) await until(async () => (await corridor.node(member).open.runtime.status()).next > Math.max(...offsets), 5_000)
    return answer
  }
  const one = async (participant: string, collection: string, of: number, body: object) => {
    const answer = await state(participant, `/v1/consignments/${subject(of)}/${collection}`, body)
    if (answer.status !== 201) throw new Error(`${collection}: ${answer.status} ${answer.text}`)
    return String(answer.json['eventId'])
  }
  const read = (participant: string, path: string) => call(corridor, participant, path)
  const consignment = async (of: number) => (await read('uz-uty', `/v1/consignments/${subject(of)}`)).json as { items: { id: string; holder: string; holds: object[]; position?: { statusCode: string } }[]; offers: { transferList: object }[] }
  const eventsOn = async (of: number) => (await read('uz-uty', `/v1/consignments/${subject(of)}/events?limit=100`)).json['items'] as { type: string; verdict: string }[]
  const offerOf = (...of: readonly number[]) => ({
    to: 'uz-uty', placeId: 'uz-ahangaran', presentedAt: occurredAt, liabilityPasses: true,
    parts: of.map((index) => ({ subject: subject(index), into: { kind: 'leg', legId: 'l1' }, items: 'all' })),
  })

  beforeAll(async () => {
    corridor = await openHttpCorridor(members)
    await admitted(corridor, members)
    for (let index = 0; index < notes; index++) subjects.push(String((await state('uz-forwarder', '/v1/consignment-notes', noteOf(index))).json['subject']))
  }, 60_000)
  afterAll(() => corridor.close())
  return { corridor: () => corridor, subjects, subject, shown, partsIn, statesIn, state, one, read, consignment, eventsOn, offerOf }
}
