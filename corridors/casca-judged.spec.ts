import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { emptySubject, judgeStatement, type Context, type Register, type SubjectState } from '#libs/consignment'
import type { Envelope } from '#libs/documents'
import { admissionOf, loadCorridor, loadStory, registrationOf } from './load.js'
import { bodyOfStep, occurredAtOf, type Json, type JsonObject, type StoryStep } from './story.js'

const corridor = await loadCorridor('corridors/trans-caspian')
const story = await loadStory('corridors/trans-caspian/stories/casca.json')
const t0 = new Date('2022-12-16T06:00:00Z')
const { judgements, end } = play()

/** The story before the judge, without signatures: each step as preflight would see it. */
function play() {
  const events = new Map<string, string>()
  let subject: SubjectState = emptySubject
  const judgements = story.steps.map((step, offset) => {
    const eventId = digestOf(step.name)
    const envelope = envelopeOf(step, bodyOfStep(story, step, { t0, events }))
    const judged = judgeStatement(envelope, { eventId, kid: step.by, offset }, contextOf(subject))
    if (judged.verdict === 'accepted') events.set(step.name, eventId)
    subject = judged.subject
    return { step, judged }
  })
  return { judgements, end: subject.consignment }
}

describe('the copper train before the judge', () => {
  it.each(judgements.map(({ step, judged }) => [step.name, step, judged] as const))('%s is judged as told', (_, step, { code, refusal }) => {
    expect(refusal).toEqual(step.expect && expect.objectContaining({ code: step.expect.code }))
    expect(code).toBe(step.expect ? `RULE:${step.expect.code}` : null)
  })

  it('is refused once, where customs hold one box of sixty', () => {
    expect(judgements.filter(({ judged }) => judged.verdict !== 'accepted').map(({ step }) => step.name)).toEqual(['32-offer-refused'])
  })

  it('goes against no hold', () => {
    expect(judgements.flatMap(({ judged }) => judged.effects).filter(({ effect }) => effect === 'breach')).toEqual([])
  })

  it('ends with every box delivered under all four contracts, no offer open and no hold left', () => {
    const delivered = 2 * (end?.legs.length ?? 0) + 1
    expect(end?.items.filter(({ holder, stage }) => holder !== 'consignee-side' || stage !== delivered)).toEqual([])
    expect(end?.items.filter(({ contracts }) => contracts.join() !== 'c1,c2,c3,c4')).toEqual([])
    expect(end?.items).toHaveLength(91)
    expect(end?.offers).toEqual({})
    expect(Object.values(end?.decisions ?? {}).filter(({ hold }) => hold)).toEqual([])
  })
})

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function envelopeOf(step: StoryStep, body: JsonObject): Envelope {
  return {
    v: 1, corridor: digestOf('corridor'), subject: '0193ce60-0000-7000-8000-000000000091', type: step.statement, issuer: step.by, sequence: 1,
    occurredAt: occurredAtOf(step, t0), data: dataOf(body),
  }
}

/** The body's data as it is signed: digests where the plaintext stood. */
function dataOf({ particulars, ...data }: JsonObject): Record<string, Json> {
  if (!particulars) return data
  const plain = (particulars as unknown as { blocks: (JsonObject & { content: Json })[] }).blocks // judged by its schema in casca.spec
  const blocks = plain.map(({ content, ...block }) => ({ ...block, digest: digestOf(JSON.stringify(content)) }))
  return data['note'] ? { ...data, note: { ...data['note'] as JsonObject, particulars: { blocks } } } : { ...data, particulars: { blocks } }
}

function contextOf(subject: SubjectState): Context {
  const register: Register = {
    founded: { eventId: digestOf('corridor'), epoch: corridor.epoch }, rules: { version: 1, digest: digestOf('rules') }, keys: {},
    participants: Object.fromEntries(corridor.participants.map((row) => [row.participant, admissionOf(row, `http://${corridor.host}:${row.port}`)])),
    places: Object.fromEntries(corridor.places.map((place) => [place.placeId, registrationOf(place)])),
  }
  return { corridor: digestOf('corridor'), register, subject, consumedBy: () => undefined, accepted: () => undefined, provesKey: () => false, isOnCurve: () => true }
}
