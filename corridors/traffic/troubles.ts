import { noteOf, type Json, type JsonObject, type Story, type StoryStep } from '../story.js'
import type { Chance } from './chance.js'

/** What may befall a journey that its story does not tell of. */
export type Trouble = 'delay' | 'reservation' | 'hold' | 'correction'

export interface TroubledStory {
  readonly story: Story
  readonly troubles: Readonly<Record<Trouble, number>>
}

/** One in so many steps on which it can happen. */
const oneIn: Readonly<Record<Trouble, number>> = { delay: 3, reservation: 4, hold: 3, correction: 20 }

const waits = ['182', '189', '193', '194', '239'] // Recommendation 24: weather, place, equipment, other means, breakdown
const remarks = [
  { code: 'R03', en: 'Seal scratched, number legible.', ru: 'Пломба поцарапана, номер читается.' },
  { code: 'R06', en: 'Side wall dented.', ru: 'Вмятина на боковой стенке.' },
  { code: 'R07', en: 'Door gasket torn.', ru: 'Порван уплотнитель двери.' },
] as const

/**
 * A story with plausible trouble put in, such that every statement is still decided as told: departures that are late, boxes taken over with a
 * reservation, boxes that customs hold for some hours, reports that were wrong and are corrected.
 */
export function troubled(story: Story, chance: Chance): TroubledStory {
  const troubles = { delay: 0, reservation: 0, hold: 0, correction: 0 }
  const itemsOf = itemsByStep(story)
  const steps: StoryStep[] = []
  let lateBy = 0
  for (const [index, told] of story.steps.entries()) {
    const trouble = troubleAt(told, index, chance)
    if (trouble) troubles[trouble] += 1
    const step = later(told, lateBy)
    const items = itemsOf(told)
    switch (trouble) {
      case 'delay': {
        const hours = chance.between(2, 36)
        steps.push(delayed(step, hours, chance), later(step, hours))
        lateBy += hours
        break
      }
      case 'reservation': steps.push(reserved(step, items, chance)); break
      case 'hold': {
        const hours = chance.between(1, 8)
        steps.push(step, ...held(step, items, hours, chance))
        lateBy += hours
        break
      }
      case 'correction': steps.push(...corrected(step)); break
      default: steps.push(step)
    }
  }
  return { story: { ...story, steps }, troubles }
}

function troubleAt(step: StoryStep, index: number, chance: Chance): Trouble | undefined {
  const trouble = index === 0 || step.expect || step.statedAt !== undefined ? undefined : possibleAt(step)
  return trouble && chance.between(1, oneIn[trouble]) === 1 ? trouble : undefined
}

function possibleAt({ statement, body }: StoryStep): Trouble | undefined {
  switch (statement) {
    case 'MovementReported': return body['statusCode'] === '24' ? 'delay' : (body['time'] as JsonObject)['kind'] === 'actual' ? 'correction' : undefined
    case 'HandoffAnswered': return body['otherwise'] === 'accepted' && body['exceptions'] === undefined ? 'reservation' : undefined
    case 'CustomsDecisionIssued': return body['kind'] === 'registered' || body['kind'] === 'releasedForTransit' ? 'hold' : undefined
    default: return undefined
  }
}

/** A step so many hours later, and every time that it names. */
function later(step: StoryStep, hours: number): StoryStep {
  if (hours === 0) return step
  const shifted = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(shifted)
    if (typeof value !== 'object' || value === null) return value
    const { $time } = value as JsonObject // a list is excluded just before
    return typeof $time === 'number' ? { $time: $time + hours } : shiftedIn(value as JsonObject)
  }
  const shiftedIn = (object: JsonObject) => Object.fromEntries(Object.entries(object).map(([member, value]) => [member, shifted(value)]))
  return { ...step, at: step.at + hours, ...(step.statedAt !== undefined && { statedAt: step.statedAt + hours }), body: shiftedIn(step.body) }
}

