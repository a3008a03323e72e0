import type { SubjectState } from '#libs/consignment'
import { canonicalJson } from '#libs/documents'

/** Canonical texts of the members of a state. Heads move with every statement, the others with those that change what they say. */
export interface StateMembers {
  readonly consignment?: string
  readonly heads: string
  readonly register?: string
}

/** Parts of a state are never changed but replaced. */
const texts = new WeakMap<object, string>()

/** What stayed as it was is not written anew: it is the very same text. */
export function stateMembers({ consignment, heads, register }: SubjectState): StateMembers {
  return { ...(consignment && { consignment: kept(consignment) }), heads: kept(heads), ...(register && { register: kept(register) }) }
}

/** Canonical text of the state with these members. */
export function stateText({ consignment, heads, register }: StateMembers): string {
  const members = [
    ...(consignment === undefined ? [] : [`"consignment":${consignment}`]),
    `"heads":${heads}`,
    ...(register === undefined ? [] : [`"register":${register}`]),
  ]
  return `{${members.join(',')}}`
}

function kept(part: object): string {
  const known = texts.get(part)
  if (known !== undefined) return known
  const text = canonicalJson(part)
  texts.set(part, text)
  return text
}
