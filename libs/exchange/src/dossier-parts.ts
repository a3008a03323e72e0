import type { Dossier } from '#libs/consignment'

/** Texts of parts, which are never changed but replaced. */
const texts = new WeakMap<object, string>()

/** JSON texts of a dossier: what is neither note nor item, the note, and each item in its order. */
export function partsOf({ note, items, ...rest }: Dossier): readonly string[] {
  return [JSON.stringify(rest), textOf(note), ...items.map(textOf)]
}

/** JSON text of the dossier that was taken apart. */
export function bodyOfParts([rest = '{}', note = 'null', ...items]: readonly string[]): string {
  return `${rest.slice(0, -1)},"note":${note},"items":[${items.join(',')}]}`
}

function textOf(part: object): string {
  const kept = texts.get(part)
  if (kept !== undefined) return kept
  const text = JSON.stringify(part)
  texts.set(part, text)
  return text
}
