import { isValidEquipmentId, type EquipmentScheme } from '#libs/documents'
import type { Json, JsonObject, Story } from '../story.js'

/**
 * The same journey with other boxes, wagons and seals: two trains under way at once have nothing in common but the corridor. Check digits stay right, and
 * what was different stays different. Train 0 keeps its numbers.
 */
export function renumbered(story: Story, train: number): Story {
  if (train === 0) return story
  const numbers = numbersIn(story)
  const others = new Map([...numbers.equipment].map((id) => [id, otherEquipment(id, train)]))
  for (const seal of numbers.seals) others.set(seal, otherSeal(seal, train))
  const replaced = (value: Json): Json => {
    if (typeof value === 'string') return others.get(value) ?? value
    if (Array.isArray(value)) return value.map(replaced)
    return typeof value === 'object' && value !== null ? replacedIn(value as JsonObject) : value // a list is excluded just before
  }
  const replacedIn = (object: JsonObject) => Object.fromEntries(Object.entries(object).map(([member, value]) => [member, replaced(value)]))
  return {
    ...story,
    groups: replacedIn(story.groups) as Story['groups'], // lists of texts stay lists of texts
    tables: replacedIn(story.tables) as Story['tables'],
    steps: story.steps.map((step) => ({ ...step, body: replacedIn(step.body) })),
  }
}

/** Numbers by where they stand: a goods code may look like a wagon. */
function numbersIn(story: Story): { readonly equipment: ReadonlySet<string>; readonly seals: ReadonlySet<string> } {
  const equipment = new Set<string>(Object.values(story.groups).flat())
  const seals = new Set<string>()
  const look = (value: Json, member: string): void => {
    if (Array.isArray(value)) return value.forEach((one: Json) => look(one, member))
    if (typeof value === 'string' && ['equipmentId', 'carriedBy', 'itemId'].includes(member)) equipment.add(value)
    if (typeof value === 'string' && member === 'oldSealId') seals.add(value)
    if (typeof value !== 'object' || value === null) return
    const { id, scheme } = value as JsonObject // a list is excluded above
    if (typeof id === 'string' && (member === 'affixedSeal' || member === 'seal')) seals.add(id)
    if (typeof id === 'string' && typeof scheme === 'string') equipment.add(id)
    for (const [name, below] of Object.entries(value)) look(below as Json, name)
  }
  look(story.tables, '')
  for (const { body } of story.steps) look(body, '')
  return { equipment, seals }
}

/** Steps through the serial numbers; 1009 and 997 are prime to powers of ten, so that many trains pass before a number comes again. */
function otherEquipment(id: string, train: number): string {
  if (/^[A-Z]{3}[UJZ][0-9]{7}$/.test(id)) return withCheckDigit('iso6346', `${id.slice(0, 4)}${stepped(id.slice(4, 10), 1009 * train)}`)
  if (/^[0-9]{8}$/.test(id)) return withCheckDigit('wagon1520', `${id.slice(0, 1)}${stepped(id.slice(1, 7), 997 * train)}`)
  if (/^[0-9]{12}$/.test(id)) return withCheckDigit('wagonUic', `${id.slice(0, 5)}${stepped(id.slice(5, 11), 997 * train)}`)
  return id // a lorry comes every day
}

function otherSeal(id: string, train: number): string {
  return id.replace(/[0-9]+$/, (digits) => stepped(digits, 997 * train))
}

function stepped(digits: string, by: number): string {
  return String((Number(digits) + by) % 10 ** digits.length).padStart(digits.length, '0')
}

/** A number with the one last digit that its scheme lets it have. */
export function withCheckDigit(scheme: EquipmentScheme, number: string): string {
  return [...'0123456789'].map((digit) => `${number}${digit}`).find((id) => isValidEquipmentId(scheme, id)) ?? number
}
