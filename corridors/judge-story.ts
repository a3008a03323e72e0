import { emptySubject, judgeStatement, type AcceptedStatement, type Context, type Judgement, type Register, type SubjectState } from '#libs/consignment'
import { canonicalJson, digestOf, type Envelope, type PlainBlock } from '#libs/documents'
import { admissionOf, registrationOf, type Corridor } from './load.js'
import { bodyOfStep, noteOf, occurredAtOf, type JsonObject, type Story, type StoryStep } from './story.js'

export interface JudgedStep {
  readonly step: StoryStep
  readonly eventId: string
  readonly judged: Judgement
}

export type StoryGround = Pick<Corridor, 'epoch' | 'host' | 'participants' | 'places'>

/** A story before the judge, without keys and signatures: each step as preflight would see it, on a corridor that has just been founded. */
export function judgeStory(corridor: StoryGround, story: Story, t0: Date): readonly JudgedStep[] {
  const register = registerOf(corridor)
  const events = new Map<string, string>()
  const accepted = new Map<string, AcceptedStatement>()
  const subjects = new Map<string | undefined, SubjectState>()
  const notes = story.steps.filter(({ statement }) => statement === 'NoteIssued').map(({ name }) => name)
  return story.steps.map((step, offset) => {
    const eventId = digestOf(step.name)
    const note = noteOf(story, step)
    const subject = subjects.get(note) ?? emptySubject
    const envelope = envelopeOf(step, subjectId(Math.max(0, notes.indexOf(note ?? ''))), bodyOfStep(story, step, { t0, events }), t0)
    const judged = judgeStatement(envelope, { eventId, kid: step.by, offset }, contextOf(register, subject, accepted))
    // Told to be accepted, it has its id even where it is not, so that the story can be told to its end.
    if (judged.verdict === 'accepted' || !step.expect) events.set(step.name, eventId)
    if (judged.verdict === 'accepted') accepted.set(eventId, { subject: envelope.subject, issuer: step.by, type: step.statement })
    subjects.set(note, judged.subject)
    return { step, eventId, judged }
  })
}

/** The code by which a step was refused, as a story and the API name it; undefined where it was accepted. */
export function refusalIn({ judged }: JudgedStep): string | undefined {
  return judged.code === null ? undefined : judged.code.replace(/^RULE:/, '')
}

const corridorId = digestOf('corridor')

function subjectId(number: number): string {
  return `0193ce60-0000-7000-8000-${String(91 + number).padStart(12, '0')}`
}

function envelopeOf(step: StoryStep, subject: string, body: JsonObject, t0: Date): Envelope {
  return {
    v: 1, corridor: corridorId, subject, type: step.statement, issuer: step.by, sequence: 1,
    occurredAt: occurredAtOf(step, t0), data: dataOf(body),
  }
}

/** The body's data as it is signed: digests where the plaintext stood. */
export function dataOf({ particulars, ...data }: JsonObject): Record<string, unknown> {
  if (particulars === undefined) return data
  const { blocks } = particulars as unknown as { readonly blocks: readonly PlainBlock[] } // a story's own, judged by its schema beforehand
  const references = {
    blocks: blocks.map(({ name, for: carrier, readers, content }) => ({ name, ...(carrier !== undefined && { for: carrier }), digest: digestOf(canonicalJson(content)), readers })),
  }
  return 'note' in data ? { ...data, note: { ...(data['note'] as object), particulars: references } } : { ...data, particulars: references }
}

function registerOf({ epoch, host, participants, places }: StoryGround): Register {
  return {
    founded: { eventId: corridorId, epoch }, rules: { version: 1, digest: digestOf('rules') }, keys: {},
    participants: Object.fromEntries(participants.map((row) => [row.participant, admissionOf(row, `http://${host}:${row.port}`)])),
    places: Object.fromEntries(places.map((place) => [place.placeId, registrationOf(place)])),
  }
}

function contextOf(register: Register, subject: SubjectState, accepted: ReadonlyMap<string, AcceptedStatement>): Context {
  return { corridor: corridorId, register, subject, consumedBy: () => undefined, accepted: (id) => accepted.get(id), provesKey: () => false, isOnCurve: () => true }
}
