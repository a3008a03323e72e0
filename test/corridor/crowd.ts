import { describe, expect, it } from '@jest/globals'
import { request } from 'node:http'
import { pathOf, type RoutedType } from '#libs/documents'
import { until } from '#libs/testing'
import { holdBody, noteBody, offerBody, remarkBody } from '../faults/short-journey.js'
import type { Door } from './door.js'
import type { RunningCorridor } from './running-corridor.js'

const node = 'uz-forwarder'
const consignments = 8
const validBodies = 1_000
const { placeId, occurredAt } = offerBody()

interface Wrong {
  readonly why: string
  readonly answer: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body: string | Uint8Array
}

/** What a crowd needs: consignments to speak of, other people's tokens, a key used before. */
interface Scene {
  readonly subjects: readonly string[]
  readonly foreignSubject: string
  readonly tokens: Readonly<Record<'right' | 'foreign' | 'readOnly', string>>
  readonly usedKey: string
}

/** Two thousand at once at one node's door. */
export function describeCrowd(corridor: () => RunningCorridor, door: () => Door): void {
  describe('two thousand bodies at once', () => {
    it('get each their own right answer, and the log has the right ones and nothing else', async () => {
      const scene = await sceneOf(door())
      const before = (await corridor().status()).log.end ?? 0
      const wrong = wrongOnes(scene)
      const asked = Array.from({ length: validBodies }, (_, index) => [right(scene, index), wrong[index % wrong.length] as Wrong]).flat()
      const since = performance.now()
      const answers = await Promise.all(
        asked.map(async (one, index) => ({ why: one.why, wanted: one.answer, ...(await finalAnswer(corridor(), scene, one, index)) })),
      )
      const later = answers.filter(({ first, wanted }) => first !== wanted)
      const seconds = ((performance.now() - since) / 1_000).toFixed(1)
      process.stdout.write(`${asked.length} bodies at once: all answered after ${seconds} s, ${later.length} of them first with "not decided yet"\n`)

      expect(answers.filter(({ wanted, got }) => wanted !== got)).toEqual([])
      expect(later.filter(({ wanted, first }) => !mayComeFirst(wanted).includes(first))).toEqual([])
      const events = answers.flatMap(({ got, eventId }) => (got === '201' ? [eventId] : []))
      expect(new Set(events).size).toBe(validBodies)
      expect((await corridor().status()).log.end).toBe(before + validBodies)
      const inLog = await corridor().sql<{ event_id: string }>(node, `select event_id from entry where log_offset >= $1 and verdict = 'accepted'`, [before])
      expect(inLog.map(({ event_id }) => event_id).sort()).toEqual([...events].sort())
    }, 240_000)
  })
}

async function sceneOf(door: Door): Promise<Scene> {
  const issued = await Promise.all(Array.from({ length: consignments }, () => door.state(node, 'NoteIssued', undefined, noteBody())))
  const { subject: foreignSubject } = await door.state('ge-gr', 'NoteIssued', undefined, georgianNote())
  const usedKey = `used-${foreignSubject}`
  const subjects = issued.map(({ subject }) => subject)
  await door.post(node, 'MovementReported', subjects[0], moved('first'), { 'idempotency-key': usedKey })
  const [right, foreign, readOnly] = await Promise.all(['dilnoza', 'jasur', 'visitor'].map((user) => door.tokenOf(user)))
  return { subjects, foreignSubject, usedKey, tokens: { right: String(right), foreign: String(foreign), readOnly: String(readOnly) } }
}

/** A note with which the forwarder has nothing to do. */
function georgianNote() {
  const { note, ...body } = noteBody()
  const [leg] = note.mainCarriageTransportMovement
  const [contract] = note.transportContracts
  if (!leg || !contract) throw new Error('a note has a leg and a contract')
  const [from, to] = ['ge-gardabani', 'ge-batumi']
  return {
    ...body,
    note: {
      ...note, consigneeSide: 'consignee-side', countriesOnRoute: ['GE'],
      transportContracts: [{ ...contract, contractualCarrier: 'ge-gr', carrierAcceptanceLocation: from, consigneeReceiptLocation: to, legIds: ['l1'] }],
      mainCarriageTransportMovement: [{ ...leg, carrier: 'ge-gr', departureLocation: from, arrivalLocation: to }],
    },
  }
}

