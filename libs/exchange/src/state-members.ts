import { consignmentIn, type SubjectState } from '#libs/consignment'
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
  return { heads: textOf(heads), ...(consignment && { consignment: textOf(consignment) }), ...(register && { register: textOf(register) }) }
}

/** The state with these members. What another state says in the same words is not read anew: it is the very same part, and where all is, that state. */
export function stateWith({ consignment, heads, register }: StateMembers, other: SubjectState): SubjectState {
  const state: SubjectState = {
    heads: partOf(heads, other.heads, JSON.parse),
    ...(consignment !== undefined && { consignment: partOf(consignment, other.consignment, consignmentIn) }),
    ...(register !== undefined && { register: partOf(register, other.register, JSON.parse) }),
  }
  const isOther = state.heads === other.heads && state.consignment === other.consignment && state.register === other.register
  return isOther ? other : state
}

function textOf(part: object): string {
  const known = texts.get(part)
  if (known !== undefined) return known
  const text = canonicalJson(part)
  texts.set(part, text)
  return text
}

/** @param read of a text that was written by us from such a part */
function partOf<T extends object>(text: string, other: T | undefined, read: (text: string) => T): T {
  if (other && texts.get(other) === text) return other
  const part = read(text)
  texts.set(part, text)
  return part
}
