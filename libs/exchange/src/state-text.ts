import type { SubjectState } from '#libs/consignment'
import { canonicalJson } from '#libs/documents'

/** Parts of a state are never changed but replaced. */
const texts = new WeakMap<object, string>()

/** Canonical text of a state. Most statements leave the consignment as it is and move the head of a chain: what stayed is not written anew. */
export function stateText({ consignment, heads, register }: SubjectState): string {
  const members = [
    ...(consignment ? [`"consignment":${kept(consignment)}`] : []),
    `"heads":${canonicalJson(heads)}`,
    ...(register ? [`"register":${kept(register)}`] : []),
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