function moved(journeyId: string, changes: object = {}): object {
  return { statusCode: '31', placeId, time: { kind: 'actual', at: occurredAt }, items: 'all', journeyId, occurredAt, ...changes }
}

function right({ subjects }: Scene, index: number): Wrong {
  const path = pathOf('MovementReported', subjects[index % subjects.length])
  const headers = index % 2 === 0 ? { 'idempotency-key': `${subjects[0]}-${index}` } : {}
  return { why: 'right', answer: '201', path, headers, body: JSON.stringify(moved(`J${index}`)) }
}

/** Each wrong in one way only. */
function wrongOnes({ subjects, foreignSubject, tokens, usedKey }: Scene): readonly Wrong[] {
  const [subject] = subjects
  const good = JSON.stringify(moved('J'))
  const movement = (answer: string, why: string, changes: object) => ({ why, answer, body: JSON.stringify(moved('J', changes)) })
  const unlike = (answer: string, why: string, from: string, to: string) => ({ why, answer, body: good.replace(from, to) })
  const { note, ...rest } = noteBody()
  const [box, ...boxes] = note.utilizedTransportEquipment
  const at = (type: RoutedType, answer: string, why: string, body: object) => ({ why, answer, path: pathOf(type, subject), body: JSON.stringify(body) })
  const noted = (answer: string, why: string, changes: object) => at('NoteIssued', answer, why, { ...rest, note: { ...note, ...changes } })
  const legs = note.mainCarriageTransportMovement.map((leg) => ({ ...leg, sequenceNumeric: 2 }))
  const { statusCode: _missing, ...incomplete } = moved('J') as { statusCode: string }
  return [
    noted('409 CHECK_DIGIT', 'check digit', { utilizedTransportEquipment: [{ ...box, id: 'KRVU3054381' }, ...boxes] }),
    noted('409 SUMS_CONTRADICT', 'sum', { packageQuantity: 95 }),
    noted('409 LEGS_DO_NOT_JOIN', 'leg number', { mainCarriageTransportMovement: legs }),
    noted('409 UNKNOWN_REFERENCE', 'consignee', { consigneeSide: 'nobody-known' }),
    { why: 'missing member', answer: '422 SCHEMA', body: JSON.stringify(incomplete) },
    movement('422 SCHEMA', 'wrong type', { items: 91 }),
    movement('422 SCHEMA', 'unknown member', { colour: 'red' }),
    movement('422 SCHEMA', 'unknown code', { statusCode: '999' }),
    movement('422 SCHEMA', 'day that does not exist', { occurredAt: '2026-02-30T08:00:00Z' }),
    movement('409 UNKNOWN_REFERENCE', 'unknown item', { items: ['KRVU3054420'] }),
    movement('409 UNKNOWN_REFERENCE', 'unknown place', { placeId: 'uz-nowhere' }),
    at('HandoffOffered', '409 NOT_NEXT', 'receiver not next', { ...offerBody(), to: 'tm-tdy', into: { kind: 'leg', legId: 'l2' } }),
    at('RemarkAdded', '403 ROLE', 'not this role', remarkBody('remark')),
    at('CustomsDecisionIssued', '403 ROLE', 'customs only', holdBody(['KRVU3054380'])),
    unlike('400 DUPLICATE_KEY', 'member twice', '{', '{"items":"all",'),
    unlike('400 TOO_DEEP', 'too deep', '"all"', `${'['.repeat(40)}${']'.repeat(40)}`),
    unlike('400 UNREADABLE_JSON', 'cut short', '}', ''),
    unlike('400 UNREADABLE_JSON', 'empty', good, ''),
    unlike('400 FORBIDDEN_KEY', 'prototype', '{', '{"__proto__":{},'),
    unlike('400 NUL_CHARACTER', 'NUL', '"J"', '"\\u0000"'),
    unlike('400 LONE_SURROGATE', 'half a character', '"J"', '"\\ud800"'),
    unlike('400 NOT_NFC', 'not NFC', '"J"', '"e\u0301"'),
    unlike('400 UNSAFE_NUMBER', 'rounded number', '"J"', '9007199254740993'),
    { why: 'not UTF-8', answer: '400 BAD_UTF8', body: Buffer.from([0x7b, 0xff, 0x7d]) },
    { why: 'content type', answer: '415 MEDIA_TYPE', headers: { 'content-type': 'text/plain' }, body: good },
    { why: 'content encoding', answer: '415 MEDIA_TYPE', headers: { 'content-encoding': 'gzip' }, body: good },
    { why: 'too large', answer: '413 TOO_LARGE', body: JSON.stringify(moved('J', { text: 'x'.repeat(520 * 1024) })) },
    { why: 'no token', answer: '401 TOKEN_MISSING', headers: { authorization: undefined }, body: good },
    { why: 'token changed', answer: '401 TOKEN_INVALID', headers: { authorization: `Bearer ${tokens.right.replace(/.{5}$/, 'AAAAA')}` }, body: good },
    { why: 'token of another node', answer: '401 TOKEN_INVALID', headers: { authorization: `Bearer ${tokens.foreign}` }, body: good },
    { why: 'may only read', answer: '403 SCOPE', headers: { authorization: `Bearer ${tokens.readOnly}` }, body: good },
    { why: 'no such consignment', answer: '404 NOT_FOUND', path: pathOf('MovementReported', '01970000-0000-7000-8000-000000000000'), body: good },
    { why: 'no consignment of theirs', answer: '404 NOT_FOUND', path: pathOf('MovementReported', foreignSubject), body: good },
    { why: 'no such address', answer: '404 NOT_FOUND', path: `/v1/consignments/${subject}/wishes`, body: good },
    { why: 'key used for another body', answer: '409 IDEMPOTENCY_CONFLICT', headers: { 'idempotency-key': usedKey }, body: good },
    { why: 'unreadable key', answer: '400 BAD_HEADER', headers: { 'idempotency-key': 'a b' }, body: good },
  ]
}

