import type { Dossier } from '#libs/consignment'

/** Texts of parts, which are never changed but replaced. */
const texts = new WeakMap<object, string>()

/** JSON text of a dossier. What one statement changes of a train is a box or two of 91, so the text of the others is kept. */
export function dossierText({ note, items, ...rest }: Dossier): string {
  return `${JSON.stringify(rest).slice(0, -1)},"note":${textOf(note)},"items":[${items.map(textOf).join(',')}]}`
}

function textOf(part: object): string {
  const kept = texts.get(part)
  if (kept !== undefined) return kept
  const text = JSON.stringify(part)
  texts.set(part, text)
  return text
}