function delayed(step: StoryStep, hours: number, chance: Chance): StoryStep {
  const { placeId, legId, items } = step.body
  const time = { kind: 'estimated', at: { $time: step.at + hours } }
  const body = { statusCode: '25', placeId, time, items, reasonCode: oneOf(waits, chance), ...(legId !== undefined && { legId }) } as JsonObject // members of the departure's own body
  return { ...onOf(step), name: `${step.name}-delayed`, row: step.row, at: step.at, by: step.by, statement: 'MovementReported', says: 'The departure is late.', body }
}

function reserved(step: StoryStep, items: readonly string[], chance: Chance): StoryStep {
  const { code, en, ru } = oneOf(remarks, chance)
  const reservations = [{ code, text: [{ languageId: 'en', text: en }, { languageId: 'ru', text: ru }] }]
  return { ...step, body: { ...step.body, exceptions: [{ itemId: oneOf(items, chance), outcome: 'acceptedWithReservation', reservations }] } }
}

/** A hold that ends before the story goes on: customs looked, and found nothing. */
function held(step: StoryStep, items: readonly string[], hours: number, chance: Chance): readonly StoryStep[] {
  const what = { items: [oneOf(items, chance)], customsOfficePlaceId: step.body['customsOfficePlaceId'] ?? null }
  const decision = { ...onOf(step), row: step.row, by: step.by, statement: 'CustomsDecisionIssued' } as const
  const hold = { ...decision, name: `${step.name}-held`, at: step.at, says: 'Customs hold one.', body: { kind: 'held', ...what } }
  return [hold, { ...decision, name: `${step.name}-lifted`, at: step.at + hours, says: 'Customs lift the hold.', body: { kind: 'holdLifted', ...what, lifts: [{ $event: hold.name }] } }]
}

/** First an hour wrong, then corrected. */
function corrected(step: StoryStep): readonly StoryStep[] {
  const wrong = { ...step, body: { ...step.body, time: { kind: 'actual', at: { $time: step.at - 1 } } } }
  const reason = [{ languageId: 'en', text: 'The hour was that of another time zone.' }, { languageId: 'ru', text: 'Время указано по другому часовому поясу.' }]
  const body = { corrects: { $event: step.name }, data: step.body, reason }
  return [wrong, { ...onOf(step), name: `${step.name}-corrected`, row: step.row, at: step.at, by: step.by, statement: 'CorrectionFiled', says: 'The time is corrected.', body }]
}

/** Trouble befalls the consignment that its step is about. */
function onOf({ on }: StoryStep): Pick<StoryStep, 'on'> {
  return on === undefined ? {} : { on }
}

/** The items a step is about: those it names, or those of the offer it answers. */
function itemsByStep(story: Story): (step: StoryStep) => readonly string[] {
  const byName = new Map(story.steps.map((step) => [step.name, step]))
  const alls = new Map(story.steps.filter(({ statement }) => statement === 'NoteIssued').map(({ name, body }) => [name, idsIn(story, (body['note'] as JsonObject)['utilizedTransportEquipment'])]))
  const allOf = (step: StoryStep | undefined) => alls.get((step && noteOf(story, step)) ?? '') ?? []
  const itemsOf = (step: StoryStep | undefined): readonly string[] => {
    const { items, offer } = step?.body ?? {}
    if (items === 'all') return allOf(step)
    if (items !== undefined) return idsIn(story, items)
    const { $event } = (offer ?? {}) as { readonly $event?: string } // an answer names its offer by reference
    return $event === undefined ? allOf(step) : itemsOf(byName.get($event))
  }
  return itemsOf
}

function idsIn(story: Story, list: Json | undefined): readonly string[] {
  const { $group, $table } = (list ?? {}) as { readonly $group?: string; readonly $table?: string } // a list has neither
  const rows = $group !== undefined ? story.groups[$group] : $table !== undefined ? story.tables[$table] : list
  return Array.isArray(rows) ? rows.map((row: Json) => (typeof row === 'string' ? row : String((row as JsonObject)['id']))) : []
}

function oneOf<T>(list: readonly T[], chance: Chance): T {
  const one = list[chance.between(0, list.length - 1)]
  if (one === undefined) throw new RangeError('nothing to choose from')
  return one
}