interface Got {
  readonly got: string
  readonly eventId?: string
}

/** What a node may say before it knows: kept and not yet decided, or not refused before all of the log is applied (a crowd is many records). */
function mayComeFirst(wanted: string): readonly string[] {
  if (wanted === '201') return ['202']
  return /^(?:409 (?!IDEMPOTENCY)|403 ROLE|404 )/.test(wanted) ? ['503 CATCHING_UP'] : []
}

/** Does what the API asks of who is told to wait: looks after what was kept, and asks again what may be asked again. */
async function finalAnswer(corridor: RunningCorridor, scene: Scene, one: Wrong, index: number): Promise<Got & { readonly first: string }> {
  const first = await answerTo(corridor, scene, one, index)
  let last = first
  await until(async () => {
    if (last.got === '202') last = await decisionOf(corridor, scene, String(last.eventId))
    else if (last.got === '503 CATCHING_UP') last = await answerTo(corridor, scene, one, index)
    return !/^(?:202|503 CATCHING_UP)$/.test(last.got)
  }, 120_000)
  return { ...last, first: first.got }
}

async function decisionOf(corridor: RunningCorridor, { tokens }: Scene, eventId: string): Promise<Got> {
  const answer = await fetch(`${corridor.node(node).url}/v1/submissions/${eventId}`, { headers: { authorization: `Bearer ${tokens.right}` } })
  const { state, verdict } = (await answer.json()) as { state?: string; verdict?: string }
  if (state !== 'decided') return { got: '202', eventId }
  return { got: verdict === 'accepted' ? '201' : `decided: ${verdict}`, eventId }
}

/** Without a limit of connections or of time: whoever asks waits. */
function answerTo(corridor: RunningCorridor, { subjects, tokens }: Scene, { path, headers, body }: Wrong, index: number): Promise<Got> {
  const all = { 'content-type': 'application/json', authorization: `Bearer ${tokens.right}`, prefer: 'wait=30', ...headers }
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  return new Promise((resolve) => {
    const url = `${corridor.node(node).url}${path ?? pathOf('MovementReported', subjects[index % subjects.length])}`
    const asking = request(url, { method: 'POST', headers: { ...sent, 'content-length': Buffer.byteLength(body) }, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => {
        const said = JSON.parse(text) as { code?: string; eventId?: string }
        resolve({ got: `${answer.statusCode} ${said.code ?? ''}`.trim(), ...(said.eventId !== undefined && { eventId: said.eventId }) })
      })
    })
    asking.once('error', (error) => resolve({ got: `no answer: ${String(error)}` }))
    asking.end(body)
  })
}
