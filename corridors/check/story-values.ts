import { isValidEquipmentId, isValidImo } from '#libs/documents'
import type { Json, JsonObject, Story } from '../story.js'
import type { Notebook } from './finding.js'

/** Calls `visit` for every value below one, with where it stands. */
export function walk(value: Json, pointer: string, visit: (value: Json, pointer: string) => void): void {
  visit(value, pointer)
  if (typeof value !== 'object' || value === null) return
  for (const [member, below] of Object.entries(value) as [string, Json][]) walk(below, `${pointer}/${escaped(member)}`, visit)
}

/** Groups, tables and bodies as they are written: whatever a reference puts in is looked at where it stands. */
export function walkStory({ groups, tables, steps }: Pick<Story, 'groups' | 'tables'> & { readonly steps: readonly { readonly body: JsonObject }[] }, visit: (value: Json, pointer: string) => void): void {
  walk(groups, '/groups', visit)
  walk(tables, '/tables', visit)
  for (const [index, { body }] of steps.entries()) walk(body, `/steps/${index}/body`, visit)
}

/** Numbers of containers, wagons and ships, wherever they are written. */
export function checkNumbers(story: Parameters<typeof walkStory>[0], notes: Notebook): void {
  walkStory(story, (value, pointer) => {
    if (typeof value === 'string') checkNumber(value, pointer, notes)
    const { scheme, id, typeCode } = asObject(value)
    if (typeof id !== 'string') return
    if (scheme === 'iso6346' && !/^[A-Z]{3}[UJZ][0-9]{7}$/.test(id)) notes.error(`${pointer}/id`, id, expected.iso6346)
    if (scheme === 'wagon1520' && !/^[0-9]{8}$/.test(id)) notes.error(`${pointer}/id`, id, expected.wagon1520)
    if (scheme === 'wagonUic' && !/^[0-9]{12}$/.test(id)) notes.error(`${pointer}/id`, id, expected.wagonUic)
    if (typeof typeCode === 'string' && /^15/.test(typeCode) && /^[0-9]{7}$/.test(id) && !isValidImo(id)) notes.error(`${pointer}/id`, id, 'an IMO number with its right check digit')
  })
}

const expected = {
  iso6346: 'a container number with its right check digit (ISO 6346)',
  wagon1520: 'a wagon number of 8 digits with its right check digit',
  wagonUic: 'a UIC wagon number of 12 digits with its right check digit',
} as const

/** A text that looks like a number of one of the schemes, at a place where such numbers stand. */
function checkNumber(text: string, pointer: string, notes: Notebook): void {
  const scheme = /^[A-Z]{3}[UJZ][0-9]{7}$/.test(text) ? 'iso6346' : !namesEquipment.test(pointer) ? undefined : /^[0-9]{8}$/.test(text) ? 'wagon1520' : /^[0-9]{12}$/.test(text) ? 'wagonUic' : undefined
  if (scheme && !isValidEquipmentId(scheme, text)) notes.error(pointer, text, expected[scheme])
}

const namesEquipment = /^\/groups\/|\/(?:equipmentId|itemId|carriedBy)$|\/items\/[0-9]+(?:\/id)?$|\/utilizedTransportEquipment\/[0-9]+\/id$|^\/tables\/[^/]+\/[0-9]+\/id$/

/** Where a part of a resolved body is written: in the body itself, or in the group or table that was put in. */
export function writtenAt(story: Pick<Story, 'groups' | 'tables'>, body: JsonObject, bodyPointer: string, pointer: string): string {
  let value: Json | undefined = body
  let at = bodyPointer
  for (const token of pointer.split('/').slice(1)) {
    const [list, name] = listReferredTo(value)
    if (list !== undefined && Object.hasOwn(story[list], name)) {
      at = `/${list}/${escaped(name)}`
      value = story[list][name] as Json
    }
    at += `/${token}`
    value = memberOf(value, token.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return at
}

function listReferredTo(value: Json | undefined): readonly ['groups' | 'tables', string] | readonly [undefined] {
  const { $group, $table } = asObject(value)
  return typeof $group === 'string' ? ['groups', $group] : typeof $table === 'string' ? ['tables', $table] : [undefined]
}

function memberOf(value: Json | undefined, member: string): Json | undefined {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, member) ? (value as JsonObject)[member] : undefined // a list has its indexes
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {} // a list is excluded just before
}

export function escaped(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1')
}
