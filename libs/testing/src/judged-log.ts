import { emptySubject, judge, type AcceptedStatement, type Context, type Inspection, type Judgement, type Register, type SubjectState } from '#libs/consignment'
import { envelopeOf, inspectionOf, recordKeyOf, type Draft } from './draft.js'

/** A log in memory with the state of one node beside it: every record is judged by the real judge as it is appended. */
export interface JudgedLog {
  readonly corridor: string
  /** Offset of the next record. */
  end(): number
  register(): Register | undefined
  stateOf(subject: string): SubjectState
  /** Subjects that have a state. */
  subjects(): readonly string[]
  append(key: Uint8Array | null, inspection: Inspection): Judgement
  /** What appending would bring; nothing is kept. */
  preview(key: Uint8Array | null, inspection: Inspection): Judgement
  /** Appends a statement with the next number of its key's chain. */
  state(draft: Draft): Judgement
  /** A log that goes on from here by itself; `through` is what happens to each state on the way. */
  fork(through?: (state: SubjectState) => SubjectState): JudgedLog
}

/** What a founding statement names as its corridor, since its own id cannot be in it. */
const unfounded = 'A'.repeat(43)

/** The x of a key that is no point on the curve; all other made-up keys pass for points. */
export const offCurve = 'A'.repeat(43)

interface Kept {
  readonly states: Map<string, SubjectState>
  readonly consumed: Map<string, string>
  readonly accepted: Map<string, AcceptedStatement>
  end: number
}

/** @param corridor event id of the founding statement to follow */
export function openJudgedLog(corridor: string, provesKey: Context['provesKey'],
  kept: Kept = { states: new Map(), consumed: new Map(), accepted: new Map(), end: 0 }): JudgedLog {
  const stateOf = (subject: string) => kept.states.get(subject) ?? emptySubject
  const register = () => stateOf('corridor').register
  const consumedBy: Context['consumedBy'] = (...number) => kept.consumed.get(number.join(' '))
  const accepted: Context['accepted'] = (eventId) => kept.accepted.get(eventId)
  const preview = (key: Uint8Array | null, inspection: Inspection): Judgement =>
    judge(key, inspection, kept.end, { corridor, register: register(), subject: stateOf(subjectNamed(inspection)), provesKey,
      isOnCurve: ({ x }) => x !== offCurve, consumedBy, accepted })
  const append = (key: Uint8Array | null, inspection: Inspection): Judgement => {
    const subject = subjectNamed(inspection)
    const judgement = preview(key, inspection)
    kept.end++
    const { event, consumedSequence } = judgement
    if (event && consumedSequence !== undefined) {
      kept.states.set(subject, judgement.subject)
      kept.consumed.set(`${event.kid} ${subject} ${consumedSequence}`, event.eventId)
    }
    if (event?.envelope && judgement.verdict === 'accepted') kept.accepted.set(event.eventId, event.envelope)
    return judgement
  }
  return {
    corridor, register, stateOf, append, preview,
    end: () => kept.end,
    subjects: () => [...kept.states.keys()],
    state: (draft) => append(recordKeyOf(draft.subject), inspectionOf(draft, envelopeOf(draft, register() ? corridor : unfounded, stateOf(draft.subject)))),
    fork: (through = (state) => state) => openJudgedLog(corridor, provesKey, {
      states: new Map([...kept.states].map(([subject, state]) => [subject, through(state)])),
      consumed: new Map(kept.consumed), accepted: new Map(kept.accepted), end: kept.end,
    }),
  }
}

/** The subject whose state a record needs, before anything of it is believed. */
function subjectNamed(inspection: Inspection): string {
  const named = inspection.ok && inspection.payload.ok ? (inspection.payload.value as { readonly subject?: unknown } | null | undefined)?.subject : undefined
  return typeof named === 'string' ? named : ''
}
